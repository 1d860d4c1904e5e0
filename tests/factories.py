"""Rows for tests. Plain by default; what a test is about, it says itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from elbe_elster.accounts.models import Role, RoleGrant, Seat, SeatHolder, User
from elbe_elster.region.models import Administration, AdministrationKind, Municipality, Population, PopulationSeries
from elbe_elster.strategy.models import (
    ActionField,
    Adoption,
    Body,
    ChronicleEntry,
    Frequency,
    Goal,
    Indicator,
    Measure,
    Milestone,
    Phase,
    ProjectProfile,
    Publication,
    Stage,
    Strategy,
    Subscription,
)

PASSWORD = "ein langes Kennwort"


class UserFactory(DjangoModelFactory):
    """A person without any role; ``roles=[…]`` grants some."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person-{number}@example.org")
    name = factory.Sequence(lambda number: f"Person {number}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **{"password": PASSWORD, **kwargs})

    @factory.post_generation
    def roles(self, _create: bool, extracted: list[Role] | None, **_kwargs: object) -> None:  # noqa: FBT001
        """Grant the roles given."""
        for role in extracted or []:
            RoleGrant.objects.create(user=self, role=role)


class AdministrationFactory(DjangoModelFactory):
    """A town's administration."""

    class Meta:
        model = Administration
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda number: f"stadt-{number}")
    name = factory.LazyAttribute(lambda row: row.slug.replace("-", " ").title())
    kind = AdministrationKind.TOWN
    seat = factory.LazyAttribute(lambda row: row.name)


class MunicipalityFactory(DjangoModelFactory):
    """A municipality of a town's administration."""

    class Meta:
        model = Municipality

    key = factory.Sequence(lambda number: f"12062{number:03}")
    name = factory.Sequence(lambda number: f"Gemeinde {number}")
    administration = factory.SubFactory(AdministrationFactory)


class PopulationSeriesFactory(DjangoModelFactory):
    """A count at the end of 2024."""

    class Meta:
        model = PopulationSeries

    key = factory.Sequence(lambda number: f"zaehlung-{number}")
    name = factory.Sequence(lambda number: f"Zählung {number}")
    date = dt.date(2024, 12, 31)
    source = "Beispiel"


class PopulationFactory(DjangoModelFactory):
    """A thousand people."""

    class Meta:
        model = Population

    series = factory.SubFactory(PopulationSeriesFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    count = 1000


class SeatFactory(DjangoModelFactory):
    """An administration's place in the circle."""

    class Meta:
        model = Seat
        django_get_or_create = ("administration",)

    administration = factory.SubFactory(AdministrationFactory)


class SeatHolderFactory(DjangoModelFactory):
    """Somebody who represents an administration today."""

    class Meta:
        model = SeatHolder

    seat = factory.SubFactory(SeatFactory)
    user = factory.SubFactory(UserFactory, roles=[Role.REPRESENTATIVE])


class StrategyFactory(DjangoModelFactory):
    """The edition in force."""

    class Meta:
        model = Strategy
        django_get_or_create = ("edition",)

    edition = "erste"
    title_de = "Digitalstrategie"


class ActionFieldFactory(DjangoModelFactory):
    """An action field of the edition in force."""

    class Meta:
        model = ActionField
        django_get_or_create = ("slug",)

    strategy = factory.SubFactory(StrategyFactory)
    number = factory.Sequence(lambda number: number + 1)
    slug = factory.LazyAttribute(lambda row: f"feld-{row.number}")
    name_de = factory.LazyAttribute(lambda row: f"Feld {row.number}")
    short_name_de = factory.LazyAttribute(lambda row: row.name_de)
    summary_de = "Worum es geht."
    icon = "f1"
    colour = 1


class GoalFactory(DjangoModelFactory):
    """A goal of a new field."""

    class Meta:
        model = Goal

    action_field = factory.SubFactory(ActionFieldFactory)
    number = factory.Sequence(lambda number: number + 1)
    title_de = factory.LazyAttribute(lambda row: f"Ziel {row.number}")


class BodyFactory(DjangoModelFactory):
    """An office outside of any administration."""

    class Meta:
        model = Body

    name = factory.Sequence(lambda number: f"Stelle {number}")
    email = factory.Sequence(lambda number: f"stelle-{number}@example.org")


class PlannedFactory(DjangoModelFactory):
    """Published since the start of 2026; ``publication="draft"`` makes a draft."""

    class Meta:
        abstract = True

    publication = Publication.PUBLISHED
    published_at = factory.LazyAttribute(
        lambda row: None if row.publication == Publication.DRAFT else dt.datetime(2026, 1, 2, 8, tzinfo=dt.UTC)
    )
    summary_de = "Wozu das gut ist."


class MeasureFactory(PlannedFactory):
    """A published measure in progress, without dates."""

    class Meta:
        model = Measure

    strategy = factory.SubFactory(StrategyFactory)
    number = factory.Sequence(lambda number: f"M-{number + 1001}")  # tests name smaller ones themselves
    slug = factory.LazyAttribute(lambda row: row.number.lower())
    title_de = factory.LazyAttribute(lambda row: f"Maßnahme {row.number}")
    primary_field = factory.SubFactory(ActionFieldFactory)
    phase = Phase.IN_PROGRESS


class ProjectProfileFactory(PlannedFactory):
    """A published profile in progress of a published measure."""

    class Meta:
        model = ProjectProfile

    measure = factory.SubFactory(MeasureFactory)
    slug = factory.Sequence(lambda number: f"projekt-{number + 1}")
    title_de = factory.LazyAttribute(lambda row: row.slug.title())
    phase = Phase.IN_PROGRESS


class MilestoneFactory(DjangoModelFactory):
    """An open milestone of a measure, without a day."""

    class Meta:
        model = Milestone

    measure = factory.SubFactory(MeasureFactory)
    title_de = factory.Sequence(lambda number: f"Schritt {number + 1}")


class ChronicleEntryFactory(DjangoModelFactory):
    """Something that happened with a measure early in 2026."""

    class Meta:
        model = ChronicleEntry

    measure = factory.SubFactory(MeasureFactory)
    date = dt.date(2026, 2, 3)
    text_de = factory.Sequence(lambda number: f"Ereignis {number + 1}")


class IndicatorFactory(DjangoModelFactory):
    """The number that shows what a measure brings, without any reading."""

    class Meta:
        model = Indicator

    measure = factory.SubFactory(MeasureFactory)
    name_de = "Fahrten im Monat"
    unit_de = "Fahrten"
    headline = True


class AdoptionFactory(DjangoModelFactory):
    """A town that plans to use a measure since early 2026."""

    class Meta:
        model = Adoption

    measure = factory.SubFactory(MeasureFactory)
    administration = factory.SubFactory(AdministrationFactory)
    stage = Stage.PLANNED
    since = dt.date(2026, 2, 1)


class SubscriptionFactory(DjangoModelFactory):
    """A confirmed address that is told everything at once."""

    class Meta:
        model = Subscription

    email = factory.Sequence(lambda number: f"leserin-{number + 1}@example.org")
    frequency = Frequency.AT_ONCE
    confirmed_at = factory.LazyFunction(timezone.now)
