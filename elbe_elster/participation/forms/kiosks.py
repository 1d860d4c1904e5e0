"""A device that is opened for some hours."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HOURS = (2, 4, 8, 12, 24, 72)


class KioskForm(forms.Form):
    """Where it stands and for how long."""

    name = forms.CharField(
        label=_("Wo das Gerät steht"),
        max_length=120,
        help_text=_("Zum Beispiel „Tablet am Bauernmarkt“. Das sehen nur Sie."),
        error_messages={"required": _("Schreiben Sie, wo das Gerät steht.")},
    )
    hours = forms.TypedChoiceField(
        label=_("Wie lange es Antworten annimmt"),
        coerce=int,
        initial=8,
        choices=[(hours, _("%(n)d Stunden") % {"n": hours}) for hours in HOURS],
        help_text=_("Sie können es jederzeit früher schließen."),
    )

    @property
    def open_until(self) -> dt.datetime:
        """When it closes by itself; only of a valid form."""
        return timezone.now() + dt.timedelta(hours=self.cleaned_data["hours"])
