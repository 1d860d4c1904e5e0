"""The dry run of a whole file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import override

from elbe_elster.strategy.exchange.heads import PREFIX, mapped_head, own_measure_head
from elbe_elster.strategy.exchange.planning import Planner
from elbe_elster.strategy.exchange.row_planning import RowPlanner
from elbe_elster.strategy.exchange.tables import ROW_TABLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.exchange.grids import Grid
    from elbe_elster.strategy.exchange.plans import Plan


def make_plan(
    grids: list[Grid], *, mapping: Mapping[str, str] | None = None, user: User | None, today: dt.date | None = None
) -> Plan:
    """What taking over the file would do. Without ``user`` an operator of the portal asks, who may do everything.

    ``mapping`` (header to key) is for tables of others. Raises UnreadableError when there is no table in the file.
    """
    with override("de"):
        own = None if mapping else own_measure_head(grids)
        planner = Planner(own or mapped_head(grids, mapping or {}), user, today or timezone.localdate())
        planner.words.prefix = (mapping or {}).get(PREFIX, "")
        planner.read_measures()
        if own:
            for table in ROW_TABLES:
                for grid in grids:
                    if grid.name.casefold() == table.sheet.casefold():
                        RowPlanner(planner, table, grid).read()
        planner.finish()
        return planner.plan
