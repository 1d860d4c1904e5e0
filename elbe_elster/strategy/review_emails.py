"""Letters between those who write and those who publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from elbe_elster.accounts.models import User
from elbe_elster.outbox.actions import write_letter
from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.models import DraftState
from elbe_elster.strategy.models.measures import EVERYWHERE

if TYPE_CHECKING:
    from elbe_elster.strategy.models import Draft, Measure, ProjectProfile

KIND = "Redaktion"


def tell_publishers(draft: Draft, text: str) -> None:
    """A draft waits for approval: to everybody who may approve it."""
    people = User.objects.filter(is_active=True, roles__role__in=EVERYWHERE).exclude(pk=draft.submitted_by_id)
    work = Work.on_draft(draft)
    with override("de"):
        subject = _("Bitte freigeben: %(title)s") % {"title": work.title}
        first = _("%(person)s hat einen Entwurf vorgelegt: „%(title)s“.")
        paragraphs = [first % {"person": draft.submitted_by, "title": work.title}, *_quoted(text), _link(work)]
        for address in people.distinct().order_by("email").values_list("email", flat=True):
            _write(draft, "submitted", address, subject, paragraphs)


def tell_publishers_of_table(drafts: list[Draft], owner: User) -> None:
    """Drafts of one table wait for approval: one letter for all of them."""
    people = User.objects.filter(is_active=True, roles__role__in=EVERYWHERE).exclude(pk=owner.pk)
    with override("de"):
        subject = _("Bitte freigeben: Änderungen aus einer Tabelle")
        first = _("%(person)s hat eine Tabelle eingelesen. Auf Ihre Freigabe warten damit: %(numbers)s.")
        numbers = ", ".join(draft.measure.number for draft in drafts if draft.measure)
        paragraphs = [first % {"person": owner, "numbers": numbers}, settings.BASE_URL + reverse("strategy:desk")]
        for address in people.distinct().order_by("email").values_list("email", flat=True):
            _write(drafts[0], "table", address, subject, paragraphs)


def tell_writers(
    draft: Draft, *, actor: User | None, step: str, text: str, record: Measure | ProjectProfile | None = None
) -> None:
    """What became of a draft: to whoever began, wrote and submitted it, but not to whoever decided."""
    work = Work.on_record(record) if record else Work.on_draft(draft)
    writers = {draft.created_by, draft.updated_by, draft.submitted_by} - {None, actor}
    with override("de"):
        subject, sentence = _words(draft, step, work.title)
        address = settings.BASE_URL + record.get_absolute_url() if record else _link(work)
        for person in sorted((person for person in writers if person and person.is_active), key=lambda one: one.email):
            _write(draft, step or "published", person.email, subject, [sentence, *_quoted(text), address])


def _words(draft: Draft, step: str, title: str) -> tuple[str, str]:
    if step == DraftState.RETURNED:
        return (
            _("Bitte noch einmal ansehen: %(title)s") % {"title": title},
            _("Der Entwurf „%(title)s“ ist noch nicht freigegeben.") % {"title": title},
        )
    if step == DraftState.SCHEDULED:
        moment = date_format(timezone.localtime(draft.publish_at), "SHORT_DATETIME_FORMAT")
        return (
            _("Freigegeben: %(title)s") % {"title": title},
            _("Der Entwurf „%(title)s“ erscheint am %(moment)s Uhr.") % {"title": title, "moment": moment},
        )
    return (
        _("Veröffentlicht: %(title)s") % {"title": title},
        _("Der Entwurf „%(title)s“ ist freigegeben und steht jetzt im Portal.") % {"title": title},
    )


def _quoted(text: str) -> list[str]:
    return [_("Dazu: „%(text)s“") % {"text": text}] if text else []


def _link(work: Work) -> str:
    return settings.BASE_URL + work.url("review")


def _write(draft: Draft, step: str, address: str, subject: str, paragraphs: list[str]) -> None:
    """One letter for each step of each version; the same person may hear of a draft again when it has changed."""
    key = f"strategy:draft:{draft.token}:{draft.revision}:{step}:{timezone.now():%Y%m%dT%H%M%S}:{address}"
    text = "\n\n".join(paragraphs) + "\n"
    write_letter(key=key, kind=KIND, recipient=address, subject=subject, text=text)
