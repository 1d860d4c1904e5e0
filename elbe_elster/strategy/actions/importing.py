"""Takes tables over into the catalogue: everything or nothing, every change through ``change_record``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from elbe_elster.region.models import Municipality
from elbe_elster.strategy.actions.changes import change_record
from elbe_elster.strategy.actions.import_drafts import DraftRefusedError, keep_as_draft, text_after
from elbe_elster.strategy.drafting.content import written
from elbe_elster.strategy.exchange.cells import folded, one_line
from elbe_elster.strategy.exchange.dry_run import make_plan
from elbe_elster.strategy.exchange.grids import Grid, UnreadableError, read_grids, refuse_at_sight
from elbe_elster.strategy.exchange.heads import own_measure_head, refuse_mistyped
from elbe_elster.strategy.exchange.plans import Message
from elbe_elster.strategy.exchange.tables import READ_COLUMNS, ROW_TABLES
from elbe_elster.strategy.models import (
    ActionField,
    Body,
    Curation,
    Draft,
    DraftState,
    Goal,
    ImportState,
    Measure,
    MeasurePartner,
    TableImport,
)
from elbe_elster.strategy.permissions import can_edit_measure
from elbe_elster.strategy.review_emails import tell_publishers_of_table

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.exchange.plans import MeasurePlan, Plan, RowPlan

LARGE = 400_000  # bytes of a file; about a thousand measures
LATER = ("related", "depends_on")  # may name measures that are only made by the same file


class ImportRefusedError(ValueError):
    """The catalogue refused what the dry run had let through; nothing was written. ``messages`` are for people."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


@transaction.atomic
def import_tables(*, grids: list[Grid], mapping: dict[str, str], actor: User | None, dry_run: bool = False) -> Plan:
    """Plan and write in one go, as an operator does. Raises UnreadableError and ImportRefusedError; then nothing is written."""
    _hold_catalogue()
    plan = planned(grids, mapping=mapping, user=actor)
    if plan.errors:
        raise ImportRefusedError([str(message) for message in plan.errors])
    if not dry_run:
        apply_plan(plan=plan, actor=actor)
    return plan


def planned(grids: list[Grid], *, mapping: dict[str, str], user: User | None) -> Plan:
    """The dry run, and whether what it says fits beside the drafts that are there. Raises UnreadableError."""
    plan = make_plan(grids, mapping=mapping, user=user)
    met = [row for row in plan.measures if row.becomes in {"waiting", "open"}]
    if plan.errors or not met or user is None:
        return plan
    with transaction.atomic(), override("de"):
        writer = Writer(plan, user)
        for measure_plan in _in_order(plan):
            if measure_plan.is_new:
                writer.write(measure_plan)
        for measure_plan in met:
            try:
                writer.write(measure_plan)
            except ImportRefusedError as error:
                plan.errors += [Message("", text, measure_plan.number) for text in error.messages]
        transaction.set_rollback(True)
    return plan


def _hold_catalogue() -> None:
    """Until the end of the transaction nobody else changes a measure."""
    list(Measure.objects.select_for_update().order_by("pk").values_list("pk"))


@transaction.atomic
def apply_plan(*, plan: Plan, actor: User | None) -> None:
    """Write everything the plan says. Raises ImportRefusedError, and then nothing was written.

    New measures are drafts. The plan must have no errors and be as fresh as the catalogue; ``apply_import`` sees to
    that.
    """
    if plan.errors:
        raise ImportRefusedError([str(message) for message in plan.errors])
    with override("de"):
        writer = Writer(plan, actor)
        for measure_plan in _in_order(plan):
            writer.write(measure_plan)
        for measure_plan in (row for row in plan.created if not row.becomes):
            writer.link(measure_plan)
        if actor and (waiting := writer.submitted()):
            tell_publishers_of_table(waiting, actor)


def _in_order(plan: Plan) -> list[MeasurePlan]:
    """Those with work: new ones first, because others may name them, and each after the one it goes into."""
    work = {measure_plan.number: measure_plan for measure_plan in plan.measures if measure_plan.has_work}

    def depth(number: str) -> int:
        target = work[number].values.get("merged_into")
        return 1 + depth(target) if target in work else 0

    return [
        work[number]
        for number in sorted(
            work, key=lambda number: (not work[number].is_new, bool(work[number].becomes), depth(number))
        )
    ]


class Writer:
    """Writes one plan, and remembers what it made on the way."""

    def __init__(self, plan: Plan, actor: User | None) -> None:
        self.actor = actor
        self.bodies = {folded(one_line(body.name)): body.pk for body in Body.objects.all()}
        for name in plan.new_bodies:
            if folded(name) not in self.bodies:
                self.bodies[folded(name)] = Body.objects.create(name=name).pk
        self.goals = {title: _new_goal(title, key).pk for title, key in plan.new_goals.items()}
        self.places = dict(Municipality.objects.values_list("name", "pk"))
        self.numbers = dict(Measure.objects.values_list("number", "pk"))
        self.drafted: list[int] = []
        self.slugs = set(Measure.objects.values_list("slug", flat=True))

    def write(self, plan: MeasurePlan) -> None:
        """Write one measure with its rows."""
        record = plan.measure or self._blank(plan)
        values = {
            key: value for key, value in plan.values.items() if not (plan.is_new and not plan.becomes and key in LATER)
        }
        rows: dict[str, Any] = {}
        if "partners" in values:
            rows["partnerships"] = self._partners(record, values.pop("partners"))
        for table in ROW_TABLES:
            if plan.rows.get(table.table):
                rows[table.table] = _rows(record, table.table, plan.rows[table.table])
        stored = {READ_COLUMNS[key].writes: self._stored(key, value) for key, value in values.items()}
        if plan.is_new and plan.becomes:
            self._unfinished(plan, record, stored, rows)
            return
        if plan.becomes and self.actor:
            self._draft(plan, record, stored, rows)
            return
        changes = self._change(plan, record, stored, rows)
        self.numbers[plan.number] = changes.pk
        if plan.is_new and self.actor and not can_edit_measure(self.actor, changes):
            Curation.objects.create(user=self.actor, measure=changes)  # whoever brings it looks after it

    def _unfinished(self, plan: MeasurePlan, record: Measure, values: dict[str, Any], rows: dict[str, Any]) -> None:
        """A new measure without its sentence is no measure yet, only the draft of one."""
        before = written(Measure())
        filled = values | {"summary_de": plan.title}
        text = text_after(before=before, change=lambda: self._change(plan, record, filled, rows))
        text |= {"summary_de": "", "slug": ""}
        Draft.objects.create(
            kind=Draft.Kind.MEASURE, values=text, base=before, created_by=self.actor, updated_by=self.actor
        )

    def _draft(self, plan: MeasurePlan, record: Measure, values: dict[str, Any], rows: dict[str, Any]) -> None:
        """Beside the published measure, for a second person to approve."""
        assert self.actor is not None  # noqa: S101 -- an operator writes at once
        before = written(record)
        text = text_after(before=before, change=lambda: self._change(plan, record, values, rows))
        record = Measure.objects.get(pk=record.pk)
        try:
            if keep_as_draft(measure=record, text=text, reasons=plan.reasons, actor=self.actor):
                self.drafted.append(record.pk)
        except DraftRefusedError as error:
            raise ImportRefusedError([f"{plan.number} ({plan.where}): {error}"]) from error

    def submitted(self) -> list[Draft]:
        """The drafts of this table that now wait for approval."""
        waiting = Draft.objects.filter(measure__in=self.drafted, state=DraftState.SUBMITTED, submitted_by=self.actor)
        return list(waiting.select_related("measure").order_by("measure__number"))

    def link(self, plan: MeasurePlan) -> None:
        """What refers to measures that now exist."""
        values = {key: self._stored(key, plan.values[key]) for key in LATER if plan.values.get(key)}
        if values:
            self._change(plan, Measure.objects.get(number=plan.number), values, {})

    def _change(self, plan: MeasurePlan, record: Measure, values: dict[str, Any], rows: dict[str, Any]) -> Measure:
        try:
            changes = change_record(
                record=record, values=values, rows=rows, actor=self.actor, reasons=plan.reasons or None
            )
        except ValidationError as error:
            messages = [f"{plan.number} ({plan.where}): {text}" for text in error.messages]
            raise ImportRefusedError(messages) from error
        assert isinstance(changes.record, Measure)  # noqa: S101
        return changes.record

    def _blank(self, plan: MeasurePlan) -> Measure:
        field = ActionField.objects.get(pk=plan.values["primary_field"])
        return Measure(strategy_id=field.strategy_id, number=plan.number, slug=self._slug(plan))

    def _slug(self, plan: MeasurePlan) -> str:
        german = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
        base = slugify(plan.title.casefold().translate(german))[:70].strip("-") or slugify(plan.number)
        slug = base if base not in self.slugs else f"{base[:60]}-{slugify(plan.number)}"
        self.slugs.add(slug)
        return slug

    def _partners(self, record: Measure, wanted: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
        known = {row.body_id: row.pk for row in MeasurePartner.objects.filter(measure=record.pk)}
        rows = []
        for name, role in wanted:
            body = self.bodies[folded(name)]
            rows.append({"id": known.get(body), "body": body, "role": role})
        return rows

    def _stored(self, key: str, value: Any) -> Any:
        """The value as ``change_record`` takes it: names become keys."""
        if key == "lead":
            return self.bodies[folded(value)] if value else None
        if key == "goals":
            return [self.goals[goal] if isinstance(goal, str) else goal for goal in value]
        if key == "municipalities":
            return [self.places[name] for name in value]
        if key == "merged_into":
            return self.numbers[value] if value else None
        if key in LATER:
            return [self.numbers[number] for number in value]
        return list(value) if isinstance(value, tuple) else value


def _new_goal(title: str, field: int) -> Goal:
    last = Goal.objects.filter(action_field=field).aggregate(last=Max("number"))["last"] or 0
    goal = Goal(action_field_id=field, number=last + 1)
    goal.title_de = title  # type: ignore[attr-defined]  # modeltranslation
    goal.full_clean()
    goal.save()
    return goal


def _rows(record: Measure, table: str, plans: list[RowPlan]) -> list[dict[str, Any]]:
    """The whole table as it is to be: rows that the file does not name stay."""
    rows = {pk: {"id": pk} for pk in getattr(record, table).values_list("pk", flat=True)} if record.pk else {}
    added = []
    for plan in plans:
        if plan.delete and plan.key:
            rows.pop(plan.key, None)
        elif plan.key:
            rows[plan.key] |= plan.values
        else:
            added.append(plan.values)
    return [*rows.values(), *added]


# Files on their way -----------------------------------------------------------


@transaction.atomic
def upload_table(*, name: str, content: bytes, owner: User) -> TableImport:
    """Keep a file for the dry run, which follows at once or, for a large one, in the background.

    Raises UnreadableError. Files of the person that led nowhere go.
    """
    refuse_at_sight(content)
    table = TableImport(owner=owner, name=name[:200], content=content)
    if not is_large(table):
        _read(table)
    forget_tables()
    TableImport.objects.of(owner).exclude(state=ImportState.APPLIED).delete()
    table.save()
    return table


def forget_tables() -> int:
    """Delete files that nobody took over within a day. Repeatable. Returns how many rows."""
    deleted, _by_model = TableImport.objects.expired().delete()
    return deleted


def is_large(table: TableImport) -> bool:
    """Whether reading takes longer than a person should wait for a page."""
    return len(table.content) > LARGE


def remembered_mapping(*, owner: User, newest: TableImport) -> dict[str, str]:
    """How this person assigned headers before, and last of all for this very file."""
    found: dict[str, str] = {}
    earlier = TableImport.objects.of(owner).filter(state=ImportState.APPLIED).order_by("created_at")
    for mapping in [*earlier.values_list("mapping", flat=True), newest.mapping]:
        found |= {folded(header): key for header, key in mapping.items() if key}
    return found


def map_columns(*, table: TableImport, mapping: dict[str, str]) -> None:
    """Say which header is which column; the dry run comes next."""
    table.mapping = mapping
    table.state = ImportState.WAITING
    table.save(update_fields=["mapping", "state"])


def check_import(*, table: TableImport) -> None:
    """Do the dry run and keep what it says. Repeatable. A file that cannot be read says so in ``plan``."""
    try:
        _read(table)
    except UnreadableError as error:
        table.plan, table.digest, table.state = {"errors": [str(error)]}, "", ImportState.FAILED
    table.save(update_fields=["plan", "digest", "state"])


def _read(table: TableImport) -> None:
    grids = read_grids(bytes(table.content))
    if not table.mapping and not own_measure_head(grids):
        refuse_mistyped(grids)
        table.state = ImportState.MAPPING
        return
    plan = planned(grids, mapping=table.mapping, user=table.owner)
    table.plan, table.digest, table.state = plan.summary(), plan.digest(), ImportState.CHECKED


@transaction.atomic
def apply_import(*, table: TableImport) -> bool:
    """Take the file over. False, and nothing is written, when the dry run no longer says what the person was shown.

    Repeatable: what is taken over is not taken over again.
    """
    stored = TableImport.objects.select_for_update().get(pk=table.pk)
    if stored.state == ImportState.APPLIED:
        return True
    if stored.state not in (ImportState.CHECKED, ImportState.APPLYING):
        return False
    _hold_catalogue()
    plan = planned(read_grids(bytes(stored.content)), mapping=stored.mapping, user=stored.owner)
    stored.plan = plan.summary()
    if plan.digest() != stored.digest or plan.errors:
        stored.digest, stored.state = plan.digest(), ImportState.CHECKED
        stored.save(update_fields=["plan", "digest", "state"])
        return False
    apply_plan(plan=plan, actor=stored.owner)
    stored.state, stored.content, stored.finished_at = ImportState.APPLIED, b"", timezone.now()
    stored.save(update_fields=["plan", "state", "content", "finished_at"])
    return True


def begin_apply(*, table: TableImport) -> None:
    """Note that the file is being taken over in the background."""
    table.state = ImportState.APPLYING
    table.save(update_fields=["state"])


def fail_import(*, table: TableImport, messages: list[str]) -> None:
    """Note that the taking over was refused; nothing was written."""
    table.state = ImportState.FAILED
    table.plan = {**table.plan, "errors": messages or [_("Die Übernahme ist abgebrochen. Nichts wurde geändert.")]}
    table.save(update_fields=["plan", "state"])
