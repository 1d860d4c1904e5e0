"""Invents answers, so that a demo can show results. Repeatable: the same seed gives the same answers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from elbe_elster.participation.models import Channel
from elbe_elster.participation.questionnaire.answers import Given, Missing
from elbe_elster.participation.questionnaire.document import MATRICES, TEXTS, Kind
from elbe_elster.region.models import Population

from .urn import FilledIn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from elbe_elster.participation.questionnaire.document import Option, Question, Questionnaire

CHANNELS = {Channel.ONLINE: 78, Channel.PAPER: 15, Channel.KIOSK: 7}
LEFT_OUT, UNTOLD = 0.05, 0.04  # shares of questions skipped and answered with "keine Angabe"
WRITES = 0.12  # share of people who write something
SAYINGS = {  # what is written, and the topics it belongs to
    "Der Rufbus muss sich mit einem Anruf und mit einer App bestellen lassen.": ("Bus und Bahn",),
    "Im Dorf gibt es kaum Empfang. Ohne Netz nützt die beste App nichts.": ("Netz und Empfang",),
    "Bitte einen Menschen am Telefon lassen, auch wenn alles im Internet geht.": (
        "Menschen statt Technik",
        "Ämter",
    ),
    "Termine beim Facharzt sollten sich im ganzen Landkreis an einer Stelle buchen lassen.": ("Gesundheit",),
    "Einmal im Monat Hilfe am Handy im Gemeindehaus, das würde meinen Eltern sehr helfen.": ("Hilfe und Lernen",),
    "Die Schule braucht jemanden, der sich um die Geräte kümmert.": ("Schule",),
    "Freies WLAN am Bahnhof und am Markt.": ("Netz und Empfang",),
    "Anträge für den Verein in einem einzigen Formular, nicht in fünf.": ("Ämter",),
    "Warnungen vor Waldbrand schneller und für den eigenen Ort.": ("Warnungen",),
    "Ein Büro zum Mitbenutzen im alten Konsum, dann müsste ich nicht nach Berlin pendeln.": ("Arbeit",),
    "Weniger Papier beim Bauantrag. Ich warte seit Monaten.": ("Ämter",),
    "Die Seiten der Ämter sind schwer zu verstehen. Schreibt einfacher.": ("Ämter",),
    "Mehr Bänke statt mehr Apps.": ("Menschen statt Technik",),
    "Den Fahrplan der Schulbusse bitte auch als Kalender.": (
        "Bus und Bahn",
        "Schule",
    ),
    "Rufen Sie mich gern an: 03531 0000000. Ich helfe beim Dorfladen mit.": ("Dorfleben",),
}
NOT_TO_QUOTE = "03531"  # a telephone number; whoever reads the texts sees what to do with it
PLACES = ("Marktplatz", "Badesee", "Bahnhof", "Sportplatz", "Gemeindehaus", "Bushaltestelle", "Campingplatz", "Museum")


def invent_responses(
    questionnaire: Questionnaire, version_pk: int, *, number: int, days: Sequence[dt.date], seed: int
) -> Iterator[FilledIn]:
    """So many responses, spread over the days. Municipalities answer by their population."""
    dice = Random(seed)  # noqa: S311 - inventing, not protecting
    weights = {question.code: _weights(dice, question) for question in questionnaire.questions()}
    weights |= _by_population(questionnaire)
    for _ in range(number):
        channel = dice.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        answers = {
            question.code: _answer(dice, question, weights[question.code], channel)
            for question in questionnaire.questions()
            if question.asks and dice.random() > LEFT_OUT
        }
        yield FilledIn(version_pk, answers, dice.choice(days), channel)


def _weights(dice: Random, question: Question) -> list[float]:
    """How popular each option is: some are chosen often, some seldom."""
    return [dice.uniform(0.4, 1.0) ** 3 for _ in question.options]


def _by_population(questionnaire: Questionnaire) -> dict[str, list[float]]:
    counted = dict(Population.objects.order_by("series__date").values_list("municipality__key", "count"))
    return {
        question.code: [float(counted.get(option.code, 400)) for option in question.options]
        for question in questionnaire.questions()
        if question.kind is Kind.MUNICIPALITY
    }


def _answer(dice: Random, question: Question, weights: list[float], channel: str) -> Given:
    if question.no_answer and dice.random() < UNTOLD:
        return Given(missing=Missing.NO_ANSWER)
    if channel == Channel.PAPER and dice.random() < UNTOLD / 4:
        return Given(missing=Missing.NOT_LEGIBLE)
    if question.kind in MATRICES:
        several = question.kind is Kind.MATRIX_MULTIPLE
        return Given(items={item.code: _choose(dice, question, weights, several=several) for item in question.items})
    if question.options:
        several = question.kind in {Kind.MULTIPLE, Kind.RANKING}
        return _given(question, _choose(dice, question, weights, several=several))
    return _open_answer(dice, question)


def _open_answer(dice: Random, question: Question) -> Given:
    match question.kind:
        case Kind.NUMBER:
            most = float(question.most or 100)
            return Given(number=Decimal(round(dice.triangular(0, most, most / 8))))
        case Kind.DATE:
            return Given(date=dt.date(2025, 6, 30) - dt.timedelta(days=int(dice.expovariate(1 / 400)) % 3000))
        case kind if kind in TEXTS and dice.random() < WRITES:
            return Given(text=dice.choice(tuple(SAYINGS) if kind is Kind.LONG_TEXT else PLACES))
    return Given()


def _choose(dice: Random, question: Question, weights: list[float], *, several: bool) -> tuple[str, ...]:
    """One option, or some without repeating; an exclusive one alone."""
    most = min(int(question.most or 3), len(question.options)) if several else 1
    left: list[tuple[Option, float]] = list(zip(question.options, weights, strict=True))
    chosen: list[str] = []
    for _ in range(dice.randint(1, most)):
        place = dice.choices(range(len(left)), [weight for _, weight in left])[0]
        option = left.pop(place)[0]
        if option.exclusive:
            return tuple(chosen) or (option.code,)
        chosen.append(option.code)
    return tuple(chosen)


def _given(question: Question, codes: tuple[str, ...]) -> Given:
    number = question.option_by_code[codes[0]].number if len(codes) == 1 else None
    return Given(options=codes, option_value=number)
