from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.urls import reverse

from elbe_elster import administration
from elbe_elster.legal.loading import load_texts
from elbe_elster.legal.models import LegalText

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
MODELS = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_has_a_list_or_a_reason(model: Any, sign_in: SignIn, admin: User) -> None:
    reverse("admin:index")  # the addresses arrange the admin; another test may not have asked for one yet
    if model._meta.label in administration.NOT_SHOWN:
        assert not django_admin.site.is_registered(model)
        return
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    response = sign_in(admin).get(address, {"q": "Elster"})
    assert response.status_code == 200


def test_secrets_have_reasons_for_real_models() -> None:
    assert set(administration.NOT_SHOWN) <= {model._meta.label for model in MODELS}


@pytest.mark.parametrize("model", [model for model in MODELS if administration.is_history(model)], ids=str)
def test_history_is_read_and_never_written(model: Any, sign_in: SignIn, admin: User) -> None:
    browser = sign_in(admin)
    assert browser.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")).status_code == 403


def test_a_version_can_be_looked_at(sign_in: SignIn, admin: User) -> None:
    from elbe_elster.legal import models

    load_texts()
    event: Any = models.LegalTextEvent.objects.first()  # type: ignore[attr-defined]
    address = reverse("admin:legal_legaltextevent_change", args=[event.pk])
    browser = sign_in(admin)
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"slug": "x"}).status_code == 403
    assert browser.post(reverse("admin:legal_legaltextevent_delete", args=[event.pk])).status_code == 403


def test_the_admin_speaks_german_and_lets_nobody_else_in(
    visitor: PortalClient, sign_in: SignIn, admin: User, curator: User
) -> None:
    page = sign_in(admin).get("/admin/").content.decode()
    assert "Elbe-Elster digital: Technik" in page
    assert "Rechtstexte" in page
    assert visitor.get("/admin/").status_code == 302
    assert sign_in(curator).get("/admin/").status_code in {302, 403}
    load_texts()
    text = LegalText.objects.get(slug="impressum")
    assert sign_in(admin).get(reverse("admin:legal_legaltext_change", args=[text.pk])).status_code == 200
