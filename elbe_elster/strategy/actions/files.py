"""Adds documents and images to measures and profiles, releases and removes them; files go with their rows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from elbe_elster.snapshots.actions import mark_stale
from elbe_elster.strategy.models import Document, Image, Measure, ProjectProfile
from elbe_elster.strategy.permissions import can_publish
from elbe_elster.strategy.uploads import checked_document, finished_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.core.files.base import File

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.uploads import FinishedImage

    Record = Measure | ProjectProfile

FOLDER = "strategy"
UNCLAIMED = dt.timedelta(days=1)  # a file without a row may belong to an upload that is not committed yet


@transaction.atomic
def add_document(*, record: Record, file: File[bytes], values: Mapping[str, Any], actor: User) -> Document:
    """Keep a document, not yet public. ``values``: title, accessible, credit, licence. Raises ValidationError."""
    checked = checked_document(file)
    document = Document(
        **_owner(record), **values, file_name=checked.name, size=file.size, media_type=checked.media_type
    )
    document.full_clean(exclude=["file"])
    with pghistory.context(user=actor.pk):
        document.file.save(checked.name, file, save=False)
        document.save()
    return document


@transaction.atomic
def add_image(
    *, record: Record, file: File[bytes], values: Mapping[str, Any], actor: User, finished: FinishedImage | None = None
) -> Image:
    """Keep a picture, drawn anew in two sizes, not yet public. ``values``: alt and caption by language, credit, licence.

    ``finished``: the form has drawn it already. Raises ValidationError.
    """
    drawn = finished or finished_image(file)
    image = Image(
        **_owner(record), **values, file_name=drawn.name, size=drawn.large.size, width=drawn.width, height=drawn.height
    )
    image.full_clean(exclude=["file", "small"])
    with pghistory.context(user=actor.pk):
        image.file.save(str(drawn.large.name), drawn.large, save=False)
        image.small.save(str(drawn.small.name), drawn.small, save=False)
        image.save()
    return image


@transaction.atomic
def describe_file(*, row: Document | Image, values: Mapping[str, Any], actor: User) -> None:
    """Change the words about a file. Raises ValidationError."""
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(exclude=["file", "small"])
    with pghistory.context(user=actor.pk):
        row.save(update_fields=list(values))
    if row.public:
        mark_stale()


@transaction.atomic
def release_file(*, row: Document | Image, public: bool, actor: User) -> None:
    """Show a file with its record from now on, or no longer. Repeatable."""
    if row.public == public:
        return
    row.public = public
    with pghistory.context(user=actor.pk):
        row.save(update_fields=["public"])
    mark_stale()


@transaction.atomic
def release_files(*, record: Record, actor: User | None, until: dt.datetime) -> int:
    """Show every file of a record that waits since then or longer; gives the number of those newly released.

    Whoever publishes the record calls it with the moment up to which somebody has looked.
    """
    own = {**_owner(record), "uploaded_at__lte": until}
    with pghistory.context(user=actor.pk if actor else None):
        count = sum(model.objects.waiting().filter(**own).update(public=True) for model in (Document, Image))
    if count:
        mark_stale()
    return count


def waiting_files(record: Record | None) -> list[Any]:
    """Pictures and documents of a record that nobody has released yet."""
    if record is None:
        return []
    own = _owner(record)
    return [*Image.objects.waiting().filter(**own), *Document.objects.waiting().filter(**own)]


def may_release(user: User, row: Document | Image) -> bool:
    """Four eyes: a publisher or admin other than whoever uploaded the file."""
    return can_publish(user) and not type(row).objects.uploaded_by(user).filter(pk=row.pk).exists()


@transaction.atomic
def remove_file(*, row: Document | Image, actor: User) -> None:
    """Delete a file and its row."""
    with pghistory.context(user=actor.pk):
        delete_files([row])
        row.delete()
    if row.public:
        mark_stale()


def delete_files_of(record: Record) -> None:
    """Whoever deletes a record for good calls this first: its files go when the transaction is committed."""
    scope = Q(profile=record) if isinstance(record, ProjectProfile) else Q(measure=record) | Q(profile__measure=record)
    delete_files([*Document.objects.filter(scope), *Image.objects.filter(scope)])


def delete_files(rows: Iterable[Document | Image]) -> None:
    """Delete what the rows name, once the transaction is committed."""
    for name in [name for row in rows for name in _names(row)]:
        transaction.on_commit(lambda name=name: default_storage.delete(name), robust=True)  # type: ignore[misc]


def sweep_files(now: dt.datetime | None = None) -> int:
    """Delete files no row names any more; gives their number. Repeatable. Younger than a day, they stay."""
    now = now or timezone.now()
    rows: list[Document | Image] = [*Document.objects.all(), *Image.objects.all()]
    named = {name for row in rows for name in _names(row)}
    if not default_storage.exists(FOLDER):
        return 0
    found = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    orphans = [name for name in found if name not in named and _age(name, now) > UNCLAIMED]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)


def _age(name: str, now: dt.datetime) -> dt.timedelta:
    try:
        return now - default_storage.get_modified_time(name)
    except FileNotFoundError:  # swept by somebody else meanwhile
        return dt.timedelta()


def _names(row: Document | Image) -> list[str]:
    return [str(row.file.name), *([str(row.small.name)] if isinstance(row, Image) else [])]


def _owner(record: Record) -> dict[str, Any]:
    return {"profile": record} if isinstance(record, ProjectProfile) else {"measure": record}
