"""Where somebody is in a survey: carried from page to page in one signed field of the form, nowhere else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.core import signing

from elbe_elster.participation.models import Channel
from elbe_elster.participation.questionnaire.answers import answers_from_json, answers_to_json

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from elbe_elster.participation.questionnaire.answers import Given

SALT = "participation.filling"
MOST_TOKEN = 400_000  # characters; 400 questions with long texts need a third of it
LASTS = 7 * 24 * 3600  # seconds that a page may lie open
KEY_BYTES = 16
CHECK = -1  # instead of the index of a page: the check page

Typed = dict[str, list[str]]  # values by the name of the field, as the browser sent them


class TokenError(Exception):
    """The field is missing, was changed, is too long, or belongs to another survey."""


class TokenExpiredError(TokenError):
    """The page lay open too long; ``filling`` is what it held."""

    def __init__(self, filling: Filling) -> None:
        super().__init__()
        self.filling = filling


@dataclass(frozen=True)
class Filling:
    """One person's way through one version of a survey.

    ``draft`` holds every answer, hidden ones too; ``typed`` what was typed on a page and does not fit. ``presented`` and
    ``reminded`` are codes of questions the person went past, or was reminded of. ``page`` counts all pages from 0, or is
    CHECK. ``saved`` is the fingerprint of a stored draft, as hexadecimal digits. ``kiosk`` is the key of the device.
    """

    survey_pk: int
    version_pk: int
    key: str
    begun: int  # seconds since 1970
    channel: Channel = Channel.ONLINE
    code: str = ""
    kiosk: str = ""
    page: int = 0
    to_check: bool = False  # the check page was reached: after a change one returns to it
    saved: str = ""
    draft: Mapping[str, Given] = field(default_factory=dict)
    typed: Mapping[str, Typed] = field(default_factory=dict)
    presented: frozenset[str] = frozenset()
    reminded: frozenset[str] = frozenset()

    def at(self, page: int) -> Filling:
        """The same on another page."""
        return replace(self, page=page, to_check=self.to_check or page == CHECK)


def begin_filling(
    *,
    survey_pk: int,
    version_pk: int,
    now: dt.datetime,
    channel: Channel = Channel.ONLINE,
    code: str = "",
    kiosk: str = "",
) -> Filling:
    """A new way with its own submission key."""
    return Filling(
        survey_pk=survey_pk,
        version_pk=version_pk,
        key=secrets.token_urlsafe(KEY_BYTES),
        begun=int(now.timestamp()),
        channel=channel,
        code=code,
        kiosk=kiosk,
    )


def to_token(filling: Filling) -> str:
    """The signed field."""
    values = {
        "s": filling.survey_pk,
        "v": filling.version_pk,
        "k": filling.key,
        "b": filling.begun,
        "c": "" if filling.channel == Channel.ONLINE else filling.channel.value,
        "z": filling.code,
        "d": filling.kiosk,
        "p": filling.page,
        "e": filling.to_check,
        "f": filling.saved,
        "a": answers_to_json(filling.draft),
        "t": filling.typed,
        "q": _listed(filling.presented),
        "r": _listed(filling.reminded),
    }
    return signing.dumps({name: value for name, value in values.items() if value}, salt=SALT, compress=True)


def from_token(token: str, *, survey_pk: int, lasts: int | None = LASTS) -> Filling:
    """The way of ``to_token``. Raises TokenError; TokenExpiredError after ``lasts`` seconds."""
    if not token or len(token) > MOST_TOKEN:
        raise TokenError
    expired = False
    try:
        try:
            values = signing.loads(token, salt=SALT, max_age=lasts)
        except signing.SignatureExpired:
            values, expired = signing.loads(token, salt=SALT), True
        filling = _read(values)
    except (signing.BadSignature, ValueError, TypeError, KeyError) as error:
        raise TokenError from error
    if filling.survey_pk != survey_pk:
        raise TokenError
    if expired:
        raise TokenExpiredError(filling)
    return filling


def _read(values: Mapping[str, Any]) -> Filling:
    return Filling(
        survey_pk=values["s"],
        version_pk=values["v"],
        key=values["k"],
        begun=values["b"],
        channel=Channel(values.get("c") or Channel.ONLINE),
        code=values.get("z", ""),
        kiosk=values.get("d", ""),
        page=values.get("p", 0),
        to_check=values.get("e", False),
        saved=values.get("f", ""),
        draft=answers_from_json(values.get("a", {})),
        typed=values.get("t", {}),
        presented=_unlisted(values.get("q", "")),
        reminded=_unlisted(values.get("r", "")),
    )


def _listed(codes: Iterable[str]) -> str:
    return " ".join(sorted(codes))


def _unlisted(codes: str) -> frozenset[str]:
    return frozenset(codes.split())
