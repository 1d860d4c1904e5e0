"""What may go wrong with a questionnaire although it could be published, told while it is built.

Pure: a Questionnaire in, sentences out. What concerns small groups needs the region and stands in ``breakdowns``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elbe_elster.participation.filling.wording import minutes_for, seconds_for
from elbe_elster.participation.questionnaire.changes import named
from elbe_elster.participation.questionnaire.document import MATRICES, TEXTS, Duty, Kind
from elbe_elster.ui.context import LANGUAGE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from elbe_elster.participation.questionnaire.document import Page, Question, Questionnaire, Texts

BASE = "de"
MOST_COLUMNS = 7  # of a matrix
WIDEST_HEAD = 90  # characters in the heads of all columns together
MOST_TAPS = 60  # cells of a matrix, which a phone shows one below the other
MOST_QUESTIONS = 10  # on a page
LONGEST_PAGE = 180  # seconds
LONGEST_QUESTION = 40  # words
TOLERANCE = 1.5  # times the minutes that were promised
FEW_WORDS = 4  # a label that short is the caption of a field
AGS = re.compile(r"\d{8}")  # the official key of a municipality, which is called the same in every language


class Topic(StrEnum):
    """What a warning is about."""

    TRANSLATION = "translation"
    PERSONAL = "personal"
    MATRIX = "matrix"
    LENGTH = "length"
    DUTY = "duty"
    GROUPS = "groups"
    CODES = "codes"
    CONTACT = "contact"
    STRUCTURE = "structure"


@dataclass(frozen=True)
class Hint:
    """A warning: a sentence, and the code of the page or question it is about."""

    topic: Topic
    text: str
    page: str = ""
    question: str = ""
    language: str = ""


def hints(questionnaire: Questionnaire, *, minutes: int | None = None, around: Iterable[Texts] = ()) -> list[Hint]:
    """Every warning about the questionnaire. ``minutes``: what the survey promises; ``around``: its own texts."""
    found = [*_translations(questionnaire, around)]
    for page in questionnaire.pages:
        found += _of_page(page)
        for question in page.questions:
            if not question.retired:
                found += _of_question(question)
    asked = [question for question in questionnaire.questions() if not question.retired]
    estimated = minutes_for(asked, BASE)
    if minutes and estimated > minutes * TOLERANCE:
        words = {"minutes": minutes, "estimated": estimated}
        text = _("Versprochen sind %(minutes)s Minuten, geschätzt braucht man %(estimated)s.") % words
        found.append(Hint(Topic.LENGTH, text))
    return found


# Translations ---------------------------------------------------------------------


def _translations(questionnaire: Questionnaire, around: Iterable[Texts]) -> Iterator[Hint]:
    texts = [text for text in (*around, *_all_texts(questionnaire)) if any(map(str.isalpha, text.get(BASE, "")))]
    for language in questionnaire.languages:
        missing = sum(not text.get(language, "").strip() for text in texts)
        if language != BASE and missing:
            words = {"language": LANGUAGE_NAMES[language], "missing": missing, "all": len(texts)}
            text = ngettext(
                "%(language)s: %(missing)s von %(all)s Texten fehlt. Dort steht dann der deutsche.",
                "%(language)s: %(missing)s von %(all)s Texten fehlen. Dort stehen dann die deutschen.",
                missing,
            )
            yield Hint(Topic.TRANSLATION, text % words, language=language)


def _all_texts(questionnaire: Questionnaire) -> Iterator[Texts]:
    for page in questionnaire.pages:
        yield from (page.title, page.intro)
        for question in page.questions:
            if not question.retired:
                yield from _texts_of(question)


def _texts_of(question: Question) -> Iterator[Texts]:
    yield from (question.label, question.help, question.unit)
    for option in question.options:
        if not option.retired and not (question.kind is Kind.MUNICIPALITY and AGS.fullmatch(option.code)):
            yield from (option.label, option.help)
    yield from (item.label for item in question.items if not item.retired)


# Personal data --------------------------------------------------------------------

WHOLE = re.compile(  # asks for it wherever it stands; hyphens, mediopoints and letters' case are gone
    r"\b(vorname|nachname|familienname|geburtsname|wie hei(ß|ss)en sie|ihr(e|en|em)? (vollen |vollständige[rn]? )?namen?|"
    r"(telefon|handy|mobil|mobilfunk|ruf)nummer|unter welcher nummer|email ?adresse|mailadresse|"
    r"(wohn|post|haus|privat)(adresse|anschrift)|ihre (adresse|anschrift)|straße und hausnummer|hausnummer|"
    r"geburtsdatum|geburtstag|(wann (sind|wurden) sie|sind sie wann) geboren|"
    r"iban|kontonummer|(ausweis|pass|steuer|sozialversicherungs|versicherten)nummer|"
    r"your (full |first |last |family )?name|surname|first name|family name|(phone|telephone|mobile) number|"
    r"email address|your (home |postal |street )?address|postal address|house number|"
    r"date of birth|birth ?date|your birthday|when were you born|passport number|bank account)\b"
)
CAPTION = re.compile(r"\b(name|namen|telefon|handy|email|mail|adresse|anschrift|address|phone|straße|street)\b")
BIRTH = re.compile(r"geburt|geboren|birth|born")


def asks_for_person(question: Question) -> bool:
    """Whether a text, number or date probably says who the person is."""
    labels = [_plain(text) for text in question.label.values()]
    if question.kind is Kind.DATE:
        return any(BIRTH.search(label) for label in labels)
    if question.kind not in TEXTS and question.kind is not Kind.NUMBER:
        return False
    return any(
        WHOLE.search(label) or (len(label.split()) <= FEW_WORDS and CAPTION.search(label) and "?" not in label)
        for label in labels
    )


def _plain(label: str) -> str:
    return " ".join(re.sub(r"[-‐‑·\u00ad]", "", label).casefold().replace("ss und haus", "ß und haus").split())


# Pages and questions --------------------------------------------------------------


def _of_page(page: Page) -> Iterator[Hint]:
    asked = [question for question in page.questions if not question.retired]
    seconds = sum(seconds_for(question, BASE) for question in asked)
    words = {
        "name": named(page),
        "number": sum(question.asks for question in asked),
        "minutes": math.ceil(seconds / 60),
    }
    if not asked:
        text = (
            _("Der Teil %(name)s ist leer. Er wird niemandem gezeigt; löschen Sie ihn, oder fragen Sie etwas.") % words
        )
        yield Hint(Topic.STRUCTURE, text, page=page.code)
    elif sum(question.asks for question in asked) > MOST_QUESTIONS:
        text = _("Der Teil %(name)s hat %(number)s Fragen. Auf einem Telefon ist das lang; teilen Sie ihn.") % words
        yield Hint(Topic.LENGTH, text, page=page.code)
    elif seconds > LONGEST_PAGE:
        text = _("Der Teil %(name)s dauert etwa %(minutes)s Minuten. Teilen Sie ihn.") % words
        yield Hint(Topic.LENGTH, text, page=page.code)


def _of_question(question: Question) -> Iterator[Hint]:
    words: Mapping[str, object] = {"name": named(question), "number": len(question.label.get(BASE, "").split())}
    if asks_for_person(question):
        text = _(
            "Die Frage %(name)s sieht nach Angaben zur Person aus. Die Umfrage verspricht, anonym zu sein. "
            "Für Kontaktwünsche gibt es ein eigenes Formular nach dem Absenden."
        )
        yield Hint(Topic.PERSONAL, text % words, question=question.code)
    for parts in (question.options, question.items):
        labels = Counter(part.label.get(BASE, "").strip().casefold() for part in parts if not part.retired)
        if any(label and count > 1 for label, count in labels.items()):
            text = _("In der Frage %(name)s heißen zwei gleich. Niemand kann sie auseinanderhalten.") % words
            yield Hint(Topic.STRUCTURE, text, question=question.code)
    if question.kind in MATRICES:
        yield from _of_matrix(question)
    if question.asks and len(question.label.get(BASE, "").split()) > LONGEST_QUESTION:
        text = _("Die Frage %(name)s hat %(number)s Wörter. Schreiben Sie, was erklärt, in die Hilfe.") % words
        yield Hint(Topic.LENGTH, text, question=question.code)
    if question.asks and question.duty is Duty.HARD and not question.no_answer:
        text = _(
            "Die Frage %(name)s ist Pflicht und bietet kein „keine Angabe“. Wer nicht antworten will, bricht ab oder "
            "antwortet irgendetwas."
        )
        yield Hint(Topic.DUTY, text % words, question=question.code)


def _of_matrix(question: Question) -> Iterator[Hint]:
    columns = [option for option in question.options if not option.retired]
    rows = [item for item in question.items if not item.retired]
    heads = max(sum(len(option.label.get(language, "")) for option in columns) for language in LANGUAGE_NAMES)
    words = {"name": named(question), "columns": len(columns), "rows": len(rows), "letters": heads}
    if len(columns) > MOST_COLUMNS:
        text = _("Die Tabelle %(name)s hat %(columns)s Spalten. Das passt auf kein Telefon.")
        yield Hint(Topic.MATRIX, text % words, question=question.code)
    elif heads > WIDEST_HEAD:
        text = _("Die Tabelle %(name)s hat lange Spaltenköpfe: zusammen %(letters)s Zeichen. Kürzen Sie sie.")
        yield Hint(Topic.MATRIX, text % words, question=question.code)
    elif len(columns) * len(rows) > MOST_TAPS:
        text = _(
            "Die Tabelle %(name)s hat %(rows)s Zeilen mit je %(columns)s Antworten. Auf dem Telefon ist das sehr lang."
        )
        yield Hint(Topic.MATRIX, text % words, question=question.code)
