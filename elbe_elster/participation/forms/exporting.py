"""What is asked before responses leave the portal."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.models import ExportFormat

OFFERED = (ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.SAV, ExportFormat.CODEBOOK)


class ExportForm(forms.Form):
    """Format, whether free texts go along, and what for."""

    file_format = forms.ChoiceField(
        label=_("Format"),
        choices=[(one.value, one.label) for one in OFFERED],
        widget=forms.RadioSelect,
        initial=ExportFormat.XLSX,
    )
    with_texts = forms.BooleanField(
        label=_("mit freien Texten"),
        required=False,
        help_text=_(
            "Freie Texte können Namen enthalten. Sie stehen in einer eigenen Liste, ohne Verbindung zu den Bögen."
        ),
    )
    reason = forms.CharField(
        label=_("Wozu"),
        max_length=200,
        error_messages={"required": _("Schreiben Sie, wozu Sie die Datei brauchen.")},
        help_text=_("Zum Beispiel: Auswertung für den Bauausschuss. Steht im Protokoll der Umfrage."),
    )
