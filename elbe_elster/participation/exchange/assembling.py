"""Puts a document together from what a file says: codes that fit, texts that fit, numbers, and conditions at the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.conditions import questions_named
from elbe_elster.participation.questionnaire.document import Item, Option, Page, Question, Questionnaire

from .comparing import all_of
from .files import UnreadableError
from .languages import WORDS, Languages
from .parsing import ExpressionError
from .reports import BroughtSurvey, Counts, LossReport
from .texts import CleanText, clean_text, plain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from elbe_elster.participation.questionnaire.document import Texts

    from .comparing import Truth

LONGEST_CODE = 40
LONGEST_LABEL, LONGEST_OPTION, LONGEST_TITLE, LONGEST_UNIT = 600, 300, 120, 40
SHORT_LABEL = 250  # characters in which several paragraphs still make one question
MOST_QUESTIONS = 1000
MOST_OPTIONS = 500
LARGEST_NUMBER = 32_000


@dataclass
class Wish:
    """A condition that waits until all names are known. ``parts`` give their tree when asked."""

    what: str  # page, question, item or option
    target: str  # code of the page or question in the document
    sub: str  # code of the row or option
    source: str  # code in the file
    place: str  # where in the file, in words
    parts: Sequence[Callable[[], Truth]]


@dataclass
class Draft:
    """A page that is being filled."""

    code: str
    title: Texts
    intro: Texts
    questions: list[Question] = field(default_factory=list)


class Assembly:
    """Collects pages and questions of one file."""

    def __init__(self, languages: Languages, report: LossReport, *, html: bool) -> None:
        self.languages = languages
        self.report = report
        self.html = html
        self.pages: list[Draft] = []
        self.codes: set[str] = set()
        self.page_codes: set[str] = set()
        self.wishes: list[Wish] = []
        self.counts = Counts()
        self._missing: dict[str, set[str]] = {}

    # Codes --------------------------------------------------------------------

    def question_code(self, raw: str, shown: str | None = None) -> str:
        """A code no other question has; says so when it is more than small letters."""
        return self._code(raw, self.codes, "frage", raw if shown is None else shown, "Kürzel", starts_with_letter=True)

    def page_code(self, raw: str) -> str:
        """A code no other page has."""
        return fitting_code(raw, self.page_codes, "teil", starts_with_letter=True)

    def sub_code(self, raw: str, taken: set[str], source: str, what: str) -> str:
        """A code no other option or row of the question has."""
        if any(sign.isspace() for sign in raw.strip()):
            self.report.change(source, what, f"Im Kürzel „{raw.strip()}“ stehen Leerzeichen.")
        return self._code(raw, taken, "a", source, what, starts_with_letter=False)

    def _code(self, raw: str, taken: set[str], instead: str, shown: str, what: str, *, starts_with_letter: bool) -> str:
        folded = raw.strip().casefold()
        twice = folded in taken
        code = fitting_code(raw, taken, instead, starts_with_letter=starts_with_letter)
        if twice:
            self.report.change(shown, what, f"Das Kürzel „{raw.strip()}“ kommt doppelt vor. Es heißt jetzt „{code}“.")
        elif code != folded:
            self.report.change(shown, what, f"Das Kürzel „{raw.strip()}“ heißt jetzt „{code}“.")
        return code

    # Texts --------------------------------------------------------------------

    def cleaned(self, source: str, raw: Mapping[str, str]) -> dict[str, CleanText]:
        """A text in the languages of the portal, harmless; what was taken out is noted."""
        found = {}
        self._missing.setdefault(source, set()).update(self.languages.missing(raw))
        for language, text in self.languages.pick(raw).items():
            found[language] = clean_text(text, html=self.html)
            for note in found[language].notes:
                self.report.change(source, "Text", note)
        return found

    def line(self, source: str, raw: Mapping[str, str], longest: int, what: str, instead: str = "") -> dict[str, str]:
        """A text in one line, plain. Too long ones are cut, with a note; empty ones become ``instead``."""
        found = {name: text.plain for name, text in self.cleaned(source, raw).items() if text.plain}
        for language, text in found.items():
            if len(text) > longest:
                found[language] = shortened(text, longest)
                self.report.change(source, what, f"Mehr als {longest} Zeichen, gekürzt: „{shortened(text, 60)}“")
        if not found.get("de") and instead:
            found["de"] = next((text for text in found.values() if text), instead)
        return found

    def long(self, source: str, *raws: Mapping[str, str]) -> dict[str, str]:
        """One or more texts as Markdown, one after the other."""
        found: dict[str, list[str]] = {}
        for raw in raws:
            for language, text in self.cleaned(source, raw).items():
                found.setdefault(language, []).extend(text.blocks)
        return {language: "\n\n".join(blocks) for language, blocks in found.items() if blocks}

    def question_texts(
        self, source: str, label: Mapping[str, str], hint: Mapping[str, str], instead: str
    ) -> tuple[dict[str, str], dict[str, str]]:
        """The question in one line, and the rest of a long text before its help."""
        labels, helps = {}, {}
        for language, text in self.cleaned(source, label).items():
            labels[language], helps[language] = self._split(source, text)
        for language, more in self.long(source, hint).items():
            helps[language] = "\n\n".join(filter(None, (helps.get(language, ""), more)))
        labels = {language: text for language, text in labels.items() if text}
        if not labels.get("de"):
            labels["de"] = next(iter(labels.values()), instead)
            self.report.change(source, "Text", "Der Text der Frage fehlt.")
        return labels, {language: text for language, text in helps.items() if text}

    def _split(self, source: str, text: CleanText) -> tuple[str, str]:
        has_points = any(re.match(r"\s*(-|\d+\.) ", block) for block in text.blocks)
        plain = text.plain
        if (len(text.blocks) == 1 or len(plain) <= SHORT_LABEL) and len(plain) <= LONGEST_LABEL and not has_points:
            return plain, ""
        first = " ".join(plain_of(text.blocks[0]).split()) if text.blocks else ""
        self.report.change(
            source, "Text", "Der Text ist lang: Sein Anfang ist die Frage, das Übrige steht in der Hilfe."
        )
        if len(first) > LONGEST_LABEL:
            return shortened(first, LONGEST_LABEL), text.markdown
        return first, "\n\n".join(text.blocks[1:])

    # Parts --------------------------------------------------------------------

    def options(
        self, source: str, rows: Iterable[tuple[str, Mapping[str, str]]]
    ) -> tuple[tuple[Option, ...], dict[str, str]]:
        """Options with codes and numbers, and which code of the file is which. Whole numbers as codes stay numbers."""
        found: list[Option] = []
        known: dict[str, str] = {}
        taken: set[str] = set()
        for raw, label in list(rows)[:MOST_OPTIONS]:
            code = self.sub_code(raw, taken, source, "Antwort")
            known.setdefault(raw, code)
            found.append(Option(code, len(found) + 1, self.line(source, label, LONGEST_OPTION, "Antwort", raw or code)))
        return numbered(found), known

    def items(
        self, source: str, rows: Iterable[tuple[str, Mapping[str, str]]]
    ) -> tuple[tuple[Item, ...], dict[str, str]]:
        """Rows of a matrix, and which code of the file is which."""
        found: list[Item] = []
        known: dict[str, str] = {}
        taken: set[str] = set()
        for raw, label in list(rows)[:MOST_OPTIONS]:
            code = self.sub_code(raw, taken, source, "Zeile")
            known.setdefault(raw, code)
            found.append(Item(code, len(found) + 1, self.line(source, label, LONGEST_OPTION, "Zeile", raw or code)))
        return tuple(found), known

    def open_page(self, raw: str, title: Mapping[str, str], intro: Mapping[str, str], source: str) -> Draft:
        """Begin a page; what follows stands on it."""
        number = len(self.pages) + 1
        texts = self.line(source, title, LONGEST_TITLE, "Überschrift", f"Teil {number}")
        page = Draft(self.page_code(raw or f"teil{number}"), texts, self.long(source, intro))
        self.pages.append(page)
        return page

    def add(self, question: Question) -> None:
        """Put a question at the end of the page that is open. Raises UnreadableError beyond 1,000 questions."""
        if not self.pages:
            self.open_page("", {}, {}, "")
        if len(self.codes) > MOST_QUESTIONS:
            raise UnreadableError("Der Fragebogen hat mehr als 1.000 Fragen. Teilen Sie ihn auf.")
        self.pages[-1].questions.append(replace(question, pk=len(self.codes)))

    def wish(self, wish: Wish) -> None:
        """Remember a condition for later."""
        self.wishes.append(wish)

    # The end ------------------------------------------------------------------

    def finished(self, title: Texts, purpose: Texts, thanks: Texts, source: str) -> BroughtSurvey:
        """The document with its conditions, and the report. Raises UnreadableError when nothing is asked."""
        pages = [page for page in self.pages if page.questions]
        for page in self.pages:
            if not page.questions:
                self.report.drop(page.title.get("de", ""), "Teil", "Auf diesem Teil steht keine Frage.")
        if not any(question.asks for page in pages for question in page.questions):
            raise UnreadableError("In der Datei steht keine Frage, die sich übernehmen lässt.")
        self._say_what_is_untranslated()
        granted = self._grant(pages)
        self.counts.pages = len(pages)
        document = Questionnaire(
            languages=self.languages.of_document, pages=tuple(_page(page, granted) for page in pages)
        )
        return BroughtSurvey(title, purpose, thanks, self.languages.taken, document, self.counts, self.report, source)

    def _say_what_is_untranslated(self) -> None:
        for source, languages in self._missing.items():
            for language in (name for name in WORDS if name in languages):
                self.report.change(source, "Übersetzung", f"{WORDS[language]}: Es fehlen Texte.")

    def _grant(self, pages: Sequence[Draft]) -> dict[tuple[str, str, str], Truth]:
        """The conditions that can be had, by what they are for; the others are reported."""
        order = {question.code: place for place, question in enumerate(q for page in pages for q in page.questions)}
        on_page = {question.code: number for number, page in enumerate(pages) for question in page.questions}
        page_number = {page.code: number for number, page in enumerate(pages)}
        granted: dict[tuple[str, str, str], Truth] = {}
        for wish in self.wishes:
            if wish.target not in (page_number if wish.what == "page" else order):
                continue
            try:
                found = all_of([part() for part in wish.parts])
                if wish.what == "page":
                    _refuse_later(found, on_page, page_number[wish.target])
                else:
                    _refuse_later(found, order, order[wish.target])
            except ExpressionError as error:
                self.report.drop(wish.source, "Bedingung", f"{wish.place}{error} {_consequence(wish)}")
                continue
            if found is False:
                words = f"{wish.place}Sie ist nie erfüllt: zurückgezogen, wird nicht gefragt."
                self.report.change(wish.source, "Bedingung", words)
            elif found is not True:
                self.counts.conditions += 1
            granted[wish.what, wish.target, wish.sub] = found
        return granted


def _consequence(wish: Wish) -> str:
    shown = {"page": "Der Teil", "question": "Die Frage", "item": "Die Zeile", "option": "Die Antwort"}[wish.what]
    return f"{shown} erscheint jetzt immer."


def _refuse_later(found: Truth, order: Mapping[str, int], place: int) -> None:
    """A condition names earlier questions only."""
    if isinstance(found, bool):
        return
    for code in questions_named(found):
        if code not in order:
            raise ExpressionError(f"Die Frage „{code}“ gibt es nicht.")
        if order[code] >= place:
            raise ExpressionError(f"Sie hängt von „{code}“ ab; diese Frage kommt erst später (Vorausverweis).")


def _page(page: Draft, granted: Mapping[tuple[str, str, str], Truth]) -> Page:
    found = granted.get(("page", page.code, ""), True)
    questions = tuple(_question(question, granted, never=found is False) for question in page.questions)
    return Page(page.code, page.title, page.intro, None if isinstance(found, bool) else found, questions)


def _question(question: Question, granted: Mapping[tuple[str, str, str], Truth], *, never: bool) -> Question:
    found = granted.get(("question", question.code, ""), True)
    options, items = [], []
    for option in question.options:
        wish = granted.get(("option", question.code, option.code), True)
        options.append(
            replace(option, condition=wish)
            if not isinstance(wish, bool)
            else replace(option, retired=option.retired or not wish)
        )
    for item in question.items:
        wish = granted.get(("item", question.code, item.code), True)
        items.append(
            replace(item, condition=wish)
            if not isinstance(wish, bool)
            else replace(item, retired=item.retired or not wish)
        )
    return replace(
        question,
        options=tuple(options),
        items=tuple(items),
        condition=None if isinstance(found, bool) else found,
        retired=question.retired or never or found is False,
    )


def numbered(options: Sequence[Option]) -> tuple[Option, ...]:
    """Whole numbers as codes are the numbers in the data too; otherwise they are counted from 1."""
    plain = [option for option in options if not option.other]
    numbers = [int(option.code) if re.fullmatch(r"[1-9]\d{0,4}", option.code) else 0 for option in plain]
    if 0 in numbers or max(numbers, default=0) > LARGEST_NUMBER:
        return tuple(replace(option, number=place) for place, option in enumerate(options, start=1))
    highest = max(numbers, default=0)
    by_code = {option.code: number for option, number in zip(plain, numbers, strict=True)}
    others = [option.code for option in options if option.other]
    by_code |= {code: highest + place for place, code in enumerate(others, start=1)}
    return tuple(replace(option, number=by_code[option.code]) for option in options)


def fitting_code(raw: str, taken: set[str], instead: str, *, starts_with_letter: bool) -> str:
    """A code of small letters, digits and underscores that is not taken yet; takes it."""
    german = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    code = re.sub(r"[^a-z0-9_]+", "_", raw.strip().casefold().translate(german)).strip("_")
    code = code[:LONGEST_CODE].strip("_") or instead
    if starts_with_letter and not code[0].isalpha():
        code = f"{instead[0]}{code}"[:LONGEST_CODE]
    found, number = code, 2
    while found in taken:
        found = f"{code[: LONGEST_CODE - len(str(number)) - 1]}_{number}"
        number += 1
    taken.add(found)
    return found


def shortened(text: str, longest: int) -> str:
    """The beginning of a text, at a blank where there is one."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[longest // 2 :] else cut}…"
