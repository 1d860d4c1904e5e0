"""What is edited before it is published: pages, questions, options and rows, and the groups of the cross tables."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.questionnaire import document

from .surveys import Survey

CODE_LENGTH = 40
valid_code = RegexValidator(
    r"^[a-z][a-z0-9_]*$",
    _("Ein Kürzel beginnt mit einem kleinen Buchstaben und enthält nur kleine Buchstaben, Ziffern und Unterstriche."),
)
valid_option_code = RegexValidator(
    r"^[a-z0-9][a-z0-9_]*$", _("Ein Kürzel enthält nur kleine Buchstaben, Ziffern und Unterstriche.")
)


class QuestionKind(models.TextChoices):
    """What a question asks for; the values are those of ``questionnaire.document.Kind``."""

    SINGLE = document.Kind.SINGLE, _("Eine Antwort auswählen")
    MULTIPLE = document.Kind.MULTIPLE, _("Mehrere Antworten auswählen")
    YES_NO = document.Kind.YES_NO, _("Ja oder Nein")
    SCALE = document.Kind.SCALE, _("Skala")
    MATRIX_SINGLE = document.Kind.MATRIX_SINGLE, _("Tabelle, eine Antwort je Zeile")
    MATRIX_MULTIPLE = document.Kind.MATRIX_MULTIPLE, _("Tabelle, mehrere Antworten je Zeile")
    RANKING = document.Kind.RANKING, _("Rangfolge")
    NUMBER = document.Kind.NUMBER, _("Zahl")
    DATE = document.Kind.DATE, _("Datum")
    SHORT_TEXT = document.Kind.SHORT_TEXT, _("Kurzer Text")
    LONG_TEXT = document.Kind.LONG_TEXT, _("Langer Text")
    MUNICIPALITY = document.Kind.MUNICIPALITY, _("Gemeinde")
    INFORMATION = document.Kind.INFORMATION, _("Hinweis ohne Frage")


class QuestionDuty(models.TextChoices):
    """Whether an answer is asked for; the values are those of ``questionnaire.document.Duty``."""

    FREE = document.Duty.FREE, _("freiwillig")
    SOFT = document.Duty.SOFT, _("einmal erinnern")
    HARD = document.Duty.HARD, _("Pflicht")


class Conditional(models.Model):
    """Something that is shown only under a condition, see ``questionnaire.conditions``. Without one always."""

    condition = models.JSONField(_("Bedingung"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        abstract = True


class Page(Conditional):
    """One part of a survey (Teil)."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="pages", verbose_name=_("Umfrage"))
    code = models.CharField(_("Kürzel"), max_length=CODE_LENGTH, validators=[valid_code])
    title = models.CharField(_("Überschrift"), max_length=120)
    intro = models.TextField(_("Einleitung"), blank=True)

    class Meta:
        verbose_name = _("Teil einer Umfrage")
        verbose_name_plural = _("Teile von Umfragen")
        ordering = ["survey", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "code"],
                name="participation_one_page_per_code",
                violation_error_message=_("Dieses Kürzel hat schon ein anderer Teil."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions, in the field's words."""

    def asked(self) -> QuestionQuerySet:
        """Those that are not retired."""
        return self.filter(retired=False)

    def in_order(self) -> QuestionQuerySet:
        """As they are asked."""
        return self.order_by("page__order", "page_id", "order", "pk")


class Question(Conditional):
    """One question (Frage). Its code and the numbers of its options are its identity in data of every version."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions", verbose_name=_("Umfrage"))
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="questions", verbose_name=_("Teil"))
    code = models.CharField(_("Kürzel"), max_length=CODE_LENGTH, validators=[valid_code])
    kind = models.CharField(_("Art"), max_length=20, choices=QuestionKind)
    label = models.CharField(_("Frage"), max_length=600)
    help = models.TextField(_("Hilfe zur Frage"), blank=True)
    duty = models.CharField(_("Pflicht"), max_length=4, choices=QuestionDuty, default=QuestionDuty.FREE)
    no_answer = models.BooleanField(_("„Keine Angabe“ anbieten"), default=False)
    shuffle = models.BooleanField(_("Antworten in zufälliger Reihenfolge"), default=False)
    least = models.DecimalField(_("mindestens"), max_digits=15, decimal_places=4, null=True, blank=True)
    most = models.DecimalField(_("höchstens"), max_digits=15, decimal_places=4, null=True, blank=True)
    places = models.PositiveSmallIntegerField(_("Nachkommastellen"), default=0, validators=[MaxValueValidator(4)])
    unit = models.CharField(_("Einheit"), max_length=40, blank=True)
    earliest = models.DateField(_("frühestens"), null=True, blank=True)
    latest = models.DateField(_("spätestens"), null=True, blank=True)
    retired = models.BooleanField(_("zurückgezogen"), default=False, help_text=_("Wird nicht mehr gefragt."))
    publishable = models.BooleanField(
        _("Ergebnis veröffentlichen"), default=True, help_text=_("Freie Texte erscheinen nur geprüft.")
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Frage")
        verbose_name_plural = _("Fragen")
        ordering = ["page", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "code"],
                name="participation_one_question_per_code",
                violation_error_message=_("Dieses Kürzel hat schon eine andere Frage."),
            ),
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(most__gte=models.F("least")),
                name="participation_question_bounds_in_order",
                violation_error_message=_("Die obere Grenze muss mindestens so groß sein wie die untere."),
            ),
            models.CheckConstraint(
                condition=Q(earliest=None) | Q(latest=None) | Q(latest__gte=models.F("earliest")),
                name="participation_question_dates_in_order",
                violation_error_message=_("Der späteste Tag darf nicht vor dem frühesten liegen."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Option(Conditional):
    """Something that can be chosen (Antwort zum Auswählen). Retired, never deleted, once it was published."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options", verbose_name=_("Frage"))
    code = models.CharField(_("Kürzel"), max_length=CODE_LENGTH, validators=[valid_option_code])
    number = models.PositiveSmallIntegerField(_("Nummer"), help_text=_("Der Wert in den Daten."))
    label = models.CharField(_("Antwort"), max_length=300)
    help = models.CharField(_("Erläuterung"), max_length=300, blank=True)
    other = models.BooleanField(_("mit eigenem Text"), default=False)
    exclusive = models.BooleanField(_("nur allein"), default=False)
    retired = models.BooleanField(_("zurückgezogen"), default=False)

    class Meta:
        verbose_name = _("Antwort zum Auswählen")
        verbose_name_plural = _("Antworten zum Auswählen")
        ordering = ["question", "order", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "code"],
                name="participation_one_option_per_code",
                violation_error_message=_("Dieses Kürzel hat schon eine andere Antwort."),
            ),
            models.UniqueConstraint(fields=["question", "number"], name="participation_one_option_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="participation_option_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.label


class Item(Conditional):
    """A row of a matrix (Zeile)."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="items", verbose_name=_("Frage"))
    code = models.CharField(_("Kürzel"), max_length=CODE_LENGTH, validators=[valid_option_code])
    number = models.PositiveSmallIntegerField(_("Nummer"))
    label = models.CharField(_("Zeile"), max_length=300)
    retired = models.BooleanField(_("zurückgezogen"), default=False)

    class Meta:
        verbose_name = _("Zeile einer Frage")
        verbose_name_plural = _("Zeilen von Fragen")
        ordering = ["question", "order", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "code"],
                name="participation_one_item_per_code",
                violation_error_message=_("Dieses Kürzel hat schon eine andere Zeile."),
            ),
            models.UniqueConstraint(fields=["question", "number"], name="participation_one_item_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="participation_item_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.label


class Breakdown(models.Model):
    """A background question by whose groups every published question is split (Gliederung), chosen before the start.

    ``question`` has one option to choose or a number. Its groups stand in ``groups``.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="breakdowns", verbose_name=_("Umfrage"))
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+", verbose_name=_("nach der Frage"))
    label = models.CharField(_("Name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Gliederung")
        verbose_name_plural = _("Gliederungen")
        ordering = ["survey", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "question"],
                name="participation_one_breakdown_per_question",
                violation_error_message=_("Nach dieser Frage ist schon gegliedert."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class BreakdownGroup(models.Model):
    """A group of a breakdown: some options together (``options`` are their numbers) or a range of the number."""

    breakdown = models.ForeignKey(
        Breakdown, on_delete=models.CASCADE, related_name="groups", verbose_name=_("Gliederung")
    )
    number = models.PositiveSmallIntegerField(_("Nummer"))
    label = models.CharField(_("Name"), max_length=120)
    options = models.JSONField(_("Antworten"), default=list, blank=True)
    least = models.DecimalField(_("von"), max_digits=15, decimal_places=4, null=True, blank=True)
    most = models.DecimalField(_("bis einschließlich"), max_digits=15, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("Gruppe einer Gliederung")
        verbose_name_plural = _("Gruppen von Gliederungen")
        ordering = ["breakdown", "number"]
        constraints = [
            models.UniqueConstraint(fields=["breakdown", "number"], name="participation_one_group_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="participation_group_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.label
