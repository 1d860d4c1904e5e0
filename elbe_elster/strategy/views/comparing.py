"""Two versions of the same draft, or a draft and what has been published meanwhile: box by box, nothing lost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from elbe_elster.strategy.actions import drafts
from elbe_elster.strategy.actions.publishing import rebase_draft
from elbe_elster.strategy.drafting.boxes import keepable
from elbe_elster.strategy.drafting.content import Content, table_names
from elbe_elster.strategy.drafting.merging import Difference, differences, flattened, merged, nested
from elbe_elster.strategy.drafting.showing import Shown, shown_differences
from elbe_elster.strategy.views.places import CONFLICT, on_work
from elbe_elster.strategy.views.staff import person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from elbe_elster.strategy.drafting.work import Work
    from elbe_elster.strategy.models import DraftVersion


@dataclass
class Comparison:
    """Mine, theirs, and what both began with."""

    work: Work
    version: DraftVersion | None

    @property
    def texts(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Start, mine, theirs."""
        draft = self.work.draft
        assert draft is not None  # noqa: S101 -- compared_for has looked
        if self.version:
            return self.version.opened, self.version.values, draft.values
        return draft.base, draft.values, self.work.stored

    @cached_property
    def flat(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Start, mine, theirs, box by box."""
        tables = table_names(self.work.kind)
        base, mine, theirs = (flattened(text, tables) for text in self.texts)
        return base, mine, theirs

    @cached_property
    def found(self) -> list[Difference]:
        """Where mine and theirs differ."""
        return differences(*self.flat)

    @cached_property
    def shown(self) -> list[Shown]:
        """The differences in words."""
        _base, mine, theirs = self.texts
        return shown_differences(self.found, Content(self.work.kind, mine), Content(self.work.kind, theirs))

    @property
    def stamp(self) -> str:
        """Which versions are compared; when either has changed, it is another."""
        mine = f"{self.version.pk}.{self.version.written_at.timestamp()}" if self.version else ""
        return f"{self.work.stamp}/{mine}"

    @property
    def other(self) -> str:
        """Whose version theirs is."""
        draft = self.work.draft
        if self.version and draft and draft.updated_by:
            return str(draft.updated_by)
        return _("Veröffentlicht")

    def result(self, data: Any) -> dict[str, Any]:
        """What was chosen; „own“ is text of one's own."""
        _base, mine, theirs = self.flat
        choices: dict[str, Any] = {}
        for one in self.found:
            choice = data.get(f"choice-{one.name}", one.chosen or "mine")
            choices[one.name] = ("own", keepable(data.get(f"own-{one.name}", ""))) if choice == "own" else choice
        return merged(mine, theirs, self.found, choices)


def compared_for(request: HttpRequest, work: Work) -> Comparison | None:
    """What waits to be compared by this person; None: nothing."""
    if work.draft is None:
        return None
    version = work.draft.versions.filter(author=person(request)).first()
    if version is None and (work.record is None or work.draft.base == work.stored):
        return None
    return Comparison(work, version)


@require_http_methods(["GET", "POST"])
@on_work
def draft_merge(request: HttpRequest, work: Work) -> HttpResponse:
    """Choose box by box. Where only one side has changed something, its version is chosen already."""
    comparison = compared_for(request, work)
    if comparison is None:
        return redirect(work.url("edit"))
    context = {"work": work, "comparison": comparison}
    if request.method != "POST":
        return render(request, "strategy/editing/draft_merge.html", context)
    if not _resolved(request, comparison):
        messages.warning(request, _("Inzwischen wurde noch einmal gespeichert. Vergleichen Sie bitte erneut."))
        return render(request, "strategy/editing/draft_merge.html", context, status=CONFLICT)
    messages.success(request, _("Beide Fassungen sind zusammengeführt und gespeichert."))
    if not work.is_open:
        messages.warning(
            request, _("Der Entwurf war schon vorgelegt. Jetzt ist er wieder in Arbeit: Legen Sie ihn noch einmal vor.")
        )
    return redirect(work.url("merge"))  # which goes on to the editor when nothing more waits


def _resolved(request: HttpRequest, comparison: Comparison) -> bool:
    """Store the choice. False when it was made on an older version."""
    work, version = comparison.work, comparison.version
    assert work.draft is not None  # noqa: S101 -- compared_for has looked
    if request.POST.get("stamp", "") != comparison.stamp:
        return False
    flat = comparison.result(request.POST)
    if version:
        return drafts.resolve_version(version=version, flat=flat, stamp=work.stamp, actor=person(request))
    values = nested(flat, table_names(work.kind))
    rebase_draft(draft=work.draft, values=values, base=work.stored, actor=person(request))
    return True
