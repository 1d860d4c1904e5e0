"""How to answer a question by hand, in a sentence under it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from elbe_elster.participation.questionnaire.document import TEXTS, Duty, Kind
from elbe_elster.strategy.periods import period_text

if TYPE_CHECKING:
    from decimal import Decimal

    from elbe_elster.participation.questionnaire.document import Question

LEAST_GROUPED = 10_000


def note_of(question: Question) -> str:
    """What to do, with the limits, in the current language; empty for information texts."""
    if not question.asks:
        return ""
    said = [_how(question), _limits(question)]
    if question.duty is Duty.HARD:
        said.append(gettext("Diese Angabe ist uns besonders wichtig."))
    return " ".join(part for part in said if part)


def _how(question: Question) -> str:
    kind = question.kind
    if kind in TEXTS:
        return "" if question.help else gettext("Bitte schreiben Sie keine Namen und Anschriften auf.")
    if kind is Kind.NUMBER and question.least is not None and question.most is not None:
        return ""  # the limits say it
    said = {
        Kind.MULTIPLE: gettext("Sie können mehrere Kreuze machen."),
        Kind.MATRIX_SINGLE: gettext("Bitte machen Sie in jeder Zeile ein Kreuz."),
        Kind.MATRIX_MULTIPLE: gettext("Sie können in jeder Zeile mehrere Kreuze machen."),
        Kind.RANKING: gettext(
            "Schreiben Sie 1 in das Kästchen vor dem Wichtigsten, 2 vor dem Zweitwichtigsten und so weiter."
        ),
        Kind.NUMBER: gettext("Bitte schreiben Sie eine Zahl."),
        Kind.DATE: gettext("Bitte schreiben Sie Tag, Monat und Jahr."),
    }
    return said.get(kind) or gettext("Bitte machen Sie ein Kreuz.")


def _limits(question: Question) -> str:
    match question.kind:
        case Kind.MULTIPLE | Kind.RANKING:
            return _crosses(question)
        case Kind.NUMBER:
            return _span(question.least, question.most)
        case Kind.DATE:
            return _days(question.earliest, question.latest)
    return ""


def _crosses(question: Question) -> str:
    least, most = (None if bound is None else int(bound) for bound in (question.least, question.most))
    words = {"least": least, "most": most}
    ranks = question.kind is Kind.RANKING
    if least and most and least != most:
        text = (
            gettext("Bitte %(least)s bis %(most)s Nummern.")
            if ranks
            else gettext("Bitte %(least)s bis %(most)s Kreuze.")
        )
        return text % words
    if most and least == most:
        return (gettext("Bitte genau %(most)s Nummern.") if ranks else gettext("Bitte genau %(most)s Kreuze.")) % words
    if most:
        return (
            ngettext("Bitte höchstens %(most)s Nummer.", "Bitte höchstens %(most)s Nummern.", most)
            if ranks
            else ngettext("Bitte höchstens %(most)s Kreuz.", "Bitte höchstens %(most)s Kreuze.", most)
        ) % words
    if least:
        return (
            ngettext("Bitte mindestens %(least)s Nummer.", "Bitte mindestens %(least)s Nummern.", least)
            if ranks
            else ngettext("Bitte mindestens %(least)s Kreuz.", "Bitte mindestens %(least)s Kreuze.", least)
        ) % words
    return ""


def _span(least: Decimal | None, most: Decimal | None) -> str:
    words = {"least": least is not None and _numeral(least), "most": most is not None and _numeral(most)}
    if least is not None and most is not None:
        return gettext("Eine Zahl von %(least)s bis %(most)s.") % words
    if least is not None:
        return gettext("Mindestens %(least)s.") % words
    return gettext("Höchstens %(most)s.") % words if most is not None else ""


def _numeral(number: Decimal) -> str:
    plain = f"{number.normalize():f}"
    long = abs(number) >= LEAST_GROUPED  # a year stays in one piece
    return number_format(number, decimal_pos=len(plain.partition(".")[2]), force_grouping=long)


def _days(earliest: str, latest: str) -> str:
    words = {
        "earliest": earliest and period_text(dt.date.fromisoformat(earliest)),
        "latest": latest and period_text(dt.date.fromisoformat(latest)),
    }
    if earliest and latest:
        return gettext("Ein Tag vom %(earliest)s bis zum %(latest)s.") % words
    if earliest:
        return gettext("Ein Tag ab dem %(earliest)s.") % words
    return gettext("Ein Tag bis zum %(latest)s.") % words if latest else ""
