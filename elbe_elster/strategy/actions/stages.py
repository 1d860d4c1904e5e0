"""An administration tells how far it is with a measure, and takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from elbe_elster.region.models import Administration
from elbe_elster.snapshots.actions import mark_stale
from elbe_elster.strategy.actions.chronicle import add_chronicle_entry
from elbe_elster.strategy.models import Adoption, ChronicleEntry, EntryKind, Measure, Stage

if TYPE_CHECKING:
    import datetime as dt

    from elbe_elster.accounts.models import User

NOTHING = ""  # no stage told
SENTENCES = {
    NOTHING: gettext_noop("%(administration)s hat die Angabe zum eigenen Stand zurückgezogen."),
    Stage.NOT_CONCERNED: gettext_noop("%(administration)s ist von dieser Maßnahme nicht betroffen."),
    Stage.INTERESTED: gettext_noop("%(administration)s hat Interesse an dieser Maßnahme."),
    Stage.PLANNED: gettext_noop("%(administration)s plant, die Maßnahme einzuführen."),
    Stage.PILOTING: gettext_noop("%(administration)s erprobt die Maßnahme."),
    Stage.IN_USE: gettext_noop("%(administration)s hat die Maßnahme im Einsatz."),
    Stage.STOPPED: gettext_noop("%(administration)s hat die Maßnahme beendet."),
}


class Told(NamedTuple):
    """What an administration says of itself; no stage takes everything back."""

    stage: str = NOTHING
    since: dt.date | None = None
    note: str = ""
    contact_email: str = ""


def told_of(adoption: Adoption | None) -> Told:
    """What is stored; nothing where nothing was told."""
    return Told(*(getattr(adoption, name) for name in Told._fields)) if adoption else Told()


@transaction.atomic
def tell_stage(
    *, measure: Measure, administration: Administration, told: Told, actor: User, today: dt.date | None = None
) -> bool:
    """Store what the administration says, and tell a changed stage in the Chronik: one sentence a day.

    Without ``since`` a new stage counts from today. False when nothing has changed. Raises ValidationError for what
    cannot be, also for a measure the public does not see.
    """
    today = today or timezone.localdate()
    Administration.objects.select_for_update(no_key=True).get(pk=administration.pk)  # one after the other
    if not Measure.objects.published().filter(pk=measure.pk).exists():
        raise ValidationError(_("Diese Maßnahme ist nicht veröffentlicht."))
    row = Adoption.objects.filter(measure=measure, administration=administration).first()
    before = told_of(row)
    told = completed(told, before, today)
    if told == before:
        return False
    with pghistory.context(user=actor.pk):
        if not told.stage and row:
            row.delete()
        else:
            row = row or Adoption(measure=measure, administration=administration)
            for name, value in told._asdict().items():
                setattr(row, name, value)
            row.told_at = timezone.now()
            row.full_clean()
            row.save()
    if told.stage != before.stage:
        _tell_chronicle(measure, administration, told, before, today)
    mark_stale()
    return True


def completed(told: Told, before: Told, today: dt.date) -> Told:
    """A new stage begins today unless another day is given; without a stage nothing is left. Raises ValidationError."""
    if not told.stage:
        return Told()
    if told.since is None:
        told = told._replace(since=before.since if told.stage == before.stage and before.since else today)
    if told.since and told.since > today:
        raise ValidationError({"since": _("Dieser Tag liegt noch vor uns. Melden Sie, was heute gilt.")})
    return told


def _tell_chronicle(measure: Measure, administration: Administration, told: Told, before: Told, today: dt.date) -> None:
    """The last word of a day counts. The key keeps the stage of the morning: back to it, and nothing has happened."""
    day = f"adoption:{administration.pk}:{measure.pk}:{today.isoformat()}:"
    entry = ChronicleEntry.objects.select_for_update().filter(key__startswith=day).first()
    morning = (entry.key or "").removeprefix(day) if entry else before.stage
    if entry:
        entry.delete()
    if told.stage == morning:
        return
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = _(SENTENCES[told.stage]) % {"administration": administration}
    add_chronicle_entry(
        measure=measure, kind=EntryKind.ADOPTION, texts=texts, key=day + morning, date=told.since or today
    )
