"""Letters of legal. Each has a key, so that none is written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from elbe_elster.accounts.models import Role, User
from elbe_elster.outbox.actions import write_letter

if TYPE_CHECKING:
    from elbe_elster.legal.models import AccessibilityStatement, BarrierReport

KIND = "Barrierefreiheit"


def _write(*, key: str, recipient: str, subject: str, paragraphs: list[str]) -> None:
    write_letter(key=key, kind=KIND, recipient=recipient, subject=subject, text="\n\n".join(paragraphs) + "\n")


def _addresses(*roles: Role) -> list[str]:
    people = User.objects.filter(is_active=True, roles__role__in=roles).distinct().order_by("email")
    return list(people.values_list("email", flat=True))


def tell_staff_of_report(report: BarrierReport) -> None:
    """A barrier was reported. The words of the report stay in the portal."""
    with override("de"):
        paragraphs = [
            _("Jemand hat eine Barriere gemeldet. Eingangsnummer: %(receipt)s.") % {"receipt": report.receipt},
            _("Bitte antworten Sie bis zum %(day)s.") % {"day": date_format(report.due_on)},
            settings.BASE_URL + reverse("legal:report-detail", args=[report.receipt]),
        ]
        for address in _addresses(Role.CURATOR, Role.PUBLISHER, Role.ADMIN):
            _write(
                key=f"legal:report:{report.receipt}:{address}",
                recipient=address,
                subject=_("Barriere gemeldet: %(receipt)s") % {"receipt": report.receipt},
                paragraphs=paragraphs,
            )


def confirm_report(report: BarrierReport) -> None:
    """The receipt for whoever gave an address. Repeats nothing of what was typed: the address may be a stranger's."""
    with override(report.language):
        _write(
            key=f"legal:receipt:{report.receipt}",
            recipient=report.email,
            subject=_("Ihre Meldung %(receipt)s ist da") % {"receipt": report.receipt},
            paragraphs=[
                _("Guten Tag,"),
                _("Ihre Meldung ist angekommen. Die Eingangsnummer ist %(receipt)s.") % {"receipt": report.receipt},
                _("Sie bekommen bis zum %(day)s eine Antwort.") % {"day": date_format(report.due_on)},
                _(
                    "Haben Sie nichts gemeldet? Dann hat sich jemand bei der Adresse vertippt, und Sie müssen nichts tun."
                ),
            ],
        )


def send_answer(report: BarrierReport) -> None:
    """The answer to whoever reported and gave an address, in the language of their report."""
    with override(report.language):
        _write(
            key=f"legal:answer:{report.receipt}",
            recipient=report.email,
            subject=_("Antwort auf Ihre Meldung %(receipt)s") % {"receipt": report.receipt},
            paragraphs=[
                _("Guten Tag,"),
                _("Sie haben uns eine Barriere gemeldet. Das ist unsere Antwort:"),
                report.answer,
                _("Sind Sie nicht zufrieden? Dann hilft die Durchsetzungsstelle. Ihre Adresse steht hier:"),
                settings.BASE_URL + reverse("legal:statement-detail"),
            ],
        )


def remind_of_review(statement: AccessibilityStatement) -> None:
    """The yearly review is due in a month."""
    with override("de"):
        for address in _addresses(Role.ADMIN, Role.PUBLISHER):
            _write(
                key=f"legal:review:{statement.reviewed_on:%Y-%m-%d}:{address}",
                recipient=address,
                subject=_("Erklärung zur Barrierefreiheit: bitte prüfen"),
                paragraphs=[
                    _("Die Erklärung zur Barrierefreiheit wurde zuletzt am %(day)s geprüft.")
                    % {"day": date_format(statement.reviewed_on)},
                    _("Das Recht verlangt eine Prüfung in jedem Jahr. Bitte prüfen Sie die Erklärung in diesem Monat."),
                    settings.BASE_URL + reverse("legal:statement-edit"),
                ],
            )
