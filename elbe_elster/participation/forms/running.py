"""What is asked when a survey is published, corrected, scheduled, closed, reopened or copied."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.models import SurveyState

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey

END_OF_DAY = _("Leer: bis zum Ende des Tages.")
REASON = 300  # characters
MOMENTS = {"opens": "opens_at", "closes": "closes_at", "results": "results_from"}


def moment_of(day: dt.date, time: dt.time, before: dt.datetime | None = None) -> dt.datetime:
    """The moment in UTC at which the county's clocks show this.

    An hour that the clocks run twice means the first of the two, unless it is the moment stored ``before``. Raises
    ValidationError for an hour that they skip.
    """
    zone = timezone.get_default_timezone()
    shown = dt.datetime.combine(day, time)
    if before and before.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0) == shown:
        return before
    moment = shown.replace(tzinfo=zone).astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != shown:
        raise ValidationError(_("Diese Uhrzeit gibt es an dem Tag nicht: Die Uhren werden vorgestellt."))
    return moment


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={"invalid": _("Diesen Tag gibt es nicht.")},
    )


def _time(label: Any, help_text: Any = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Schreiben Sie die Uhrzeit wie „08:00“.")},
    )


def _reason(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=REASON,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Schreiben Sie den Grund. Er bleibt bei der Umfrage stehen.")},
    )


class MomentsForm(forms.Form):
    """Days and times by the county's clock. Gives ``<name>_at`` in UTC for each pair ``<name>_day``, ``<name>_time``.

    An end without a time is the midnight after its day: the day named is the last one.
    """

    moments: tuple[str, ...] = ()

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        self.survey = survey
        kwargs["initial"] = {**self._stored(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def _stored(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in self.moments:
            if moment := getattr(self.survey, MOMENTS[name]):
                local = timezone.localtime(moment)
                found |= {f"{name}_day": local.date(), f"{name}_time": local.time().replace(second=0, microsecond=0)}
        if "closes" in self.moments and self.survey.last_time is None:
            found |= {"closes_day": self.survey.last_day, "closes_time": None}
        return found

    def clean(self) -> dict[str, Any]:
        """Every pair as a moment that exists; an empty pair as none."""
        given = super().clean() or {}
        for name in self.moments:
            if f"{name}_day" in given and f"{name}_time" in given:
                given[MOMENTS[name]] = self._moment(name, given[f"{name}_day"], given[f"{name}_time"])
        return given

    def _moment(self, name: str, day: dt.date | None, time: dt.time | None) -> dt.datetime | None:
        if day is None and time is None:
            return None
        if day is None:
            self.add_error(f"{name}_day", _("An welchem Tag?"))
            return None
        if time is None and name == "closes":
            day, time = day + dt.timedelta(days=1), dt.time()
        if time is None:
            self.add_error(f"{name}_time", _("Um wie viel Uhr?"))
            return None
        try:
            return moment_of(day, time, getattr(self.survey, MOMENTS[name]))
        except ValidationError as error:
            self.add_error(f"{name}_time", error)
            return None


class TimesForm(MomentsForm):
    """When the survey begins and ends, and from when on results may be shown."""

    moments = ("opens", "closes", "results")

    opens_day = _day(_("Tag"), _("Leer: sobald Sie veröffentlichen."))
    opens_time = _time(_("Uhrzeit"))
    closes_day = _day(_("Tag"), _("Leer: bis Sie die Umfrage beenden."))
    closes_time = _time(_("Uhrzeit"), END_OF_DAY)
    results_day = _day(_("Tag"), _("Leer: nach dem Ende der Umfrage."))
    results_time = _time(_("Uhrzeit"))
    reason = _reason(_("Warum ändern sich die Zeiten?"), _("Bleibt intern."))

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, survey=survey, **kwargs)
        state = survey.state_at(timezone.now())
        if state == SurveyState.DRAFT:
            del self.fields["reason"]
        if state in {SurveyState.OPEN, SurveyState.CLOSED}:
            self._fix("opens", _("Schon geschehen."))
        if state == SurveyState.CLOSED:
            self._fix("closes", _("Schon geschehen. Zum Weiterführen öffnen Sie die Umfrage wieder."))

    def _fix(self, name: str, why: Any) -> None:
        """Show the moment, but do not let it be changed."""
        self.fields[f"{name}_day"].disabled = self.fields[f"{name}_time"].disabled = True
        self.fields[f"{name}_day"].help_text = why
        self.fields[f"{name}_time"].help_text = ""


class CorrectForm(forms.Form):
    """Why the questionnaire is corrected while it runs."""

    reason = _reason(
        _("Was haben Sie berichtigt, und warum?"), _("Steht bei der neuen Fassung und in der Beschreibung der Daten.")
    )


class CloseForm(forms.Form):
    """Why the survey ends now."""

    reason = _reason(_("Warum endet die Umfrage jetzt?"), _("Bleibt intern. Darf leer sein."), required=False)


class ReopenForm(MomentsForm):
    """Why the survey goes on, and until when."""

    moments = ("closes",)

    closes_day = _day(_("Tag"), _("Leer: bis Sie die Umfrage beenden."))
    closes_time = _time(_("Uhrzeit"), END_OF_DAY)
    reason = _reason(_("Warum öffnen Sie die Umfrage wieder?"), _("Bleibt intern."))

    def _stored(self) -> dict[str, Any]:
        """The end that is over is no proposal."""
        return {}


class WithdrawForm(forms.Form):
    """Why the survey does not start as planned."""

    reason = _reason(_("Warum nehmen Sie die Veröffentlichung zurück?"), _("Bleibt intern."))


class CopyForm(forms.Form):
    """What the copy is called. ``slug`` was proposed with the page and makes a double click count once."""

    title = forms.CharField(
        label=_("Titel"),
        max_length=120,
        error_messages={"required": _("Schreiben Sie einen Titel. Sie können ihn später ändern.")},
    )
    slug = forms.SlugField(widget=forms.HiddenInput, max_length=80)
