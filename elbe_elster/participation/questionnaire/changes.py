"""What one questionnaire says otherwise than another, in words; and what of it would break answers given before.

Codes are the identity: a question, option or row is the same as long as its code and its number are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from elbe_elster.ui.comparison import Piece, compared_words
from elbe_elster.ui.context import LANGUAGE_NAMES

from .document import MATRICES, Duty, Item, Kind, Option, Page, Question, Questionnaire, in_language
from .words import condition_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .conditions import Expression
    from .document import Texts

LONGEST_NAME = 60  # characters of a text by which a thing is named
KINDS = {
    Kind.SINGLE: gettext_lazy("Eine Antwort auswählen"),
    Kind.MULTIPLE: gettext_lazy("Mehrere Antworten auswählen"),
    Kind.YES_NO: gettext_lazy("Ja oder Nein"),
    Kind.SCALE: gettext_lazy("Skala"),
    Kind.MATRIX_SINGLE: gettext_lazy("Tabelle, eine Antwort je Zeile"),
    Kind.MATRIX_MULTIPLE: gettext_lazy("Tabelle, mehrere Antworten je Zeile"),
    Kind.RANKING: gettext_lazy("Rangfolge"),
    Kind.NUMBER: gettext_lazy("Zahl"),
    Kind.DATE: gettext_lazy("Datum"),
    Kind.SHORT_TEXT: gettext_lazy("Kurzer Text"),
    Kind.LONG_TEXT: gettext_lazy("Langer Text"),
    Kind.MUNICIPALITY: gettext_lazy("Gemeinde"),
    Kind.INFORMATION: gettext_lazy("Hinweis ohne Frage"),
}
DUTIES = {
    Duty.FREE: gettext_lazy("freiwillig"),
    Duty.SOFT: gettext_lazy("einmal erinnern"),
    Duty.HARD: gettext_lazy("Pflicht"),
}


class Change(NamedTuple):
    """One thing that reads otherwise: what it is, what stood there, what stands there now."""

    label: str
    old: str
    new: str

    @property
    def pieces(self) -> list[Piece]:
        """From the old text to the new one, word by word."""
        return compared_words(self.old, self.new)


class _Field(NamedTuple):
    """A property of a page, question, option or row that can change."""

    name: str
    label: Any
    texts: bool = False  # a text in every language


PAGE = (
    _Field("title", gettext_lazy("Überschrift"), texts=True),
    _Field("intro", gettext_lazy("Einleitung"), texts=True),
)
QUESTION = (
    _Field("kind", gettext_lazy("Art")),
    _Field("label", gettext_lazy("Frage"), texts=True),
    _Field("help", gettext_lazy("Hilfe"), texts=True),
    _Field("duty", gettext_lazy("Pflicht")),
    _Field("no_answer", gettext_lazy("„Keine Angabe“")),
    _Field("shuffle", gettext_lazy("zufällige Reihenfolge")),
    _Field("least", gettext_lazy("mindestens")),
    _Field("most", gettext_lazy("höchstens")),
    _Field("places", gettext_lazy("Nachkommastellen")),
    _Field("unit", gettext_lazy("Einheit"), texts=True),
    _Field("earliest", gettext_lazy("frühestens")),
    _Field("latest", gettext_lazy("spätestens")),
)
OPTION = (
    _Field("number", gettext_lazy("Nummer")),
    _Field("label", gettext_lazy("Text"), texts=True),
    _Field("help", gettext_lazy("Erläuterung"), texts=True),
    _Field("other", gettext_lazy("mit eigenem Text")),
    _Field("exclusive", gettext_lazy("nur allein")),
)
ITEM = (_Field("number", gettext_lazy("Nummer")), _Field("label", gettext_lazy("Text"), texts=True))


def changes(old: Questionnaire, new: Questionnaire) -> list[Change]:
    """What the new one says otherwise, in its order. Texts are named in German, the rest in the current language."""
    return list(_Comparison(old, new).all())


def named(thing: Page | Question | Option | Item) -> str:
    """The thing in quotation marks, as it is called in German; without a text its code."""
    texts = thing.title if isinstance(thing, Page) else thing.label
    text = " ".join(in_language(texts, "de").split()) or thing.code
    return f"„{text[: LONGEST_NAME - 1]}…“" if len(text) > LONGEST_NAME else f"„{text}“"


class _Comparison:
    """Walks through both documents once."""

    def __init__(self, old: Questionnaire, new: Questionnaire) -> None:
        self.old, self.new = old, new

    def all(self) -> Iterator[Change]:
        if set(self.old.languages) != set(self.new.languages):
            yield Change(_("Sprachen"), _languages(self.old), _languages(self.new))
        yield from self.pages()
        questions = self.old.question_by_code
        for question in self.new.questions():
            yield from self.question(questions.get(question.code), question)
        for question in self.old.questions():
            if question.code not in self.new.question_by_code:
                yield Change(_("Frage gelöscht"), named(question), "")
        if change := _order(_("Reihenfolge der Fragen"), list(self.old.questions()), list(self.new.questions())):
            yield change

    def pages(self) -> Iterator[Change]:
        old = {page.code: page for page in self.old.pages}
        new = {page.code for page in self.new.pages}
        for page in self.new.pages:
            if page.code not in old:
                yield Change(_("neuer Teil"), "", named(page))
                continue
            yield from self.fields(_("Teil %(name)s") % {"name": named(page)}, PAGE, old[page.code], page)
        for page in self.old.pages:
            if page.code not in new:
                yield Change(_("Teil gelöscht"), named(page), "")
        if change := _order(_("Reihenfolge der Teile"), self.old.pages, self.new.pages):
            yield change

    def question(self, old: Question | None, new: Question) -> Iterator[Change]:
        if old is None:
            yield Change(_("neue Frage"), "", named(new))
            return
        place = _("Frage %(name)s") % {"name": named(new)}
        yield from _retired(place, old, new)
        yield from self.fields(place, QUESTION, old, new)
        before, now = self.page_of(self.old, old), self.page_of(self.new, new)
        if before.code != now.code:
            yield Change(_("%(place)s, steht im Teil") % {"place": place}, named(before), named(now))
        words = (
            (_("neue Spalte"), _("Spalte gelöscht"))
            if new.kind in MATRICES
            else (_("neue Antwort"), _("Antwort gelöscht"))
        )
        yield from self.parts(place, words, OPTION, old.options, new.options)
        yield from self.parts(place, (_("neue Zeile"), _("Zeile gelöscht")), ITEM, old.items, new.items)

    def page_of(self, questionnaire: Questionnaire, question: Question) -> Page:
        return questionnaire.pages[questionnaire.page_by_question[question.code]]

    def parts(
        self,
        place: str,
        words: tuple[str, str],
        fields: tuple[_Field, ...],
        old: Sequence[Option | Item],
        new: Sequence[Option | Item],
    ) -> Iterator[Change]:
        """Options or rows of a question."""
        before = {part.code: part for part in old}
        for part in new:
            if part.code not in before:
                yield Change(f"{place}, {words[0]}", "", named(part))
                continue
            where = f"{place}, {named(part)}"
            yield from _retired(where, before[part.code], part)
            yield from self.fields(where, fields, before[part.code], part)
        codes = {part.code for part in new}
        for part in old:
            if part.code not in codes:
                yield Change(f"{place}, {words[1]}", named(part), "")
        if change := _order(_("%(place)s, Reihenfolge") % {"place": place}, old, new):
            yield change

    def fields(self, place: str, fields: Iterable[_Field], old: Any, new: Any) -> Iterator[Change]:
        for field in fields:
            before, now = getattr(old, field.name), getattr(new, field.name)
            if field.texts:
                yield from _texts(f"{place}, {field.label}", before, now)
            elif before != now:
                yield Change(f"{place}, {field.label}", _word(before), _word(now))
        if old.condition != new.condition:
            label = _("%(place)s, erscheint") % {"place": place}
            yield Change(label, _when(old.condition, self.old), _when(new.condition, self.new))


def _when(condition: Expression | None, questionnaire: Questionnaire) -> str:
    return condition_in_words(condition, questionnaire, get_language() or "de") if condition else _("immer")


def _languages(questionnaire: Questionnaire) -> str:
    names = LANGUAGE_NAMES
    return ", ".join(names.get(language, language) for language in questionnaire.languages)


def _texts(label: str, old: Texts, new: Texts) -> Iterator[Change]:
    names = LANGUAGE_NAMES
    for language in dict.fromkeys([*old, *new]):
        before, now = old.get(language, ""), new.get(language, "")
        if before != now:
            suffix = "" if language == "de" else f" ({names.get(language, language)})"
            yield Change(f"{label}{suffix}", before, now)


def _word(value: Any) -> str:
    match value:
        case bool():
            return _("ja") if value else _("nein")
        case Kind():
            return str(KINDS[value])
        case Duty():
            return str(DUTIES[value])
        case None:
            return ""
    return format(value.normalize(), "f") if hasattr(value, "normalize") else str(value)


def _retired(place: str, old: Any, new: Any) -> Iterator[Change]:
    if old.retired != new.retired:
        words = {False: _("wird gefragt"), True: _("wird nicht mehr gefragt")}
        yield Change(place, words[old.retired], words[new.retired])


def _order(label: str, old: Sequence[Any], new: Sequence[Any]) -> Change | None:
    """Whether those that both have stand in another order."""
    both = {thing.code for thing in old} & {thing.code for thing in new}
    before, now = ([thing.code for thing in side if thing.code in both] for side in (old, new))
    if before == now:
        return None
    names: Mapping[str, str] = {thing.code: named(thing) for thing in new}
    return Change(label, ", ".join(names[code] for code in before), ", ".join(names[code] for code in now))


def breaks(old: Questionnaire, new: Questionnaire) -> list[str]:
    """Why the new one must not follow the old one: answers given before would lose their meaning. Empty: it may."""
    found = []
    for before in old.questions():
        now = new.question_by_code.get(before.code)
        if now is None or now.pk != before.pk:
            found.append(
                _("Die Frage %(name)s fehlt. Ziehen Sie sie zurück, statt sie zu löschen.") % {"name": named(before)}
            )
            continue
        found += _broken_question(before, now)
    return found


def _broken_question(old: Question, new: Question) -> Iterator[str]:
    question = named(new)
    if old.kind is not new.kind:
        yield _("Die Frage %(name)s hat eine andere Art. Ziehen Sie sie zurück und legen Sie eine neue an.") % {
            "name": question
        }
    if new.places < old.places:
        yield _("Die Frage %(name)s erlaubt weniger Nachkommastellen als vorher.") % {"name": question}
    for before, now in ((old.option_by_code, new.option_by_code), (old.item_by_code, new.item_by_code)):
        numbers = {part.number for part in before.values()}
        for code, part in before.items():
            words = {"name": question, "part": named(part)}
            if code not in now:
                yield _("In der Frage %(name)s fehlt %(part)s. Ziehen Sie es zurück, statt es zu löschen.") % words
            elif now[code].number != part.number:
                yield _("In der Frage %(name)s hat %(part)s eine andere Nummer als vorher.") % words
        for code, part in now.items():
            if code not in before and part.number in numbers:
                words = {"name": question, "part": named(part)}
                yield _("In der Frage %(name)s hat %(part)s eine Nummer, die schon vergeben war.") % words
