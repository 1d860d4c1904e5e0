"""Against programs that hand in: three signs, and only whoever shows one must prove a little more.

The signs: a field that people do not see was filled in; it went too quickly; too many came from one range of addresses
in this hour. The proof: the browser computes for a second (``proof``), by itself and without anybody noticing much; where
there is no script, a sum in words is asked (``plain_question``). Whoever is held up sees the same page again with all
answers. Nobody is ever turned away for good, and nothing of this is stored with an answer.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from elbe_elster.participation.filling import plain_question, proof
from elbe_elster.participation.filling.counting import too_many
from elbe_elster.participation.models import Channel

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from elbe_elster.participation.filling.state import Filling

LURE = "homepage"  # only programs fill it in
SUBMISSIONS_AN_HOUR = 30  # from one range, before proofs are asked; a school class has room
QUESTIONS_AN_HOUR = 30  # tries to answer a sum in words, from one range
QUICKEST = 5  # seconds for a survey, whatever it asks
SECONDS_AN_ANSWER = 0.7


def guard_fields(filling: Filling) -> SafeString:
    """What the form of the last page carries: the field that only programs see."""
    return render_to_string("participation/filling/lure.html", {"name": "" if _is_trusted(filling) else LURE})


def check_guards(request: HttpRequest, filling: Filling) -> SafeString | None:
    """None lets the submission pass. Otherwise what the person must still do, for the same page once more."""
    if _is_trusted(filling) or not _is_suspicious(request, filling):
        return None
    if proof.is_solved(request.POST.get("altcha", "")):
        return None
    tried, tired = "plain-answer" in request.POST, False
    if tried:
        tired = too_many("plain question", _address(request), an_hour=QUESTIONS_AN_HOUR)
        right = plain_question.is_right(request.POST.get("plain-ticket", ""), request.POST["plain-answer"])
        if right and not tired:
            return None
    context = {
        "question": plain_question.ask(),
        "challenge": proof.make_challenge(),
        "wrong": tried and not tired and bool(request.POST["plain-answer"].strip()),
        "tired": tired,
    }
    return render_to_string("participation/filling/guard.html", context)


def _is_trusted(filling: Filling) -> bool:
    """A device that staff opened and a printed code are proof enough."""
    return filling.channel != Channel.ONLINE or bool(filling.code)


def _is_suspicious(request: HttpRequest, filling: Filling) -> bool:
    many = too_many("submission", _address(request), an_hour=SUBMISSIONS_AN_HOUR)
    needed = max(QUICKEST, SECONDS_AN_ANSWER * len(filling.draft))
    return many or bool(request.POST.get(LURE)) or time.time() - filling.begun < needed


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
