import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elbe_elster.accounts.models import Seat, User
from tests.client import PortalClient


@pytest.mark.django_db
def test_unordered_query_is_shuffled() -> None:
    with CaptureQueriesContext(connection) as queries:
        list(User.objects.order_by())
    assert queries[0]["sql"].endswith("ORDER BY RANDOM() ASC")


@pytest.mark.django_db
def test_ordered_query_is_left_alone() -> None:
    with CaptureQueriesContext(connection) as queries:
        list(User.objects.order_by("pk"))
    assert queries[0]["sql"].endswith('ORDER BY "accounts_user"."id" ASC')


@pytest.mark.django_db
def test_lock_over_join_must_say_of() -> None:
    with pytest.raises(AssertionError, match="must say of="):
        list(Seat.objects.select_related("administration").select_for_update())
    assert list(Seat.objects.select_related("administration").select_for_update(of=["self"])) == []


@pytest.mark.django_db
def test_people_differ(representative: User, stranger: User, visitor: PortalClient) -> None:
    assert [str(holder.seat) for user in (representative, stranger) for holder in user.seats.all()] == [
        "Stadt Finsterwalde",
        "Amt Plessa",
    ]
    assert "sessionid" not in visitor.cookies
