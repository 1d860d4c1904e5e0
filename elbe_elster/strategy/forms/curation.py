"""Who looks after what, as a table of people and fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from elbe_elster.accounts.models import Role, User
from elbe_elster.strategy.actions.curation import Wish
from elbe_elster.strategy.models import ActionField, Curation, Measure

if TYPE_CHECKING:
    from collections.abc import Iterator


class CurationForm(forms.Form):
    """For every curator the fields as boxes and single measures by their numbers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(User.objects.holding(Role.CURATOR).filter(is_active=True).order_by("name", "email"))
        self.action_fields = list(ActionField.objects.in_force())
        held = list(Curation.objects.filter(user__in=self.people).select_related("measure"))
        choices = [(field.pk, field.short_name) for field in self.action_fields]
        for person in self.people:
            mine = [row for row in held if row.user_id == person.pk]
            self.fields[f"fields-{person.pk}"] = forms.TypedMultipleChoiceField(
                label=_("Handlungsfelder"),
                required=False,
                coerce=int,
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                initial=[row.action_field_id for row in mine if row.action_field_id],
            )
            self.fields[f"measures-{person.pk}"] = forms.CharField(
                label=_("Einzelne Maßnahmen"),
                required=False,
                help_text=_("Nummern, mit Komma getrennt: M-03, M-12."),
                initial=", ".join(row.measure.number for row in mine if row.measure),
            )

    def rows(self) -> Iterator[tuple[User, forms.BoundField, forms.BoundField]]:
        """Each person with the two fields."""
        for person in self.people:
            yield person, self[f"fields-{person.pk}"], self[f"measures-{person.pk}"]

    def clean(self) -> dict[str, Any]:
        """Every number must be one of a measure."""
        wanted = super().clean() or {}
        known = dict(Measure.objects.kept().values_list("number", "pk"))
        for person in self.people:
            name = f"measures-{person.pk}"
            numbers = [part.upper() for part in re.split(r"[\s,;]+", wanted.get(name, "")) if part]
            unknown = [number for number in numbers if number not in known]
            if unknown:
                self.add_error(name, _("Diese Nummer gibt es nicht: %(numbers)s") % {"numbers": ", ".join(unknown)})
            wanted[name] = [known[number] for number in numbers if number in known]
        return wanted

    def wishes(self) -> list[Wish]:
        """What was filled in, as rows of the tables."""
        by_pk = {field.pk: field for field in self.action_fields}
        wishes = []
        for person in self.people:
            fields = [by_pk[pk] for pk in self.cleaned_data[f"fields-{person.pk}"]]
            measures = list(Measure.objects.filter(pk__in=self.cleaned_data[f"measures-{person.pk}"]))
            wishes.append(Wish(person, fields, measures))
        return wishes
