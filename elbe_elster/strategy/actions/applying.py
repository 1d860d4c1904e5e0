"""Turns the text of a draft into the record: for publication, for the check before it, and for the preview."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from elbe_elster.strategy.actions.changes import change_record
from elbe_elster.strategy.drafting.content import Content, following, table_names, written
from elbe_elster.strategy.drafting.merging import Difference, differences, flattened, merged, nested
from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.models import Body, FormerAddress, Measure, ProjectProfile, Publication, Strategy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.models import DeviationKind, Draft

    Record = Measure | ProjectProfile

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


class DraftError(Exception):
    """The draft cannot become the record. ``errors``: messages by box; ``conflicts``: boxes both have changed."""

    def __init__(self, errors: dict[str, list[str]], conflicts: list[Difference] | None = None) -> None:
        super().__init__(str(errors))
        self.errors = errors
        self.conflicts = conflicts or []


def rebased(work: Work) -> dict[str, Any]:
    """The draft's text over the record as it is now. Raises DraftError where both have changed the same box."""
    draft = work.draft
    assert draft is not None  # noqa: S101 -- callers have one
    if work.record is None or draft.base == work.stored:
        return dict(draft.values)
    tables = table_names(work.kind)
    base, mine, theirs = (flattened(text, tables) for text in (draft.base, draft.values, work.stored))
    found = differences(base, mine, theirs)
    if conflicts := [difference for difference in found if not difference.chosen]:
        message = _("Das Veröffentlichte hat sich geändert, seit der Entwurf begann. Gleichen Sie beides ab.")
        raise DraftError({NON_FIELD_ERRORS: [message]}, conflicts)
    return nested(merged(mine, theirs, found, {}), tables)


@transaction.atomic
def apply_draft(*, draft: Draft, actor: User | None, reasons: Mapping[DeviationKind, str] | None = None) -> Record:
    """Write the draft into its record, new or stored, and make it public. Raises DraftError; then nothing is written."""
    work = Work.on_draft(draft)
    if work.record is not None and work.record.trashed_at is not None:
        raise DraftError({NON_FIELD_ERRORS: [_("Der Eintrag liegt im Papierkorb. Stellen Sie ihn zuerst wieder her.")]})
    text = rebased(work)
    content = Content(work.kind, text, is_new=work.record is None)
    if content.errors:
        raise DraftError(content.errors)
    record: Record = work.record or (_new_measure() if work.kind == "measure" else ProjectProfile())
    before = written(record)
    former = record.slug if record.published_at else ""
    values = _values(content, record, before) | {
        "translated_from": following(work.kind, before, text, record.translated_from),
        "publication": Publication.PUBLISHED,
        "published_at": record.published_at or timezone.now(),
    }
    try:
        rows = _rows(content, record, values)
        given = reasons if reasons is not None else content.reasons()
        with pghistory.context(step="published", written_by=draft.updated_by_id, draft=draft.pk):
            record = change_record(record=record, values=values, rows=rows, actor=actor, reasons=given).record
    except ValidationError as error:
        raise DraftError(_by_box(content, error)) from error
    if former and former != record.slug:
        _keep_address(record, former)
    return record


def _new_measure() -> Measure:
    return Measure(strategy=Strategy.objects.current().get())


def _by_box(content: Content, error: ValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {NON_FIELD_ERRORS: list(error.messages)}
    found: dict[str, list[str]] = {}
    for key, messages in error.message_dict.items():
        found.setdefault(content.box_of(key), []).extend(messages)
    return found


def _values(content: Content, record: Record, before: Mapping[str, Any]) -> dict[str, Any]:
    values = content.values()
    for name, columns in content.form.periods.items():
        if record.pk and content.text[name] == before[name]:  # a day inside of its quarter stays that day
            values |= {column: getattr(record, column) for column in (columns.date, columns.precision)}
    if new_lead := content.form.cleaned_data["new_lead"]:
        values["lead"] = _body(new_lead)
    if not values["slug"]:
        values["slug"] = record.slug or free_address(type(record), values["title_de"])
    return values


def _body(name: str) -> int:
    body, _created = Body.objects.get_or_create(name=name)
    return int(body.pk)


def free_address(model: type[Record], title: str) -> str:
    """An address made from the title that no record of the kind has or had."""
    stem = slugify(title.translate(UMLAUTS))[:70].strip("-") or "eintrag"
    kind = "measure" if model is Measure else "profile"
    taken = set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
    former = FormerAddress.objects.filter(**{f"{kind}__isnull": False, "slug__startswith": stem})
    taken |= set(former.values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, 1000))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)


def _rows(content: Content, record: Record, values: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    rows = content.rows(record)
    for row in rows.get("partnerships", []):
        if name := row.pop("new_body"):
            row["body"] = _body(name)
    own = {row["id"] for row in rows["chronicle"] if "id" in row}
    if isinstance(record, ProjectProfile):
        rows["chronicle"] = [row | {"measure": values["measure"]} for row in rows["chronicle"]]
    if record.pk:  # what tells itself stays; of what staff told, what the draft still holds
        edited = {int(row["key"]) for row in written(record)["chronicle"]}
        told = record.chronicle.exclude(pk__in=edited | own)
        rows["chronicle"] += [{"id": pk} for pk in told.values_list("pk", flat=True)]
    return rows


def _keep_address(record: Record, former: str) -> None:
    owner: dict[str, Any] = {"measure" if isinstance(record, Measure) else "profile": record}
    FormerAddress.objects.filter(slug=record.slug, **owner).delete()
    kind = next(iter(owner))
    FormerAddress.objects.filter(slug=former, **{f"{kind}__isnull": False}).delete()
    FormerAddress.objects.create(slug=former, **owner)


@contextmanager
def attempted(*, draft: Draft, actor: User, reasons: Mapping[DeviationKind, str] | None = None) -> Iterator[Record]:
    """The record as the draft would make it, for the length of the block; then everything is taken back."""
    with transaction.atomic():
        yield apply_draft(draft=draft, actor=actor, reasons=reasons)
        transaction.set_rollback(True)


def draft_errors(*, draft: Draft, actor: User) -> DraftError | None:
    """What stands against publishing the draft; None if nothing does."""
    try:
        with attempted(draft=draft, actor=actor):
            return None
    except DraftError as error:
        return error
