"""Which results become public, and why they stop being so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.models import SurveyStep

if TYPE_CHECKING:
    from collections.abc import Sequence

REASON = SurveyStep._meta.get_field("note").max_length - 50  # type: ignore[operator]


class PublishForm(forms.Form):
    """Questions by their codes."""

    questions = forms.MultipleChoiceField(
        label=_("Fragen"), error_messages={"required": _("Wählen Sie mindestens eine Frage aus.")}
    )

    def __init__(self, *args: Any, choices: Sequence[str], **kwargs: Any) -> None:
        """Offer these questions."""
        super().__init__(*args, **kwargs)
        self.fields["questions"].choices = [(code, code) for code in choices]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """The reason stands in the minutes of the survey."""

    reason = forms.CharField(
        label=_("Grund"),
        max_length=REASON,
        help_text=_("Steht im Verlauf der Umfrage. Die Öffentlichkeit sieht ihn nicht."),
        error_messages={"required": _("Schreiben Sie kurz, warum.")},
    )
