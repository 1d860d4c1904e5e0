"""The dry run for the sheets below a measure: milestones, costs, funding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from elbe_elster.strategy.exchange.heads import DELETE_KEY, ID_KEY, OWNER_KEY, own_row_head
from elbe_elster.strategy.exchange.plans import FieldChange, MeasurePlan, Message, RowPlan
from elbe_elster.strategy.exchange.reading import RowRead, merged_cells, read_rows, settle_periods
from elbe_elster.strategy.exchange.rules import broken_rules, stays_when_empty

if TYPE_CHECKING:
    from elbe_elster.strategy.exchange.columns import Column
    from elbe_elster.strategy.exchange.grids import Grid
    from elbe_elster.strategy.exchange.planning import Planner
    from elbe_elster.strategy.exchange.tables import RowTable


class RowPlanner:
    """Compares one sheet of rows with the catalogue."""

    def __init__(self, planner: Planner, table: RowTable, grid: Grid) -> None:
        self.planner, self.table = planner, table
        self.head = own_row_head(grid, table)
        self.columns = {column.key: column for column in table.columns}
        self.by_key = {row.pk: row for rows in planner.rows[table.table].values() for row in rows}
        self.claimed: set[int] = set()

    def read(self) -> None:
        """Read the sheet: first the rows with a key, so that those without do not take theirs."""
        plan = self.planner.plan
        plan.errors += merged_cells(self.head)
        plan.dropped += [
            Message(self.head.grid.place(self.head.row, place), _("Diese Spalte wird nicht übernommen."), "", text)
            for place, text in self.head.unknown.items()
        ]
        every = list(read_rows(self.head, self.columns, self.planner.words))
        rows = [row for row in every if not row.of_project]
        if left := len(every) - len(rows):
            text = _("Nicht übernommen werden Zeilen von Projektsteckbriefen (%s). Ändern Sie die im Portal.") % left
            plan.dropped.append(Message(_("Blatt %s") % self.head.grid.name, text))
        for row in rows:
            if row.key and row.key in self.by_key:
                self.claimed.add(row.key)
        for row in rows:
            self._take(row)
            plan.errors += row.errors

    def _take(self, row: RowRead) -> None:
        owner = self._owner(row)
        if owner is None:
            return
        stored = self._stored(row, owner)
        settle_periods(row.values, stored)
        if row.delete:
            if stored is not None:
                self._add(owner, row, RowPlan(stored.pk, {}, delete=True, model=self.table.model))
            return
        if row.key and stored is None:
            row.refuse(ID_KEY, _("Eine Zeile mit der Kennung %s gibt es bei dieser Maßnahme nicht.") % row.key)
            return
        changed = {
            key: value
            for key, value in row.values.items()
            if self._before(self.columns[key], stored) != value and not self._says_nothing(key, value, stored)
        }
        if changed or stored is None:
            values = {self.columns[key].writes: value for key, value in changed.items()}
            self._check(row, stored, values)
            found = RowPlan(stored.pk if stored else None, values, model=self.table.model)
            self._add(owner, row, found, changed, stored)

    def _says_nothing(self, key: str, value: Any, stored: Any) -> bool:
        empty = value in ("", None)
        return empty and (stored is None or stays_when_empty(self.table.model, self.columns[key].writes))

    def _before(self, column: Column, stored: Any) -> Any:
        return column.current(stored, self.planner.words) if stored is not None else None

    def _owner(self, row: RowRead) -> MeasurePlan | None:
        planner = self.planner
        if not row.code:
            row.refuse(OWNER_KEY, _("Hier fehlt die Nummer der Maßnahme."))
            return None
        plan = planner.plans.get(row.code)
        if plan is None:
            measure = planner.stored.get(row.code)
            if measure is None or measure.trashed_at is not None:
                row.refuse(OWNER_KEY, _("Eine Maßnahme mit der Nummer „%s“ gibt es nicht.") % row.code)
                return None
            title = measure.title_de  # type: ignore[attr-defined]  # modeltranslation
            plan = planner.plans[row.code] = MeasurePlan(row.code, title, row.place(OWNER_KEY), measure)
        return plan

    def _stored(self, row: RowRead, owner: MeasurePlan) -> Any:
        """The row that is meant: by its key, else the first nobody claimed that is the same in what tells rows apart."""
        if owner.measure is None:
            return None
        mine = self.planner.rows[self.table.table].get(owner.measure.pk, [])
        if row.key:
            return next((stored for stored in mine if stored.pk == row.key), None)
        words = self.planner.words
        names = [column for column in self.table.columns if column.writes in self.table.same]
        wanted = [row.values.get(column.key) for column in names]
        for stored in mine:
            if stored.pk not in self.claimed and [column.current(stored, words) for column in names] == wanted:
                self.claimed.add(stored.pk)
                return stored
        return None

    def _check(self, row: RowRead, stored: Any, values: dict[str, Any]) -> None:
        model = self.table.model
        record = stored or model()
        every = {
            field.attname: getattr(record, field.attname)
            for field in model._meta.concrete_fields
            if not field.generated
        }
        owned = {"measure": 1, "profile": None}
        names = {column.writes: column.key for column in self.table.columns}
        needed = set(values) if stored else {name for name in names if name in every}
        refused = {message.where for message in row.errors}
        for name, text in broken_rules(model, every | owned | values, needed):
            if row.place(names.get(name, name)) not in refused:
                row.refuse(names.get(name, name), text)

    def _add(
        self,
        owner: MeasurePlan,
        row: RowRead,
        plan: RowPlan,
        changed: dict[str, Any] | None = None,
        stored: Any = None,
    ) -> None:
        owner.rows.setdefault(self.table.table, []).append(plan)
        if plan.delete:
            name = str(self.by_key[plan.key]) if plan.key else ""
            owner.changes.append(FieldChange(self.table.sheet, name, _("gelöscht"), row.place(DELETE_KEY)))
        for key, value in (changed or {}).items():
            column = self.columns[key]
            before = self.planner.shown(column, column.current(stored, self.planner.words)) if stored else ""
            label = f"{self.table.sheet}: {column.header}"
            owner.changes.append(FieldChange(label, before, self.planner.shown(column, value), row.place(key)))
