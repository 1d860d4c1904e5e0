"""The sheets of the catalogue: which columns stand in which order."""

from __future__ import annotations

from dataclasses import dataclass

from elbe_elster.strategy.exchange.columns import (
    Address,
    Choice,
    Column,
    Contact,
    Course,
    Day,
    Link,
    Moment,
    Money,
    Number,
    Paragraphs,
    Period,
    Text,
    Translated,
    TranslatedParagraphs,
    Whole,
    YesNo,
)
from elbe_elster.strategy.exchange.links import Field, Fields, Goals, Lead, Others, Partners, Places
from elbe_elster.strategy.models import (
    CostKind,
    CostRow,
    FundingKind,
    FundingRow,
    FundingState,
    Mandate,
    Milestone,
    MilestoneState,
    Origin,
    Participation,
    Phase,
    Precision,
    Priority,
    Publication,
)
from elbe_elster.strategy.models import Course as CourseChoices

SHEET = "Maßnahmen"
REASON = "Begründung"

NUMBER = Number("number", "Nummer", 10)
MEASURE_COLUMNS: tuple[Column, ...] = (
    NUMBER,
    Translated("title", "Titel", 40),
    Text("decided_title", "Beschlossener Titel", 30),
    Translated("summary", "In einem Satz", 50),
    Field("primary_field", "Handlungsfeld", 28),
    Fields("further_fields", "Weitere Handlungsfelder", 28),
    Goals("goals", "Ziele", 40),
    Choice("phase", "Phase", 16, options=Phase),
    Course("course", "Verlauf", 18, fixed=True),
    Choice("course_override", "Verlauf von Hand", 18, staff=True, options=CourseChoices),
    Text("course_reason", "Begründung des Verlaufs", 30),
    Choice("priority", "Priorität", 26, options=Priority),
    Period("starts_on", "Beginn geplant", 14, start=True),
    Choice("starts_precision", "Beginn genau auf", 14, options=Precision),
    Period("ends_on", "Ende geplant", 14, start=False),
    Choice("ends_precision", "Ende genau auf", 14, options=Precision),
    YesNo("permanent", "Daueraufgabe", 13),
    Day("started_on", "Begonnen am", 13),
    Day("done_on", "Abgeschlossen am", 13),
    Text("ending_reason", "Warum eingestellt", 30),
    Others("merged_into", "Aufgegangen in", 12, source="merged_number", single=True),
    Lead("lead", "Zuständig", 30),
    Partners("partners", "Partner", 34),
    Address("contact_email", "E-Mail-Adresse", 28),
    Contact("contact_name", "Ansprechperson", 22),
    YesNo("contact_public", "Name öffentlich", 13, staff=True),
    Translated("target_groups", "Für wen", 28),
    Places("municipalities", "Orte", 24),
    Choice("mandate", "Spielraum", 24, options=Mandate),
    Choice("origin", "Herkunft", 22, options=Origin),
    Translated("origin_note", "Genauer zur Herkunft", 30),
    TranslatedParagraphs("need", "Warum es gebraucht wird", 40),
    TranslatedParagraphs("benefit", "Was es bringt", 40),
    TranslatedParagraphs("description", "Beschreibung", 60),
    Choice("participation", "Bürgerbeteiligung", 24, options=Participation),
    Text("participation_note", "Wie, oder warum nicht", 30),
    Others("related", "Verwandte Maßnahmen", 16, source="related_numbers"),
    Others("depends_on", "Setzt voraus", 16, source="needed_numbers"),
    Day("added_on", "Aufgenommen am", 13),
    Day("reviewed_on", "Zuletzt geprüft", 13),
    Day("next_review_on", "Nächste Prüfung", 13),
    Paragraphs("internal_note", "Interne Notiz", 40, staff=True),
    Choice("publication", "Sichtbarkeit", 16, staff=True, fixed=True, options=Publication),
    YesNo("example", "Beispiel", 10, fixed=True),
    Moment("updated_at", "Zuletzt gemeldet", 14, fixed=True),
    Link("url", "Adresse", 40, fixed=True),
)
PUBLIC_COLUMNS = tuple(column for column in MEASURE_COLUMNS if column.is_public)
READ_COLUMNS = {column.key: column for column in MEASURE_COLUMNS if not column.fixed}


@dataclass(frozen=True)
class RowTable:
    """A sheet with rows of measures: milestones and the like. ``same`` names what tells two rows without key apart."""

    sheet: str
    table: str  # the measure's name for it
    model: type[Milestone | CostRow | FundingRow]
    columns: tuple[Column, ...]
    same: tuple[str, ...]

    @property
    def public_columns(self) -> tuple[Column, ...]:
        """Those everybody may see."""
        return tuple(column for column in self.columns if not column.staff)


OWNER, PROJECT, ROW_KEY, DELETE = "Maßnahme", "Projekt", "Kennung", "Löschen"
ROW_TABLES = (
    RowTable(
        "Meilensteine",
        "milestones",
        Milestone,
        (
            Translated("title", "Schritt", 40),
            Translated("text", "Was dann erreicht ist", 40),
            Choice("state", "Stand", 14, options=MilestoneState),
            Period("due_on", "Geplant bis", 14, start=False),
            Choice("due_precision", "Genau auf", 12, options=Precision),
            Day("done_on", "Erreicht am", 13),
            Text("late_reason", "Grund der Verspätung", 30),
            Text("proof", "Nachweis", 30),
            Text("proof_url", "Adresse des Nachweises", 30),
        ),
        ("title_de",),
    ),
    RowTable(
        "Kosten",
        "costrows",
        CostRow,
        (
            Choice("kind", "Wofür", 20, options=CostKind),
            Whole("year", "Jahr", 8),
            Money("planned", "Geplant (Euro)", 16),
            Money("actual", "Ausgegeben (Euro)", 16),
            Text("note", "Bemerkung", 40),
        ),
        ("kind", "year", "note"),
    ),
    RowTable(
        "Finanzierung",
        "fundingrows",
        FundingRow,
        (
            Choice("kind", "Woher", 16, options=FundingKind),
            Text("programme", "Programm oder Geber", 40),
            Money("amount", "Betrag (Euro)", 16),
            Whole("own_share", "Eigenanteil (Prozent)", 12),
            Choice("state", "Stand", 14, options=FundingState),
            Day("deadline", "Frist", 13),
            Text("internal_note", "Interne Notiz", 30, staff=True),
        ),
        ("kind", "programme"),
    ),
)
