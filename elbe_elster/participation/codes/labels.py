"""A lot of access codes on paper: a CSV file for a mail merge, and sheets of labels (3 × 8 on A4)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qrcode
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from elbe_elster.participation.codes.letters import readable
from elbe_elster.strategy.exchange.files import BOM, guarded
from elbe_elster.strategy.pdf.blocks import printable
from elbe_elster.strategy.pdf.press import set_paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from elbe_elster.participation.models import CodeLot

TEMPLATE = Path(__file__).with_name("labels.typ")
MASK = 2  # one of eight ways to draw a QR code; trying all takes eight times as long


def code_address(slug: str) -> str:
    """Where codes of a survey are typed, in German."""
    with translation.override("de"):
        return f"{settings.BASE_URL}{reverse('participation:survey-code', args=[slug])}"


def codes_csv(lot: CodeLot, codes: Sequence[str]) -> bytes:
    """One line a code with the address for it. Says of no code whether it was used."""
    address = code_address(lot.survey.slug)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Zugangscode"), _("Adresse"), _("Los")])
    writer.writerows([readable(code), address, guarded(lot.name)] for code in codes)
    return f"{BOM}{stream.getvalue()}".encode()


def labels_pdf(lot: CodeLot, codes: Sequence[str]) -> bytes:
    """Sheets of labels with code, address and a QR code that brings both along. Raises PressError.

    The QR code holds the code behind ``#``: browsers keep that to themselves, so no log of a server sees it.
    """
    address = code_address(lot.survey.slug)
    data: dict[str, Any] = {
        "lang": "de",
        "publisher": _("Landkreis Elbe-Elster"),
        "title": printable(_("Zugangscodes: %(survey)s") % {"survey": lot.survey.title}),
        "survey": printable(lot.survey.title),
        "address": printable(address.partition("://")[2].rstrip("/")),
        "words": {"code": _("Ihr Zugangscode"), "alt": _("Führt zur Umfrage und trägt den Code ein")},
        "labels": [{"code": readable(code), "svg": drawn(f"{address}#{code}")} for code in codes],
    }
    return set_paper(str(TEMPLATE), json.dumps(data, ensure_ascii=False))


def drawn(content: str) -> str:
    """A QR code as SVG: one path, one unit a square."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=0, mask_pattern=MASK)
    code.add_data(content)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}"><path d="{path}"/></svg>'
