"""Who follows what by e-mail, without an account."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .choices import Frequency
from .fields import ActionField
from .measures import Measure
from .progress import ChronicleEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

SALT = "strategy.stop"
WEEKLY_AT = dt.time(8)  # on Mondays, in the county
CONFIRM_WITHIN = dt.timedelta(days=7)


def new_token() -> str:
    """The secret in the links of a subscription's letters: 32 bytes of chance."""
    return secrets.token_urlsafe(32)


def weekly_moment(moment: dt.datetime) -> dt.datetime:
    """The last Monday, 8 o'clock on the county's clocks, that is not later than a moment."""
    local = timezone.localtime(moment)
    monday = local.date() - dt.timedelta(days=local.weekday())
    found = timezone.make_aware(dt.datetime.combine(monday, WEEKLY_AT))
    return (
        found if found <= moment else timezone.make_aware(dt.datetime.combine(monday - dt.timedelta(days=7), WEEKLY_AT))
    )


def sign_subscriptions(keys: Iterable[int]) -> str:
    """What stands in the link that ends these subscriptions: their keys, and that the portal wrote it."""
    return signing.Signer(salt=SALT).sign(".".join(map(str, keys)))


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions, in the field's words."""

    def of_address(self, email: str) -> SubscriptionQuerySet:
        """Everything that goes to one address, however it is capitalised."""
        return self.annotate(lowered=Lower("email")).filter(lowered=Lower(models.Value(email)))

    def signed(self, said: str) -> SubscriptionQuerySet:
        """Those in the link that ends subscriptions. Raises ``signing.BadSignature``."""
        keys = signing.Signer(salt=SALT).unsign(said)
        return self.filter(pk__in=[int(key) for key in keys.split(".")])

    def confirmable(self, now: dt.datetime) -> SubscriptionQuerySet:
        """Those whose first letter can still be answered."""
        return self.filter(confirmed_at=None, created_at__gte=now - CONFIRM_WITHIN)

    def due(self, until: dt.datetime) -> SubscriptionQuerySet:
        """Confirmed ones whose turn it is to be told what was written up to a moment."""
        at_once = Q(frequency=Frequency.AT_ONCE, told_until__lt=until)
        return self.confirmed().filter(at_once | Q(frequency=Frequency.WEEKLY, told_until__lt=weekly_moment(until)))

    def with_news(self, until: dt.datetime) -> SubscriptionQuerySet:
        """Those for which something public was written after what they were told, up to a moment."""
        return self.filter(_has_news(until))

    def without_news(self, until: dt.datetime) -> SubscriptionQuerySet:
        """The others."""
        return self.exclude(_has_news(until))

    def confirmed(self) -> SubscriptionQuerySet:
        """Those whose owner has opened the link in the first letter."""
        return self.filter(confirmed_at__isnull=False)

    def never_confirmed(self, now: dt.datetime) -> SubscriptionQuerySet:
        """Those whose link was not opened in time; they are deleted."""
        return self.filter(confirmed_at=None, created_at__lt=now - CONFIRM_WITHIN)


def _has_news(until: dt.datetime) -> Q:
    entries = ChronicleEntry.objects.public().filter(written_at__gt=OuterRef("told_until"), written_at__lte=until)
    field = OuterRef("action_field")
    of_field = entries.filter(Q(measure__primary_field=field) | Q(measure__further_fields=field))
    return (
        Q(Exists(entries.filter(measure=OuterRef("measure"))), measure__isnull=False)
        | Q(Exists(of_field), action_field__isnull=False)
        | Q(Exists(entries), measure__isnull=True, action_field__isnull=True)
    )


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
        return f"{self.email}: {self.subject}"

    @property
    def subject(self) -> str:
        """What is followed, in words; nothing of a measure that the public does not see at the moment."""
        if self.measure and not self.measure.is_visible:
            return str(_("eine Maßnahme, die zurzeit nicht öffentlich ist"))
        return str(self.measure or self.action_field or _("Alle Maßnahmen"))

    @property
    def entries(self) -> Q:
        """Which entries of the Chronik it is about."""
        if self.measure_id:
            return Q(measure=self.measure_id)
        if self.action_field_id:
            further = Measure.further_fields.through.objects.filter(actionfield=self.action_field_id).values("measure")
            return Q(measure__primary_field=self.action_field_id) | Q(measure__in=further)
        return Q(pk__isnull=False)
