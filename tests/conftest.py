"""What every test can ask for: a strict database, a distrustful client, and the people of the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import strict, worker
from tests.client import PortalClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import DjangoDbBlocker

    from elbe_elster.accounts.models import Role, User


def pytest_configure() -> None:
    """The few settings in which tests differ: cheap passwords, static files without a manifest."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.SNAPSHOTS = False  # tests write without actions; those of the snapshots switch them on
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The worker's database: a copy of the template that tests.run has migrated."""
    with worker.copied_database(worker.DATABASE):
        yield
        with django_db_blocker.unblock():
            connection.close()


@pytest.fixture(autouse=True, scope="session")
def _strict_database() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        strict.shuffle_unordered_queries(patch)
        strict.refuse_wide_locks(patch)
        yield


@pytest.fixture(scope="session")
def valkey() -> Iterator[redis.Redis]:
    """The worker's own Valkey database."""
    server = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    yield server
    server.close()


@pytest.fixture(autouse=True)
def _empty_valkey(valkey: redis.Redis) -> None:
    """No test sees the cache or the queue of another."""
    valkey.flushdb()


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    """A request in another language leaves it behind in the thread; no test sees the language of another."""
    yield
    translation.deactivate()


@pytest.fixture
def content(db: None) -> None:
    """What the portal knows from its own content files: region, seats, strategy, talks."""
    from elbe_elster.coordination.actions import load_content

    for _name, _report in load_content():
        pass


# Clients ----------------------------------------------------------------------


@pytest.fixture
def client() -> PortalClient:
    """A visitor's browser: nobody is signed in."""
    return PortalClient()


class SignIn(Protocol):
    """Gives a client in which the person is signed in."""

    def __call__(self, user: User) -> PortalClient: ...


@pytest.fixture
def sign_in() -> SignIn:
    """``sign_in(curator).get("/redaktion/")``."""

    def sign_in(user: User) -> PortalClient:
        from allauth.mfa.models import Authenticator

        if user.role_names or user.is_staff:  # whoever may write here has a second factor
            Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
        browser = PortalClient()
        browser.force_login(user)
        return browser

    return sign_in


# People -----------------------------------------------------------------------
# Each is one row with one role; `stranger` represents another administration than `representative`.


def _person(name: str, *roles: Role, **fields: Any) -> User:
    from tests.factories import UserFactory

    user: User = UserFactory(email=f"{name}@example.org", name=name.title(), roles=roles, **fields)
    return user


def _representative(slug: str, name: str) -> User:
    from elbe_elster.accounts.models import Role
    from tests.factories import AdministrationFactory, SeatFactory, SeatHolderFactory

    user = _person(slug, Role.REPRESENTATIVE)
    SeatHolderFactory(user=user, seat=SeatFactory(administration=AdministrationFactory(slug=slug, name=name)))
    return user


@pytest.fixture
def visitor(client: PortalClient) -> PortalClient:
    """Somebody without an account, that is: a browser."""
    return client


@pytest.fixture
def curator(db: None) -> User:
    """Writes measures for the county."""
    from elbe_elster.accounts.models import Role

    return _person("redaktion", Role.CURATOR)


@pytest.fixture
def publisher(db: None) -> User:
    """Releases what the curators wrote."""
    from elbe_elster.accounts.models import Role

    return _person("freigabe", Role.PUBLISHER)


@pytest.fixture
def survey_team(db: None) -> User:
    """Runs surveys and talks."""
    from elbe_elster.accounts.models import Role

    return _person("beteiligung", Role.SURVEY_TEAM)


@pytest.fixture
def circle_office(db: None) -> User:
    """Runs the meetings of the circle."""
    from elbe_elster.accounts.models import Role

    return _person("geschaeftsstelle", Role.CIRCLE_OFFICE)


@pytest.fixture
def representative(db: None) -> User:
    """Sits in the circle for Finsterwalde."""
    return _representative("finsterwalde", "Stadt Finsterwalde")


@pytest.fixture
def stranger(db: None) -> User:
    """Sits in the circle for another administration than `representative`."""
    return _representative("amt-plessa", "Amt Plessa")


@pytest.fixture
def admin(db: None) -> User:
    """Looks after the portal's machinery."""
    from elbe_elster.accounts.models import Role

    return _person("admin", Role.ADMIN, is_staff=True, is_superuser=True)


# Counting ---------------------------------------------------------------------


@pytest.fixture
def count_queries() -> Callable[[], CaptureQueriesContext]:
    """``with count_queries() as queries: …; assert len(queries) == 4``."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture
def same_queries_for_one_and_three(
    client: PortalClient, count_queries: Callable[[], CaptureQueriesContext]
) -> Callable[..., int]:
    """``same_queries_for_one_and_three(MeasureFactory, "/massnahmen/")``: a list asks no more for more rows.

    The first argument makes one row and is called once, then twice more. Gives the number of queries.
    """

    def check(make: Callable[[], object], path: str, browser: PortalClient = client) -> int:
        from django.core.cache import cache

        def measured() -> list[str]:
            cache.clear()
            with count_queries() as queries:
                assert browser.get(path).status_code == 200
            return [query["sql"] for query in queries]

        make()
        measured()  # fills what a process remembers, such as content types
        one = measured()
        make()
        make()
        three = measured()
        assert len(three) == len(one), "\n".join(three)
        return len(one)

    return check
