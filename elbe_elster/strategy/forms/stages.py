"""The stages of one administration: one small form for each measure, all sent together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from elbe_elster.strategy.actions.stages import Told, completed, told_of
from elbe_elster.strategy.models import Adoption, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import QueryDict

    from elbe_elster.region.models import Administration
    from elbe_elster.strategy.models import Measure

PREFIX = re.compile(r"^m([0-9]{1,18})-stage$")


class StageForm(forms.Form):
    """What the administration says of one measure. Hidden copies keep what was on the page when it was opened.

    So only what a person has changed is written, and nothing that somebody else has changed in the meantime is lost.
    """

    mark_optional = False

    stage = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[("", _("Nichts gemeldet")), *Stage.choices],
        show_hidden_initial=True,
    )
    since = forms.DateField(
        label=_("seit"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leer: ab heute."),
        show_hidden_initial=True,
    )
    note = forms.CharField(
        label=_("Bemerkung"),
        required=False,
        max_length=300,
        help_text=_("Steht öffentlich."),
        show_hidden_initial=True,
    )
    contact_email = forms.EmailField(
        label=_("Kontakt"),
        required=False,
        help_text=_("Adresse einer Stelle, möglichst nicht einer Person. Steht öffentlich."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        show_hidden_initial=True,
    )

    def __init__(self, data: QueryDict | None, *, measure: Measure, adoption: Adoption | None) -> None:
        self.measure, self.adoption = measure, adoption
        self.stored = told_of(adoption)
        super().__init__(data, prefix=f"m{measure.pk}", initial=self.stored._asdict())
        for field in self.fields.values():  # the same four words in every row: say of which measure they are
            field.label = format_html('{}<span class="sr">: {}</span>', field.label, measure)

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what somebody else has told since the page was opened."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors or not self.is_changed:
            return cleaned
        try:
            wanted = completed(self.told, self.stored, timezone.localdate())
        except ValidationError as error:
            self.add_error(None, error)
            return cleaned
        if wanted != self.stored and self._seen() != self.stored:
            stage = Stage(self.stored.stage).label if self.stored.stage else gettext("Nichts gemeldet")
            said = gettext(
                "Das hat inzwischen jemand geändert. Jetzt steht dort: %(stage)s. Prüfen Sie es noch einmal."
            )
            self.add_error("stage", said % {"stage": stage})
        return cleaned

    @property
    def is_changed(self) -> bool:
        """Whether the person has changed anything in this row."""
        return bool(self.changed_data)

    @property
    def told(self) -> Told:
        """What the person says. A new stage with the old day counts from today."""
        cleaned = self.cleaned_data
        untouched = "stage" in self.changed_data and "since" not in self.changed_data
        since = None if untouched else cleaned.get("since")
        return Told(cleaned.get("stage") or "", since, cleaned.get("note") or "", cleaned.get("contact_email") or "")

    def _seen(self) -> Told:
        """What was on the page when it was opened."""
        return Told(*(self._seen_value(self[name]) for name in Told._fields))

    def _seen_value(self, bound: forms.BoundField) -> Any:
        raw = bound.field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
        try:
            return bound.field.to_python(raw)
        except ValidationError:
            return None


class StageForms:
    """The rows of one page, with what the error summary asks for."""

    non_form_errors: ClassVar[list[str]] = []

    def __init__(self, forms_of_rows: list[StageForm]) -> None:
        self.forms = forms_of_rows

    def __iter__(self) -> Iterator[StageForm]:
        return iter(self.forms)

    def is_valid(self) -> bool:
        """Whether every row is."""
        return self.total_error_count == 0

    @property
    def total_error_count(self) -> int:
        """How many values have to be looked at again; none before the page was sent."""
        return sum(len(form.errors) for form in self.forms)


def stage_forms(data: QueryDict | None, *, measures: Iterable[Measure], administration: Administration) -> StageForms:
    """A form for each measure (one query)."""
    rows = list(measures)
    told = Adoption.objects.filter(administration=administration, measure__in=[row.pk for row in rows])
    adoptions = {adoption.measure_id: adoption for adoption in told}
    return StageForms([StageForm(data, measure=measure, adoption=adoptions.get(measure.pk)) for measure in rows])


def sent_measures(data: QueryDict) -> list[int]:
    """The keys of the measures a sent page was about."""
    return [int(found[1]) for found in map(PREFIX.match, data) if found]
