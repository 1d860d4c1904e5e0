"""Keeping answers until later, for people who asked for it: found and opened only with the code they were given."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from django.utils import timezone

from elbe_elster.participation.models import Draft
from elbe_elster.participation.sealing import SealBrokenError, fingerprint, seal, unseal

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey

PURPOSE = "draft"
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for something else
CODE_LENGTH = 8
KEPT_DAYS = 30


def keep_draft(*, survey: Survey, token: str, code: str) -> None:
    """Store a signed filling for 30 days, sealed with the code. The code itself is not stored."""
    Draft.objects.create(
        digest=fingerprint(code, purpose=PURPOSE),
        survey=survey,
        content=seal(token.encode(), purpose=PURPOSE, extra=code),
        kept_until=timezone.localdate() + dt.timedelta(days=KEPT_DAYS),
    )


def new_code() -> str:
    """A code nobody guesses: eight of 31 letters and digits."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def plain_code(typed: str) -> str:
    """A code as somebody typed it, without blanks and hyphens; empty if it cannot be one."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    return code if len(code) == CODE_LENGTH and set(code) <= set(LETTERS) else ""


def digest_of(code: str) -> str:
    """The fingerprint by which a draft is found, as hexadecimal digits."""
    return fingerprint(code, purpose=PURPOSE).hex()


def kept_token(*, survey: Survey, code: str) -> str:
    """The signed filling kept under this code; empty when there is none."""
    draft = Draft.objects.filter(
        digest=bytes.fromhex(digest_of(code)), survey=survey, kept_until__gte=timezone.localdate()
    ).first()
    if draft is None:
        return ""
    try:
        return unseal(bytes(draft.content), purpose=PURPOSE, extra=code).decode()
    except SealBrokenError:
        return ""


def delete_draft(*, survey: Survey, digest: str) -> bool:
    """Forget what was kept. Gives whether there was something."""
    deleted, _rows = Draft.objects.filter(digest=bytes.fromhex(digest), survey=survey).delete()
    return deleted > 0
