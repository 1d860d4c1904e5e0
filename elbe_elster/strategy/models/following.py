"""Who follows what by e-mail, without an account."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .choices import Frequency
from .fields import ActionField
from .measures import Measure

CONFIRM_WITHIN = dt.timedelta(days=7)


def new_token() -> str:
    """The secret in the links of a subscription's letters: 32 bytes of chance."""
    return secrets.token_urlsafe(32)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions, in the field's words."""

    def confirmed(self) -> SubscriptionQuerySet:
        """Those whose owner has opened the link in the first letter."""
        return self.filter(confirmed_at__isnull=False)

    def never_confirmed(self, now: dt.datetime) -> SubscriptionQuerySet:
        """Those whose link was not opened in time; they are deleted."""
        return self.filter(confirmed_at=None, created_at__lt=now - CONFIRM_WITHIN)


class Subscription(models.Model):
    """One e-mail address follows a measure, an action field, or everything (neither given).

    Unsubscribing deletes the row. The token opens exactly this subscription and is in every letter.
    """

    email = models.EmailField(_("E-Mail-Adresse"))
    measure = models.ForeignKey(
        Measure,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("Maßnahme"),
    )
    action_field = models.ForeignKey(
        ActionField,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("Handlungsfeld"),
    )
    frequency = models.CharField(_("Wie oft"), max_length=8, choices=Frequency, default=Frequency.WEEKLY)
    language = models.CharField(_("Sprache"), max_length=9, choices=settings.LANGUAGES, default="de")
    token = models.CharField(_("Schlüssel"), max_length=64, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("angelegt"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("bestätigt"), null=True, blank=True)
    told_until = models.DateTimeField(_("berichtet bis"), default=timezone.now)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Abonnement")
        verbose_name_plural = _("Abonnements")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "measure",
                "action_field",
                name="strategy_one_subscription_per_address",
                nulls_distinct=False,
                violation_error_message=_("Diese Adresse bekommt diese Nachrichten schon."),
            ),
            models.CheckConstraint(
                condition=Q(measure__isnull=True) | Q(action_field__isnull=True),
                name="strategy_subscription_one_scope",
                violation_error_message=_("Ein Abonnement gilt einer Maßnahme, einem Handlungsfeld oder allem."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.measure or self.action_field or _('Alles')}"
