import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from elbe_elster.ui import views
from elbe_elster.ui.maintenance import MaintenanceMiddleware
from tests.client import PortalClient

LANGUAGES = ["de", "en", "de-simple"]


def request() -> HttpRequest:
    return RequestFactory().get("/irgendwo/")


def text(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_page_has_one_title_and_its_language(language: str) -> None:
    with override(language):
        answers = [
            views.bad_request(request(), ValueError("geheim")),
            views.permission_denied(request(), PermissionDenied("Nur die Freigabe darf das.")),
            views.page_not_found(request(), ValueError("geheim")),
            views.server_error(request()),
        ]
    assert [answer.status_code for answer in answers] == [400, 403, 404, 500]
    for answer in answers:
        assert text(answer).count("<h1>") == 1
        assert f'<html lang="{language}">' in text(answer)
        assert "geheim" not in text(answer)


def test_forbidden_shows_the_sentence_of_the_exception() -> None:
    assert "Nur die Freigabe darf das." in text(
        views.permission_denied(request(), PermissionDenied("Nur die Freigabe darf das."))
    )
    assert "keine Berechtigung" in text(views.permission_denied(request(), PermissionDenied()))


def test_the_page_after_a_failure_needs_no_database(
    django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    with django_assert_num_queries(0):
        assert views.server_error(request()).status_code == 500


@pytest.mark.django_db
def test_a_stale_form_says_what_to_do() -> None:
    answer = PortalClient(enforce_csrf_checks=True).post("/konto/anmelden/", {"login": "a"})
    assert answer.status_code == 403
    assert "Das Formular ist abgelaufen" in answer.content.decode()


@pytest.mark.django_db
def test_a_wrong_host_gets_the_error_page(client: PortalClient) -> None:
    answer = client.get("/", headers={"host": "böse.example".encode("idna").decode()})
    assert answer.status_code == 400


@override_settings(MAINTENANCE=True)
def test_a_pause_answers_503_in_the_language_of_the_address(client: PortalClient) -> None:
    answer = client.get("/en/strategie/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")
    assert '<html lang="en">' in answer.content.decode()


@pytest.mark.django_db
@override_settings(MAINTENANCE=True)
def test_health_is_asked_during_a_pause_too(client: PortalClient) -> None:
    assert client.get("/healthz").status_code != 503


@pytest.mark.django_db
def test_an_address_that_takes_only_forms_says_so(visitor: PortalClient) -> None:
    response = visitor.post("/suche/")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET")
    assert "nimmt nur Angaben aus einem Formular entgegen" in response.content.decode()


def test_a_database_that_is_away_asks_for_patience() -> None:
    middleware = MaintenanceMiddleware(lambda _request: HttpResponse("da"))
    response = middleware.process_exception(RequestFactory().get("/en/strategie/"), OperationalError("gone"))
    assert response is not None
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert '<html lang="en">' in text(response)
    assert middleware.process_exception(request(), ValueError("ours")) is None
