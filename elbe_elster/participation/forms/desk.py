"""What is asked about a survey as a whole."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.models import Survey, SurveyState
from elbe_elster.ui.context import LANGUAGE_NAMES

RESERVED = {"neu", "uebernahme", "papierkorb", "vorschau"}  # addresses of the desk itself
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue", "ẞ": "ss"})
LONGEST_SLUG = 80


def slug_of(title: str) -> str:
    """A readable address for a title; may be taken already."""
    return slugify(title.translate(LETTERS))[: LONGEST_SLUG - 4].strip("-") or "umfrage"


def free_slug(title: str) -> str:
    """A readable address that no survey has."""
    wanted = slug_of(title)
    taken = set(Survey.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)) | RESERVED
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


class BeginSurveyForm(forms.Form):
    """The least a new survey needs. ``token`` makes a double click count once."""

    title = forms.CharField(
        label=_("Titel"),
        max_length=120,
        help_text=_("So steht er auf der Seite und auf dem Papierbogen. Er lässt sich jederzeit ändern."),
        error_messages={"required": _("Schreiben Sie einen Titel. Sie können ihn später ändern.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class SettingsForm(forms.ModelForm[Survey]):
    """What citizens read before the first and after the last question, and who may answer."""

    languages = forms.MultipleChoiceField(
        label=_("Weitere Sprachen"),
        choices=[(code, name) for code, name in LANGUAGE_NAMES.items() if code != "de"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Deutsch ist immer dabei. Was in einer Sprache fehlt, zeigt die Seite „Sprachen“."),
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Survey
        fields = (
            "title_de",
            "slug",
            "summary_de",
            "purpose_de",
            "thanks_de",
            "minutes",
            "languages",
            "access",
            "contact_wish",
            "contact_text_de",
            "expected_responses",
        )
        labels = {
            "title_de": _("Titel"),
            "summary_de": _("In einem Satz"),
            "purpose_de": _("Wozu die Umfrage dient"),
            "thanks_de": _("Dank am Ende"),
            "contact_text_de": _("Wofür der Kontakt ist"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title_de"].required = True
        if self.instance.current_id is not None:
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = _("Die Adresse ist veröffentlicht und bleibt.")
        if self.instance.state_at(timezone.now()) == SurveyState.OPEN:
            self.fields["access"].disabled = True  # whoever is in the middle of it has no code, or wasted one
            self.fields["access"].help_text = _("Die Umfrage läuft. Wer antworten darf, bleibt bis zum Ende gleich.")

    def clean_slug(self) -> str:
        """Not one of the desk's own addresses."""
        slug = str(self.cleaned_data["slug"]).lower()
        if slug in RESERVED:
            raise ValidationError(_("Diese Adresse braucht das Portal selbst. Nehmen Sie eine andere."))
        return slug

    def clean_languages(self) -> list[str]:
        """In the portal's order."""
        chosen = self.cleaned_data["languages"]
        return [code for code in LANGUAGE_NAMES if code in chosen and code != "de"]
