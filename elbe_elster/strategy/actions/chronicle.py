"""Writes the Chronik. The rooms above call this when something happens that a measure should tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from elbe_elster.snapshots.actions import mark_stale
from elbe_elster.strategy.models import ChronicleEntry, EntryKind, Precision

if TYPE_CHECKING:
    import datetime as dt

    from elbe_elster.strategy.models import Measure, ProjectProfile


class Link(NamedTuple):
    """Where an entry leads: a path of the portal or a web address, and its words by language."""

    url: str
    labels: dict[str, str]


@transaction.atomic
def add_chronicle_entry(
    *,
    measure: Measure,
    kind: EntryKind,
    texts: dict[str, str],
    key: str | None = None,
    date: dt.date | None = None,
    precision: Precision = Precision.DAY,
    profile: ProjectProfile | None = None,
    link: Link | None = None,
) -> ChronicleEntry:
    """Tell one dated sentence of a measure's story; ``texts`` by language, German required.

    With a ``key`` the sentence is told once: the same key again changes nothing and returns the entry there is.
    Followers read it in their next letter.
    """
    values: dict[str, Any] = {f"text_{language.replace('-', '_')}": text for language, text in texts.items()}
    values |= {
        f"url_label_{language.replace('-', '_')}": text for language, text in (link.labels if link else {}).items()
    }
    values |= {
        "measure": measure,
        "profile": profile,
        "kind": kind,
        "date": date or timezone.localdate(),
        "precision": precision,
        "url": link.url if link else "",
    }
    if key is None:
        entry, created = ChronicleEntry.objects.create(**values), True
    else:
        entry, created = ChronicleEntry.objects.get_or_create(key=key, defaults=values)
    if created:
        mark_stale()
    return entry
