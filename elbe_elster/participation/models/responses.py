"""The urn and what is in it. Nothing here can be tied to a person or put into the order of arrival.

A submission is one sealed envelope (encrypted with a key outside the database) with a random key and the day. Every few
minutes the urn is shaken, see ``actions.shaking``: the envelopes are written anew in random order. After the end of the
day the urn is emptied: all envelopes of a survey are shuffled and become responses with new random
keys in one transaction, see ``actions.urn``. So neither keys nor days nor the place of a row on the disk tell an order
within a day, and no row of a response shares a transaction with a code, a submission key or a contact wish.
"""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .questions import Question
from .surveys import Survey, SurveyVersion

if TYPE_CHECKING:
    import datetime as dt


def random_key() -> int:
    """A key that says nothing: 63 random bits."""
    return secrets.randbits(63)


class Channel(models.TextChoices):
    """How an answer reached us."""

    ONLINE = "online", _("im Netz")
    KIOSK = "kiosk", _("vor Ort am Gerät")
    PAPER = "paper", _("auf Papier")


class Envelope(models.Model):
    """A submission of today, sealed (Umschlag). Gone as soon as the urn is emptied."""

    key = models.BigIntegerField(primary_key=True, default=random_key, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="envelopes", verbose_name=_("Umfrage"))
    day = models.DateField(_("Tag"))
    content = models.BinaryField(_("Inhalt, verschlüsselt"))
    shaken = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Umschlag")
        verbose_name_plural = _("Umschläge")

    def __str__(self) -> str:
        return f"{self.survey_id}, {self.day}"


class SubmissionKey(models.Model):
    """The digest of a key that was handed in once, so that a double click or a retry counts once.

    Not tied to the response it came with. Deleted some days after the end of the survey.
    """

    digest = models.BinaryField(_("Prüfwert"), primary_key=True, max_length=32)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+", verbose_name=_("Umfrage"))

    class Meta:
        verbose_name = _("verbrauchter Absendeschlüssel")
        verbose_name_plural = _("verbrauchte Absendeschlüssel")

    def __str__(self) -> str:
        return "…"


class PaperBatchQuerySet(models.QuerySet["PaperBatch"]):
    """Piles, in the field's words."""

    def with_counts(self) -> PaperBatchQuerySet:
        """Each with ``typed``: how many sheets are typed in and not taken over."""
        return self.annotate(typed=Count("sheets"))


class PaperBatch(models.Model):
    """A pile of paper forms of one version that are typed in together (Stapel).

    ``entry_closed``: all are typed in once, and the sample for the second entry is drawn.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="batches", verbose_name=_("Umfrage"))
    version = models.ForeignKey(
        SurveyVersion,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("Fassung auf den Bögen"),
        help_text=_("Steht klein am unteren Rand jedes Bogens."),
    )
    number = models.PositiveSmallIntegerField(_("Nummer des Stapels"))
    note = models.CharField(_("Woher die Bögen kommen"), max_length=200, blank=True)
    checked_share = models.PositiveSmallIntegerField(
        _("Anteil der Zweiteingabe in Prozent"), default=10, help_text=_("So viele Bögen werden zweimal eingegeben.")
    )
    entry_closed = models.BooleanField(_("Eingabe abgeschlossen"), default=False, editable=False)
    finished = models.BooleanField(_("übernommen"), default=False, editable=False)

    objects = PaperBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stapel Papierbögen")
        verbose_name_plural = _("Stapel Papierbögen")
        ordering = ["survey", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "number"],
                name="participation_one_batch_per_number",
                violation_error_message=_("Diesen Stapel gibt es schon."),
            ),
            models.CheckConstraint(
                condition=Q(checked_share__lte=100),
                name="participation_share_is_a_percentage",
                violation_error_message=_("Der Anteil liegt zwischen 0 und 100 Prozent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class PaperSheet(models.Model):
    """A paper form between typing in and taking over. Deleted when its batch is taken over.

    ``first`` and ``second`` are answers (``answers_to_json``) of the first and the second entry; ``agreed`` is what
    counts after differences were settled. ``key`` is made with the empty form, so that a double click stores one sheet.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="sheets", verbose_name=_("Stapel"))
    number = models.PositiveSmallIntegerField(_("Nummer im Stapel"))
    first = models.JSONField(_("erste Eingabe"))
    first_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    drawn = models.BooleanField(_("zur Zweiteingabe gezogen"), default=False)
    second = models.JSONField(_("zweite Eingabe"), null=True, blank=True)
    second_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    agreed = models.JSONField(_("abgeglichen"), null=True, blank=True)

    class Meta:
        verbose_name = _("Papierbogen")
        verbose_name_plural = _("Papierbögen")
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "number"],
                name="participation_one_sheet_per_number",
                violation_error_message=_("Dieser Bogen ist schon eingegeben."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"


class Response(models.Model):
    """One filled-in questionnaire (Antwortbogen): a random key and the day; nothing else about it is known."""

    key = models.BigIntegerField(primary_key=True, default=random_key, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses", verbose_name=_("Umfrage"))
    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("Fassung"))
    channel = models.CharField(_("Weg"), max_length=6, choices=Channel, default=Channel.ONLINE)
    day = models.DateField(_("Tag"))
    batch = models.ForeignKey(
        PaperBatch, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Stapel")
    )

    class Meta:
        verbose_name = _("Antwortbogen")
        verbose_name_plural = _("Antwortbögen")

    def __str__(self) -> str:
        return f"{self.survey_id}, {self.day}"


class AnswerState(models.IntegerChoices):
    """What a stored answer is. Every shown question (row of a matrix) has exactly one row that is not MORE."""

    VALUE = 0, _("Wert")
    MORE = 1, _("weiterer Wert derselben Frage")
    SKIPPED = 2, _("übersprungen")
    NO_ANSWER = 3, _("keine Angabe")
    NOT_LEGIBLE = 4, _("nicht lesbar")


class Answer(models.Model):
    """One value: long and typed, one row per response, question, row of a matrix and option chosen.

    ``item`` and ``option`` are the numbers of a matrix row and an option, 0 for none. ``number`` is the number
    answered or, in a ranking, the place (1 is best). A shown question without a value has one row whose state says
    why; a question that was not shown has none. Texts are kept apart in ``FreeText``.
    """

    pk = models.CompositePrimaryKey("response_id", "question_id", "item", "option")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.PositiveSmallIntegerField(default=0)
    option = models.PositiveSmallIntegerField(default=0)
    state = models.PositiveSmallIntegerField(choices=AnswerState, default=AnswerState.VALUE)
    number = models.DecimalField(max_digits=15, decimal_places=4, null=True)
    date = models.DateField(null=True)

    class Meta:
        verbose_name = _("Antwort")
        verbose_name_plural = _("Antworten")
        indexes = [
            models.Index(fields=["question", "item", "option", "state"], name="participation_answer_counts"),
            models.Index(  # cross tables from the index alone: twenty times as fast
                fields=["question", "response"],
                include=["item", "option", "state"],
                name="participation_answer_crossing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.item}/{self.option}"


class Draft(models.Model):
    """Answers a person asked us to keep until later (Zwischenstand). Only who has the code can read them.

    ``digest`` finds it, ``content`` is encrypted with a key made from the code, which is not stored. Not tied to the
    response that may come of it.
    """

    digest = models.BinaryField(_("Prüfwert des Codes"), primary_key=True, max_length=32)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+", verbose_name=_("Umfrage"))
    content = models.BinaryField(_("Inhalt, verschlüsselt"))
    kept_until = models.DateField(_("aufgehoben bis"))

    class Meta:
        verbose_name = _("Zwischenstand")
        verbose_name_plural = _("Zwischenstände")

    def __str__(self) -> str:
        return "…"


class CodeLotQuerySet(models.QuerySet["CodeLot"]):
    """Lots, in the field's words."""

    def with_counts(self) -> CodeLotQuerySet:
        """Each with ``made``, ``used`` and ``unused``: how many codes there are, were used and are left."""
        used = Count("codes", filter=Q(codes__used=True))
        return self.annotate(made=Count("codes"), used=used, unused=F("made") - used)


class CodeLot(models.Model):
    """Access codes made and printed together (Los)."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="code_lots", verbose_name=_("Umfrage"))
    name = models.CharField(_("Wofür"), max_length=120)
    created_on = models.DateField(_("angelegt"))

    objects = CodeLotQuerySet.as_manager()

    class Meta:
        verbose_name = _("Los Zugangscodes")
        verbose_name_plural = _("Lose Zugangscodes")
        ordering = ["survey", "pk"]

    def __str__(self) -> str:
        return self.name


class AccessCode(models.Model):
    """A printed code that lets somebody answer once (Zugangscode). Knows only whether it was used, not when."""

    code = models.CharField(_("Code"), primary_key=True, max_length=16)
    lot = models.ForeignKey(CodeLot, on_delete=models.CASCADE, related_name="codes", verbose_name=_("Los"))
    used = models.BooleanField(_("benutzt"), default=False)

    class Meta:
        verbose_name = _("Zugangscode")
        verbose_name_plural = _("Zugangscodes")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class KioskQuerySet(models.QuerySet["Kiosk"]):
    """Devices, in the field's words."""

    def open_now(self, now: dt.datetime | None = None) -> KioskQuerySet:
        """Those that take answers at the moment given."""
        return self.filter(open_until__gt=now or timezone.now())


class Kiosk(models.Model):
    """A device at an event, opened by staff, on which many people answer one after the other (Gerät vor Ort)."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="kiosks", verbose_name=_("Umfrage"))
    name = models.CharField(_("Wo das Gerät steht"), max_length=120)
    digest = models.BinaryField(_("Prüfwert des Schlüssels"), max_length=32, unique=True)
    opened_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    open_until = models.DateTimeField(_("offen bis"))

    objects = KioskQuerySet.as_manager()

    class Meta:
        verbose_name = _("Gerät vor Ort")
        verbose_name_plural = _("Geräte vor Ort")
        ordering = ["-open_until"]

    def __str__(self) -> str:
        return self.name


class ContactWish(models.Model):
    """Somebody wants to hear from us or takes part in a draw (Kontaktwunsch). Cannot be joined with any answer."""

    key = models.BigIntegerField(primary_key=True, default=random_key, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+", verbose_name=_("Umfrage"))
    name = models.CharField(_("Name"), max_length=120, blank=True)
    contact = models.CharField(_("E-Mail-Adresse oder Telefonnummer"), max_length=200)
    shaken = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Kontaktwunsch")
        verbose_name_plural = _("Kontaktwünsche")
        ordering = ["contact", "key"]

    def __str__(self) -> str:
        return self.name or "…"
