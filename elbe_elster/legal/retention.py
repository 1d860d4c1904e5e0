"""How long each kind of row is kept, and why. The privacy page prints this; ``apply_retention`` does it.

Every model has a rule, a test sees to that. Rules of the cellar stand here; a room has its own ``retention.py``
with ``RULES`` of the same shape, model name to Rule. Where no field with a date says what is due, its ``doers()`` gives
for model names a Doer. Every pass is written down as a ``RetentionRun``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

YEAR = 365  # days


@dataclass(frozen=True)
class Rule:
    """How long, why, and whether the rows are about people.

    With ``days`` and ``since`` (name of a date field) rows are deleted that many days after that moment; ``blank``
    names text fields that are emptied instead of deleting the row. ``name`` is how the privacy page calls the rows. ``done_by`` names the part that deletes where it
    is not this one. Without any of these the row stays as long as what it belongs to.
    """

    period: Words
    reason: Words
    personal: bool = False
    days: int | None = None
    since: str = ""
    blank: tuple[str, ...] = ()
    done_by: str = ""
    name: Words = ""


WITH_PARENT = _("so lange wie das, wozu es gehört")
ALWAYS = _("solange das Portal besteht")
ACCOUNT = _("solange das Konto besteht")

PUBLIC_FACT = Rule(ALWAYS, _("Öffentliche Angabe über den Landkreis, keine Angabe über Menschen."))
TECHNICAL = Rule(ALWAYS, _("Technische Tabelle ohne Angaben über Menschen."))
HISTORY = Rule(
    ALWAYS,
    _("Zeigt, wer wann was geändert hat. Amtliche Texte müssen nachweisbar sein."),
    personal=True,
    name=_("Änderungen an veröffentlichten Texten"),
)
SIGN_IN = Rule(
    ACCOUNT,
    _("Wird für die Anmeldung gebraucht."),
    personal=True,
    name=_("Rollen, bestätigte E-Mail-Adressen, zweiter Faktor"),
)

CELLAR: dict[str, Rule] = {
    "accounts.User": Rule(ACCOUNT, _("Beschäftigte brauchen das Konto für ihre Arbeit."), personal=True),
    "accounts.RoleGrant": SIGN_IN,
    "accounts.Seat": PUBLIC_FACT,
    "accounts.SeatHolder": Rule(
        _("so lange wie die Unterlagen des Kreises"),
        _("Wer den Sitz einer Verwaltung hatte, gehört zu den Protokollen."),
        personal=True,
    ),
    "accounts.Invitation": Rule(
        _("90 Tage nach Ablauf"),
        _("Zeigt, wer wen eingeladen hat."),
        personal=True,
        days=90,
        since="expires_at",
    ),
    "accounts.UserEvent": HISTORY,
    "accounts.RoleGrantEvent": HISTORY,
    "accounts.SeatEvent": HISTORY,
    "accounts.SeatHolderEvent": HISTORY,
    "accounts.InvitationEvent": HISTORY,
    "region.Administration": PUBLIC_FACT,
    "region.Municipality": PUBLIC_FACT,
    "region.Population": PUBLIC_FACT,
    "region.PopulationSeries": PUBLIC_FACT,
    "legal.LegalText": Rule(ALWAYS, _("Pflichtangaben der Website.")),
    "legal.LegalTextEvent": HISTORY,
    "legal.AccessibilityStatement": Rule(ALWAYS, _("Pflichtangabe der Website.")),
    "legal.AccessibilityStatementEvent": HISTORY,
    "legal.Finding": Rule(ALWAYS, _("Pflichtangabe der Website.")),
    "legal.FindingEvent": HISTORY,
    "legal.RetentionRun": Rule(
        _("drei Jahre"), _("Zeigt, dass gelöscht wurde. Nur Zahlen."), days=3 * YEAR, since="at"
    ),
    "legal.BarrierReport": Rule(
        _("E-Mail-Adresse: 90 Tage nach der Antwort; Meldung ohne Adresse: dauerhaft"),
        _("Die Adresse dient nur der Antwort. Die Meldung zeigt, was verbessert wurde."),
        personal=True,
        days=90,
        since="answered_at",
        blank=("email",),
    ),
    "search.SearchEntry": Rule(WITH_PARENT, _("Verzeichnis der Suche über das, was ohnehin gezeigt wird.")),
    "outbox.Letter": Rule(
        _("Inhalt: 30 Tage; Empfänger und Zeitpunkt: 90 Tage"),
        _("Damit sich klären lässt, ob eine E-Mail angekommen ist."),
        personal=True,
        done_by="outbox",
    ),
    "outbox.LetterEvent": Rule(WITH_PARENT, _("Zeigt, was mit einer E-Mail geschah."), personal=True, done_by="outbox"),
    "auth.Permission": TECHNICAL,
    "auth.Group": TECHNICAL,
    "contenttypes.ContentType": TECHNICAL,
    "pghistory.Context": HISTORY,
    "sessions.Session": Rule(
        _("bis zum Abmelden, höchstens 14 Tage"),
        _("Hält die Anmeldung."),
        personal=True,
        days=0,
        since="expire_date",
    ),
    "admin.LogEntry": Rule(
        _("12 Monate"),
        _("Zeigt Eingriffe in der technischen Verwaltung."),
        personal=True,
        days=YEAR,
        since="action_time",
        name=_("Eingriffe in der technischen Verwaltung"),
    ),
    "account.EmailAddress": SIGN_IN,
    "account.EmailConfirmation": SIGN_IN,
    "mfa.Authenticator": SIGN_IN,
    "socialaccount.SocialAccount": SIGN_IN,
    "socialaccount.SocialApp": TECHNICAL,
    "socialaccount.SocialToken": SIGN_IN,
    "usersessions.UserSession": Rule(
        _("30 Tage nach dem letzten Besuch"),
        _("Damit Sie sehen, wo Sie angemeldet sind."),
        personal=True,
        days=30,
        since="last_seen_at",
        name=_("Geräte, auf denen Sie angemeldet sind"),
    ),
}


class Doer(NamedTuple):
    """A deletion no single field with a date can state: how many rows are due at a moment, and the deletion itself.

    ``act`` gives the number of rows and may run twice without harm.
    """

    count: Callable[[dt.datetime], int]
    act: Callable[[dt.datetime], int]


def rules() -> dict[str, Rule]:
    """Every rule by model label: those of the cellar and those the rooms state."""
    found = dict(CELLAR)
    for label, module in _of_rooms():
        found |= {f"{label}.{model}": rule for model, rule in module.RULES.items()}
    return found


def doers() -> dict[str, Doer]:
    """Every deletion that a room does itself, by model label."""
    found: dict[str, Doer] = {}
    for label, module in _of_rooms():
        own = module.doers() if hasattr(module, "doers") else {}
        found |= {f"{label}.{model}": doer for model, doer in own.items()}
    return found


def _of_rooms() -> Iterator[tuple[str, Any]]:
    for app in apps.get_app_configs():
        if app.name.startswith("elbe_elster.") and app.label != "legal" and find_spec(f"{app.name}.retention"):
            yield app.label, import_module(f"{app.name}.retention")


def models_with_rows() -> list[type[Model]]:
    """Every model with a table of its own that Django manages."""
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def printable_rules() -> list[tuple[str, Rule]]:
    """Name in words and rule of everything that holds data about people, for the privacy page."""
    every = rules()
    found = [(model, every.get(model._meta.label)) for model in models_with_rows()]
    named = {
        str(rule.name or model._meta.verbose_name_plural): rule
        for model, rule in found
        if rule is not None and rule.personal
    }
    return sorted(named.items())


def due(rule: Rule, *, now: dt.datetime | None = None) -> Q | None:
    """Which rows of the model are over their time; None where the rule has no period of its own."""
    if rule.days is None or not rule.since:
        return None
    before = (now or timezone.now()) - dt.timedelta(days=rule.days)
    over = Q(**{f"{rule.since}__lt": before})
    if rule.blank:
        filled = Q()
        for name in rule.blank:
            filled |= ~Q(**{name: ""})
        over &= filled
    return over


def apply_retention(*, dry_run: bool = False, now: dt.datetime | None = None) -> dict[str, int]:
    """Delete or empty what is over its time, and write it down. Gives the number of rows by model label."""
    from elbe_elster.legal.models import RetentionRun

    now = now or timezone.now()
    counts = due_rows(now=now) if dry_run else _delete_due(now)
    told = {label: number for label, number in counts.items() if number}
    RetentionRun.objects.create(at=now, dry_run=dry_run, counts=told)
    return counts


def due_rows(*, now: dt.datetime | None = None) -> dict[str, int]:
    """How many rows are over their time, by model label; nothing is changed."""
    now = now or timezone.now()
    counts: dict[str, int] = {}
    for label, rule in rules().items():
        if (over := due(rule, now=now)) is not None:
            counts[label] = apps.get_model(label)._default_manager.filter(over).count()
    for label, doer in doers().items():
        counts[label] = counts.get(label, 0) + doer.count(now)
    return counts


def _delete_due(now: dt.datetime) -> dict[str, int]:
    counts: dict[str, int] = {}
    for label, rule in rules().items():
        over = due(rule, now=now)
        if over is None:
            continue
        rows = apps.get_model(label)._default_manager.filter(over)
        counts[label] = rows.count()
        if counts[label] and rule.blank:
            rows.update(**dict.fromkeys(rule.blank, ""))
        elif counts[label]:
            rows.delete()
    for label, doer in doers().items():
        counts[label] = counts.get(label, 0) + doer.act(now)
    return counts
