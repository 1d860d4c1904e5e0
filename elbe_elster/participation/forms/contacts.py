"""How somebody can be reached, and how many win."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.filling.guards import LURE

PHONE = re.compile(r"\+?[\d\s()/.\-–]{5,40}", re.ASCII)
LEAST_DIGITS = 5


class ContactForm(forms.Form):
    """A wish to hear from us or to take part in a draw."""

    name = forms.CharField(label=_("Ihr Name"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))  # fmt: skip
    contact = forms.CharField(
        label=_("E-Mail-Adresse oder Telefonnummer"),
        max_length=200,
        error_messages={
            "required": _("Schreiben Sie, wie wir Sie erreichen."),
            "max_length": _("Das ist zu lang für eine Adresse oder eine Nummer."),
        },
    )
    homepage = forms.Field(required=False, widget=forms.HiddenInput)  # LURE: only programs fill it in

    def clean_contact(self) -> str:
        """An address or a number that can be right."""
        contact = " ".join(self.cleaned_data["contact"].split())
        if "@" in contact:
            try:
                validate_email(contact)
            except ValidationError:
                raise ValidationError(translated("Diese E-Mail-Adresse kann nicht stimmen. So sieht eine aus: name@beispiel.de.")) from None  # fmt: skip
        elif not PHONE.fullmatch(contact) or sum(letter.isdigit() for letter in contact) < LEAST_DIGITS:
            raise ValidationError(translated("Schreiben Sie eine E-Mail-Adresse oder eine Telefonnummer mit Vorwahl."))
        return contact

    @property
    def from_a_program(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get(LURE))


class DrawForm(forms.Form):
    """How many win."""

    count = forms.IntegerField(
        label=_("Wie viele werden gezogen?"),
        min_value=1,
        max_value=100,
        initial=1,
        error_messages={
            "required": _("Schreiben Sie eine Zahl."),
            "invalid": _("Schreiben Sie eine ganze Zahl."),
            "min_value": _("Mindestens eine Person wird gezogen."),
            "max_value": _("Höchstens %(limit_value)s auf einmal."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["count"].widget.attrs["inputmode"] = "numeric"
