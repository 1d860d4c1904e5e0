"""The content of a question: what is asked, its options and rows, its kind. Codes and numbers stay once published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from elbe_elster.participation.actions.building import (
    OutdatedError,
    found,
    number_rows,
    one_change,
    refuse_too_many,
    rename_parts,
    rename_question,
)
from elbe_elster.participation.actions.example_file import YES_NO, municipality_options
from elbe_elster.participation.actions.running import SurveyRefusedError
from elbe_elster.participation.building.codes import proposed_code
from elbe_elster.participation.building.published import published_of
from elbe_elster.participation.building.stamps import stamp_of_question
from elbe_elster.participation.languages import COLUMNS
from elbe_elster.participation.models import Item, Option, Question
from elbe_elster.participation.questionnaire.document import MANY_OPTIONS, MATRICES, TEXTS, WITH_OPTIONS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from elbe_elster.accounts.models import User
    from elbe_elster.participation.models import Survey

MOST_PARTS = 500
POINTS = 5
ANSWERED = frozenset(Kind) - {Kind.INFORMATION}
FOR_KINDS = {  # columns that only some kinds have
    "shuffle": WITH_OPTIONS - {Kind.SCALE, Kind.YES_NO, Kind.MUNICIPALITY},
    "least": MANY_OPTIONS | {Kind.NUMBER},
    "most": MANY_OPTIONS | TEXTS | {Kind.NUMBER},
    "places": frozenset({Kind.NUMBER}),
    "unit_de": frozenset({Kind.NUMBER}),
    "earliest": frozenset({Kind.DATE}),
    "latest": frozenset({Kind.DATE}),
    "duty": ANSWERED,
    "no_answer": ANSWERED,
    "publishable": ANSWERED,
}


@dataclass(frozen=True)
class Part:
    """An option or a row as it stands in the form. ``pk`` is None for a new one; ``gone``: delete or retire it."""

    pk: int | None
    label: str
    code: str = ""
    help: str = ""
    other: bool = False
    exclusive: bool = False
    gone: bool = False


def add_question(*, survey: Survey, page: str, kind: Kind, label: str, actor: User, after: str = "") -> Question:
    """A new question at the end of a page, or behind the question named, with the options its kind brings along."""
    with one_change(survey, actor, "question added") as row:
        refuse_too_many(row, 1)
        there = found(list(row.pages.all()), page)
        taken = set(row.questions.values_list("code", flat=True)) | published_of(row).questions
        question = Question(
            survey=row,
            page=there,
            kind=kind.value,
            code=proposed_code(label, taken, fallback="frage"),
            label_de=label,  # type: ignore[misc]  # a column of translation.py
            no_answer=kind is Kind.MUNICIPALITY,
        )
        others = list(row.questions.filter(page=there).in_order())
        question.save()
        _write_own_options(question)
        at = next((place + 1 for place, other in enumerate(others) if other.code == after), len(others))
        number_rows([*others[:at], question, *others[at:]])
    return question


def change_question(
    *,
    survey: Survey,
    code: str,
    values: Mapping[str, Any],
    options: Sequence[Part],
    items: Sequence[Part],
    stamp: str,
    actor: User,
    drop: bool = False,
) -> Question:
    """Write a question with its options and rows, in their order. Conditions follow codes that are renamed.

    Raises OutdatedError when the question is no longer what the form began with.
    """
    with one_change(survey, actor, "question changed", drop=drop) as row:
        question = found(list(row.questions.all()), code)
        if stamp != stamp_of_question(question):
            raise OutdatedError
        kind = Kind(question.kind)
        for name, value in values.items():
            if kind in FOR_KINDS.get(name, frozenset(Kind)):
                setattr(question, name, value)
        question.save()
        if question.code != code:
            rename_question(row, code, question.code)
        published = published_of(row)
        named = {
            Option: _write_parts(Option, question, options, published.options) if kind in WITH_OPTIONS else {},
            Item: _write_parts(Item, question, items, published.items) if kind in MATRICES else {},
        }
        rename_parts(row, question.code, named[Option], named[Item])
    return question


def _write_parts(
    model: type[Option | Item], question: Question, parts: Sequence[Part], published: frozenset[tuple[str, str]]
) -> dict[str, str]:
    """Store the options or rows of a question. Gives the codes that changed, old to new."""
    known: dict[int, Any] = {row.pk: row for row in model._default_manager.filter(question=question)}
    if len(known) + sum(part.pk is None for part in parts) > MOST_PARTS:
        raise SurveyRefusedError(_("Mehr als %(n)d Antworten nimmt eine Frage nicht auf.") % {"n": MOST_PARTS})
    locked = {row.pk for row in known.values() if (question.code, row.code) in published}
    number = max((row.number for row in known.values()), default=0)
    _delete_gone(parts, known, locked)
    taken = {row.code for row in known.values()}
    _make_room(model, parts, known, locked)
    renamed = {}
    for order, part in enumerate(part for part in parts if part.pk is None or part.pk in known):
        if part.pk is None:
            number += 1
            new = part.code or proposed_code(part.label, taken, fallback=model.__name__.lower()[0], digits=True)
            row = model(question=question, number=number, code=new)
            taken.add(new)
        else:
            row = known[part.pk]
            if part.code and part.code != row.code and part.pk not in locked:
                renamed[row.code] = part.code
                row.code = part.code
        _write_part(row, part, order, is_renamed=row.code in renamed.values())
    return renamed


def _make_room(model: type[Option | Item], parts: Sequence[Part], known: dict[int, Any], locked: set[int]) -> None:
    """Where codes change places, the old ones step aside first: the database allows each once."""
    renamed = [part for part in parts if part.pk in known and part.pk not in locked]
    renamed = [part for part in renamed if part.code and part.code != known[part.pk or 0].code]
    if {part.code for part in renamed} & {row.code for row in known.values()}:
        for part in renamed:
            model._default_manager.filter(pk=part.pk or 0).update(code=f"tmp_{part.pk}")


def _delete_gone(parts: Sequence[Part], known: dict[int, Any], locked: set[int]) -> None:
    """Delete what was never published and is not wanted any more."""
    for part in parts:
        if part.pk in known and part.gone and part.pk not in locked:
            known.pop(part.pk).delete()


def _write_part(row: Any, part: Part, order: int, *, is_renamed: bool) -> None:
    """Store one, if anything about it is new."""
    wanted = {"order": order, "retired": part.gone, "label_de": part.label}
    if isinstance(row, Option):
        wanted |= {"help_de": part.help, "other": part.other, "exclusive": part.exclusive}
    stored = {name: getattr(row, name) or "" if name == "help_de" else getattr(row, name) for name in wanted}
    if row.pk is None or is_renamed or stored != wanted:
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()


def change_kind(*, survey: Survey, code: str, kind: Kind, actor: User, stamp: str = "", drop: bool = False) -> Question:
    """Ask the same in another way. Refused once published: its answers would not fit. What does not fit is removed."""
    with one_change(survey, actor, "kind changed", stamp=stamp, drop=drop) as row:
        question = found(list(row.questions.all()), code)
        if code in published_of(row).questions:
            raise SurveyRefusedError(
                _("Diese Frage ist veröffentlicht, ihre Art bleibt. Ziehen Sie sie zurück und legen Sie eine neue an.")
            )
        question.kind, blank = kind.value, Question()
        for name, kinds in FOR_KINDS.items():
            if kind not in kinds:
                setattr(question, name, getattr(blank, name))
        question.save()
        if kind not in MATRICES:
            question.items.all().delete()
        if kind not in WITH_OPTIONS or kind in OWN_OPTIONS:
            question.options.all().delete()
        _write_own_options(question)
    return question


# Options that a kind brings along ------------------------------------------------

OWN_OPTIONS = frozenset({Kind.YES_NO, Kind.SCALE, Kind.MUNICIPALITY})


def _write_own_options(question: Question) -> None:
    """Yes and no; the points of a scale; every municipality and what lies outside."""
    Option.objects.bulk_create(
        Option(question=question, code=code, number=number, order=number - 1, **labels)
        for number, (code, labels) in enumerate(_own_options(Kind(question.kind)), start=1)
    )


def _own_options(kind: Kind) -> list[tuple[str, dict[str, str]]]:
    if kind is Kind.YES_NO:
        return [
            (code, {f"label_{column}": word for column, word in zip(COLUMNS.values(), words, strict=True)})
            for code, words in YES_NO.items()
        ]
    if kind is Kind.SCALE:
        return [(str(point), {"label_de": str(point)}) for point in range(1, POINTS + 1)]
    if kind is Kind.MUNICIPALITY:
        return [
            (option.code, {f"label_{COLUMNS[language]}": text for language, text in option.label.items()})
            for option in municipality_options()
        ]
    return []
