"""What is asked on the way of a table into the catalogue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import FileExtensionValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from elbe_elster.strategy.exchange.cells import one_line
from elbe_elster.strategy.exchange.grids import LARGEST_FILE
from elbe_elster.strategy.exchange.heads import NEEDED, PREFIX, Head, guessed, targets
from elbe_elster.strategy.models import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile


class TableForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("Tabelle"),
        help_text=_("Excel (.xlsx) oder CSV, höchstens 10 MB und 5.000 Zeilen."),
        validators=[FileExtensionValidator(["xlsx", "csv", "txt", "xls", "xlsm", "ods"])],
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": _("Wählen Sie eine Datei aus."),
            "empty": _("Die Datei ist leer."),
            "invalid_extension": _("Das ist keine Tabelle. Möglich sind „.xlsx“ und „.csv“."),
        },
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(_("Die Datei ist zu groß. Erlaubt sind 10 MB."))
        return file


class MappingForm(forms.Form):
    """For each column of somebody else's table: which of ours it is, or none."""

    def __init__(self, *args: Any, head: Head, remembered: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers = head.headers
        options = [("", _("nicht übernehmen")), *targets()]
        self.head = head
        first_guess = guessed(self.headers, remembered)
        for place, header in self.headers.items():
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=header, choices=options, required=False, initial=first_guess.get(place, "")
            )
        numbered = next((place for place, key in first_guess.items() if key == "number"), None)
        self.fields["number_start"].initial = remembered.get(PREFIX) or self._proposal(numbered)

    number_start = forms.CharField(
        label=_("Nummern bekommen davor"),
        help_text=_("Nur wenn in Ihrer Liste bloße Zahlen stehen: Mit „M-“ wird aus 1 die Nummer M-01."),
        max_length=4,
        required=False,
        validators=[RegexValidator(r"^[A-Za-z]{1,3}-?$", _("Schreiben Sie ein bis drei Buchstaben und „-“."))],
    )

    def _bare(self, place: int | None) -> list[int]:
        """The bare numbers in a column."""
        rows = [cells for number, cells in self.head.grid.rows if number > self.head.row]
        texts = [one_line(cells[place]) for cells in rows if place is not None and place < len(cells)]
        return [int(text) for text in texts if re.fullmatch(r"[0-9]{1,4}", text)]

    def _proposal(self, place: int | None) -> str:
        """„M-“, unless the catalogue has one of these numbers already: nobody shall meet it unknowingly."""
        numbers = [f"M-{number:02}" for number in self._bare(place)]
        return "M-" if numbers and not Measure.objects.filter(number__in=numbers).exists() else ""

    mark_optional = False

    def clean(self) -> dict[str, Any]:
        """Each of our columns once; number and title are needed."""
        cleaned: dict[str, Any] = super().clean() or {}
        names = dict(targets())
        seen: dict[str, str] = {}
        for field, key in cleaned.items():
            if not field.startswith("column_"):
                continue
            if key in seen:
                self.add_error(field, _("„%s“ ist schon einer anderen Spalte zugeordnet.") % names[key])
            elif key:
                seen[key] = field
        for key in NEEDED:
            if key not in seen:
                self.add_error(None, _("Ordnen Sie eine Spalte zu: %s.") % names[key])
        said = cleaned.get("number_start") or "number_start" in self.errors
        if "number" in seen and not said and self._bare(int(seen["number"].partition("_")[2])):
            text = _("In Ihrer Liste stehen bloße Zahlen. Sagen Sie, was davor kommt, zum Beispiel „N-“.")
            self.add_error("number_start", text)
        return cleaned

    def mapping(self) -> dict[str, str]:
        """Header to key; headers that are not taken over with an empty key."""
        columns = {header: self.cleaned_data[f"column_{place}"] for place, header in self.headers.items()}
        return columns | {PREFIX: self.cleaned_data["number_start"].upper()}
