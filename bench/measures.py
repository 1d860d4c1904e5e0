"""A county with a long catalogue: 500 published measures, 20,000 entries of the Chronik, and all that hangs on them.

``python -m bench.measures`` writes them into the database of this environment, once; everything is marked as example.
The texts are as long as those of real measures; words and dates vary by number, so that two runs write the same.
"""

from __future__ import annotations

import datetime as dt
import itertools
import sys
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Iterator

    from elbe_elster.region.models import Administration
    from elbe_elster.strategy import models

MEASURES, PROFILES, ENTRIES = 500, 80, 20_000
BATCH = 2000
NUMBER = "B-{:04}"
START = dt.date(2024, 1, 1)
THINGS = [
    "Bürgerbüro",
    "Breitband",
    "Funknetz",
    "Rufbus",
    "Schulnetz",
    "Bauakte",
    "Dorfladen",
    "Ladesäule",
    "Pegelmesser",
    "Sprechstunde",
    "Lernort",
    "Kita-Platz",
    "Wochenmarkt",
    "Ehrenamt",
    "Notruf",
    "Radweg",
    "Museum",
    "Fähre",
    "Hochwasser",
    "Pflegedienst",
    "Werkstatt",
    "Bibliothek",
]
SENTENCES = (
    "Die Verwaltungen arbeiten an einem gemeinsamen Verfahren.",
    "Wer im Dorf wohnt, spart den Weg in die Kreisstadt.",
    "Ein Antrag wird einmal gestellt und liegt dann allen Beteiligten vor.",
    "Daten fließen nur dorthin, wo sie gebraucht werden.",
    "Die Mitarbeiterinnen und Mitarbeiter werden vorher geschult.",
    "In Herzberg und Finsterwalde läuft bereits eine Erprobung.",
    "Das Vorhaben baut auf vorhandene Technik auf und ersetzt drei alte Programme.",
    "Für Menschen ohne Gerät bleibt der Weg über das Telefon und den Schalter offen.",
    "Nach einem Jahr wird gemeinsam geprüft, was es gebracht hat.",
    "Die Kosten teilen sich Landkreis und Kommunen nach der Zahl der Einwohner.",
)


def text(chance: Random, sentences: int) -> str:
    """Some sentences of Markdown, in paragraphs of three, with a list at the end of longer ones."""
    said = [chance.choice(SENTENCES) for _ in range(sentences)]
    parts = [" ".join(said[at : at + 3]) for at in range(0, len(said), 3)]
    if sentences > 4:  # noqa: PLR2004 -- a longer text
        parts.append("\n".join(f"- {thing}" for thing in chance.sample(THINGS, 3)))
    return "\n\n".join(parts)


def generate() -> dict[str, int]:
    """Write what is missing; gives what there is."""
    from django.db import connection, transaction

    from elbe_elster.search.actions import refresh_entries
    from elbe_elster.snapshots.actions import mark_stale
    from elbe_elster.strategy.models import ChronicleEntry, Measure, ProjectProfile

    if Measure.objects.filter(number=NUMBER.format(MEASURES)).count() == 0:
        with transaction.atomic():
            measures = _measures()
            _rows_of(measures)
            _profiles(measures[:PROFILES])
            _chronicle(measures)
            refresh_entries(Measure)
            refresh_entries(ProjectProfile)
            mark_stale()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return {"measures": Measure.objects.published().count(), "entries": ChronicleEntry.objects.count()}


def _all(model: Any, rows: Iterator[Any]) -> list[Any]:
    created: list[Any] = model._default_manager.bulk_create(list(rows), batch_size=BATCH)
    return created


def _measures() -> list[models.Measure]:
    from elbe_elster.strategy.models import ActionField, Body, Goal, Measure, Strategy

    strategy = Strategy.objects.current().get()
    fields = list(ActionField.objects.in_force())
    goals = _all(
        Goal,
        (
            Goal(action_field=field, number=number, title_de=f"{THINGS[number % len(THINGS)]} für alle", example=True)
            for field in fields
            for number in range(90, 95)
        ),
    )
    bodies = _all(
        Body,
        (Body(name=f"Stelle {number}", email=f"stelle-{number}@example.org", example=True) for number in range(40)),
    )
    measures: list[Measure] = _all(
        Measure, (_measure(number, strategy, fields, bodies) for number in range(1, MEASURES + 1))
    )
    links = Measure.goals.through
    _all(
        links,
        (
            links(measure=row, goal=goal)
            for row in measures
            for goal in Random(row.number).sample(goals, 2)  # noqa: S311 -- not a secret
        ),
    )
    return measures


def _measure(number: int, strategy: Any, fields: list[Any], bodies: list[Any]) -> models.Measure:
    from elbe_elster.strategy.models import Mandate, Measure, Origin, Phase, Priority, Publication

    chance = Random(number)  # noqa: S311 -- not a secret
    phase = chance.choice([Phase.IDEA, Phase.DECIDED, Phase.IN_PROGRESS, Phase.IN_PROGRESS, Phase.DONE])
    starts = START + dt.timedelta(days=chance.randrange(900))
    ends = starts + dt.timedelta(days=200 + chance.randrange(900))
    first, second = chance.sample(THINGS, 2)
    return Measure(
        strategy=strategy,
        number=NUMBER.format(number),
        slug=f"messung-{number:04}",
        title_de=f"{first} und {second} {number}",
        summary_de=f"{first} und {second} werden einfacher: {chance.choice(SENTENCES)}",
        primary_field=chance.choice(fields),
        description_de=text(chance, 9),
        need_de=text(chance, 5),
        benefit_de=text(chance, 4),
        target_groups_de="Alle, die im Landkreis wohnen oder arbeiten",
        origin=chance.choice(Origin.values),
        mandate=chance.choice(Mandate.values),
        lead=chance.choice(bodies),
        priority=chance.choice(Priority.values),
        publication=Publication.PUBLISHED,
        published_at=dt.datetime(2025, 1, 2, 8, tzinfo=dt.UTC),
        phase=phase,
        starts_on=starts,
        ends_on=ends,
        done_on=ends if phase == Phase.DONE else None,
        reviewed_on=dt.date(2026, 1, 1) + dt.timedelta(days=chance.randrange(300)),
        example=True,
    )


def _rows_of(measures: list[models.Measure]) -> None:
    """Milestones, partners, resolutions, deviations, indicators, money and stages."""
    from elbe_elster.region.models import Administration
    from elbe_elster.strategy import models as tables

    _all(tables.Milestone, (step for row in measures for step in _steps(measure=row)))
    bodies = list(tables.Body.objects.all())
    _all(
        tables.MeasurePartner,
        (
            tables.MeasurePartner(measure=row, body=body, role="Erprobung")
            for row in measures
            for body in bodies[row.pk % 30 : row.pk % 30 + 2]
        ),
    )
    day = dt.date(2025, 3, 3)
    _all(
        tables.Resolution,
        (tables.Resolution(measure=row, body_name="Kreistag", date=day, text="Beschlossen") for row in measures),
    )
    _all(
        tables.Deviation,
        (
            tables.Deviation(measure=row, kind=tables.DeviationKind.DATE, subject="Ende", reason="Lieferzeit")
            for row in measures[::3]
        ),
    )
    _indicators(measures)
    _money(measures)
    _all(tables.Adoption, _stages(measures, list(Administration.objects.all())))


def _indicators(measures: list[models.Measure]) -> None:
    from elbe_elster.strategy.models import Indicator, Reading

    indicators = _all(
        Indicator,
        (
            Indicator(measure=row, name_de="Anträge im Jahr", unit_de="Anträge", baseline=0, target=900, headline=True)
            for row in measures
        ),
    )
    _all(
        Reading,
        (
            Reading(indicator=row, date=dt.date(year, 12, 31), value=Decimal(year - 2000) * 10)
            for row in indicators
            for year in (2023, 2024, 2025)
        ),
    )


def _money(measures: list[models.Measure]) -> None:
    from elbe_elster.strategy import models as tables

    _all(
        tables.CostRow,
        (
            tables.CostRow(measure=row, kind=kind, year=2026, planned=10_000 + row.pk)
            for row in measures
            for kind in (tables.CostKind.INVESTMENT, tables.CostKind.STAFF)
        ),
    )
    _all(
        tables.FundingRow,
        (
            tables.FundingRow(measure=row, kind=tables.FundingKind.GRANT, programme="Beispiel", amount=5000)
            for row in measures
        ),
    )


def _steps(**owner: Any) -> Iterator[models.Milestone]:
    from elbe_elster.strategy.models import Milestone, MilestoneState

    (row,) = owner.values()
    for number in range(4):
        due = row.starts_on + dt.timedelta(days=120 * (number + 1))
        done = number < row.pk % 4
        yield Milestone(
            **owner,
            title_de=f"Schritt {number + 1}",
            text_de=SENTENCES[number],
            state=MilestoneState.DONE if done else MilestoneState.OPEN,
            due_on=due,
            done_on=due if done else None,
        )


def _stages(measures: list[models.Measure], administrations: list[Administration]) -> Iterator[models.Adoption]:
    from elbe_elster.strategy.models import Adoption, Stage

    stages = itertools.cycle(Stage.values)
    for row in measures:
        for administration in administrations:
            yield Adoption(measure=row, administration=administration, stage=next(stages))


def _profiles(measures: list[models.Measure]) -> None:
    from elbe_elster.strategy import models as tables

    profiles = _all(
        tables.ProjectProfile,
        (
            tables.ProjectProfile(
                measure=row,
                slug=f"messung-projekt-{row.number.lower()}",
                title_de=f"{row.title_de}: das Projekt",
                summary_de=row.summary_de,
                situation_de=row.need_de,
                aims_de=row.benefit_de,
                plan_de=row.description_de,
                publication=row.publication,
                published_at=row.published_at,
                phase=tables.Phase.IN_PROGRESS,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                example=True,
            )
            for row in measures
        ),
    )
    _all(tables.Milestone, (step for row in profiles for step in _steps(profile=row)))


def _chronicle(measures: list[models.Measure]) -> None:
    from elbe_elster.strategy.models import ChronicleEntry, EntryKind

    kinds = itertools.cycle(EntryKind.values)
    each = ENTRIES // len(measures)
    _all(
        ChronicleEntry,
        (
            ChronicleEntry(
                measure=row,
                kind=next(kinds),
                date=START + dt.timedelta(days=(row.pk * 7 + number * 23) % 1000),
                text_de=SENTENCES[(row.pk + number) % len(SENTENCES)],
            )
            for row in measures
            for number in range(each)
        ),
    )


if __name__ == "__main__":
    django.setup()
    print(generate())
    sys.exit(0)
