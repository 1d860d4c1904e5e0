"""Form fields that read what people type and can write a stored value the same way: ``read`` and ``write`` are inverse."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .periods import Period, read_period, write_period

THOUSANDS = re.compile(r"(?<=\d)[.\s](?=\d{3}(?:\D|$))")


def read_number(text: str) -> Decimal | None:
    """The number a German or an English keyboard writes: „1.250.000,50 €“, „1250000.50“. None: no number."""
    plain = text.replace("€", "").replace("EUR", "").replace("Euro", "").replace("\u202f", " ").replace("\xa0", " ")
    plain = plain.strip()
    if "," in plain or plain.count(".") > 1 or re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", plain):
        plain = THOUSANDS.sub("", plain).replace(",", ".")
    plain = re.sub(r"(?<=\d)\s(?=\d{3})", "", plain)
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def write_number(value: Decimal | int | None) -> str:
    """The number as a German keyboard writes it, without groups and without cents that are nought."""
    if value is None:
        return ""
    number = Decimal(value)
    exact = number.quantize(Decimal(1) if number == number.to_integral_value() else Decimal("0.01"))
    return f"{exact:f}".replace(".", ",")


class PeriodField(forms.CharField):
    """A day, month, quarter or year in one box; gives a Period."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Zum Beispiel „03/2026“, „3. Quartal 2026“, „2027“ oder „12.06.2026“."))
        super().__init__(**{"required": False, "max_length": 40, **kwargs})

    def clean(self, value: Any) -> Period | None:
        """The period, or nothing."""
        text = super().clean(value)
        if not text:
            return None
        period = read_period(text)
        if period is None:
            raise ValidationError(_("Schreiben Sie einen Zeitpunkt wie „03/2026“, „3. Quartal 2026“ oder „2027“."))
        return period


class AmountField(forms.CharField):
    """A number with a decimal comma; ``whole`` refuses fractions. Gives a Decimal."""

    def __init__(self, *, digits: int = 12, whole: bool = False, **kwargs: Any) -> None:
        self.digits, self.whole = digits, whole
        widget = forms.TextInput(attrs={"inputmode": "numeric" if whole else "decimal"})
        super().__init__(**{"max_length": 30, "widget": widget, "required": False, **kwargs})

    def clean(self, value: Any) -> Decimal | None:
        """The number, or nothing."""
        text = super().clean(value)
        if not text:
            return None
        number = read_number(text)
        if number is None:
            raise ValidationError(_("Schreiben Sie eine Zahl, zum Beispiel „1.250,50“."))
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > (0 if self.whole else 2):
            raise ValidationError(_("Das ist zu genau: höchstens zwei Stellen nach dem Komma, oder keine."))
        if abs(number) >= Decimal(10) ** (self.digits - 2):
            raise ValidationError(_("Diese Zahl ist zu groß."))
        return number


class DayField(forms.DateField):
    """One day, with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        formats = ["%Y-%m-%d", "%d.%m.%Y"]
        super().__init__(**{"required": False, "widget": widget, "input_formats": formats, **kwargs})
        self.error_messages["invalid"] = _("Diesen Tag gibt es nicht. Schreiben Sie ihn wie „12.06.2026“.")


class ReadingsField(forms.CharField):
    """The readings of an indicator, one a line: „12/2025: 340“. Gives a list of (Period, Decimal)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Je Zeile Zeitpunkt, Doppelpunkt, Wert. Zum Beispiel „12/2025: 340“."))
        super().__init__(**{"required": False, "widget": forms.Textarea(attrs={"rows": 4}), **kwargs})

    def clean(self, value: Any) -> list[tuple[Period, Decimal]]:
        """Every reading; a line that cannot be read is named."""
        return [self._line(line) for line in super().clean(value).splitlines() if line.strip()]

    def _line(self, line: str) -> tuple[Period, Decimal]:
        when, _colon, what = line.partition(":")
        period, number = read_period(when), read_number(what)
        if period is None or number is None:
            message = _("Die Zeile „%(line)s“ ist nicht zu lesen. Schreiben Sie sie wie „12/2025: 340“.")
            raise ValidationError(message, params={"line": line.strip()[:60]})
        return period, number


def write_readings(readings: Any) -> str:
    """Stored readings, oldest first, as the field reads them."""
    return "\n".join(f"{write_period(row.date, row.precision)}: {write_number(row.value)}" for row in readings)


def write_value(value: Any) -> str | list[str]:
    """A stored value as its box in the form holds it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return write_number(value)
    if isinstance(value, list):
        return sorted(str(entry) for entry in value)
    return str(value).replace("\r\n", "\n")
