"""The post page: every letter, where it is, and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import wraps
from typing import TYPE_CHECKING, Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from . import actions, heartbeat
from .forms import LetterFilterForm
from .models import Letter, LetterState
from .permissions import can_read_content, can_see_letters

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest, QueryDict

    View = Callable[..., HttpResponse]

PAGE = 25  # letters
MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds
# The letter's own HTML in a frame: it may bring its styles, and nothing else of it may act.
LETTER_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
    "sandbox": [""],
}


def keepers_only(view: View) -> View:
    """Let in whoever keeps the post; everybody else gets a sentence."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_see_letters(request.user):
            raise PermissionDenied(_("Den Postausgang sehen Redaktion, Geschäftsstelle und Administration."))
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@keepers_only
def letter_list(request: HttpRequest) -> HttpResponse:
    """Every letter, newest first, with filters in the address."""
    form = LetterFilterForm(request.GET)
    letters = form.narrow(Letter.objects.for_list())
    page = Paginator(letters, PAGE).get_page(request.GET.get("seite"))
    counts, signs = Letter.objects.counts_by_state(), _signs_of_life()
    context = {
        "form": form,
        "page": page,
        "state_chips": _chips(
            request.GET, "state", [(state.value, state.label, counts.get(state, 0)) for state in LetterState]
        ),
        "kind_chips": _chips(request.GET, "kind", [(kind, kind, n) for kind, n in Letter.objects.counts_by_kind()]),
        "signs": signs,
        "somebody_is_silent": any(sign["silent"] for sign in signs),
        "lands_in_files": settings.MAIL["TRANSPORT"] == "files",
        "has_no_server": settings.MAIL["TRANSPORT"] == "none",
        "filtered": any(form.cleaned_data.values()) if form.is_valid() else bool(request.GET),
    }
    return render(request, "outbox/letter_list.html", context)


@require_GET
@csp_update({"frame-src": [SELF]})
@keepers_only
def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: what it says, where it is, what happened to it."""
    letter = get_object_or_404(Letter, pk=pk)
    readable = can_read_content(request.user, letter) and letter.message is not None
    context = {
        "letter": letter,
        "facts": _facts(letter),
        "readable": readable,
        "cleared": letter.message is None,
        "events": letter.events.select_related("user"),
        "attachments": _attachments(letter) if readable else [],
    }
    return render(request, "outbox/letter_detail.html", context)


@require_GET
@xframe_options_sameorigin
@csp(LETTER_POLICY)
@keepers_only
def letter_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter's HTML part, for the frame of the letter's page only."""
    return HttpResponse(_readable_letter(request, pk).html)


@require_GET
@keepers_only
def letter_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole letter as a file for a mail program."""
    letter = _readable_letter(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="brief-{letter.pk}.eml"'}
    return HttpResponse(bytes(letter.message or b""), content_type="message/rfc822", headers=headers)


@require_http_methods(["GET", "POST"])
@keepers_only
def letter_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then send once more."""
    return _decide(request, pk, RESEND)


@require_http_methods(["GET", "POST"])
@keepers_only
def letter_mark_arrived(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then note that the letter has arrived."""
    return _decide(request, pk, ARRIVED)


@require_http_methods(["GET", "POST"])
@keepers_only
def letter_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then stop the letter."""
    return _decide(request, pk, WITHDRAW)


@dataclass(frozen=True)
class Decision:
    """A question to a person and what the yes does."""

    title: Any
    question: Any
    done: Any
    act: Callable[..., None]


RESEND = Decision(
    title=gettext_lazy("Noch einmal senden"),
    question=gettext_lazy(
        "Der Brief geht noch einmal an dieselbe Adresse. Ist er schon angekommen, kommt er doppelt an."
    ),
    done=gettext_lazy("Der Brief wird noch einmal gesendet."),
    act=actions.resend_letter,
)
ARRIVED = Decision(
    title=gettext_lazy("Als angekommen vermerken"),
    question=gettext_lazy("Sie wissen, dass der Brief angekommen ist, zum Beispiel durch eine Nachfrage."),
    done=gettext_lazy("Der Brief ist als angekommen vermerkt."),
    act=actions.mark_letter_arrived,
)
WITHDRAW = Decision(
    title=gettext_lazy("Nicht mehr senden"),
    question=gettext_lazy("Der Brief bleibt hier sichtbar und verlässt das Portal nicht mehr."),
    done=gettext_lazy("Der Brief wird nicht mehr gesendet."),
    act=actions.withdraw_letter,
)


def _decide(request: HttpRequest, pk: int, decision: Decision) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.without_content(), pk=pk)
    if request.method != "POST":
        return render(request, "outbox/letter_decide.html", {"letter": letter, "decision": decision})
    try:
        decision.act(letter=letter, by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, decision.done)
    return redirect("outbox:letter-detail", pk=pk)


def _readable_letter(request: HttpRequest, pk: int) -> Letter:
    letter = get_object_or_404(Letter, pk=pk)
    if not can_read_content(request.user, letter):
        raise PermissionDenied(_("Briefe zu Konten liest nur, wer sie bekommt."))
    if letter.message is None:
        raise Http404
    return letter


def _facts(letter: Letter) -> list[tuple[str, Any]]:
    """What is known about where the letter is; what is not known is left out."""
    due_at = letter.due_at if letter.state == LetterState.QUEUED else None
    facts = [
        (_("Art"), letter.kind),
        (_("Absender"), letter.sender),
        (_("Geschrieben"), _moment(letter.created_at)),
        (_("Nächster Versuch"), _moment(due_at)),
        (_("Nützlich bis"), _moment(letter.expires_at)),
        (_("Dem Mailserver übergeben"), _moment(letter.handed_over_at)),
        (_("Gesendet"), _moment(letter.sent_at)),
        (_("Versuche"), letter.attempts),
        (_("Letzte Antwort"), letter.answer),
    ]
    return [(label, value) for label, value in facts if value not in {"", None}]


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "j. F Y, H:i:s") if at else ""


def _attachments(letter: Letter) -> list[dict[str, Any]]:
    """Name, type and size in bytes of everything that is neither the text nor its HTML twin."""
    parsed = message_from_bytes(bytes(letter.message or b""), policy=policy.default)
    found = []
    for part in parsed.walk():
        plain = part.get_content_type() in {"text/plain", "text/html"} and not part.is_attachment()
        if not (part.is_multipart() or plain):
            size = len(part.get_payload(decode=True) or b"")
            found.append({"name": part.get_filename() or "", "type": part.get_content_type(), "size": size})
    return found


def _signs_of_life() -> list[dict[str, Any]]:
    names = {
        heartbeat.BEAT: _("Taktgeber"),
        heartbeat.WORKER: _("Versand"),
        heartbeat.SWEEP: _("Letzter Durchgang"),
    }
    ages = {name: heartbeat.sign_of_life(name) for name in names}
    return [
        {"label": label, "ago": _ago(ages[name]), "silent": heartbeat.is_silent(ages[name])}
        for name, label in names.items()
    ]


def _ago(age: float | None) -> str:
    """Words for an age in seconds."""
    if age is None:
        return _("noch nie")
    seconds = int(age)
    if seconds >= DAY:
        return ngettext("vor %(number)d Tag", "vor %(number)d Tagen", seconds // DAY) % {"number": seconds // DAY}
    if seconds >= HOUR:
        number = seconds // HOUR
        return ngettext("vor %(number)d Stunde", "vor %(number)d Stunden", number) % {"number": number}
    if seconds >= MINUTE:
        number = seconds // MINUTE
        return ngettext("vor %(number)d Minute", "vor %(number)d Minuten", number) % {"number": number}
    return ngettext("vor %(number)d Sekunde", "vor %(number)d Sekunden", seconds) % {"number": seconds}


def _chips(given: QueryDict, name: str, values: list[tuple[str, Any, int]]) -> list[dict[str, Any]]:
    """One chip a value with its count; the chosen one leads back to all."""
    chosen = given.get(name, "")
    return [
        {
            "label": label,
            "count": count,
            "chosen": value == chosen,
            "query": _query(given, **{"seite": None, name: None if value == chosen else value}),
        }
        for value, label, count in values
    ]


def _query(given: QueryDict, **changes: str | None) -> str:
    query = given.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return query.urlencode()
