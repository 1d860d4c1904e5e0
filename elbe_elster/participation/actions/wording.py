"""Conditions of one thing, and texts in other languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elbe_elster.participation.actions.building import OutdatedError, one_change, row_at, write_condition
from elbe_elster.participation.building.stamps import digest
from elbe_elster.participation.models import Item, Option, Page, Question, Survey
from elbe_elster.participation.questionnaire.conditions import expression_from_json, expression_to_json
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elbe_elster.accounts.models import User
    from elbe_elster.participation.questionnaire.checking import Place
    from elbe_elster.participation.questionnaire.conditions import Expression

MODELS: dict[str, type[Page | Question | Option | Item | Survey]] = {
    "survey": Survey,
    "page": Page,
    "question": Question,
    "option": Option,
    "item": Item,
}


def set_condition(
    *, survey: Survey, place: Place, expression: Expression | None, actor: User, stamp: str | None = None
) -> None:
    """Show a thing only under a condition, or always. ``stamp``: the mark of the condition the form began with.

    Raises OutdatedError; ConditionsError when the condition cannot work.
    """
    with one_change(survey, actor, "condition set") as row:
        there = row_at(row, place)
        if stamp is not None and stamp != stamp_of_condition(there.condition):
            raise OutdatedError
        write_condition(row, place, expression)


def stamp_of_condition(tree: Any) -> str:
    """What the form of a condition began with."""
    return digest(expression_to_json(expression_from_json(tree)) if tree else None)


def translate_survey(*, survey: Survey, texts: Mapping[tuple[str, int], Mapping[str, str]], actor: User) -> None:
    """Write texts: by model and key the columns to set. Rows of other surveys are left alone."""
    with one_change(survey, actor, "translated") as row:
        for (name, pk), columns in texts.items():
            found = _row(row, name, pk)
            if found is not None:
                for column, text in columns.items():
                    setattr(found, column, text)
                found.save(update_fields=list(columns))
    if any(name == "survey" for name, _pk in texts):
        refresh_entries(Survey, [survey.pk])
        mark_stale()


def _row(survey: Survey, name: str, pk: int) -> Any:
    if name == "survey":
        return survey if pk == survey.pk else None
    path = "question__survey" if name in {"option", "item"} else "survey"
    return MODELS[name]._default_manager.filter(**{path: survey, "pk": pk}).first()
