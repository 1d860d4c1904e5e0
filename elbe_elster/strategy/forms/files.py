"""Uploading documents and images, and the words about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from elbe_elster.strategy.models import Document, Image
from elbe_elster.strategy.uploads import IMAGE_ENDINGS, MEDIA_TYPES, checked_document, finished_image

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from elbe_elster.strategy.uploads import CheckedDocument, FinishedImage

LANGUAGES = {"de": _("Deutsch"), "en": _("Englisch"), "de_simple": _("Leichte Sprache")}  # by column
WORDS = {"alt": _("Bildbeschreibung"), "caption": _("Unterschrift")}
CREDIT = _("Wer hat es gemacht? Der Name steht öffentlich dabei.")


class DocumentWordsForm(forms.ModelForm[Document]):
    """What is said about a document."""

    class Meta:
        model = Document
        fields = ["title", "accessible", "credit", "licence"]
        labels = {"accessible": _("Die Datei ist barrierefrei.")}
        help_texts = {
            "title": _("So heißt der Link zur Datei."),
            "accessible": _(
                "Überschriften, Tabellen und Bilder sind ausgezeichnet, Vorlese-Programme kommen zurecht. Sonst braucht "
                "die Seite eine Zusammenfassung."
            ),
            "credit": CREDIT,
        }
        error_messages = {
            "title": {"required": _("Geben Sie der Datei einen Titel.")},
            "credit": {"required": _("Schreiben Sie, wer die Datei gemacht hat.")},
        }


class DocumentForm(DocumentWordsForm):
    """A new document."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_("PDF, DOCX, XLSX, ODT, ODS, CSV oder TXT, ohne Makros, höchstens 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(MEDIA_TYPES)}),
        error_messages={"required": _("Wählen Sie eine Datei aus."), "empty": _("Die Datei ist leer.")},
    )
    field_order = ["file"]
    checked: CheckedDocument | None = None

    def clean_file(self) -> UploadedFile:
        """Look into it."""
        file: UploadedFile = self.cleaned_data["file"]
        self.checked = checked_document(file)
        return file

    @property
    def seems_untagged(self) -> bool:
        """Said to be accessible, but a PDF file without tags."""
        return bool(self.cleaned_data.get("accessible") and self.checked and self.checked.tagged is False)


class ImageWordsForm(forms.ModelForm[Image]):
    """What is said about a picture. Without description and name there is no picture."""

    class Meta:
        model = Image
        fields = [*(f"{name}_{column}" for name in ("alt", "caption") for column in LANGUAGES), "credit", "licence"]
        help_texts = {"credit": CREDIT}
        error_messages = {"credit": {"required": _("Schreiben Sie, wer das Bild gemacht hat.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column, language in LANGUAGES.items():
            for name, word in WORDS.items():
                field = self.fields[f"{name}_{column}"]
                field.label = format_lazy("{word} ({language})", word=word, language=language)
                field.widget.attrs["lang"] = column.replace("_", "-")
        alt = self.fields["alt_de"]
        alt.required = True
        alt.help_text = _("Was ist zu sehen? Für Menschen, die das Bild nicht sehen können.")
        alt.error_messages["required"] = _("Beschreiben Sie in einem Satz, was auf dem Bild zu sehen ist.")


class ImageForm(ImageWordsForm):
    """A new picture."""

    file = forms.FileField(
        label=_("Bild"),
        help_text=_("JPEG, PNG oder WebP, höchstens 15 MB. Ort und Kamera werden aus der Datei entfernt."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(IMAGE_ENDINGS)}),
        error_messages={"required": _("Wählen Sie ein Bild aus."), "empty": _("Die Datei ist leer.")},
    )
    field_order = ["file", "alt_de"]
    finished: FinishedImage | None = None

    def clean_file(self) -> UploadedFile:
        """Draw it anew."""
        file: UploadedFile = self.cleaned_data["file"]
        self.finished = finished_image(file)
        return file
