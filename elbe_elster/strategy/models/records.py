"""What a measure and a project profile have in common, and what belongs to either of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from elbe_elster.content.models import LoadedModel

from .choices import ENDED_PHASES, Course, Phase, Precision, Publication

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django_stubs_ext import StrPromise


def not_in_future(date: dt.date) -> None:
    """What has happened has happened by today (in the county's calendar)."""
    if date > timezone.localdate():
        raise ValidationError(_("Dieser Tag liegt in der Zukunft."))


class PlannedRecord(LoadedModel):
    """A record with a life: published or not, in a phase, planned from a day to a day.

    ``starts_on`` is the first and ``ends_on`` the last day of the period promised; the precision says whether that
    period is a day, a month, a quarter or a year. ``course`` and ``next_due`` exist after ``with_course()``.
    """

    course: str
    next_due: Any

    example = models.BooleanField(_("Beispiel"), default=False)
    publication = models.CharField(
        _("Sichtbarkeit"), max_length=10, choices=Publication, default=Publication.DRAFT, db_index=True
    )
    published_at = models.DateTimeField(_("zuerst veröffentlicht"), null=True, blank=True)
    trashed_at = models.DateTimeField(_("im Papierkorb seit"), null=True, blank=True)
    phase = models.CharField(_("Phase"), max_length=12, choices=Phase, default=Phase.IDEA)
    starts_on = models.DateField(_("Beginn geplant"), null=True, blank=True)
    starts_precision = models.CharField(_("Beginn genau auf"), max_length=7, choices=Precision, default=Precision.MONTH)
    ends_on = models.DateField(_("Ende geplant"), null=True, blank=True)
    ends_precision = models.CharField(_("Ende genau auf"), max_length=7, choices=Precision, default=Precision.MONTH)
    permanent = models.BooleanField(_("Daueraufgabe"), default=False)
    started_on = models.DateField(_("begonnen am"), null=True, blank=True, validators=[not_in_future])
    done_on = models.DateField(_("abgeschlossen am"), null=True, blank=True, validators=[not_in_future])
    ending_reason = models.CharField(_("Warum eingestellt"), max_length=500, blank=True)
    course_override = models.CharField(
        _("Verlauf von Hand"),
        max_length=12,
        choices=Course,
        blank=True,
        help_text=_("Leer lassen: Das Portal rechnet den Verlauf aus Terminen und Meilensteinen."),
    )
    course_reason = models.CharField(
        _("Begründung des Verlaufs"), max_length=500, blank=True, help_text=_("Steht öffentlich neben dem Verlauf.")
    )
    reviewed_on = models.DateField(_("zuletzt geprüft"), null=True, blank=True)
    next_review_on = models.DateField(_("nächste Prüfung"), null=True, blank=True)
    translated_from = models.JSONField(
        _("Stand der Übersetzungen"),
        default=dict,
        blank=True,
        editable=False,
        help_text=_("Zu jeder Übersetzung der Prüfwert des deutschen Texts, aus dem sie entstand."),
    )

    class Meta:
        abstract = True

    @property
    def is_visible(self) -> bool:
        """Whether the public sees this row. A profile also needs a visible measure."""
        return self.publication == Publication.PUBLISHED and self.trashed_at is None

    @property
    def has_ended(self) -> bool:
        """Done, discontinued or merged: there is no course any more."""
        return self.phase in ENDED_PHASES

    def unique_error_message(self, model_class: type[Self], unique_check: Sequence[str]) -> ValidationError:
        """Who has the number or the address already; what lies in the trash keeps it, without its name being told."""
        name = unique_check[0]
        other = model_class._default_manager.filter(**{name: getattr(self, name)}).first()
        if len(unique_check) > 1 or not isinstance(other, PlannedRecord):
            return super().unique_error_message(model_class, unique_check)
        words = {"field": capfirst(self._meta.get_field(name).verbose_name), "value": getattr(self, name)}  # type: ignore[union-attr]
        if other.trashed_at:
            text = _("Die %(field)s %(value)s hat schon ein Eintrag im Papierkorb.") % words
        else:
            text = _("Die %(field)s %(value)s hat schon: %(title)s.") % {**words, "title": getattr(other, "title", "")}
        return ValidationError(text, code="unique")


def planned_record_constraints(prefix: str) -> list[models.BaseConstraint]:
    """What the database refuses for any planned record. Names start with ``prefix``."""
    return [
        models.CheckConstraint(
            condition=condition, name=f"{prefix}_{name}", violation_error_code=field, violation_error_message=message
        )
        for name, field, condition, message in _rules()
    ]


def _rules() -> list[tuple[str, str, Q, StrPromise]]:
    """Name, the field to correct, what must hold, and the sentence if it does not."""
    ends_after = Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
    done_after = Q(started_on__isnull=True) | Q(done_on__isnull=True) | Q(done_on__gte=F("started_on"))
    is_done, has_day = Q(phase=Phase.DONE), Q(done_on__isnull=False)
    endless = Q(permanent=False) | Q(ends_on__isnull=True)
    said_why = ~Q(phase=Phase.DISCONTINUED) | ~Q(ending_reason="")
    override = Q(course_override="") | ~Q(course_reason="")
    dated = Q(publication=Publication.DRAFT) | Q(published_at__isnull=False)
    return [
        ("ends_after_start", "ends_on", ends_after, _("Das geplante Ende liegt vor dem Beginn.")),
        ("done_after_start", "done_on", done_after, _("Der Abschluss liegt vor dem Beginn.")),
        (
            "done_has_date",
            "done_on",
            (is_done & has_day) | (~is_done & ~has_day),
            _("„Abgeschlossen“ und der Tag des Abschlusses gehören zusammen."),
        ),
        ("permanent_has_no_end", "ends_on", endless, _("Eine Daueraufgabe hat kein Ende.")),
        (
            "discontinued_has_reason",
            "ending_reason",
            said_why,
            _("Schreiben Sie, warum die Arbeit eingestellt wurde."),
        ),
        (
            "override_has_reason",
            "course_reason",
            override,
            _("Wer den Verlauf von Hand setzt, begründet ihn. Die Begründung ist öffentlich."),
        ),
        (
            "published_has_date",
            "published_at",
            dated,
            _("Was veröffentlicht ist, hat einen Tag der Veröffentlichung."),
        ),
    ]


class OwnedRow(LoadedModel):
    """A row of a measure or of a project profile: exactly one of the two."""

    measure = models.ForeignKey(
        "strategy.Measure",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("Maßnahme"),
    )
    profile = models.ForeignKey(
        "strategy.ProjectProfile",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("Projektsteckbrief"),
    )

    class Meta:
        abstract = True


def owned_row_constraint(prefix: str) -> models.CheckConstraint:
    """Exactly one owner."""
    return models.CheckConstraint(
        condition=Q(measure__isnull=False, profile__isnull=True) | Q(measure__isnull=True, profile__isnull=False),
        name=f"{prefix}_one_owner",
        violation_error_message=_("Die Zeile gehört entweder zu einer Maßnahme oder zu einem Projektsteckbrief."),
    )
