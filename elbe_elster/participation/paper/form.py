"""A questionnaire as a printed form: words and boxes as data for ``form.typ``, which draws them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language, gettext, ngettext, override

from elbe_elster.participation.filling.pages import estimated_minutes
from elbe_elster.participation.paper.codes import NO_ANSWER
from elbe_elster.participation.paper.notes import note_of
from elbe_elster.participation.questionnaire.document import BASE_LANGUAGE, MATRICES, TEXTS, Kind, in_language
from elbe_elster.participation.questionnaire.hints import SkipHints, skip_hints
from elbe_elster.participation.questionnaire.words import question_numbers
from elbe_elster.strategy.pdf import blocks as b
from elbe_elster.strategy.periods import period_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.questionnaire.document import Option, Page, Question, Questionnaire
    from elbe_elster.strategy.pdf.blocks import Data

TEMPLATE = str(Path(__file__).parent / "form.typ")
SIZES = {False: 10, True: 15}  # points of usual and large type
WIDTHS = {False: 84, True: 54}  # letters in a line of the main column
MOST_ON_A_SCALE = 11  # boxes beside each other
MOST_HEADS = 8  # columns of a matrix with their words above; more get a list of codes before
MOST_DIGITS = 9  # boxes for digits; longer numbers get a line
LINES = {Kind.SHORT_TEXT: 1, Kind.LONG_TEXT: 5}
MOST_LINES = 12
LETTERS_BY_HAND = 55  # in a line
ENDLESS = re.compile(r"\S{25}(?=\S{15})")  # somewhere in it a line may break
TWO_COLUMNS = 4  # options, and more, stand in columns where they are short


@dataclass(frozen=True)
class Print:
    """What is printed: which document of which survey, in which language and type; ``version`` 0 is a draft."""

    survey: Survey
    questionnaire: Questionnaire
    language: str
    version: int
    large: bool = False


def printed_form(wanted: Print) -> Data:
    """Everything that stands on the form."""
    with override(wanted.language):
        return _Form(wanted).data()


class _Form:
    """Gathers one form; the current language must be that of the form."""

    def __init__(self, wanted: Print) -> None:
        self.wanted = wanted
        self.language = wanted.language
        self.numbers = question_numbers(wanted.questionnaire)
        self.hints: SkipHints = skip_hints(wanted.questionnaire, wanted.language)
        self.width = WIDTHS[wanted.large]

    def said(self, texts: Mapping[str, str]) -> str:
        """A text of the document in the language of the form, words without end broken."""
        return ENDLESS.sub("\\g<0>\u00ad", b.printable(in_language(texts, self.language)))

    def data(self) -> Data:
        """The whole form."""
        survey, wanted = self.wanted.survey, self.wanted
        pages = [
            page for page in wanted.questionnaire.pages if any(not question.retired for question in page.questions)
        ]
        return {
            "lang": self.language.split("-", maxsplit=1)[0],
            "size": SIZES[wanted.large],
            "site": settings.SITE_NAME,
            "publisher": "Landkreis Elbe-Elster",
            "title": self.said({"de": survey.title}),
            "kicker": gettext("Fragebogen"),
            "example": gettext("Beispiel") if survey.example else "",
            "draft": "" if wanted.version else gettext("Entwurf, nicht ausgeben"),
            "purpose": b.markdown(survey.purpose or survey.summary),
            "facts": _facts(survey),
            "sheet": gettext("Wird bei uns eingetragen: Stapel, Bogen"),
            "parts": [self.part(page, place, len(pages)) for place, page in enumerate(pages, start=1)],
            "thanks": [*b.markdown(survey.thanks), *_way_back(survey)],
            "thanks_title": gettext("Geschafft. Vielen Dank!"),
            "form": self.name(),
            "words": {"page": gettext("Seite"), "of": gettext("von")},
        }

    def name(self) -> str:
        """Which form of which version this is; the same on every sheet."""
        version = self.wanted.version
        words = {"name": self.wanted.survey.slug, "number": version, "language": self.language}
        if not version:
            return b.printable(gettext("%(name)s, Entwurf, %(language)s") % words)
        return b.printable(gettext("%(name)s, Fassung %(number)s, %(language)s") % words)

    def part(self, page: Page, place: int, count: int) -> Data:
        """One page of the questionnaire."""
        return {
            "kicker": gettext("Teil %(place)s von %(count)s") % {"place": place, "count": count} if count > 1 else "",
            "title": self.said(page.title),
            "intro": b.markdown(in_language(page.intro, self.language)),
            "hint": b.printable(self.hints.pages.get(page.code, "")),
            "questions": [self.question(question) for question in page.questions if not question.retired],
        }

    def question(self, question: Question) -> Data:
        """One question with its boxes and lines."""
        found = {
            "number": str(self.numbers.get(question.code, "")),
            "label": self.said(question.label),
            "help": b.markdown(in_language(question.help, self.language)),
            "note": b.printable(note_of(question)),
            "hint": b.printable(self.hints.questions.get(question.code, "")),
            "draw": "information",
            "refusal": self.refusal(question),
        }
        return {**found, **self.drawing(question)}

    def drawing(self, question: Question) -> Data:
        """What is drawn for the answer."""
        kind = question.kind
        if kind in TEXTS:
            return {"draw": "lines", "count": _lines(question)}
        if kind in MATRICES:
            return self.matrix(question)
        if kind is Kind.RANKING:
            return {"draw": "ranks", "options": self.options(question)}
        if kind is Kind.NUMBER:
            return self.digits(question)
        if kind is Kind.DATE:
            return {"draw": "date", "parts": [gettext("TT"), gettext("MM"), gettext("JJJJ")]}
        return self.choices(question) if question.asks else {}

    def refusal(self, question: Question) -> list[Data]:
        """The box for "keine Angabe"."""
        if not question.no_answer or not question.asks:
            return []
        onward = self.hints.onward_no_answer.get(question.code, "")
        return [{**_box(NO_ANSWER, gettext("keine Angabe")), "onward": b.printable(onward)}]

    def options(self, question: Question) -> list[Data]:
        """The options as boxes with their codes, words and hints."""
        return [self.option(question, option) for option in question.options if not option.retired]

    def option(self, question: Question, option: Option) -> Data:
        """One box."""
        place = (question.code, option.code)
        asides = [self.said(option.help)]
        if option.exclusive and question.kind is Kind.MULTIPLE:
            asides.append(gettext("dann bitte kein anderes Kreuz"))
        asides.append(b.printable(self.hints.options.get(place, "")))
        return {
            **_box(str(option.number), self.said(option.label)),
            "aside": ". ".join(aside for aside in asides if aside),
            "onward": b.printable(self.hints.onward.get(place, "")),
            "line": option.other,
        }

    def choices(self, question: Question) -> Data:
        """Boxes below or, of a short scale, beside each other."""
        options = self.options(question)
        plain = not any(option["aside"] or option["onward"] or option["line"] for option in options)
        if question.kind is Kind.SCALE and plain and self._fits_in_a_row(options):
            return {"draw": "scale", "options": options}
        longest = max((len(option["label"]) for option in options), default=0)
        columns = 1
        if plain and len(options) >= TWO_COLUMNS:
            columns = max(1, min(3, self.width // (longest + 9)))
        return {"draw": "choices", "options": options, "columns": columns}

    def _fits_in_a_row(self, options: list[Data]) -> bool:
        if not 0 < len(options) <= MOST_ON_A_SCALE:
            return False
        room = self.width // len(options) - 2
        words = [word for option in options for word in option["label"].split()]
        return all(len(word) <= room for word in words) and all(len(option["label"]) <= 3 * room for option in options)

    def matrix(self, question: Question) -> Data:
        """A table of boxes; its words stand in a list before it where the columns are too many or too narrow."""
        heads = self.options(question)
        room = self.width * 6 // 10 // max(1, len(heads))
        words = [word for head in heads for word in head["label"].split()]
        listed = len(heads) > MOST_HEADS or any(len(word) > room + 4 for word in words)
        rows = [
            {
                "label": self.said(item.label),
                "aside": b.printable(self.hints.items.get((question.code, item.code), "")),
            }
            for item in question.items
            if not item.retired
        ]
        return {"draw": "matrix", "heads": heads, "rows": rows, "listed": listed, "corner": gettext("Zeile")}

    def digits(self, question: Question) -> Data:
        """A box for each digit where the largest number is known, otherwise a line."""
        count = 0
        if question.most is not None and question.most > 0 and (question.least is None or question.least >= 0):
            count = len(str(int(question.most)))
        boxes = count if count + question.places <= MOST_DIGITS else 0
        return {"draw": "digits", "boxes": boxes, "places": question.places, "unit": self.said(question.unit)}


def _box(code: str, label: str) -> Data:
    return {"code": code, "label": label, "aside": "", "onward": "", "line": False}


def _lines(question: Question) -> int:
    """Lines to write on: enough for the longest text allowed, but not a whole page."""
    least = LINES[question.kind]
    if question.most is None:
        return least
    return max(least, min(MOST_LINES, math.ceil(int(question.most) / LETTERS_BY_HAND)))


def _facts(survey: Survey) -> list[Data]:
    """How to fill it in, that nobody can tell who did, and where it goes."""
    how = [
        gettext("Kreuzen Sie mit einem dunklen Stift an."),
        gettext("Falsch angekreuzt? Füllen Sie das Kästchen ganz aus und kreuzen Sie das richtige an."),
        gettext("Sie müssen nichts beantworten. Was Sie nicht sagen wollen, lassen Sie leer."),
    ]
    quiet = [
        gettext("Schreiben Sie bitte keinen Namen und keine Anschrift auf den Bogen."),
        gettext("Wir tippen die Antworten ab und vernichten danach das Papier. Niemand weiß, wer geantwortet hat."),
    ]
    found = [
        {"title": gettext("So füllen Sie aus"), "blocks": _sentences(how)},
        {"title": gettext("Niemand erkennt Sie"), "blocks": _sentences(quiet)},
    ]
    found.append({"title": gettext("Wohin damit"), "blocks": _way_back(survey)})
    minutes = estimated_minutes(survey, get_language() or BASE_LANGUAGE)
    if minutes:
        words = ngettext("etwa %(count)s Minute", "etwa %(count)s Minuten", minutes) % {"count": minutes}
        found.append({"title": gettext("Dauer"), "blocks": _sentences([words])})
    return found


def _way_back(survey: Survey) -> list[Data]:
    """Where and until when the form is taken."""
    kept = [gettext("Geben Sie den Bogen dort ab, wo Sie ihn bekommen haben.")]
    found = b.markdown(survey.paper_return) or _sentences(kept)
    if survey.last_day:
        day = period_text(survey.last_day)
        found = [*found, *_sentences([gettext("Bitte geben Sie den Bogen bis zum %(day)s ab.") % {"day": day}])]
    return found


def _sentences(lines: list[str]) -> list[Data]:
    return [b.paragraph(b.text(line)) for line in lines]
