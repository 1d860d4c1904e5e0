"""Letters: every mail is a row first, is claimed before it is sent, and keeps what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime

ACCOUNT_KIND = "Konto und Technik"
FOLLOWER_KIND = "Neues per E-Mail"  # to citizens; staff see neither the links nor to whom
CONFIDENTIAL_KINDS = (ACCOUNT_KIND, FOLLOWER_KIND)


class LetterState(models.TextChoices):
    """Where a letter is."""

    QUEUED = "queued", _("wartet")
    IN_FLIGHT = "in_flight", _("unterwegs")
    SENT = "sent", _("gesendet")
    FAILED = "failed", _("gescheitert")
    UNCLEAR = "unclear", _("unklar")
    SUPERSEDED = "superseded", _("überholt")


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters, asked in the words of the outbox. Every ``now`` is an aware time."""

    def due(self, now: datetime) -> LetterQuerySet:
        """Letters that should be sent now, oldest first."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now), state=LetterState.QUEUED, due_at__lte=now
        ).order_by("due_at", "pk")

    def expired(self, now: datetime) -> LetterQuerySet:
        """Waiting letters whose use is over."""
        return self.filter(state=LetterState.QUEUED, expires_at__lte=now)

    def stuck(self, now: datetime) -> LetterQuerySet:
        """Letters whose worker has not said anything until its lease ran out."""
        return self.filter(state=LetterState.IN_FLIGHT, lease_until__lte=now)

    def claimed_as(self, letter: Letter) -> LetterQuerySet:
        """The letter, as long as the attempt that ``letter`` was claimed for is the latest one.

        A late answer still counts for a letter that has been declared unclear in the meantime.
        """
        return self.filter(
            pk=letter.pk, attempts=letter.attempts, state__in=[LetterState.IN_FLIGHT, LetterState.UNCLEAR]
        )

    def without_content(self) -> LetterQuerySet:
        """Without the message itself, which may be megabytes; it is read when it is asked for."""
        return self.defer("message", "text", "html")

    def for_list(self) -> LetterQuerySet:
        """As the list shows them: newest first, without content."""
        return self.without_content().order_by("-created_at", "-pk")

    def matching(self, text: str) -> LetterQuerySet:
        """Letters in whose address, subject or kind every word of the text occurs."""
        found = self
        for word in text.split():
            recipient = Q(recipient__icontains=word) & ~Q(kind=FOLLOWER_KIND)
            found = found.filter(recipient | Q(subject__icontains=word) | Q(kind__icontains=word))
        return found

    def counts_by_state(self) -> dict[str, int]:
        """How many letters there are in each state; states without letters are left out."""
        return dict(self.order_by().values_list("state").annotate(number=models.Count("pk")))

    def counts_by_kind(self) -> list[tuple[str, int]]:
        """The kinds there are, each with its number of letters, in alphabetical order."""
        return list(self.order_by("kind").values_list("kind").annotate(number=models.Count("pk")))


class Letter(models.Model):
    """One mail to one person."""

    key = models.CharField(
        _("Schlüssel"), max_length=400, help_text=_("Ein Schlüssel, ein Brief: verhindert Doppeltes.")
    )
    kind = models.CharField(_("Art"), max_length=60, default=ACCOUNT_KIND)
    recipient = models.EmailField(_("Empfänger"), max_length=254)
    sender = models.CharField(_("Absender"), max_length=320)
    subject = models.CharField(_("Betreff"), max_length=998)
    message = models.BinaryField(_("fertige Nachricht"), null=True, help_text=_("MIME, 7 Bit; nach 30 Tagen gelöscht."))
    text = models.TextField(_("Text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    state = models.CharField(_("Stand"), max_length=12, choices=LetterState, default=LetterState.QUEUED)
    due_at = models.DateTimeField(_("fällig"), default=timezone.now)
    expires_at = models.DateTimeField(_("nützlich bis"), null=True, blank=True)
    lease_until = models.DateTimeField(_("in Arbeit bis"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("Versuche"), default=0)
    retries = models.PositiveIntegerField(_("vergebliche Versuche seit der letzten Entscheidung"), default=0)
    handed_over_at = models.DateTimeField(_("dem Mailserver übergeben"), null=True, blank=True)
    answer = models.TextField(_("letzte Antwort des Mailservers"), blank=True)
    created_at = models.DateTimeField(_("geschrieben"), default=timezone.now)
    sent_at = models.DateTimeField(_("gesendet"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("Brief")
        verbose_name_plural = _("Briefe")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="outbox_one_letter_per_key",
                violation_error_message=_("Zu diesem Schlüssel gibt es schon einen Brief."),
            ),
            models.CheckConstraint(
                condition=~Q(key=""),
                name="outbox_letter_has_key",
                violation_error_message=_("Der Brief braucht einen Schlüssel."),
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.IN_FLIGHT, lease_until__isnull=False)
                | (~Q(state=LetterState.IN_FLIGHT) & Q(lease_until__isnull=True)),
                name="outbox_lease_while_in_flight",
                violation_error_message=_("Nur ein Brief, der unterwegs ist, ist in Arbeit, und dann mit einer Frist."),
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.SENT) | Q(sent_at__isnull=False),
                name="outbox_sent_letter_has_time",
                violation_error_message=_("Ein gesendeter Brief braucht den Zeitpunkt."),
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.UNCLEAR) | Q(handed_over_at__isnull=False),
                name="outbox_unclear_only_after_handover",
                violation_error_message=_("Unklar ist ein Brief nur, wenn er übergeben wurde und die Antwort fehlt."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LetterState.QUEUED, LetterState.IN_FLIGHT]) | Q(message__isnull=False),
                name="outbox_waiting_letter_has_content",
                violation_error_message=_("Der Inhalt dieses Briefs ist gelöscht. Er lässt sich nicht mehr senden."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="outbox_queued", condition=Q(state=LetterState.QUEUED)),
            models.Index(fields=["lease_until"], name="outbox_in_flight", condition=Q(state=LetterState.IN_FLIGHT)),
            models.Index(fields=["-created_at", "-id"], name="outbox_newest"),
            models.Index(fields=["state"], name="outbox_state"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    @property
    def is_confidential(self) -> bool:
        """Whether the content may hold a link that acts for the recipient: staff must not be able to use it."""
        return self.kind in CONFIDENTIAL_KINDS

    @property
    def shown_recipient(self) -> str:
        """To whom, as staff see it: of a citizen who follows news only how the address begins and ends."""
        if self.kind != FOLLOWER_KIND:
            return self.recipient
        name, _at, domain = self.recipient.rpartition("@")
        return f"{name[:1]}…@…{domain[domain.rfind('.') :]}"

    @property
    def can_be_sent_again(self) -> bool:
        """Whether a person may put the letter into the queue once more."""
        again = {LetterState.FAILED, LetterState.UNCLEAR, LetterState.SUPERSEDED, LetterState.SENT}
        return self.state in again and self.message is not None

    @property
    def can_be_marked_arrived(self) -> bool:
        """Whether a person may say that the letter has arrived."""
        return self.state == LetterState.UNCLEAR

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether a person may stop the letter."""
        return self.state in {LetterState.QUEUED, LetterState.FAILED, LetterState.UNCLEAR}


class LetterEventKind(models.TextChoices):
    """What happened to a letter."""

    SENT = "sent", _("Vom Mailserver angenommen")
    DEFERRED = "deferred", _("Aufgeschoben, wird wieder versucht")
    REFUSED = "refused", _("Gescheitert")
    UNCLEAR = "unclear", _("Übergeben, aber ohne Antwort")
    RETURNED = "returned", _("Versand abgebrochen, wartet wieder")
    EXPIRED = "expired", _("Frist abgelaufen, nicht mehr gesendet")
    RESENT = "resent", _("Soll noch einmal gesendet werden")
    ARRIVED = "arrived", _("Als angekommen vermerkt")
    WITHDRAWN = "withdrawn", _("Soll nicht mehr gesendet werden")


class LetterEvent(models.Model):
    """One line of a letter's history: what happened, when, and by whose decision."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="events", verbose_name=_("Brief"))
    at = models.DateTimeField(_("Zeit"), default=timezone.now)
    kind = models.CharField(_("Ereignis"), max_length=12, choices=LetterEventKind)
    attempt = models.PositiveIntegerField(_("Versuch"))
    note = models.TextField(_("Antwort oder Grund"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entschieden von"),
    )

    class Meta:
        verbose_name = _("Ereignis eines Briefs")
        verbose_name_plural = _("Ereignisse der Briefe")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()
