"""People, the roles they hold, and the seats of the circle."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do. A person can hold several roles."""

    CURATOR = "curator", _("Redaktion")
    PUBLISHER = "publisher", _("Freigabe")
    SURVEY_TEAM = "survey_team", _("Beteiligungsteam")
    CIRCLE_OFFICE = "circle_office", _("Geschäftsstelle")
    REPRESENTATIVE = "representative", _("Vertretung einer Verwaltung")
    ADMIN = "admin", _("Administration")


class UserManager(BaseUserManager["User"]):
    """Creates users; the e-mail address is the user name."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """A new person. Without a password the account can only be entered by invitation."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        """A new technician with every right in the Django admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


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
            self._role_names = set(self.roles.values_list("role", flat=True))
        return self._role_names


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
