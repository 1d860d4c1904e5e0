"""People, the roles they hold, and the seats of the circle."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import partial
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.ui.history import keep_history


class Role(models.TextChoices):
    """What a person may do. A person can hold several roles."""

    CURATOR = "curator", _("Redaktion")
    PUBLISHER = "publisher", _("Freigabe")
    SURVEY_TEAM = "survey_team", _("Beteiligungsteam")
    CIRCLE_OFFICE = "circle_office", _("Geschäftsstelle")
    REPRESENTATIVE = "representative", _("Vertretung einer Verwaltung")
    ADMIN = "admin", _("Administration")


INVITATION_DAYS = 14


class UserQuerySet(models.QuerySet["User"]):
    """People, in the portal's words."""

    def for_list(self) -> UserQuerySet:
        """With roles and seats, for a page of people: active ones first, by name."""
        return self.prefetch_related("roles", "seats__seat__administration").order_by("-is_active", "name", "email")

    def holding(self, *roles: str) -> UserQuerySet:
        """Who holds at least one of the roles."""
        return self.filter(pk__in=RoleGrant.objects.filter(role__in=roles).values("user"))

    def holding_nothing_but(self, role: str) -> UserQuerySet:
        """Who holds this role and no other."""
        others = RoleGrant.objects.exclude(role=role).values("user")
        return self.holding(role).exclude(pk__in=others).exclude(is_staff=True)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates users; the e-mail address is the user name."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """A new person. Without a password the account can only be entered by invitation."""
        user = User(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        """A new technician with every right in the Django admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


@partial(keep_history, exclude=("password", "last_login"))
class User(AbstractBaseUser, PermissionsMixin):
    """A person of the county or of a municipal administration. Citizens have no account."""

    email = models.EmailField(_("E-Mail-Adresse"), unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    is_active = models.BooleanField(_("aktiv"), default=True)
    is_staff = models.BooleanField(_("darf in die Django-Verwaltung"), default=False)
    joined_at = models.DateTimeField(_("dabei seit"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("Personen")
        ordering = ["email"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, or the address where none is given."""
        return str(self)

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds at least one of the roles. Asks the database once per request object."""
        return bool(self.role_names.intersection(roles))

    @property
    def role_names(self) -> set[str]:
        """Names of all roles the person holds."""
        if not hasattr(self, "_role_names"):
            self._role_names = {grant.role for grant in self.roles.all()}
        return self._role_names

    @property
    def current_seats(self) -> list[SeatHolder]:
        """The seats the person holds today."""
        return [holder for holder in self.seats.all() if holder.is_current]


@keep_history
class RoleGrant(models.Model):
    """One role held by one person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles", verbose_name=_("Person"))
    role = models.CharField(_("Rolle"), max_length=20, choices=Role)

    class Meta:
        verbose_name = _("Rolle")
        verbose_name_plural = _("Rollen")
        ordering = ["role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                name="accounts_one_grant_per_role",
                violation_error_message=_("Diese Rolle hat die Person schon."),
            )
        ]

    def __str__(self) -> str:
        return self.get_role_display()


@keep_history
class Seat(models.Model):
    """The place of one administration (or the county) in the circle."""

    administration = models.OneToOneField(
        "region.Administration", on_delete=models.PROTECT, related_name="+", verbose_name=_("Verwaltung")
    )

    class Meta:
        verbose_name = _("Sitz im Koordinierungskreis")
        verbose_name_plural = _("Sitze im Koordinierungskreis")
        ordering = ["administration__sort_key"]

    def __str__(self) -> str:
        return str(self.administration)


class SeatPart(models.TextChoices):
    """As what a person sits for an administration."""

    REPRESENTATIVE = "representative", _("Vertretung")
    DEPUTY = "deputy", _("Stellvertretung")


@keep_history
class SeatHolder(models.Model):
    """Who sits for an administration, as what, and from when to when (days, both included)."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="holders", verbose_name=_("Sitz"))
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats", verbose_name=_("Person"))
    part = models.CharField(_("als"), max_length=20, choices=SeatPart, default=SeatPart.REPRESENTATIVE)
    order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=1)
    starts_on = models.DateField(_("von"), default=timezone.localdate)
    ends_on = models.DateField(_("bis"), null=True, blank=True)

    class Meta:
        verbose_name = _("Besetzung eines Sitzes")
        verbose_name_plural = _("Besetzungen der Sitze")
        ordering = ["seat", "part", "order"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="accounts_seat_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
            models.UniqueConstraint(
                fields=["seat"],
                condition=models.Q(ends_on__isnull=True, part="representative"),
                name="accounts_one_representative_per_seat",
                violation_error_message=_("Dieser Sitz hat schon eine Vertretung."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_part_display()}, {self.seat})"

    @property
    def is_current(self) -> bool:
        """Whether today lies between first and last day."""
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)


class InvitationState(models.TextChoices):
    """Where an invitation stands."""

    OPEN = "open", _("offen")
    ACCEPTED = "accepted", _("angenommen")
    WITHDRAWN = "withdrawn", _("zurückgezogen")
    EXPIRED = "expired", _("abgelaufen")


def token_digest(token: str) -> str:
    """What is stored of the token in an invitation's link. The token itself stands only in the letter."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_end() -> dt.datetime:
    """Until when a new invitation holds."""
    return timezone.now() + dt.timedelta(days=INVITATION_DAYS)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, in the portal's words."""

    def pending(self) -> InvitationQuerySet:
        """Neither accepted nor withdrawn; some of them may have expired."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def with_token(self, token: str) -> InvitationQuerySet:
        """The one whose letter carries this token."""
        return self.filter(token_digest=token_digest(token))

    def for_list(self) -> InvitationQuerySet:
        """Pending ones, the newest first."""
        return self.pending().select_related("seat__administration", "invited_by").order_by("-created_at")


@partial(keep_history, exclude=("token_digest",))
class Invitation(models.Model):
    """The letter with which a person gets an account. Nobody can register on their own."""

    email = models.EmailField(_("E-Mail-Adresse"))
    name = models.CharField(_("Name"), max_length=120)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name=_("Rollen"))
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Sitz")
    )
    part = models.CharField(_("als"), max_length=20, choices=SeatPart, blank=True)
    token_digest = models.CharField(_("Prüfwert des Links"), max_length=64, unique=True)
    letters = models.PositiveSmallIntegerField(_("verschickt"), default=0, help_text=_("Wie oft."))
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, verbose_name=_("eingeladen von")
    )
    created_at = models.DateTimeField(_("angelegt"), default=timezone.now)
    expires_at = models.DateTimeField(_("gilt bis"), default=invitation_end)
    accepted_at = models.DateTimeField(_("angenommen"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True, verbose_name=_("Person")
    )
    withdrawn_at = models.DateTimeField(_("zurückgezogen"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Einladung")
        verbose_name_plural = _("Einladungen")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="accounts_one_pending_invitation",
                violation_error_message=_("Diese Person ist schon eingeladen. Schicken Sie die Einladung noch einmal."),
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="accounts_invitation_one_end",
                violation_error_message=_("Eine Einladung ist entweder angenommen oder zurückgezogen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.email})"

    @property
    def state(self) -> InvitationState:
        """Open, accepted, withdrawn or expired, at this moment."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        return InvitationState.OPEN if timezone.now() < self.expires_at else InvitationState.EXPIRED

    @property
    def role_labels(self) -> list[str]:
        """The roles in words."""
        return [str(Role(role).label) for role in self.roles]
