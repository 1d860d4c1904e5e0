"""Forms of the editors' desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from elbe_elster.strategy.models import Course, Phase, Publication
from elbe_elster.strategy.models.records import not_in_future

if TYPE_CHECKING:
    from elbe_elster.strategy.models.measures import MeasureQuerySet

LONGEST_SHIFT = 60  # months
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DeskFilterForm(forms.Form):
    """What the list is narrowed to; every field may stay empty, nonsense is ignored."""

    q = forms.CharField(label=_("Wort suchen"), required=False, max_length=200)
    sicht = forms.ChoiceField(required=False, choices=[(choice, choice) for choice in Publication.values])

    def narrow(self, measures: MeasureQuerySet) -> MeasureQuerySet:
        """Those that match what was filled in validly."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("sicht"):
            measures = measures.filter(publication=wanted["sicht"])
        if word := wanted.get("q"):
            measures = measures.filter(Q(number__icontains=word) | Q(("title_de__icontains", word)))
        return measures


class BulkForm(forms.Form):
    """What several measures get at once. Empty means: stays as it is."""

    course = forms.ChoiceField(
        label=_("Verlauf"),
        required=False,
        choices=[
            ("", _("bleibt, wie er ist")),
            ("computed", _("vom Portal rechnen lassen")),
            *((choice.value, choice.label) for choice in Course if choice != Course.NOT_ASSESSED),
        ],
    )
    course_reason = forms.CharField(
        label=_("Begründung des Verlaufs"),
        required=False,
        max_length=500,
        help_text=_("Steht öffentlich neben dem Verlauf."),
    )
    phase = forms.ChoiceField(
        label=_("Phase"),
        required=False,
        choices=[
            ("", _("bleibt, wie sie ist")),
            *((choice.value, choice.label) for choice in Phase if choice not in (Phase.MERGED, Phase.DISCONTINUED)),
        ],
    )
    done_on = forms.DateField(
        label=_("Abgeschlossen am"),
        required=False,
        help_text=_("Nur bei „Abgeschlossen“."),
        widget=DAY,
        validators=[not_in_future],
    )
    shift_months = forms.IntegerField(
        label=_("Termine verschieben um Monate"),
        required=False,
        min_value=-LONGEST_SHIFT,
        max_value=LONGEST_SHIFT,
        help_text=_("Ende und offene Meilensteine; der Beginn nur, wenn noch nichts begonnen hat. Minus heißt früher."),
    )
    next_review_on = forms.DateField(label=_("Nächste Prüfung"), required=False, widget=DAY)
    reason = forms.CharField(
        label=_("Grund der Änderung"),
        required=False,
        max_length=500,
        help_text=_("Nötig, wenn sich Termine ändern, die schon veröffentlicht sind. Er ist öffentlich."),
    )

    def clean(self) -> dict[str, Any]:
        """A course set by hand has a reason; done has a day; something is asked for at all."""
        wanted = super().clean() or {}
        if wanted.get("course") not in (None, "", "computed") and not wanted.get("course_reason"):
            self.add_error(
                "course_reason", _("Wer den Verlauf von Hand setzt, begründet ihn. Die Begründung ist öffentlich.")
            )
        if wanted.get("phase") == Phase.DONE and not wanted.get("done_on"):
            self.add_error("done_on", _("Wann wurde abgeschlossen?"))
        if wanted.get("done_on") and wanted.get("phase") != Phase.DONE:
            self.add_error("done_on", _("Der Tag gehört zur Phase „Abgeschlossen“. Wählen Sie diese Phase."))
        asked = ("course", "phase", "shift_months", "next_review_on")
        if not self.errors and not any(wanted.get(name) for name in asked):
            raise forms.ValidationError(_("Wählen Sie, was sich ändern soll."))
        return wanted
