"""Pages about people: one's own account, the people of the portal, the way in."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, NoReturn, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from elbe_elster.ui.context import exists

from . import actions
from .forms import AcceptForm, InvitationForm, NameForm
from .models import Invitation, InvitationState, User
from .permissions import (
    can_manage_invitation,
    can_manage_people,
    can_manage_person,
    can_see_editorial_home,
    grantable_roles,
    has_second_factor,
    manageable_people,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def keepers_of_people(view: View) -> View:
    """Let in whoever manages people; everybody else gets a sentence."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not can_manage_people(request.user):
            raise PermissionDenied(_("Personen verwalten Administration und Geschäftsstelle."))
        return view(request, *args, **kwargs)

    return guarded


# One's own account ------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def account_overview(request: HttpRequest) -> HttpResponse:
    """What the portal knows about me, and where I change it."""
    user = cast("User", request.user)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        actions.rename_person(person=user, name=form.cleaned_data["name"])
        messages.success(request, _("Ihr Name ist geändert."))
        return redirect("accounts:account-overview")
    seats = user.seats.select_related("seat__administration")
    context = {
        "form": form,
        "grants": user.roles.all(),
        "seats": [holder for holder in seats if holder.is_current],
        "has_second_factor": has_second_factor(user),
        "passkeys": Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count(),
    }
    return render(request, "accounts/account_overview.html", context, status=422 if form.errors else 200)


@login_not_required
def sign_up_closed(request: HttpRequest) -> NoReturn:  # noqa: ARG001 - Django's signature
    """Nobody registers here; there is no such page."""
    raise Http404


# The editors' start page --------------------------------------------------------


def editorial_home(request: HttpRequest) -> HttpResponse:
    """What I may do here."""
    user = cast("User", request.user)
    if not can_see_editorial_home(user):
        raise PermissionDenied(_("Dieser Bereich ist für die Beschäftigten des Landkreises."))
    entries = [
        {"url": path, "label": label, "text": text}
        for path, label, text, roles in settings.EDITORIAL_ENTRIES
        if exists(path) and user.has_role(*roles)
    ]
    return render(request, "accounts/editorial_home.html", {"entries": entries, "grants": user.roles.all()})


# The people of the portal ---------------------------------------------------------


@keepers_of_people
def person_list(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and everybody who is invited."""
    user = cast("User", request.user)
    people = [
        {"person": person, "can_manage": can_manage_person(user, person)}
        for person in manageable_people(user).for_list()
    ]
    invitations = [row for row in Invitation.objects.for_list() if can_manage_invitation(user, row)]
    return render(request, "accounts/person_list.html", {"people": people, "invitations": invitations})


@keepers_of_people
@require_http_methods(["GET", "POST"])
def invitation_create(request: HttpRequest) -> HttpResponse:
    """Invite somebody."""
    user = cast("User", request.user)
    form = InvitationForm(request.POST if request.method == "POST" else None, by=user)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite_person(**form.cleaned_data, by=user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Die Einladung an %(name)s ist unterwegs.") % {"name": invitation.name})
            return redirect("accounts:person-list")
    context = {"form": form, "roles": grantable_roles(user)}
    return render(request, "accounts/invitation_create.html", context, status=422 if form.errors else 200)


@keepers_of_people
@require_POST
def invitation_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the letter once more, with a new link."""
    return _decide_invitation(request, pk, actions.resend_invitation, _("Die Einladung ist noch einmal unterwegs."))


@keepers_of_people
@require_POST
def invitation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The link no longer works."""
    return _decide_invitation(request, pk, actions.withdraw_invitation, _("Die Einladung ist zurückgezogen."))


def _decide_invitation(request: HttpRequest, pk: int, action: Callable[..., None], done: str) -> HttpResponse:
    user = cast("User", request.user)
    invitation = get_object_or_404(Invitation, pk=pk)
    if not can_manage_invitation(user, invitation):
        raise Http404
    try:
        action(invitation=invitation, by=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("accounts:person-list")


@keepers_of_people
@require_POST
def person_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account."""
    return _decide_person(
        request, pk, actions.deactivate_person, _("Das Konto ist gesperrt, alle Sitzungen sind beendet.")
    )


@keepers_of_people
@require_POST
def person_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account again."""
    return _decide_person(request, pk, actions.reactivate_person, _("Das Konto ist wieder offen."))


def _decide_person(request: HttpRequest, pk: int, action: Callable[..., None], done: str) -> HttpResponse:
    user = cast("User", request.user)
    person = get_object_or_404(User, pk=pk)
    if not can_manage_person(user, person):
        if manageable_people(user).filter(pk=pk).exists():
            raise PermissionDenied(_("Dieses Konto können Sie nicht ändern."))
        raise Http404
    action(person=person, by=user)
    messages.success(request, done)
    return redirect("accounts:person-list")


# The way in ------------------------------------------------------------------------


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody who was invited gives a name and a password and is in."""
    invitation = Invitation.objects.with_token(token).first()
    if invitation is None or invitation.state != InvitationState.OPEN:
        state = invitation.state if invitation else ""
        return render(request, "accounts/invitation_over.html", {"state": state}, status=410 if invitation else 404)
    form = AcceptForm(request.POST if request.method == "POST" else None, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.accept_invitation(
                invitation=invitation, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _welcome(request, user)
    context = {"form": form, "invitation": invitation}
    return render(request, "accounts/invitation_accept.html", context, status=422 if form.errors else 200)


def _welcome(request: HttpRequest, user: User) -> HttpResponse:
    logout(request)
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method="password", email=user.email)
    messages.success(
        request, _("Willkommen! Ihr Konto ist da. Richten Sie jetzt den zweiten Schritt der Anmeldung ein.")
    )
    return redirect("mfa_index")
