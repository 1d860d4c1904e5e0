"""How long files take: exports of all measures, the booklet of 80, the dry run of an import. Wall clock, seconds."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

BOOKLET_MEASURES = 80
ROUNDS = 3
DEMO_ADMIN = "admin@demo.invalid"


def measure(visitor: Client) -> dict[str, dict[str, Any]]:
    """Seconds, status and bytes by name; needs Django to be set up and the measures written.

    The slowest of three, because the first one fills what is kept.
    """
    found = {ending: _timed(lambda ending=ending: visitor.get(f"/massnahmen.{ending}")) for ending in ("csv", "json")}  # type: ignore[misc]
    found["xlsx"] = _timed(lambda: visitor.get("/massnahmen.xlsx"))
    found["atom"] = _timed(lambda: visitor.get("/neues.atom"))
    found["booklet"] = _booklet(visitor)
    found["import"] = _import()
    return found


def _timed(ask: Callable[[], Any]) -> dict[str, Any]:
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        response = ask()
        content = b"".join(response.streaming_content) if response.streaming else response.content
        seconds.append(time.perf_counter() - start)
    return {"seconds": round(max(seconds), 3), "status": response.status_code, "bytes": len(content)}


def _booklet(visitor: Client) -> dict[str, Any]:
    """With all but 80 measures withdrawn for a moment."""
    from django.db import transaction

    from elbe_elster.strategy.models import Measure, Publication

    with transaction.atomic():
        shown = (
            Measure.objects.published().order_by("-profiles__pk", "pk")[:BOOKLET_MEASURES].values_list("pk", flat=True)
        )
        Measure.objects.exclude(pk__in=list(shown)).update(publication=Publication.WITHDRAWN)
        found = _timed(lambda: visitor.get("/massnahmenkatalog.pdf"))
        transaction.set_rollback(True)
    return found


def _import() -> dict[str, Any]:
    """The working file of the staff read again without writing: nothing would change."""
    from io import StringIO

    from django.core.management import CommandError, call_command

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.exchange.working_file import working_file

    content = working_file(User.objects.get(email=DEMO_ADMIN))
    seconds, said = [], ""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "massnahmen.xlsx"
        file.write_bytes(content)
        for _ in range(ROUNDS):
            start = time.perf_counter()
            try:
                call_command("import_measures", str(file), "--dry-run", stdout=StringIO())
            except CommandError as error:
                said = str(error)
            seconds.append(time.perf_counter() - start)
    return {"seconds": round(max(seconds), 3), "status": 500 if said else 200, "bytes": len(content), "said": said}
