"""Takes the last step on a questionnaire back, from the history that the database writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.participation.actions.building import OutdatedError, columns_of, stamp_of_structure
from elbe_elster.participation.actions.running import SurveyRefusedError, locked
from elbe_elster.participation.models import Item, Option, Page, Question

if TYPE_CHECKING:
    from django.db.models import Model

    from elbe_elster.accounts.models import User
    from elbe_elster.participation.models import Survey

MODELS: tuple[type[Model], ...] = (Page, Question, Option, Item)  # those above come back first


@transaction.atomic
def undo_change(*, survey: Survey, context: str, stamp: str, actor: User) -> None:
    """Bring pages, questions, options and rows back to what they were before the step with this history context.

    Only for the last step: raises OutdatedError when the survey has changed or was published since. Raises
    SurveyRefusedError when something new stands in the way.
    """
    row = locked(survey)
    if stamp != stamp_of_structure(row):
        raise OutdatedError
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk, step="undone"):
            made: list[tuple[type[Model], int]] = []
            for model in MODELS:
                made += _go_back(model, context)
            for model, pk in reversed(made):
                model._default_manager.filter(pk=pk).delete()
    except (IntegrityError, ProtectedError):
        raise SurveyRefusedError(_("Das lässt sich nicht mehr rückgängig machen: Etwas Neues hängt daran.")) from None
    row.changed_at = timezone.now()
    row.save(update_fields=["changed_at"])


def _go_back(model: type[Model], context: str) -> list[tuple[type[Model], int]]:
    """Write what was before, for each row that the step touched; gives the rows that the step made."""
    history: Any = apps.get_model("participation", f"{model.__name__}Event")
    first: dict[int, Any] = {}
    for event in history.objects.filter(pgh_context_id=context).order_by("pgh_id"):
        first.setdefault(event.pgh_obj_id, event)
    made = []
    for pk, event in first.items():
        if event.pgh_label == "insert":
            made.append((model, pk))
            continue
        before = event
        if event.pgh_label == "update":
            before = history.objects.filter(pgh_obj_id=pk, pgh_id__lt=event.pgh_id).order_by("-pgh_id").first()
        if before is not None:
            there = model._default_manager.filter(pk=pk).exists()
            _write(model, before, there=there)
    return made


def _write(model: type[Model], event: Any, *, there: bool) -> None:
    row = model(**{name: getattr(event, name) for name in columns_of(model)})
    row.save(force_update=there, force_insert=not there)
