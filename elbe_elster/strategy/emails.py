"""Letters to those who follow: asked for, confirmed, and never empty. Plain text, in their language, without any tracking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from elbe_elster.outbox.actions import write_letter
from elbe_elster.outbox.models import FOLLOWER_KIND
from elbe_elster.strategy.models.following import CONFIRM_WITHIN, sign_subscriptions
from elbe_elster.strategy.periods import period_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from elbe_elster.strategy.models import ChronicleEntry, Subscription


def ask_to_confirm(subscription: Subscription, *, now: dt.datetime) -> None:
    """The first letter. Nothing else is sent until its link was opened and its button pressed."""
    with override(subscription.language):
        day = date_format(localtime(subscription.created_at + CONFIRM_WITHIN), "j. F Y")
        paragraphs = [
            _("Guten Tag,"),
            _("jemand möchte Neues aus dem Portal „%(portal)s“ an diese Adresse bekommen. Es geht um: %(subject)s.")
            % {"portal": settings.SITE_NAME, "subject": subscription.subject},
            _("Waren Sie das? Dann öffnen Sie diesen Link, und stimmen Sie zu:"),
            _address("strategy:follow-confirm", subscription.token),
            _("Der Link gilt bis zum %(day)s.") % {"day": day},
            _("Waren Sie es nicht? Dann müssen Sie nichts tun. Sie bekommen keine weitere E-Mail."),
        ]
        _write(subscription, now, _("Bitte bestätigen: Neues per E-Mail"), paragraphs)


def say_already_following(subscription: Subscription, *, now: dt.datetime) -> None:
    """Somebody has asked again for what is confirmed; the page could not say so, because it tells nothing of anybody."""
    with override(subscription.language):
        paragraphs = [
            _("Guten Tag,"),
            _("jemand hat eben Neues zu „%(subject)s“ für diese Adresse bestellt. Sie bekommen das schon.")
            % {"subject": subscription.subject},
            _("Hier sehen und ändern Sie, was Sie bekommen und wie oft:"),
            _address("strategy:follow-manage", subscription.token),
            _("Waren Sie es nicht? Dann müssen Sie nichts tun. Es ändert sich nichts."),
        ]
        _write(subscription, now, _("Sie bekommen das schon: Neues per E-Mail"), paragraphs)


def _write(subscription: Subscription, now: dt.datetime, subject: str, paragraphs: list[str]) -> None:
    """At most one such letter for each subscription and hour, however often somebody asks."""
    write_letter(
        key=f"strategy:follow:{subscription.pk}:{now:%Y-%m-%dT%H}",
        kind=FOLLOWER_KIND,
        recipient=subscription.email,
        subject=subject,
        text="\n\n".join([*paragraphs, *_ending([subscription])]) + "\n",
        headers=_headers([subscription]),
    )


def send_news(subscriptions: Sequence[Subscription], entries: Sequence[ChronicleEntry], *, more: bool) -> None:
    """One letter for all subscriptions of an address whose turn it is; entries newest first.

    ``more``: there is more than the letter holds. The key stands for what the first had been told before.
    """
    newest = max(subscriptions, key=lambda each: each.pk)
    with override(newest.language):
        paragraphs = [_("Guten Tag,"), _("das ist neu:"), *_measures(entries)]
        if more:
            paragraphs += [_("Und noch mehr:"), _address("strategy:news")]
        write_letter(
            key=f"strategy:news:{subscriptions[0].pk}:{subscriptions[0].told_until.isoformat()}",
            kind=FOLLOWER_KIND,
            recipient=newest.email,
            subject=_subject(entries, more=more),
            text="\n\n".join([*paragraphs, *_reason(subscriptions), *_ending(subscriptions)]) + "\n",
            headers=_headers(subscriptions),
        )


def _subject(entries: Sequence[ChronicleEntry], *, more: bool) -> str:
    titles = list(dict.fromkeys(str(entry.measure.title) for entry in entries))
    if len(titles) == 1 and not more:
        return _("Neues: %(title)s") % {"title": " ".join(titles[0].split())}
    return ngettext("Neues von %(count)d Maßnahme", "Neues von %(count)d Maßnahmen", len(titles)) % {
        "count": len(titles)
    }


def _measures(entries: Sequence[ChronicleEntry]) -> list[str]:
    """One paragraph for each measure: name, address, its entries; the measure with the newest entry first."""
    groups: dict[int, list[ChronicleEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.measure_id, []).append(entry)
    paragraphs = []
    for group in groups.values():
        measure = group[0].measure
        name = f"{measure} ({_('Beispiel')})" if measure.example else str(measure)
        lines = [f"- {_day(entry)}, {entry.get_kind_display()}: {entry.text}" for entry in group]
        paragraphs.append("\n".join([name, settings.BASE_URL + measure.get_absolute_url(), *lines]))
    return paragraphs


def _day(entry: ChronicleEntry) -> str:
    return period_text(entry.date, entry.precision)


def _reason(subscriptions: Sequence[Subscription]) -> list[str]:
    subjects = "; ".join(each.subject for each in subscriptions)
    return ["--", _("Sie bekommen diese E-Mail, weil Sie das verfolgen: %(subjects)s.") % {"subjects": subjects}]


def _ending(subscriptions: Sequence[Subscription]) -> list[str]:
    """Under every letter: where one changes it, where one stops it."""
    manage = []
    if subscriptions[0].confirmed_at:
        manage = [
            f"{_('Ändern, was Sie bekommen und wie oft:')}\n"
            + _address("strategy:follow-manage", subscriptions[0].token)
        ]
    return [*manage, f"{_('Abbestellen:')}\n{_stop_address(subscriptions)}"]


def _headers(subscriptions: Sequence[Subscription]) -> dict[str, str]:
    """One click in the mail program ends it (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{_stop_address(subscriptions)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _stop_address(subscriptions: Sequence[Subscription]) -> str:
    return _address("strategy:follow-stop", sign_subscriptions(each.pk for each in subscriptions))


def _address(name: str, *arguments: str) -> str:
    """A full address in the language of the letter."""
    return settings.BASE_URL + reverse(name, args=arguments)
