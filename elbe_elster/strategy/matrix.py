"""Measures by administration: who is how far with what. Only what administrations told of public measures."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.utils.html import format_html_join
from django.utils.translation import gettext

from .cells import stage_cells, stage_entries, stage_sign
from .choosing import Chip, address_with, chosen_field, field_chips
from .models import Adoption, Measure, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from elbe_elster.region.models import Administration

    from .models import ActionField

TAKING_PART = (Stage.INTERESTED, Stage.PLANNED, Stage.PILOTING, Stage.IN_USE)
STAGES_IN_ORDER = (*TAKING_PART, Stage.STOPPED, Stage.NOT_CONCERNED)


class Cell(NamedTuple):
    """What one administration told of one measure; ``stage`` None: nothing yet."""

    administration: Administration
    stage: Stage | None


@dataclass(frozen=True)
class Row:
    """One measure with a cell for each administration, in the order of the columns."""

    measure: Measure
    cells: list[Cell]
    drawn: SafeString  # the cells as HTML

    @property
    def in_use(self) -> int:
        """How many administrations use it."""
        return sum(cell.stage == Stage.IN_USE for cell in self.cells)

    @property
    def taking_part(self) -> int:
        """How many are interested, plan, try or use it."""
        return sum(cell.stage in TAKING_PART for cell in self.cells)


@dataclass(frozen=True)
class Column:
    """One administration and what it told, in the order of the rows."""

    administration: Administration
    told: list[tuple[Measure, Stage]]
    drawn: SafeString  # what it told as entries of a list, in HTML

    @property
    def in_use(self) -> int:
        """How many measures it uses."""
        return sum(stage == Stage.IN_USE for _measure, stage in self.told)

    @property
    def taking_part(self) -> int:
        """In how many it takes part, be it with interest only."""
        return sum(stage in TAKING_PART for _measure, stage in self.told)


@dataclass(frozen=True)
class Matrix:
    """Rows and columns of the same table."""

    rows: list[Row]
    columns: list[Column]


class Legend(NamedTuple):
    """One stage and its sign."""

    stage: Stage
    sign: SafeString
    meaning: str


@dataclass(frozen=True)
class Choice:
    """What the matrix is narrowed down to, and what else there is."""

    field: ActionField | None
    stage: Stage | None
    fields: list[Chip]
    stages: list[Chip]


def legend() -> list[Legend]:
    """Every stage in plain words."""
    meanings = {
        Stage.INTERESTED: gettext("will mehr wissen"),
        Stage.PLANNED: gettext("hat es fest vor"),
        Stage.PILOTING: gettext("probiert es aus"),
        Stage.IN_USE: gettext("arbeitet damit"),
        Stage.STOPPED: gettext("hat damit aufgehört"),
        Stage.NOT_CONCERNED: gettext("hat damit nichts zu tun"),
    }
    return [Legend(stage, stage_sign(stage), meanings[stage]) for stage in STAGES_IN_ORDER]


def told_adoptions() -> list[Adoption]:
    """What was told of public measures, with measure and field at hand, in the catalogue's order (one query)."""
    rows = Adoption.objects.filter(measure__in=Measure.objects.published()).select_related("measure__primary_field")
    return list(rows.order_by("measure__number_order", "measure__number", "pk"))


def matrix(adoptions: Iterable[Adoption], administrations: Sequence[Administration]) -> Matrix:
    """Lay out what was told; a measure of which nobody told anything has no row."""
    told: dict[Measure, dict[int, Stage]] = defaultdict(dict)
    for row in adoptions:
        told[row.measure][row.administration_id] = Stage(row.stage)
    drawn = stage_cells()
    rows = []
    for measure, stages in told.items():
        cells = [Cell(one, stages.get(one.pk)) for one in administrations]
        rows.append(Row(measure, cells, format_html_join("", "{}", ((drawn[cell.stage],) for cell in cells))))
    urls = {measure: measure.get_absolute_url() for measure in told}
    columns = []
    for one in administrations:
        mine = [(measure, stages[one.pk]) for measure, stages in told.items() if one.pk in stages]
        columns.append(Column(one, mine, stage_entries((urls[measure], measure, stage) for measure, stage in mine)))
    return Matrix(rows, columns)


def asked_matrix(
    request: HttpRequest, administrations: Sequence[Administration], fields: Sequence[ActionField]
) -> tuple[Matrix, Choice]:
    """The matrix of the field ``feld`` and of the measures that somebody has at stage ``stand`` (one query)."""
    adoptions = told_adoptions()
    field = chosen_field(fields, request.GET.get("feld", ""))
    stage = next((one for one in Stage if one == request.GET.get("stand")), None)
    of_stage = {row.measure_id for row in adoptions if stage is None or row.stage == stage}
    of_field = {row.measure_id for row in adoptions if field is None or row.measure.primary_field_id == field.pk}
    shown = [row for row in adoptions if row.measure_id in of_stage & of_field]
    measures = {row.measure_id: row.measure.primary_field_id for row in adoptions if row.measure_id in of_stage}
    pairs = {(row.measure_id, row.stage) for row in adoptions if row.measure_id in of_field}
    counts = Counter(one for _measure, one in pairs)
    return matrix(shown, administrations), Choice(
        field=field,
        stage=stage,
        fields=field_chips(request, fields, field, Counter(measures.values())),
        stages=[
            Chip(address_with(request, stand="" if one == stage else one), str(one.label), counts[one], one == stage)
            for one in STAGES_IN_ORDER
            if counts[one] or one == stage
        ],
    )
