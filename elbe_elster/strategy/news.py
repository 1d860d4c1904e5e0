"""What is new: the Chronik of all measures, chosen by field and kind, by month; and how a letter or feed names it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.utils import timezone

from elbe_elster.strategy.models import ActionField, ChronicleEntry, EntryKind, Precision
from elbe_elster.strategy.periods import period_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.core.paginator import Page
    from django.http import QueryDict

    from elbe_elster.strategy.models import ChronicleEntryQuerySet

PER_PAGE = 40
MOST_AHEAD = 20  # announcements shown above the news


@dataclass(frozen=True)
class Month:
    """The entries of one month, newest first."""

    name: str
    first: dt.date
    entries: list[ChronicleEntry]


@dataclass
class News:
    """One page of the news, and how many there are for every field and kind one could choose."""

    fields: list[ActionField]
    field: ActionField | None
    kind: str
    page: Page[ChronicleEntry]
    months: list[Month]
    ahead: list[ChronicleEntry]
    by_field: dict[int, int]
    by_kind: dict[str, int]

    @property
    def is_filtered(self) -> bool:
        """Whether a field or a kind is chosen."""
        return bool(self.field or self.kind)


def chosen_entries(query: QueryDict) -> tuple[ActionField | None, str, ChronicleEntryQuerySet]:
    """The field and the kind that ``?feld=…&art=…`` asks for, and their entries; unknown values are as good as none."""
    wanted = query.get("feld")
    field = next((each for each in ActionField.objects.in_force() if each.slug == wanted), None) if wanted else None
    kind = query.get("art", "") if query.get("art") in EntryKind.values else ""
    entries = ChronicleEntry.objects.all()
    entries = entries.in_field(field) if field else entries
    return field, kind, entries.filter(kind=kind) if kind else entries


def choose_news(query: QueryDict, *, today: dt.date | None = None) -> News:
    """The page that ``?feld=…&art=…&seite=…`` asks for; values nobody knows are as good as none (7 queries)."""
    today = today or timezone.localdate()
    fields = list(ActionField.objects.in_force())
    field = next((each for each in fields if each.slug == query.get("feld")), None)
    kind = query.get("art", "") if query.get("art") in EntryKind.values else ""
    public = ChronicleEntry.objects.public()
    of_field = public.in_field(field) if field else public
    of_kind = public.filter(kind=kind) if kind else public
    chosen = of_field.filter(kind=kind) if kind else of_field
    by_kind = dict(_counts(of_field.happened(today), "kind"))
    paginator = Paginator(chosen.happened(today).for_list().newest_first(), PER_PAGE)
    paginator.count = by_kind.get(kind, 0) if kind else sum(by_kind.values())
    page = paginator.get_page(query.get("seite"))
    return News(
        fields=fields,
        field=field,
        kind=kind,
        page=page,
        months=by_month(page.object_list),
        ahead=list(chosen.ahead(today).for_list()[:MOST_AHEAD]) if page.number == 1 else [],
        by_field=_by_field(of_kind.happened(today)),
        by_kind=by_kind,
    )


def _counts(entries: ChronicleEntryQuerySet, name: str) -> list[tuple[Any, int]]:
    return list(entries.order_by().values_list(name).annotate(number=Count("pk")))


def _by_field(entries: ChronicleEntryQuerySet) -> dict[int, int]:
    """Entries of each field by its key; a measure of several fields counts in each."""
    counts = Counter(dict(_counts(entries, "measure__primary_field")))
    counts.update(dict(_counts(entries.exclude(measure__further_fields=None), "measure__further_fields")))
    return dict(counts)


def by_month(entries: Iterable[ChronicleEntry]) -> list[Month]:
    """Entries that come in the order of their days, month by month."""
    months = groupby(entries, key=lambda entry: entry.date.replace(day=1))
    return [Month(period_text(first, Precision.MONTH), first, list(group)) for first, group in months]
