"""What is being edited: a record with or without a draft, or a draft of something new."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from elbe_elster.strategy.models import Curation, Draft, DraftState, Measure, ProjectProfile
from elbe_elster.strategy.permissions import can_edit_measure, can_edit_profile, can_publish, is_editor

from .content import Content, outdated, written

if TYPE_CHECKING:
    from elbe_elster.strategy.permissions import Viewer

    Record = Measure | ProjectProfile

UNBEGUN = "0"  # the stamp of a record without a draft
OPEN_STATES = (DraftState.EDITING, DraftState.RETURNED)


def stamp_of(draft: Draft | None) -> str:
    """Which version of which draft a page shows; a newer one has another stamp."""
    return f"{draft.pk}.{draft.revision}" if draft else UNBEGUN


@dataclass
class Work:
    """A place of work. Either ``record`` or ``draft`` or both."""

    kind: str
    record: Record | None
    draft: Draft | None

    @classmethod
    def on_record(cls, record: Record) -> Work:
        """On a stored record, with its draft if there is one."""
        kind = "measure" if isinstance(record, Measure) else "profile"
        owner: dict[str, Any] = {kind: record}
        return cls(kind, record, Draft.objects.filter(**owner).first())

    @classmethod
    def on_draft(cls, draft: Draft) -> Work:
        """On a draft."""
        return cls(draft.kind, draft.measure or draft.profile, draft)

    @cached_property
    def stored(self) -> dict[str, Any]:
        """The text of the record as it is."""
        return (
            written(self.record) if self.record else written(Measure() if self.kind == "measure" else ProjectProfile())
        )

    @property
    def text(self) -> dict[str, Any]:
        """The text to go on with."""
        return self.draft.values if self.draft else self.stored

    @property
    def stamp(self) -> str:
        """See ``stamp_of``."""
        return stamp_of(self.draft)

    @property
    def number(self) -> str | None:
        """The number, which a stored measure keeps for ever."""
        return self.record.number if isinstance(self.record, Measure) else None

    @property
    def title(self) -> str:
        """What people call it."""
        if self.record:
            return str(self.record)
        title = str(self.text.get("title_de") or _("ohne Titel"))
        return " ".join(filter(None, [self.text.get("number"), title]))

    @property
    def is_open(self) -> bool:
        """Whether one may write: nothing waits for approval or for its day."""
        return self.draft is None or self.draft.state in OPEN_STATES

    @property
    def is_changed(self) -> bool:
        """Whether the draft says something else than the record."""
        return self.draft is not None and (self.record is None or self.draft.values != self.stored)

    def content(self) -> Content:
        """The forms."""
        return Content(self.kind, self.text, is_new=self.record is None)

    def outdated(self) -> set[str]:
        """Columns of translations that no longer follow the German text."""
        known = self.record.translated_from if self.record else {}
        return outdated(self.kind, self.text, self.stored, known)

    def url(self, page: str) -> str:
        """The address of a page about this work: ``edit``, ``merge``, ``review``, ``preview``, ``history``."""
        if isinstance(self.record, Measure):
            return reverse(f"strategy:measure-{page}", args=[self.record.number])
        if isinstance(self.record, ProjectProfile):
            return reverse(f"strategy:profile-{page}", args=[self.record.slug])
        assert self.draft is not None  # noqa: S101 -- one of the two is there
        return reverse(f"strategy:draft-{page}", args=[self.draft.pk])

    @property
    def urls(self) -> dict[str, str]:
        """Every address, for templates."""
        pages = ["edit", "merge", "review", "preview", "discard"]
        if self.record:
            pages += ["files", "history", "withdraw", "trash"]
        return {page: self.url(page) for page in pages}

    @property
    def recall_url(self) -> str:
        """Where a draft is taken back."""
        return self.url("recall")

    @property
    def restore_url(self) -> str:
        """Where an earlier version is restored."""
        return self.url("restore")

    def can_edit(self, user: Viewer) -> bool:
        """Whoever edits the record; what is new: whoever began it, whoever looks after its field, publishers."""
        if isinstance(self.record, Measure):
            return can_edit_measure(user, self.record)
        if self.record:
            return can_edit_profile(user, self.record)
        assert self.draft is not None  # noqa: S101 -- one of the two is there
        if not is_editor(user):
            return False
        return can_publish(user) or self.draft.created_by_id == user.pk or self._is_entrusted(user)

    def _is_entrusted(self, user: Viewer) -> bool:
        """A new draft names a field or a measure that the person looks after."""
        if self.kind == "profile":
            key = str(self.text.get("measure", ""))
            return key.isdigit() and Measure.objects.editable_by(user).filter(pk=key).exists()
        field = str(self.text.get("primary_field", ""))
        return field.isdigit() and Curation.objects.filter(user=user, action_field=field).exists()  # type: ignore[misc]
