"""Building a questionnaire: pages and questions are added, moved, copied, removed, retired.

Every change goes through ``one_change``: it locks the survey, refuses what was begun on an older state, and lets no
condition end up pointing forward or nowhere. One request is one step of the history, so that it can be undone.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pghistory
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.actions.running import SurveyRefusedError, locked
from elbe_elster.participation.building.codes import free_code, proposed_code
from elbe_elster.participation.building.published import published_of
from elbe_elster.participation.models import Item, Option, Page, Question, Survey
from elbe_elster.participation.questionnaire.checking import Place, conditional, place_in_words, problems
from elbe_elster.participation.questionnaire.conditions import expression_from_json, expression_to_json
from elbe_elster.participation.questionnaire.document import BASE_LANGUAGE
from elbe_elster.participation.questionnaire.rewriting import with_parts_renamed, with_questions_renamed
from elbe_elster.participation.questionnaire.words import condition_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from elbe_elster.accounts.models import User
    from elbe_elster.participation.questionnaire.conditions import Expression
    from elbe_elster.participation.questionnaire.document import Questionnaire

Row = TypeVar("Row", Page, Question)
MOST_QUESTIONS = 400
MOST_PAGES = 60


class OutdatedError(Exception):
    """Somebody else changed the same thing after the form was opened. Nothing was changed."""


class ConditionsError(Exception):
    """The change would leave conditions that cannot work. ``lines`` say which. Nothing was changed."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(" ".join(lines))
        self.lines = list(lines)


def stamp_of_structure(survey: Survey) -> str:
    """What an outline began with."""
    return survey.changed_at.isoformat()


@contextmanager
def one_change(survey: Survey, actor: User, step: str, *, stamp: str = "", drop: bool = False) -> Iterator[Survey]:
    """Lock the survey, let it be changed, check the conditions, remember when. ``drop``: remove broken conditions.

    ``stamp``: refuse with OutdatedError unless it is the present one. Raises ConditionsError, SurveyRefusedError.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk, step=step):
        row = locked(survey)
        if stamp and stamp != stamp_of_structure(row):
            raise OutdatedError
        before = draft_document(row)
        yield row
        _keep_conditions_whole(row, before, drop=drop)
        row.changed_at = timezone.now()
        row.save(update_fields=["changed_at"])


def _keep_conditions_whole(survey: Survey, before: Questionnaire, *, drop: bool) -> None:
    known = set(problems(before))
    after = draft_document(survey)
    places = dict.fromkeys(problem.place for problem in problems(after) if problem not in known)
    if not places:
        return
    if not drop:
        raise ConditionsError(_lines(list(places), before, after))
    for place in places:
        write_condition(survey, place, None)


def _lines(places: list[Place], before: Questionnaire, after: Questionnaire) -> list[str]:
    """Each place with its condition, in words of the state before, where it had the condition then."""
    language = get_language() or BASE_LANGUAGE
    old = {place: condition for place, condition, _seen in conditional(before)}
    new = {place: condition for place, condition, _seen in conditional(after)}
    lines = []
    for place in places:
        document, condition = (before, old[place]) if old.get(place) else (after, new[place])
        said = condition_in_words(condition, document, language) if condition else ""
        lines.append(f"{place_in_words(place, document, language)}: {said}.")
    return lines


# Conditions -----------------------------------------------------------------------


def row_at(survey: Survey, place: Place) -> Page | Question | Option | Item:
    """The row of a place. Raises DoesNotExist."""
    if place.page:
        return Page.objects.get(survey=survey, code=place.page)
    if place.option:
        return Option.objects.get(question__survey=survey, question__code=place.question, code=place.option)
    if place.item:
        return Item.objects.get(question__survey=survey, question__code=place.question, code=place.item)
    return Question.objects.get(survey=survey, code=place.question)


def write_condition(survey: Survey, place: Place, expression: Expression | None) -> None:
    """Store a condition; inside ``one_change``."""
    row = row_at(survey, place)
    row.condition = None if expression is None else expression_to_json(expression)
    row.save(update_fields=["condition"])


def rewrite_conditions(survey: Survey, rewritten: Callable[[Expression], Expression]) -> None:
    """Give every condition of the survey its new form; inside ``one_change``."""
    for model, filters in (
        (Page, {"survey": survey}),
        (Question, {"survey": survey}),
        (Option, {"question__survey": survey}),
        (Item, {"question__survey": survey}),
    ):
        rows: Any = model._default_manager.filter(**filters).exclude(condition=None)
        for row in rows:
            tree = expression_to_json(rewritten(expression_from_json(row.condition)))
            if tree != row.condition:
                row.condition = tree
                row.save(update_fields=["condition"])


def rename_question(survey: Survey, old: str, new: str) -> None:
    """Conditions follow the new code of a question; inside ``one_change``."""
    rewrite_conditions(survey, lambda expression: with_questions_renamed(expression, {old: new}))


def rename_parts(survey: Survey, question: str, options: Mapping[str, str], items: Mapping[str, str]) -> None:
    """Conditions follow the new codes of options and rows; inside ``one_change``."""
    if options or items:
        rewrite_conditions(survey, lambda expression: with_parts_renamed(expression, question, options, items))


# Pages ----------------------------------------------------------------------------


def add_page(*, survey: Survey, title: str, actor: User, after: str = "") -> Page:
    """A new page at the end, or behind the page named."""
    with one_change(survey, actor, "page added") as row:
        pages = list(row.pages.all())
        if len(pages) >= MOST_PAGES:
            raise SurveyRefusedError(_("Mehr als %(n)d Teile nimmt eine Umfrage nicht auf.") % {"n": MOST_PAGES})
        taken = {page.code for page in pages}
        code = proposed_code(title, taken | published_of(row).pages, fallback="teil")
        page = Page(survey=row, code=code, title_de=title)  # type: ignore[misc]  # a column of translation.py
        page.save()
        at = next((place + 1 for place, other in enumerate(pages) if other.code == after), len(pages))
        number_rows([*pages[:at], page, *pages[at:]])
    return page


def change_page(*, survey: Survey, page: Page, values: Mapping[str, Any], actor: User) -> None:
    """Write heading and introduction of a page."""
    with one_change(survey, actor, "page changed"):
        for name, value in values.items():
            setattr(page, name, value)
        page.save(update_fields=list(values))


def move_page(*, survey: Survey, code: str, by: int, actor: User, stamp: str = "", drop: bool = False) -> None:
    """Move a page among the others: -1 up, 1 down. At the ends nothing happens."""
    with one_change(survey, actor, "page moved", stamp=stamp, drop=drop) as row:
        pages = list(row.pages.all())
        at = next((place for place, page in enumerate(pages) if page.code == code), None)
        if at is None or not 0 <= at + by < len(pages):
            return
        pages.insert(at + by, pages.pop(at))
        number_rows(pages)


def copy_page(*, survey: Survey, code: str, actor: User, stamp: str = "") -> Page:
    """A copy behind the page, with all its questions under new codes."""
    with one_change(survey, actor, "page copied", stamp=stamp) as row:
        pages = list(row.pages.all())
        page = found(pages, code)
        questions = list(row.questions.filter(page=page).in_order())
        refuse_too_many(row, len(questions))
        copy = _copied(page, code=free_code(page.code, {other.code for other in pages} | published_of(row).pages))
        number_rows([other for page_ in pages for other in ((page_, copy) if page_ is page else (page_,))])
        names: dict[str, str] = {}
        for question in questions:
            names[question.code] = _copy_question(row, question, page=copy, order=question.order).code
        _point_to_copies(copy, names)
    return copy


def _point_to_copies(page: Page, names: Mapping[str, str]) -> None:
    """Conditions inside a copied page name the copied questions; those of outside stay."""
    questions = Question.objects.filter(page=page)
    options, items = Option.objects.filter(question__page=page), Item.objects.filter(question__page=page)
    rows: list[Any] = [row for rows_ in (questions, options, items) for row in rows_.exclude(condition=None)]
    for row in rows:
        row.condition = expression_to_json(with_questions_renamed(expression_from_json(row.condition), names))
        row.save(update_fields=["condition"])


def remove_page(*, survey: Survey, code: str, actor: User, stamp: str = "", drop: bool = False) -> None:
    """Delete a page with its questions. Refused when one of them was published."""
    with one_change(survey, actor, "page removed", stamp=stamp, drop=drop) as row:
        page = found(list(row.pages.all()), code)
        questions = set(row.questions.filter(page=page).values_list("code", flat=True))
        if questions & published_of(row).questions:
            raise SurveyRefusedError(
                _("In diesem Teil stehen veröffentlichte Fragen. Ziehen Sie sie zurück oder verschieben Sie sie.")
            )
        _delete(page)


# Questions ------------------------------------------------------------------------


def move_question(
    *,
    survey: Survey,
    code: str,
    actor: User,
    by: int = 0,
    page: str = "",
    before: str = "",
    stamp: str = "",
    drop: bool = False,
) -> None:
    """Move a question up or down (``by``, over the ends of pages), or to a page: before a question or to its end."""
    with one_change(survey, actor, "question moved", stamp=stamp, drop=drop) as row:
        pages = {there.code: there for there in row.pages.all()}
        questions = list(row.questions.in_order().select_related("page"))
        places: dict[str, list[Question]] = {name: [] for name in pages}
        for question in questions:
            places[question.page.code].append(question)
        moved = found(questions, code)
        if page:
            _put_before(places, moved, found(list(pages.values()), page).code, before)
        else:
            _shift(places, moved, by)
        for name, there in places.items():
            number_rows(there, page=pages[name])


def _put_before(places: dict[str, list[Question]], moved: Question, page: str, before: str) -> None:
    places[moved.page.code].remove(moved)
    there = places[page]
    at = next((place for place, question in enumerate(there) if question.code == before), len(there))
    there.insert(at, moved)


def _shift(places: dict[str, list[Question]], moved: Question, by: int) -> None:
    """One place up or down; over the end of a page it becomes the last or first of the next."""
    names = list(places)
    page = names.index(moved.page.code)
    there = places[names[page]]
    at = there.index(moved)
    if 0 <= at + by < len(there):
        there.insert(at + by, there.pop(at))
    elif 0 <= page + by < len(names):
        there.remove(moved)
        other = places[names[page + by]]
        other.insert(len(other) if by < 0 else 0, moved)


def copy_question(*, survey: Survey, code: str, actor: User, stamp: str = "") -> Question:
    """A copy right behind the question, with a new code and everything that belongs to it."""
    with one_change(survey, actor, "question copied", stamp=stamp) as row:
        refuse_too_many(row, 1)
        question = found(list(row.questions.all()), code)
        copy = _copy_question(row, question, page=question.page, order=question.order)
        there = list(row.questions.filter(page=question.page).exclude(pk=copy.pk).in_order())
        at = there.index(question) + 1
        number_rows([*there[:at], copy, *there[at:]])
    return copy


def _copy_question(survey: Survey, question: Question, *, page: Page, order: int) -> Question:
    taken = set(survey.questions.values_list("code", flat=True)) | published_of(survey).questions
    copy = _copied(question, code=free_code(question.code, taken), page_id=page.pk, order=order, retired=False)
    for model in (Option, Item):
        rows: Any = model._default_manager.filter(question=question, retired=False).order_by("order", "number")
        model._default_manager.bulk_create(_fresh(row, question_id=copy.pk) for row in rows)
    return copy


def remove_question(*, survey: Survey, code: str, actor: User, stamp: str = "", drop: bool = False) -> bool:
    """Delete a question that was never published; retire one that was. Says whether it was deleted."""
    with one_change(survey, actor, "question removed", stamp=stamp, drop=drop) as row:
        question = found(list(row.questions.all()), code)
        if code not in published_of(row).questions:
            _delete(question)
            return True
        question.retired = True
        question.save(update_fields=["retired"])
    return False


def revive_question(*, survey: Survey, code: str, actor: User, stamp: str = "") -> None:
    """Ask a retired question again."""
    with one_change(survey, actor, "question revived", stamp=stamp) as row:
        question = found(list(row.questions.all()), code)
        question.retired = False
        question.save(update_fields=["retired"])


# Rows -----------------------------------------------------------------------------


def found(rows: Sequence[Row], code: str) -> Row:
    """The row with the code. Raises SurveyRefusedError: somebody else has deleted it."""
    for row in rows:
        if row.code == code:
            return row
    raise SurveyRefusedError(_("Das gibt es nicht mehr. Jemand anders hat es inzwischen gelöscht."))


def number_rows(rows: Sequence[Page] | Sequence[Question], page: Page | None = None) -> None:
    """Store the order, and the page of questions; only what differs."""
    for order, row in enumerate(rows):
        changed = {"order": order} if row.order != order else {}
        if page is not None and isinstance(row, Question) and row.page_id != page.pk:
            changed["page_id"] = page.pk
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            row.save(update_fields=[name.removesuffix("_id") for name in changed])


def refuse_too_many(survey: Survey, more: int) -> None:
    """Raises SurveyRefusedError when so many more questions are too many."""
    if survey.questions.count() + more > MOST_QUESTIONS:
        raise SurveyRefusedError(_("Mehr als %(n)d Fragen nimmt eine Umfrage nicht auf.") % {"n": MOST_QUESTIONS})


def columns_of(model: type[Any]) -> list[str]:
    """The names of the columns to write a row whole, without those that only mirror the current language."""
    names = [field.attname for field in model._meta.concrete_fields]
    return [name for name in names if f"{name}_de" not in names]


def _fresh(row: Any, **changed: Any) -> Any:
    """The same row, not stored, without key."""
    values = {name: getattr(row, name) for name in columns_of(type(row)) if name != "id"}
    return type(row)(**{**values, **changed})


def _copied(row: Row, **changed: Any) -> Row:
    copy: Row = _fresh(row, **changed)
    copy.save()
    return copy


def _delete(row: Page | Question) -> None:
    try:
        row.delete()
    except ProtectedError:
        raise SurveyRefusedError(
            _("Nach dieser Frage werden die Ergebnisse gegliedert. Löschen Sie zuerst die Gliederung.")
        ) from None
