"""What the law asks of the site: its texts, the accessibility statement, and reports of barriers."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.legal.placeholders import find_placeholders

ANSWER_WITHIN = dt.timedelta(weeks=4)
REVIEW_AFTER_MONTHS = 11  # the law asks for a review every year; the reminder comes a month before
RECEIPT_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else
TRANSLATIONS = {"en": "en", "de-simple": "de_simple"}


def _months_after(day: dt.date, months: int) -> dt.date:
    """The day some months later; the 28th at the latest, so that every month has it."""
    month = day.month - 1 + months
    return day.replace(year=day.year + month // 12, month=month % 12 + 1, day=min(day.day, 28))


class LegalTextSlug(models.TextChoices):
    """Which text it is; also its address."""

    IMPRINT = "impressum", _("Impressum")
    PRIVACY = "datenschutz", _("Datenschutz")
    EASY_READ = "leichte-sprache", _("Leichte Sprache")


class LegalText(models.Model):
    """A text that the law or good manners ask for, in Markdown and three languages, edited by staff.

    ``german_revision`` counts changes of the German text; ``en_revision`` and ``de_simple_revision`` say which
    German revision the translation was made from. ``revision`` counts every change (optimistic lock).
    """

    slug = models.CharField(_("Text"), max_length=20, choices=LegalTextSlug, unique=True)
    title = models.CharField(_("Überschrift"), max_length=120)
    body = models.TextField(_("Text"), help_text=_("Markdown. Was noch fehlt, steht in [[doppelten Klammern]]."))
    revision = models.PositiveIntegerField(_("Fassung"), default=1)
    german_revision = models.PositiveIntegerField(_("Fassung des deutschen Textes"), default=1)
    en_revision = models.PositiveIntegerField(_("englischer Text folgt Fassung"), default=0)
    de_simple_revision = models.PositiveIntegerField(_("Text in Leichter Sprache folgt Fassung"), default=0)
    edited = models.BooleanField(_("von der Redaktion bearbeitet"), default=False)
    updated_at = models.DateTimeField(_("geändert"), default=timezone.now)

    class Meta:
        verbose_name = _("Rechtstext")
        verbose_name_plural = _("Rechtstexte")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.get_slug_display()

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse(f"legal:{LegalTextSlug(self.slug).name.lower().replace('_', '-')}")

    def body_in(self, language: str) -> str:
        """The text in exactly this language; empty where there is none."""
        return getattr(self, f"body_{TRANSLATIONS.get(language, language)}", None) or ""

    @property
    def missing_languages(self) -> list[str]:
        """Codes of languages in which there is no text."""
        return [language for language in TRANSLATIONS if not self.body_in(language)]

    @property
    def outdated_languages(self) -> list[str]:
        """Codes of languages whose text was made from an older German one."""
        return [
            language
            for language, suffix in TRANSLATIONS.items()
            if self.body_in(language) and getattr(self, f"{suffix}_revision") < self.german_revision
        ]

    @property
    def placeholders(self) -> list[str]:
        """What is still to be filled in, each once."""
        return find_placeholders(self.body_in("de"))


class Conformity(models.TextChoices):
    """How far the site meets the standard (words of EU decision 2018/1523)."""

    FULL = "full", _("vollständig vereinbar")
    PARTIAL = "partial", _("teilweise vereinbar")
    NONE = "none", _("nicht vereinbar")


class AssessmentKind(models.TextChoices):
    """Who assessed the site."""

    SELF = "self", _("Selbstbewertung")
    THIRD_PARTY = "third_party", _("Bewertung durch Dritte")


class AccessibilityStatement(models.Model):
    """The statement of accessibility, in the parts that EU decision 2018/1523 and BbgBGG/BbgBITV name. There is one."""

    slug = models.CharField(_("Kennung"), max_length=20, default="portal", unique=True, editable=False)
    body = models.CharField(_("Öffentliche Stelle"), max_length=200)
    scope = models.CharField(_("Gilt für"), max_length=300)
    law = models.CharField(_("Recht"), max_length=300)
    standard = models.CharField(_("Standard"), max_length=200)
    conformity = models.CharField(_("Vereinbarkeit"), max_length=10, choices=Conformity, default=Conformity.PARTIAL)
    assessment_kind = models.CharField(
        _("Bewertet durch"), max_length=20, choices=AssessmentKind, default=AssessmentKind.SELF
    )
    assessment = models.TextField(_("Wie wurde geprüft?"))
    contact = models.TextField(_("Kontakt für Hinweise"), help_text=_("Markdown."))
    enforcement = models.TextField(_("Durchsetzungsverfahren"), help_text=_("Markdown, mit Adresse und Link."))
    created_on = models.DateField(_("erstellt am"))
    reviewed_on = models.DateField(_("zuletzt geprüft am"))
    reminded_for = models.DateField(_("erinnert für die Prüfung vom"), null=True, blank=True, editable=False)
    edited = models.BooleanField(_("von der Redaktion bearbeitet"), default=False, editable=False)
    revision = models.PositiveIntegerField(_("Fassung"), default=1, editable=False)

    class Meta:
        verbose_name = _("Erklärung zur Barrierefreiheit")
        verbose_name_plural = _("Erklärungen zur Barrierefreiheit")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reviewed_on__gte=models.F("created_on")),
                name="legal_reviewed_after_created",
                violation_error_message=_("Die Prüfung liegt vor der Erstellung."),
            ),
            models.CheckConstraint(
                condition=models.Q(slug="portal"),
                name="legal_one_statement",
                violation_error_message=_("Es gibt nur eine Erklärung."),
            ),
        ]

    def __str__(self) -> str:
        return self.body

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("legal:statement-detail")

    def clean(self) -> None:
        """Nobody may claim „full“ while a finding is open."""
        if self.conformity == Conformity.FULL and self.pk and self.findings.still_open().exists():
            raise ValidationError(
                {"conformity": _("„Vollständig vereinbar“ geht erst, wenn kein Mangel mehr offen ist.")}
            )

    @property
    def review_due_on(self) -> dt.date:
        """Day from which staff are reminded of the yearly review."""
        return _months_after(self.reviewed_on, REVIEW_AFTER_MONTHS)

    @property
    def placeholders(self) -> list[str]:
        """What is still to be filled in, each once."""
        return find_placeholders(f"{self.body}\n{self.scope}\n{self.assessment}\n{self.contact}\n{self.enforcement}")


class FindingReason(models.TextChoices):
    """Why something is not accessible (words of EU decision 2018/1523)."""

    NOT_YET = "not_yet", _("noch nicht vereinbar")
    DISPROPORTIONATE = "disproportionate", _("unverhältnismäßige Belastung")
    OUT_OF_SCOPE = "out_of_scope", _("nicht im Anwendungsbereich")


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings, in the field's words."""

    def still_open(self) -> FindingQuerySet:
        """Not yet fixed, and within the law's scope."""
        return self.filter(fixed_on__isnull=True).exclude(reason=FindingReason.OUT_OF_SCOPE)

    def to_publish(self) -> FindingQuerySet:
        """Everything that is not yet fixed."""
        return self.filter(fixed_on__isnull=True)


class Finding(models.Model):
    """One thing that is not accessible yet: what, where, why, what to use instead, and until when."""

    statement = models.ForeignKey(
        AccessibilityStatement, on_delete=models.CASCADE, related_name="findings", verbose_name=_("Erklärung")
    )
    what = models.CharField(_("Was"), max_length=300)
    where = models.CharField(_("Wo"), max_length=200)
    criterion = models.CharField(_("Kriterium"), max_length=60, help_text=_("Zum Beispiel: WCAG 1.2.6."))
    reason = models.CharField(_("Grund"), max_length=20, choices=FindingReason, default=FindingReason.NOT_YET)
    alternative = models.CharField(_("Was stattdessen hilft"), max_length=300, blank=True)
    due_on = models.DateField(_("behoben bis"), null=True, blank=True)
    fixed_on = models.DateField(_("behoben am"), null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mangel")
        verbose_name_plural = _("Mängel")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason="not_yet") | models.Q(due_on__isnull=False),
                name="legal_open_finding_has_due_date",
                violation_error_message=_("Was noch nicht vereinbar ist, braucht ein Datum, bis wann es behoben wird."),
            )
        ]

    def __str__(self) -> str:
        return self.what

    def clean(self) -> None:
        """An open finding and the claim „full“ exclude each other."""
        is_open = self.fixed_on is None and self.reason != FindingReason.OUT_OF_SCOPE
        if is_open and self.statement_id and self.statement.conformity == Conformity.FULL:
            raise ValidationError(_("Die Erklärung sagt „vollständig vereinbar“. Ändern Sie zuerst die Erklärung."))


class ReportState(models.TextChoices):
    """How far the answer to a report is."""

    NEW = "new", _("neu")
    IN_PROGRESS = "in_progress", _("in Arbeit")
    ANSWERED = "answered", _("beantwortet")


def new_receipt() -> str:
    """A number the reporter can name on the phone, such as „B-7K3M-Q2XP“."""
    letters = "".join(secrets.choice(RECEIPT_LETTERS) for _unused in range(8))
    return f"B-{letters[:4]}-{letters[4:]}"


def answer_due_on() -> dt.date:
    """Day by which a report of today is to be answered."""
    return timezone.localdate() + ANSWER_WITHIN


class BarrierReportQuerySet(models.QuerySet["BarrierReport"]):
    """Reports of barriers, in the field's words."""

    def waiting(self) -> BarrierReportQuerySet:
        """Not yet answered."""
        return self.exclude(state=ReportState.ANSWERED)

    def overdue(self) -> BarrierReportQuerySet:
        """Not answered in four weeks."""
        return self.waiting().filter(due_on__lt=timezone.localdate())


class BarrierReport(models.Model):
    """Somebody met a barrier. Works without account; the address is given by free will and only for the answer."""

    receipt = models.CharField(_("Eingangsnummer"), max_length=12, unique=True, default=new_receipt, editable=False)
    token = models.UUIDField(_("Formular"), unique=True, default=uuid.uuid4, editable=False)
    page = models.CharField(_("Seite"), max_length=500, blank=True)
    message = models.TextField(_("Was hat nicht funktioniert?"), max_length=5000)
    email = models.EmailField(_("E-Mail-Adresse"), blank=True)
    language = models.CharField(_("Sprache"), max_length=12, default="de")
    state = models.CharField(_("Stand"), max_length=20, choices=ReportState, default=ReportState.NEW)
    created_at = models.DateTimeField(_("eingegangen"), default=timezone.now)
    due_on = models.DateField(_("zu beantworten bis"), default=answer_due_on)
    answer = models.TextField(_("Antwort"), max_length=5000, blank=True)
    answered_at = models.DateTimeField(_("beantwortet"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("beantwortet von"),
    )

    objects = BarrierReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("Barriere-Meldung")
        verbose_name_plural = _("Barriere-Meldungen")
        ordering: ClassVar[list[str]] = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="answered") | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="legal_answered_has_answer",
                violation_error_message=_("Eine beantwortete Meldung braucht eine Antwort."),
            )
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def is_overdue(self) -> bool:
        """Whether the four weeks are over without an answer."""
        return self.state != ReportState.ANSWERED and self.due_on < timezone.localdate()


class RetentionRun(models.Model):
    """One pass over the rules of retention: how many rows were deleted or emptied, or would have been.

    ``counts`` maps model labels to numbers; what was nothing is left out.
    """

    at = models.DateTimeField(_("wann"), default=timezone.now)
    dry_run = models.BooleanField(_("Probelauf"), default=False)
    counts = models.JSONField(_("Zeilen"), default=dict)

    class Meta:
        verbose_name = _("Durchgang der Löschregeln")
        verbose_name_plural = _("Durchgänge der Löschregeln")
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
