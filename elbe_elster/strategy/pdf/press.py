"""Has papers set, each once: a finished file is kept under what it says, so the same words are never set twice."""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
import time
import uuid
from functools import cache as kept
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from elbe_elster.snapshots import store

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
SECONDS = 50  # for one paper; less than any server in front waits
KEPT = 86400  # seconds
PAUSE = 0.1  # seconds between looks at what another process is setting


class PressError(RuntimeError):
    """A paper cannot be set; the message says why."""


class Paper(NamedTuple):
    """A finished PDF file and the fingerprint of what it says."""

    body: bytes
    digest: str


def finished_paper(*, name: str, template: str, gather: Callable[[], dict[str, Any]]) -> Paper:
    """The paper of this name in the current language as of now: kept, being set elsewhere, or set here.

    ``gather`` is asked at most once for each version of what is public, and at least every ``store.LONGEST`` seconds.
    Raises PressError.
    """
    address = _address(name)
    digest, body = _known(address)
    if digest and body:
        return Paper(body, digest)
    text = json.dumps(gather(), ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(f"{_edition(template)}{template}{text}".encode()).hexdigest()[:32]
    body = _only_once(digest, lambda: set_paper(template, text))
    _put(address, digest, store.LONGEST)
    return Paper(body, digest)


def set_paper(template: str, text: str) -> bytes:
    """Set a template with data (JSON). Takes a process of its own. Raises PressError.

    ``template`` is a file of ``templates/``, or the whole path of one of an upper room.
    """
    command = [sys.executable, "-I", str(FOLDER / "typesetter.py"), str(fonts()), template]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise PressError(f"{Path(template).name} war nach {SECONDS} Sekunden nicht fertig.") from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["nichts"]
        raise PressError(f"{Path(template).name}: {said[-1]}")
    return done.stdout


def fonts() -> Path:
    """The folder of the fonts; ``make run`` builds it."""
    folder: Path = settings.BUILT_DIR / "fonts"
    return folder


@kept
def _edition(template: str) -> str:
    """Fingerprint of the template, those beside it, ours and the fonts: an upgrade sets everything anew."""
    found = hashlib.sha256()
    ours = FOLDER / "templates"
    for file in sorted({*ours.glob("*.typ"), *(ours / template).parent.glob("*.typ"), *fonts().glob("*")}):
        found.update(file.read_bytes())
    return found.hexdigest()


def _address(name: str) -> str:
    """Where the fingerprint of a name's newest paper is kept, as long as nothing public is written."""
    try:
        version = cache.get(store.VERSION, 0)
    except (RedisError, OSError):
        version = 0
    return f"pdf:name:{hashlib.sha256(f'{version}:{name}'.encode()).hexdigest()[:32]}"


def _known(address: str) -> tuple[str, bytes]:
    try:
        digest = cache.get(address, "")
        return digest, cache.get(f"pdf:paper:{digest}", b"") if digest else b""
    except (RedisError, OSError):
        return "", b""


def _only_once(digest: str, setting: Callable[[], bytes]) -> bytes:
    """The finished paper; whoever comes while it is being set waits for it."""
    paper, lock, token = f"pdf:paper:{digest}", f"pdf:lock:{digest}", uuid.uuid4().hex
    deadline = time.monotonic() + SECONDS
    try:
        while time.monotonic() < deadline:
            if body := cache.get(paper):
                return bytes(body)
            if cache.add(lock, token, timeout=SECONDS):
                break
            time.sleep(PAUSE)
    except (RedisError, OSError):
        return setting()  # without a cache everybody sets for himself
    try:
        body = setting()
        _put(paper, body, KEPT)
    finally:
        if _get(lock) == token:
            _put(lock, "", 0)
    return body


def _get(key: str) -> object:
    try:
        return cache.get(key)
    except (RedisError, OSError):
        return None


def _put(key: str, value: object, seconds: int) -> None:
    try:
        cache.set(key, value, timeout=seconds)
    except (RedisError, OSError):
        logger.warning("Eine fertige Druckfassung ließ sich nicht aufheben.")
