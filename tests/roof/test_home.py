import pytest
from django.test import Client


@pytest.mark.django_db
def test_home_needs_no_account(client: Client) -> None:
    assert client.get("/").status_code == 200
