"""The dry run: compares a file with the catalogue and says everything that would change and everything that is wrong.

A fixed number of queries; the rules are checked in memory (rules.py), so that thousands of rows take seconds.
"""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from elbe_elster.strategy import deviations
from elbe_elster.strategy.exchange.catalogue import read_own_rows
from elbe_elster.strategy.exchange.heads import REASON_KEY, Head
from elbe_elster.strategy.exchange.plans import FieldChange, MeasurePlan, Message, Plan
from elbe_elster.strategy.exchange.reading import RowRead, merged_cells, read_rows, settle_periods
from elbe_elster.strategy.exchange.rules import broken_rules, stays_when_empty
from elbe_elster.strategy.exchange.tables import READ_COLUMNS, ROW_TABLES
from elbe_elster.strategy.exchange.words import NUMBER, Words, staff_words, with_links
from elbe_elster.strategy.models import DeviationKind, Draft, DraftState, Measure, Publication
from elbe_elster.strategy.permissions import can_publish

if TYPE_CHECKING:
    import datetime as dt

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.exchange.columns import Column

OPEN_STATES = (DraftState.EDITING, DraftState.RETURNED)
PUBLIC = Words(public=True)  # as in files for everybody
REQUIRED = ("title", "primary_field")


class Planner:
    """One dry run."""

    def __init__(self, head: Head, user: User | None, today: dt.date) -> None:
        self.head, self.user, self.today = head, user, today
        self.words = staff_words()
        self.public = self._public() if head.is_public else {}
        self.stored = {row.number: row for row in with_links(Measure.objects.all(), public=False)}
        self.rows = {table.table: read_own_rows(table, list(self.stored.values())) for table in ROW_TABLES}
        editable = None if user is None else Measure.objects.editable_by(user)
        self.editable = None if editable is None else set(editable.values_list("pk", flat=True))
        self.drafts = {
            measure: "open" if state in OPEN_STATES else "waiting"
            for measure, state in Draft.objects.filter(measure__isnull=False).values_list("measure", "state")
        }
        begun = Draft.objects.filter(kind=Draft.Kind.MEASURE, measure=None)
        self.begun = set(begun.values_list("values__number", flat=True))
        self.publishes = user is None or can_publish(user)
        self.plan = Plan(field_names={key: row.name for key, row in self.words.fields.items()})
        self.plans: dict[str, MeasurePlan] = {}
        self.read: dict[str, RowRead] = {}

    @staticmethod
    def _public() -> dict[str, Measure]:
        """What everybody sees of the measures, to tell what was changed in a public file."""
        return {row.number: row for row in with_links(Measure.objects.published(), public=True)}

    # Reading ------------------------------------------------------------------

    def read_measures(self) -> None:
        """Read the table of measures."""
        self.plan.errors += merged_cells(self.head)
        self.plan.dropped += [
            Message(self.head.grid.place(self.head.row, place), _("Diese Spalte wird nicht übernommen."), "", text)
            for place, text in self.head.unknown.items()
        ]
        self.words.numbers |= self._numbers_in_file()
        for row in read_rows(self.head, READ_COLUMNS, self.words):
            self._take_row(row)
        self._unite_related()
        for number, row in self.read.items():
            self._plan_measure(number, row)

    def _numbers_in_file(self) -> set[str]:
        place = next(place for place, key in self.head.columns.items() if key == "number")
        column = READ_COLUMNS["number"]
        cells = [cells[place] for number, cells in self.head.grid.rows if number > self.head.row and place < len(cells)]
        return {number for number in (column.clean(cell, self.words) for cell in cells) if NUMBER.fullmatch(number)}

    def _take_row(self, row: RowRead) -> None:
        self.plan.read_as += row.read_as
        if not row.code:
            if not any(message.what for message in row.errors):
                row.refuse("number", _("Hier fehlt die Nummer der Maßnahme."))
        elif not NUMBER.fullmatch(row.code):
            row.refuse("number", _("Eine Nummer sieht aus wie „M-03“: Buchstaben, Bindestrich, Ziffern."))
        elif row.code in self.read:
            first = self.read[row.code].place("number")
            row.refuse("number", _("Die Nummer %(number)s steht schon in: %(where)s.") % _words(row.code, first))
        else:
            self.read[row.code] = row
            return
        self.plan.errors += row.errors

    def _unite_related(self) -> None:
        """Two measures are related if either says so: whoever adds it on one side need not find the other."""
        said = {number: set(row.values.get("related", ())) for number, row in self.read.items()}
        for number, row in self.read.items():
            if "related" in row.values:
                others = {other for other, names in said.items() if number in names}
                row.values["related"] = tuple(sorted((said[number] | others) - {number}))

    # Comparing ----------------------------------------------------------------

    def _plan_measure(self, number: str, row: RowRead) -> None:
        measure = self.stored.get(number)
        if measure is None and number in self.begun:
            row.refuse("number", _("%s gibt es schon als Entwurf. Schreiben Sie dort weiter.") % number)
        settle_periods(row.values, measure)
        plan = MeasurePlan(number, row.values.get("title") or "", row.place("number"), measure)
        if measure is None:
            self._plan_new(plan, row)
        elif measure.trashed_at is not None:
            row.refuse("number", _("Die Maßnahme %s liegt im Papierkorb. Holen Sie sie zuerst zurück.") % number)
        else:
            plan.title = plan.title or measure.title_de  # type: ignore[attr-defined]  # modeltranslation
            for key, value in row.values.items():
                self._compare(plan, row, READ_COLUMNS[key], measure, value)
        self._note_new_goals(plan, row)
        self._check_rules(plan, row)
        self.plan.errors += row.errors
        self.plans[number] = plan

    def _plan_new(self, plan: MeasurePlan, row: RowRead) -> None:
        for key in REQUIRED:
            if not row.values.get(key) and not any(message.where == row.place(key) for message in row.errors):
                text = _("Für eine neue Maßnahme fehlt hier: %s.") % READ_COLUMNS[key].header
                row.refuse(key, text)
        if not row.values.get("summary"):
            plan.becomes = "unfinished"
        blank = Measure()
        for key, value in row.values.items():
            column = READ_COLUMNS[key]
            if value in ("", None, (), False) and value is not False:
                continue
            if not column.linked and value == getattr(blank, column.writes, None):
                continue
            plan.values[key] = value
            plan.changes.append(FieldChange(column.header, "", self.shown(column, value), row.place(key)))

    def _compare(self, plan: MeasurePlan, row: RowRead, column: Column, measure: Measure, value: Any) -> None:
        before = column.current(measure, self.words)
        if value == before or (column.linked and self.shown(column, value) == self.shown(column, before)):
            return  # links with line breaks in their words read the same
        if (known := self.public.get(measure.number)) is not None:
            shown_before = column.current(known, PUBLIC)
            if value == shown_before:
                return  # the file does not show all there is, and nobody has changed what it shows
            if isinstance(value, tuple):
                value = tuple(sorted({*value, *(set(before) - set(shown_before))}, key=str))
        if value in ("", None) and not column.linked and stays_when_empty(Measure, column.writes):
            return
        plan.values[column.key] = value
        shown = FieldChange(column.header, self.shown(column, before), self.shown(column, value), row.place(column.key))
        plan.changes.append(shown)

    def shown(self, column: Column, value: Any) -> str:
        """The value in one line for people."""
        cell = column.cell(value, self.words)
        if cell is None:
            return ""
        return f"{cell:%d.%m.%Y}" if hasattr(cell, "strftime") else "; ".join(str(cell).splitlines())

    def _note_new_goals(self, plan: MeasurePlan, row: RowRead) -> None:
        titles = [key for key in plan.values.get("goals", ()) if isinstance(key, str)]
        field = row.values.get("primary_field") or (plan.measure.primary_field_id if plan.measure else None)
        for title in titles if field else []:
            if not self.publishes:
                text = _("Das Ziel „%s“ gibt es nicht. Neue Ziele legt an, wer Maßnahmen freigeben darf.")
                row.refuse("goals", text % title)
            self.plan.new_goals.setdefault(title, field)  # type: ignore[arg-type]  # not None here

    # Rules --------------------------------------------------------------------

    def _check_rules(self, plan: MeasurePlan, row: RowRead) -> None:
        by_name = {READ_COLUMNS[key].writes: key for key in plan.values if not READ_COLUMNS[key].linked}
        if not plan.has_work or (plan.measure is not None and not plan.values):
            return
        values = _model_values(plan)
        changed = set(by_name) | ({"merged_into"} & set(plan.values)) | ({"number"} if plan.is_new else set())
        if plan.is_new:
            changed |= {"phase", "publication"}
        names = {column.writes: column.key for column in READ_COLUMNS.values()}
        refused = {message.where for message in row.errors}
        for name, text in broken_rules(Measure, values, changed - {"merged_into"}):
            if row.place(names.get(name, name)) not in refused:
                row.refuse(names.get(name, name), text)
        if plan.measure and plan.values.get("primary_field", 1) is None:
            row.refuse("primary_field", _("Das Handlungsfeld darf nicht leer sein."))

    def finish(self) -> None:
        """What concerns more than one row: rights, reasons, circles, what is missing."""
        self.plan.measures = [self.plans[number] for number in self.plans]
        for plan in self.plan.measures:
            if plan.has_work:
                self._check_rights(plan)
                self._check_reasons(plan)
        self._check_circles()
        self._check_unfinished()
        in_file = set(self.read)
        self.plan.missing = [row.number for row in self.stored.values() if row.trashed_at is None]
        self.plan.missing = [number for number in self.plan.missing if number not in in_file]
        self.plan.new_bodies = list(self.words.new_bodies.values())

    def _check_unfinished(self) -> None:
        """Nothing can refer to what is only a draft without its sentence."""
        unfinished = {plan.number for plan in self.plan.measures if plan.becomes == "unfinished"}
        for plan in self.plan.measures:
            for key in ("related", "depends_on", "merged_into"):
                value = plan.values.get(key) or ()
                for number in sorted(unfinished.intersection((value,) if isinstance(value, str) else value)):
                    text = _("%s hat noch keinen Satz („In einem Satz“). Ergänzen Sie ihn dort zuerst.")
                    self.refuse(plan.number, self.read[plan.number].place(key), text % number)

    def refuse(self, number: str, where: str, text: str, what: str = "") -> None:
        """Note an error of a measure."""
        self.plan.errors.append(Message(where, text, number, what))

    def _check_rights(self, plan: MeasurePlan) -> None:
        measure = plan.measure
        if measure is None or self.editable is None:
            return
        if measure.pk not in self.editable:
            self.refuse(
                plan.number, plan.where, _("%s betreuen Sie nicht. Lassen Sie die Zeile, wie sie war.") % plan.number
            )
        elif measure.publication == Publication.PUBLISHED:
            plan.becomes = self.drafts.get(measure.pk, "draft")

    def _check_reasons(self, plan: MeasurePlan) -> None:
        """Whoever changes date, cost or scope of something public says why."""
        if plan.measure is None or not plan.measure.is_visible:
            return
        row = self.read.get(plan.number)
        reason = row.reason if row else ""
        shifts = deviations.shifts(*self._pictures(plan))
        plan.reasons = {DeviationKind(shift.kind): reason for shift in shifts if reason}
        where = row.place(REASON_KEY) if row else plan.where
        for shift in shifts if not reason else []:
            words = {"subject": shift.subject(), "before": shift.before(), "after": shift.after()}
            text = _(
                "Schreiben Sie in die Spalte „Begründung“, warum. Der Grund ist öffentlich. "
                "%(subject)s: bisher %(before)s, jetzt %(after)s."
            )
            self.refuse(plan.number, where, text % words)

    def _pictures(self, plan: MeasurePlan) -> tuple[deviations.Picture, deviations.Picture]:
        measure = plan.measure
        assert measure is not None  # noqa: S101
        values = {column.key: column.current(measure, self.words) for column in READ_COLUMNS.values()}
        before_rows = {table.table: self.rows[table.table].get(measure.pk, []) for table in ROW_TABLES}
        after_rows = {name: _rows_after(rows, plan.rows.get(name, [])) for name, rows in before_rows.items()}
        return (
            self._picture(values, before_rows),
            self._picture(values | plan.values, after_rows),
        )

    def _picture(self, values: dict[str, Any], rows: dict[str, list[Any]]) -> deviations.Picture:
        return deviations.Picture(
            visible=True,
            phase=values["phase"],
            override=values["course_override"],
            dates={name: (values[name], values[f"{name[:-3]}_precision"]) for name in ("starts_on", "ends_on")},
            permanent=values["permanent"],
            cost=sum((row.planned for row in rows["costrows"]), start=Decimal(0)),
            decided_title=values["decided_title"],
            places=frozenset(values["municipalities"]),
            goals={key: self.words.goal_label(key) for key in values["goals"] if isinstance(key, int)},
            milestones={row.pk: row for row in rows["milestones"] if row.pk},
        )

    def _check_circles(self) -> None:
        """A measure must not go into one that goes into it."""
        merged = {row.number: row.merged_number for row in self.stored.values()}  # type: ignore[attr-defined]
        changed = {
            plan.number: plan.values["merged_into"] for plan in self.plan.measures if "merged_into" in plan.values
        }
        merged |= changed
        for number in changed:
            seen, target = {number}, merged.get(number)
            while target and target not in seen:
                seen.add(target)
                target = merged.get(target)
            if target == number:
                text = _("Das ergäbe einen Kreis: %(number)s geht selbst in %(target)s auf.")
                where = self.read[number].place("merged_into")
                self.refuse(number, where, text % {"number": merged[number], "target": number})


def _words(number: str, where: str) -> dict[str, str]:
    return {"number": number, "where": where}


def _model_values(plan: MeasurePlan) -> dict[str, Any]:
    """Every plain value of the measure as it would be, by the model's names; other measures by number."""
    record = plan.measure or Measure()
    values = {
        field.attname: getattr(record, field.attname) for field in Measure._meta.concrete_fields if not field.generated
    }
    values["merged_into"] = plan.values.get("merged_into", getattr(record, "merged_number", None)) or None
    values["id"] = values["number"] = plan.number
    return values | {
        READ_COLUMNS[key].writes: value for key, value in plan.values.items() if not READ_COLUMNS[key].linked
    }


def _rows_after(rows: list[Any], plans: list[Any]) -> list[Any]:
    """The rows as they would be, as copies."""
    after = {row.pk: copy(row) for row in rows}
    added = []
    for plan in plans:
        if plan.delete:
            after.pop(plan.key, None)
            continue
        row = after.get(plan.key) if plan.key else None
        if row is None:
            row = plan.blank()
            added.append(row)
        for name, value in plan.values.items():
            setattr(row, name, value)
    return [*after.values(), *added]
