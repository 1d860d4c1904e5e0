"""How people follow by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from elbe_elster.outbox.emails import LetterError, bare_address
from elbe_elster.strategy.drafting.boxes import keepable
from elbe_elster.strategy.models import ActionField, Frequency, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERYTHING, MEASURE = "alles", "massnahme"


class FollowForm(forms.Form):
    """Address, what, how often. A measure is offered where the page of that measure led here."""

    what = forms.ChoiceField(label=_("Was möchten Sie verfolgen?"), widget=forms.RadioSelect)
    frequency = forms.ChoiceField(
        label=_("Wie oft?"),
        choices=[
            (Frequency.WEEKLY, _("Einmal in der Woche, am Montag")),
            (Frequency.AT_ONCE, _("Sofort, wenn etwas geschieht")),
        ],
        initial=Frequency.WEEKLY,
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=_("Ihre E-Mail-Adresse"),
        help_text=_("Wir schreiben Ihnen einmal zur Probe. Erst wenn Sie dort zustimmen, bekommen Sie Neues."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Schreiben Sie die Adresse, an die wir schreiben sollen.")},
    )
    website = forms.Field(required=False, widget=forms.HiddenInput)  # only programs fill it in; takes anything

    def __init__(self, *args: Any, query: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure = Measure.objects.published().filter(slug=keepable(query.get("massnahme", ""))).first()
        self.action_fields = {f"feld-{field.slug}": field for field in ActionField.objects.in_force()}
        what: Any = self.fields["what"]
        what.choices = [
            *([(MEASURE, gettext("Die Maßnahme %(name)s") % {"name": self.measure})] if self.measure else []),
            (EVERYTHING, gettext("Alle Maßnahmen")),
            *((key, gettext("Handlungsfeld %(name)s") % {"name": field}) for key, field in self.action_fields.items()),
        ]
        wished = f"feld-{query.get('feld', '')}"
        what.initial = MEASURE if self.measure else wished if wished in self.action_fields else EVERYTHING

    def clean_email(self) -> str:
        """An address that a letter can be sent to."""
        try:
            bare_address(self.cleaned_data["email"])
        except LetterError as error:
            raise ValidationError(str(error)) from error
        return str(self.cleaned_data["email"])

    @property
    def scope(self) -> dict[str, Any]:
        """What was chosen, as ``measure`` and ``action_field``; only of a valid form."""
        what = self.cleaned_data["what"]
        return {"measure": self.measure if what == MEASURE else None, "action_field": self.action_fields.get(what)}

    @property
    def from_a_program(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("website"))
