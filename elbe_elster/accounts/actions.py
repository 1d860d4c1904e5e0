"""Everything that changes people, roles, seats and invitations."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pghistory
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.outbox.actions import supersede_letters

from .emails import send_invitation
from .models import (
    Invitation,
    InvitationState,
    RoleGrant,
    Seat,
    SeatHolder,
    SeatPart,
    User,
    invitation_end,
    token_digest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from elbe_elster.region.models import Administration

TOKEN_BYTES = 32


def invite_person(
    *, email: str, name: str, roles: Iterable[str], administration: Administration | None, part: str, by: User
) -> Invitation:
    """Write an invitation and its letter. Raises ValidationError when the person is here or invited already."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    email = email.strip().lower()
    with transaction.atomic(), pghistory.context(user=by.pk, reason="invite"):
        if User.objects.filter(email=email).exists():
            raise ValidationError({"email": _("Diese Person hat schon ein Konto.")})
        seat = seat_of(administration) if administration else None
        invitation = Invitation(
            email=email,
            name=name,
            roles=sorted(roles),
            seat=seat,
            part=part if seat else "",
            invited_by=by,
            token_digest=token_digest(token),
            letters=1,
        )
        invitation.validate_constraints()
        invitation.save()
        send_invitation(invitation, token)
    return invitation


def resend_invitation(*, invitation: Invitation, by: User) -> None:
    """A new link and a new fortnight; the old link ends. Raises ValidationError when it is accepted or withdrawn."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic(), pghistory.context(user=by.pk, reason="resend"):
        current = _pending(invitation)
        _stop_letter(current)
        current.token_digest = token_digest(token)
        current.expires_at = invitation_end()
        current.letters += 1
        current.save(update_fields=["token_digest", "expires_at", "letters"])
        send_invitation(current, token)


def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    """The link ends. A second time changes nothing. Raises ValidationError when the person has accepted."""
    with transaction.atomic(), pghistory.context(user=by.pk, reason="withdraw"):
        current = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if current.accepted_at:
            raise ValidationError(_("Diese Einladung ist schon angenommen. Sperren Sie stattdessen das Konto."))
        if current.withdrawn_at is None:
            _stop_letter(current)
            current.withdrawn_at = timezone.now()
            current.save(update_fields=["withdrawn_at"])


def accept_invitation(*, invitation: Invitation, name: str, password: str) -> User:
    """The person comes in: account, roles and seat. Raises ValidationError when the invitation no longer holds."""
    with transaction.atomic(), pghistory.context(reason="accept"):
        current = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if current.state != InvitationState.OPEN:
            raise ValidationError(_("Diese Einladung gilt nicht mehr."))
        if User.objects.filter(email=current.email).exists():
            raise ValidationError(_("Zu dieser E-Mail-Adresse gibt es schon ein Konto. Melden Sie sich damit an."))
        user = User.objects.create_user(current.email, password, name=name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        RoleGrant.objects.bulk_create([RoleGrant(user=user, role=role) for role in current.roles])
        if current.seat:
            seat_person(seat=current.seat, user=user, part=current.part)
        current.accepted_at, current.accepted_by = timezone.now(), user
        current.save(update_fields=["accepted_at", "accepted_by"])
    return user


def seat_of(administration: Administration) -> Seat:
    """The seat of an administration; every administration has one."""
    seat, _made = Seat.objects.get_or_create(administration=administration)
    return seat


def seat_person(*, seat: Seat, user: User, part: str) -> SeatHolder:
    """Let the person sit from today. A new representative ends the term of the one before."""
    today = timezone.localdate()
    with transaction.atomic():
        holders = SeatHolder.objects.select_for_update().filter(seat=seat, ends_on__isnull=True, part=part)
        others = list(holders.order_by("pk"))
        mine = next((holder for holder in others if holder.user_id == user.pk), None)
        if mine:
            return mine
        if part == SeatPart.REPRESENTATIVE:
            for holder in others:
                holder.ends_on = max(holder.starts_on, today)
                holder.save(update_fields=["ends_on"])
        return SeatHolder.objects.create(seat=seat, user=user, part=part, order=len(others) + 1)


def deactivate_person(*, person: User, by: User) -> None:
    """Close the account and end all its sessions at once. A second time changes nothing."""
    with transaction.atomic(), pghistory.context(user=by.pk, reason="deactivate"):
        User.objects.filter(pk=person.pk, is_active=True).update(is_active=False)
        end_sessions(person=person)


def reactivate_person(*, person: User, by: User) -> None:
    """Open the account again. A second time changes nothing."""
    with pghistory.context(user=by.pk, reason="reactivate"):
        User.objects.filter(pk=person.pk, is_active=False).update(is_active=True)


def end_sessions(*, person: User) -> None:
    """End every session of the person."""
    sessions = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()


def rename_person(*, person: User, name: str) -> None:
    """Change the name others see."""
    User.objects.filter(pk=person.pk).update(name=name)


def _pending(invitation: Invitation) -> Invitation:
    current = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if current.state not in {InvitationState.OPEN, InvitationState.EXPIRED}:
        raise ValidationError(_("Diese Einladung ist schon angenommen oder zurückgezogen."))
    return current


def _stop_letter(invitation: Invitation) -> None:
    """A letter that still waits with an old link would only confuse."""
    supersede_letters(keys=[f"invitation-{invitation.pk}-{invitation.letters}"], reason=_("Der Link gilt nicht mehr."))
