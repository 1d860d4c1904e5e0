"""What people fill in: reports of barriers, answers, texts and the statement."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from elbe_elster.legal.models import TRANSLATIONS, AccessibilityStatement, BarrierReport, Finding, LegalText

LONGEST_PAGE = 500  # characters
COLUMN_LANGUAGES = {"de": _("Deutsch"), "en": _("Englisch"), "de_simple": _("Leichte Sprache")}  # by suffix


def page_path(address: str) -> str:
    """Path of a page of this portal; whatever else was given, only its path is kept, never a foreign host."""
    try:
        path = urlsplit(address.strip()).path
    except ValueError:
        return ""
    path = "".join(char for char in path if char.isprintable())[:LONGEST_PAGE]
    return path if path.startswith("/") and not path.startswith("//") else ""


class SubmissionToken(forms.Field):
    """Makes a form count once, however often it is sent. Nobody sees it: a broken one is replaced without a word."""

    def clean(self, value: Any) -> uuid.UUID:
        """The token sent, or a new one."""
        try:
            return uuid.UUID(str(value))
        except ValueError:
            return uuid.uuid4()


class BarrierReportForm(forms.Form):
    """What did not work, where, and – if an answer is wanted – an address."""

    message = forms.CharField(
        label=_("Was hat nicht funktioniert?"),
        help_text=_("Schreiben Sie einfach, was Sie tun wollten und was nicht ging."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Schreiben Sie in ein paar Worten, was nicht funktioniert hat.")},
    )
    page = forms.CharField(
        label=_("Auf welcher Seite?"),
        help_text=_("Die Adresse der Seite, zum Beispiel /strategie/."),
        required=False,
        max_length=2000,
    )
    email = forms.EmailField(
        label=_("Ihre E-Mail-Adresse"),
        help_text=_("Nur wenn Sie eine Antwort möchten."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.Field(required=False, widget=forms.HiddenInput)  # only programs fill it in; takes anything
    token = SubmissionToken(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean_page(self) -> str:
        """Only the path counts."""
        return page_path(self.cleaned_data["page"])

    @property
    def from_a_program(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("website"))


class AnswerForm(forms.ModelForm[BarrierReport]):
    """The answer to a report."""

    class Meta:
        model = BarrierReport
        fields = ["answer"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        self.fields["answer"].error_messages["required"] = _("Schreiben Sie eine Antwort.")


class LegalTextForm(forms.ModelForm[LegalText]):
    """All three languages of a text side by side, and the revision they were opened at."""

    base_revision = forms.IntegerField(widget=forms.HiddenInput)
    still_fits = forms.MultipleChoiceField(
        label=_("Übersetzungen, die weiterhin zum deutschen Text passen"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("en", _("Englisch")), ("de-simple", _("Leichte Sprache"))],
    )
    reason = forms.CharField(label=_("Was haben Sie geändert?"), required=False, max_length=200)

    class Meta:
        model = LegalText
        fields = [f"{name}_{suffix}" for suffix in ("de", *TRANSLATIONS.values()) for name in ("title", "body")]
        widgets = {
            f"body_{suffix}": forms.Textarea(attrs={"rows": 24, "spellcheck": "true"})
            for suffix in ("de", *TRANSLATIONS.values())
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base_revision"].initial = self.instance.revision
        for suffix, language in {"de": "de", **{suffix: code for code, suffix in TRANSLATIONS.items()}}.items():
            for name in ("title", "body"):
                field = self.fields[f"{name}_{suffix}"]
                field.widget.attrs["lang"] = language
                field.label = _("Überschrift") if name == "title" else _("Text")  # the column says the language

    def columns(self) -> list[dict[str, Any]]:
        """The fields by language, for the page."""
        return [
            {"name": name, "title": self[f"title_{suffix}"], "body": self[f"body_{suffix}"]}
            for suffix, name in COLUMN_LANGUAGES.items()
        ]

    def values(self) -> dict[str, str]:
        """What was typed, by column, with the line ends that are stored."""
        return {name: (self.cleaned_data[name] or "").replace("\r\n", "\n") for name in self._meta.fields or []}


def name_languages(form: forms.ModelForm[Any]) -> None:
    """Say the language of each translated field in words, not as ``[de-simple]``."""
    for suffix, language in COLUMN_LANGUAGES.items():
        for column in [name for name in form.fields if name.endswith(f"_{suffix}")]:
            original = form._meta.model._meta.get_field(column.removesuffix(f"_{suffix}"))
            form.fields[column].label = format_lazy(
                "{name} ({language})", name=original.verbose_name, language=language
            )


class StatementForm(forms.ModelForm[AccessibilityStatement]):
    """The accessibility statement in all three languages."""

    base_revision = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = AccessibilityStatement
        fields = [
            "conformity", "assessment_kind", "created_on", "reviewed_on",
            *(
                f"{name}_{suffix}"
                for name in ("body", "scope", "law", "standard", "assessment", "contact", "enforcement")
                for suffix in ("de", *TRANSLATIONS.values())
            ),
        ]  # fmt: skip
        widgets = {
            "created_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "reviewed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base_revision"].initial = self.instance.revision
        name_languages(self)


class FindingForm(forms.ModelForm[Finding]):
    """One finding in all three languages."""

    class Meta:
        model = Finding
        fields = [
            *(
                f"{name}_{suffix}"
                for name in ("what", "where", "alternative")
                for suffix in ("de", *TRANSLATIONS.values())
            ),
            "criterion", "reason", "due_on", "fixed_on",
        ]  # fmt: skip
        widgets = {
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "fixed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_languages(self)
