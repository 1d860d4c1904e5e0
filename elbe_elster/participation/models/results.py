"""Counts, published tables, and free texts on their way into public."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .questions import Breakdown, Question
from .responses import AnswerState, Channel, Response, random_key
from .surveys import Survey


class Tally(models.Model):
    """How often something was answered (Strichliste), kept up to date whenever the urn is emptied.

    One row per question, matrix row, option, state, channel and group of a breakdown; without ``breakdown`` (group 0)
    it counts everybody. ``total`` sums the numbers answered or the places of a ranking.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    item = models.PositiveSmallIntegerField(default=0)
    option = models.PositiveSmallIntegerField(default=0)
    state = models.PositiveSmallIntegerField(choices=AnswerState, default=AnswerState.VALUE)
    channel = models.CharField(max_length=6, choices=Channel)
    breakdown = models.ForeignKey(Breakdown, on_delete=models.CASCADE, null=True, related_name="+")
    group = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
    total = models.DecimalField(max_digits=20, decimal_places=4, default=0)

    class Meta:
        verbose_name = _("Strichliste")
        verbose_name_plural = _("Strichlisten")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "question", "item", "option", "state", "channel", "breakdown", "group"],
                name="participation_one_tally_per_cell",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.item}/{self.option}: {self.count}"


class ResponseCount(models.Model):
    """How many responses there are by channel and day."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=6, choices=Channel)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Zahl der Antwortbögen")
        verbose_name_plural = _("Zahlen der Antwortbögen")
        constraints = [
            models.UniqueConstraint(fields=["survey", "channel", "day"], name="participation_one_count_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"


class PublishedTableQuerySet(models.QuerySet["PublishedTable"]):
    """Published tables, in the field's words."""

    def public(self) -> PublishedTableQuerySet:
        """Those the public may see now."""
        return self.filter(published_at__lte=timezone.now(), withdrawn_at=None, survey__trashed_at=None)


class PublishedTable(models.Model):
    """The result of one question as the public sees it (veröffentlichte Tabelle), after disclosure control.

    ``values`` holds finished cells only: what was suppressed is not in it. With ``breakdown`` it is a cross table.
    Frozen: later responses do not change it, so that nobody can subtract two states of it.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="tables", verbose_name=_("Umfrage"))
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+", verbose_name=_("Frage"))
    breakdown = models.ForeignKey(
        Breakdown, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Gliederung")
    )
    values = models.JSONField(_("Tabelle"))
    as_of = models.DateField(_("Stand"), default=timezone.localdate)
    published_at = models.DateTimeField(_("veröffentlicht"), default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("zurückgenommen"), null=True, blank=True)

    objects = PublishedTableQuerySet.as_manager()

    class Meta:
        verbose_name = _("veröffentlichte Tabelle")
        verbose_name_plural = _("veröffentlichte Tabellen")
        ordering = ["survey", "question", "breakdown"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "question", "breakdown"],
                name="participation_one_table_per_question",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}, {self.breakdown_id}"


class TextCode(models.Model):
    """A topic that free texts of one question are sorted by (Thema)."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="text_codes", verbose_name=_("Frage"))
    label = models.CharField(_("Thema"), max_length=120)
    order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Thema freier Texte")
        verbose_name_plural = _("Themen freier Texte")
        ordering = ["question", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "label"],
                name="participation_one_code_per_label",
                violation_error_message=_("Dieses Thema gibt es schon."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class TextState(models.TextChoices):
    """How far the review of a free text is."""

    NEW = "new", _("neu")
    CODED = "coded", _("zugeordnet")
    PUBLISHED = "published", _("als Zitat veröffentlicht")
    REJECTED = "rejected", _("nicht zu veröffentlichen")


class FreeText(models.Model):
    """What a person wrote in their own words (freier Text), also beside an option ("other").

    ``text`` is emptied when the coding has ended (retention); ``quote`` is what may be published, after redaction.
    """

    key = models.BigIntegerField(primary_key=True, default=random_key, editable=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="texts")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+", verbose_name=_("Frage"))
    item = models.PositiveSmallIntegerField(default=0)
    option = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(_("Text"), blank=True)
    quote = models.TextField(_("Zitat"), blank=True)
    state = models.CharField(_("Stand"), max_length=10, choices=TextState, default=TextState.NEW)
    codes = models.ManyToManyField(TextCode, related_name="texts", blank=True, verbose_name=_("Themen"))
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("freier Text")
        verbose_name_plural = _("freie Texte")
        ordering = ["question", "key"]
        indexes = [models.Index(fields=["question", "state"], name="participation_text_queue")]

    def __str__(self) -> str:
        return self.text[:60]
