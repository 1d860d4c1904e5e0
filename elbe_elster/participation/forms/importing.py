"""The file of a questionnaire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.exchange.files import LARGEST_FILE

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

ENDINGS = ["lss", "lsa", "lsg", "lsq", "xlsx", "xlsm", "xls", "xml", "zip", "ods"]


class SurveyFileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("Fragebogen"),
        help_text=_("Aus LimeSurvey (.lss oder .lsa) oder als XLSForm (.xlsx), höchstens 10 MB."),
        validators=[FileExtensionValidator(ENDINGS)],
        widget=forms.FileInput(attrs={"accept": ".lss,.lsa,.lsg,.lsq,.xlsx"}),
        error_messages={
            "required": _("Wählen Sie eine Datei aus."),
            "empty": _("Die Datei ist leer."),
            "invalid_extension": _("Das ist kein Fragebogen. Möglich sind „.lss“, „.lsa“ und „.xlsx“."),
        },
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(_("Die Datei ist zu groß. Erlaubt sind 10 MB."))
        return file
