"""How allauth behaves here: nobody registers, nothing tells who has an account."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.urls import reverse

from elbe_elster.ui.context import exists

from .models import User
from .permissions import SECOND_FACTORS, needs_second_factor

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts begin with an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Letters name the portal and its address, whatever host the request was for."""
        site = {"name": settings.SITE_NAME, "domain": settings.BASE_URL}
        told = {"request": self.request, "email": email, "current_site": site, **context}
        self.render_mail(template_prefix, email, told).send()

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Whoever has just signed in is not asked again at once; after five minutes they are."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0)
        if time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the person's work is."""
        user = request.user
        for path, _label, roles in settings.NAVIGATION_INTERNAL[::-1]:
            if isinstance(user, User) and exists(path) and user.has_role(*roles):
                return str(path)
        return reverse("accounts:account-overview")


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The county's own sign-in lets existing accounts in, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        """Never."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever needs a second factor keeps the last one until there is another."""
        if authenticator.type not in SECOND_FACTORS or not needs_second_factor(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())
