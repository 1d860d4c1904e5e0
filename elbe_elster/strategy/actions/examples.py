"""Example content: loads it, and takes it away without a trace in what is real."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pghistory
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from elbe_elster.accounts.models import User
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale
from elbe_elster.strategy.models import (
    ActionField,
    Body,
    Curation,
    Document,
    Goal,
    Image,
    Measure,
    MeasurePartner,
    ProjectProfile,
    Subscription,
)

from .catalogue import load_catalogue
from .catalogue_files import read_catalogue
from .loading import CONTENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from elbe_elster.content.loading import LoadReport

EXAMPLES = CONTENT / "examples"
CURATOR = "redaktion@demo.invalid"


class RemovalRefusedError(Exception):
    """Something real hangs on an example and would be lost. The text is a German sentence for each such thing."""


@dataclass
class Removal:
    """What was removed, in words and numbers; ``unlinked`` names real records that lost a link."""

    counts: dict[str, int] = field(default_factory=dict)
    unlinked: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there was anything."""
        return any(self.counts.values())

    def lines(self) -> list[str]:
        """One line for each kind of record, then one for each real record that lost a link."""
        return [
            *(f"  {count} {name}" for name, count in self.counts.items() if count),
            *(f"  ohne Verweis auf Beispiele: {text}" for text in self.unlinked),
        ]


@transaction.atomic
def load_examples(*, restore: bool = False) -> LoadReport:
    """Load the example catalogue, all or nothing. Repeatable; what staff have edited or deleted stays so.

    Examples that were removed come back only with ``restore``. When measures are new, the demo's curator is entrusted
    with all fields, if there is one. Raises ContentError with file and number.
    """
    with pghistory.context(reason="Beispiele geladen"):
        before = Measure.objects.filter(example=True).count()
        report = load_catalogue(read_catalogue(sorted(EXAMPLES.glob("*.yaml"))), example=True, restore=restore)
        if Measure.objects.filter(example=True).count() > before:
            _entrust_fields()
    return report


def _entrust_fields() -> None:
    for curator in User.objects.filter(email=CURATOR):
        for action_field in ActionField.objects.in_force():
            Curation.objects.get_or_create(user=curator, action_field=action_field, measure=None)


def count_examples() -> dict[str, int]:
    """How many example records there are, by the name of their kind."""
    models: tuple[Any, ...] = (Measure, ProjectProfile, Goal, Body)
    return {str(model._meta.verbose_name_plural): model.objects.filter(example=True).count() for model in models}


@transaction.atomic
def remove_examples() -> Removal:
    """Delete every example record with its rows, files and Chronik, and nothing else; all or nothing. Repeatable.

    Real records lose only their links to examples. Their former versions stay in the history. Raises
    RemovalRefusedError if something real would be lost, that is: a real profile of an example measure, a real measure
    that merged into one, or a row of another room that needs an example.
    """
    measures = Measure.objects.filter(example=True)
    profiles = ProjectProfile.objects.filter(Q(example=True) | Q(measure__in=measures))
    _refuse_losses(measures, profiles)
    removal = Removal(counts=count_examples())
    removal.counts[str(Subscription._meta.verbose_name_plural)] = Subscription.objects.filter(
        measure__in=measures
    ).count()
    files = list(_stored_files(measures, profiles))
    with pghistory.context(reason="Beispiele entfernt"):
        removal.unlinked = _unlink(Body.objects.filter(example=True))
        try:
            profiles.delete()
            while measures.filter(merged_into__isnull=False, merged_measures=None).delete()[0]:
                """Those that merged go before those they merged into."""
            measures.delete()
            Goal.objects.filter(example=True).delete()
            Body.objects.filter(example=True).delete()
        except ProtectedError as error:
            names = "; ".join(sorted(str(row) for row in error.protected_objects))
            raise RemovalRefusedError(_("Das wird noch gebraucht von: {names}").format(names=names)) from error
    for erase in files:
        transaction.on_commit(erase, robust=True)
    refresh_entries(Measure)
    refresh_entries(ProjectProfile)
    mark_stale()
    return removal


def _refuse_losses(measures: Any, profiles: Any) -> None:
    merged = Measure.objects.filter(example=False, merged_into__in=measures)
    losses = [
        _("Der Projektsteckbrief „{profile}“ ist kein Beispiel, gehört aber zu {measure}.").format(
            profile=profile, measure=profile.measure.number
        )
        for profile in profiles.filter(example=False).select_related("measure")
    ] + [
        _("Die Maßnahme {measure} ist kein Beispiel, ging aber in {target} auf.").format(measure=number, target=target)
        for number, target in merged.values_list("number", "merged_into__number")
    ]
    if losses:
        raise RemovalRefusedError(
            "\n".join([*losses, _("Ordnen Sie das zuerst anders zu. Bis dahin bleibt alles, wie es ist.")])
        )


def _unlink(bodies: Any) -> list[str]:
    """Take example bodies out of real records; their other links to examples vanish with the examples."""
    unlinked = set()
    for model in (Measure, ProjectProfile):
        rows = model._default_manager.filter(lead__in=bodies, example=False)
        unlinked |= {str(row) for row in rows}
        rows.update(lead=None)
    partners = MeasurePartner.objects.filter(body__in=bodies, measure__example=False).select_related("measure")
    unlinked |= {str(row.measure) for row in partners}
    partners.delete()
    return sorted(unlinked)


def _stored_files(measures: Any, profiles: Any) -> Iterator[Callable[[], None]]:
    """For each stored file of examples: what erases it."""
    owned = Q(measure__in=measures) | Q(profile__in=profiles)
    for model, names in ((Document, ("file",)), (Image, ("file", "small"))):
        for row in model._default_manager.filter(owned):
            for name in names:
                stored = getattr(row, name)
                yield partial(stored.storage.delete, stored.name)
