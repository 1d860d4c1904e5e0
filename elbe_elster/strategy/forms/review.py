"""What is asked on the way from a draft to publication and back."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.strategy.drafting.content import REASONS
from elbe_elster.strategy.models import ActionField, Measure

if TYPE_CHECKING:
    from collections.abc import Collection

    from elbe_elster.accounts.models import User

REMARK = 2000  # characters


class BeginForm(forms.Form):
    """The least that a new draft needs. ``token`` makes a double click count once."""

    title = forms.CharField(
        label=_("Titel"),
        max_length=120,
        help_text=_("So kurz, wie man es am Telefon sagen würde. Er lässt sich jederzeit ändern."),
        error_messages={"required": _("Schreiben Sie einen Titel. Sie können ihn später ändern.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class BeginMeasureForm(BeginForm):
    """A new measure."""

    primary_field = forms.ModelChoiceField(
        label=_("Handlungsfeld"), queryset=ActionField.objects.none(), required=False, empty_label="–"
    )
    field_order = ["title", "primary_field", "token"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ARG002 -- like the form of profiles
        super().__init__(*args, **kwargs)
        self.fields["primary_field"].queryset = ActionField.objects.in_force()  # type: ignore[attr-defined]


class BeginProfileForm(BeginForm):
    """A new project profile of a measure one looks after."""

    measure = forms.ModelChoiceField(
        label=_("Maßnahme"),
        queryset=Measure.objects.none(),
        empty_label="–",
        error_messages={"required": _("Wählen Sie die Maßnahme, zu der das Projekt gehört.")},
    )
    field_order = ["title", "measure", "token"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = Measure.objects.editable_by(user)  # type: ignore[attr-defined]


class ReasonsForm(forms.Form):
    """Asks for exactly the reasons that are missing or given already."""

    text = forms.CharField(
        label=_("Nachricht an die Freigabe"),
        required=False,
        max_length=REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Zum Beispiel, worauf zu achten ist. Bleibt intern."),
    )
    LABELS = {
        "reason_date": _("Warum ändern sich Termine?"),
        "reason_cost": _("Warum ändern sich die Kosten?"),
        "reason_scope": _("Warum ändert sich der Umfang?"),
    }

    def __init__(self, *args: Any, asked: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (name for name in REASONS.values() if name in asked):
            self.fields[name] = forms.CharField(
                label=self.LABELS[name],
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("Steht öffentlich bei der Maßnahme."),
                error_messages={"required": _("Schreiben Sie den Grund. Er ist öffentlich.")},
            )
        self.order_fields([*REASONS.values(), "text"])


class ReturnForm(forms.Form):
    """What has to change."""

    text = forms.CharField(
        label=_("Was soll geändert werden?"),
        max_length=REMARK,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Schreiben Sie, was geändert werden soll.")},
    )


class WhyForm(forms.Form):
    """Why something is withdrawn; internal."""

    reason = forms.CharField(
        label=_("Warum?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Bleibt intern und steht im Verlauf."),
        error_messages={"required": _("Schreiben Sie den Grund.")},
    )


class ScheduleForm(forms.Form):
    """A day and a time of the county's clock. Gives ``publish_at`` in UTC."""

    day = forms.DateField(
        label=_("Tag"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={"required": _("An welchem Tag?"), "invalid": _("Diesen Tag gibt es nicht.")},
    )
    time = forms.TimeField(
        label=_("Uhrzeit"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        initial=dt.time(8),
        error_messages={"required": _("Um wie viel Uhr?"), "invalid": _("Schreiben Sie die Uhrzeit wie „08:00“.")},
    )

    def clean(self) -> dict[str, Any]:
        """A moment that exists and lies ahead. An hour that the clocks run twice means the first of the two."""
        given = super().clean() or {}
        if given.get("day") and given.get("time") is not None:
            moment = dt.datetime.combine(given["day"], given["time"], tzinfo=timezone.get_default_timezone())
            utc = moment.astimezone(dt.UTC)
            if utc.astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(tzinfo=None):
                raise ValidationError(
                    {"time": _("Diese Uhrzeit gibt es an dem Tag nicht: Die Uhren werden vorgestellt.")}
                )
            if utc <= timezone.now():
                raise ValidationError({"day": _("Dieser Zeitpunkt ist schon vorbei.")})
            given["publish_at"] = utc
        return given
