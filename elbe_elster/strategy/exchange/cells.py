"""How one cell is read and written. Every kind has one form to compare by, so that a file nobody changed changes nothing."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from elbe_elster.strategy.models import Precision, first_day, last_day
from elbe_elster.ui.xml import NOT_IN_XML

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import TextChoices

Cell = str | int | float | Decimal | bool | dt.date | dt.datetime | dt.time | None

LONGEST_CELL = 32767  # characters; the spreadsheet format allows no more
MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
YES, NO = {"ja", "j", "x", "wahr", "true", "1", "yes"}, {"nein", "n", "falsch", "false", "0", "no", "-", "–"}


class CellError(ValueError):
    """A cell that cannot be read; the text says why and what to do."""


def plain_text(value: Cell) -> str:
    """The text of a cell: one kind of line end, no signs a spreadsheet cannot hold, no blanks around it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        value = value.date() if value.time() == dt.time(0) else value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return f"{value:%d.%m.%Y}"
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return NOT_IN_XML.sub("", text).strip()


def one_line(value: Cell) -> str:
    """The text in one line."""
    return " ".join(plain_text(value).split())


def folded(text: str) -> str:
    """To compare words: without case, accents of composition, and blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def entries(value: Cell, is_one: Callable[[str], object] = lambda _text: False) -> list[str]:
    """The entries of a list in a cell: one a line; in one line separated by semicolons, unless ``is_one`` knows it all."""
    text = plain_text(value)
    parts = text.split("\n") if "\n" in text or is_one(" ".join(text.split())) else text.split(";")
    return list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))


def read_yes(value: Cell) -> bool:
    """``ja`` or ``nein``; empty is no."""
    if isinstance(value, bool):
        return value
    word = folded(plain_text(value))
    if word in YES:
        return True
    if word in NO or not word:
        return False
    raise CellError(_("„%(text)s“ ist weder „ja“ noch „nein“.") % {"text": short(plain_text(value))})


def read_choice(value: Cell, choices: type[TextChoices]) -> str:
    """The code of a choice, by its label, the label up to the colon, or the code itself; empty stays empty."""
    word = folded(one_line(value))
    if not word:
        return ""
    for choice in choices:
        label = str(choice.label)
        if word in {folded(label), folded(label.partition(":")[0]), choice.value}:
            return str(choice.value)
    allowed = ", ".join(f"„{choice.label}“" for choice in choices)
    raise CellError(_("„%(text)s“ gibt es hier nicht. Möglich sind: %(allowed)s.") % _words(value, allowed=allowed))


def read_number(value: Cell) -> Decimal | None:
    """Euros and the like with two places; ``1.234,50``, ``1234.5`` and ``12 000 €`` are understood."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | dt.date | dt.time):
        raise CellError(_("„%(text)s“ ist keine Zahl.") % _words(value))
    text = re.sub(r"[\s\u00a0\u202f]|€|Euro|EUR", "", str(value))
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3})+", text) and isinstance(value, str):
        text = text.replace(".", "")
    try:
        number = Decimal(text)
        if not number.is_finite() or abs(number) >= Decimal(10) ** 10:
            raise CellError(_("„%(text)s“ ist keine Zahl, die hier möglich ist.") % _words(value))
        return number.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise CellError(_("„%(text)s“ ist keine Zahl.") % _words(value)) from None


def read_whole(value: Cell) -> int | None:
    """A whole number."""
    number = read_number(value)
    if number is None:
        return None
    if number != int(number):
        raise CellError(_("„%(text)s“ ist keine ganze Zahl.") % _words(value))
    return int(number)


def read_day(value: Cell) -> dt.date | None:
    """A day: a date cell, ``12.06.2025`` or ``2025-06-12``."""
    found = read_period(value, start=True)
    if found is None:
        return None
    day, precision = found
    if precision != Precision.DAY:
        raise CellError(_("„%(text)s“ ist kein Tag. Schreiben Sie zum Beispiel 12.06.2025.") % _words(value))
    return day


def read_period(value: Cell, *, start: bool) -> tuple[dt.date, Precision] | None:
    """A day, month, quarter or year, as its first (``start``) or last day, with how exact that is."""
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value, Precision.DAY
    if isinstance(value, bool | dt.time):
        raise CellError(_not_a_date(value))
    text = plain_text(value)
    if not text:
        return None
    try:
        found = _read_written(text.casefold())
    except ValueError:
        found = None
    if found is None:
        raise CellError(_not_a_date(value))
    day, precision = found
    return (first_day if start else last_day)(day, precision), precision


def _day(day: str, month: str, year: str) -> tuple[dt.date, Precision]:
    return dt.date(int(year), int(month), int(day)), Precision.DAY


def _month(month: str, year: str) -> tuple[dt.date, Precision]:
    number = int(month) if month.isdecimal() else MONTHS.index(month) + 1
    return dt.date(int(year), number, 1), Precision.MONTH


def _quarter(quarter: str, year: str) -> tuple[dt.date, Precision]:
    return dt.date(int(year), 3 * int(quarter) - 2, 1), Precision.QUARTER


def _year(year: str) -> tuple[dt.date, Precision]:
    return dt.date(int(year), 1, 1), Precision.YEAR


WRITINGS: tuple[tuple[str, Callable[..., tuple[dt.date, Precision]]], ...] = (
    (r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", _day),
    (r"(?P<c>\d{4})-(?P<b>\d{2})-(?P<a>\d{2})(?:[t ]00:00(?::00)?)?", _day),
    (r"(?:q|quartal ?)([1-4])[ /.-]*(\d{4})", _quarter),
    (r"([1-4])\. ?quartal (\d{4})", _quarter),
    (r"(?P<b>\d{4})[ /-]q(?P<a>[1-4])", _quarter),
    (r"(\d{1,2})[./](\d{4})", _month),
    (r"([a-zä]{3})[a-zä]*\.? (\d{4})", _month),
    (r"(?:(?:anfang|mitte|ende) )?(\d{4})", _year),
)


def _read_written(text: str) -> tuple[dt.date, Precision] | None:
    """The date in a text. Raises ValueError for days that do not exist."""
    for pattern, make in WRITINGS:
        if found := re.fullmatch(pattern, text):
            named = found.groupdict()
            return make(*(named[name] for name in sorted(named))) if named else make(*found.groups())
    return None


FOR_GOOD = {"laufend", "fortlaufend", "dauerhaft", "daueraufgabe", "ständig", "auf dauer", "offen"}
Span = tuple[tuple[dt.date, Precision] | None, tuple[dt.date, Precision] | None, bool]


def read_span(value: Cell) -> Span:
    """Start, end and whether it is for good, of ``2024–2026``, ``ab 2025``, ``bis 03/2027``, ``laufend``, ``2026``."""
    if isinstance(value, dt.date):
        raise CellError(_("Hier wird ein Zeitraum erwartet, zum Beispiel „2024–2026“ oder „ab 2025“."))
    text = plain_text(value).casefold()
    parts = re.split(r"\s+bis\s+|\s*[–—]\s*|\s+-\s+|(?<=\d{4})\s*-\s*(?=\d{4}|\d\d?[./])", text)
    if len(parts) == 2:  # noqa: PLR2004 - from and until
        start, for_good = re.sub(r"^(?:von|seit|ab) ", "", parts[0]), parts[1] in FOR_GOOD
        return read_period(start, start=True), None if for_good else read_period(parts[1], start=False), for_good
    if found := re.fullmatch(r"(?:ab|seit|von) (.+?)(, auf dauer)?", text):
        return read_period(found[1], start=True), None, bool(found[2])
    if text in FOR_GOOD:
        return None, None, True
    is_end = text.startswith("bis ")
    return None if is_end else read_period(text, start=True), read_period(text.removeprefix("bis "), start=False), False


def short(text: str) -> str:
    """Enough of a text to recognise it in a message."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"  # noqa: PLR2004


def _words(value: Cell, **more: str) -> dict[str, str]:
    return {"text": short(plain_text(value)), **more}


def _not_a_date(value: Cell) -> str:
    return _(
        "„%(text)s“ ist kein Datum. Möglich sind zum Beispiel 12.06.2025, 06/2025, „Juni 2025“, „2. Quartal 2025“ "
        "oder 2025."
    ) % _words(value)
