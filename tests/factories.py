"""Rows for tests. Plain by default; what a test is about, it says itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from elbe_elster.accounts.models import Role, RoleGrant, Seat, SeatHolder, User
from elbe_elster.region.models import Administration, AdministrationKind, Municipality, Population, PopulationSeries

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
