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


def measure(visitor: Client) -> dict[str, dict[str, Any]]:
    """Seconds (the slowest of three: the first fills what is kept), status and bytes by name; needs Django to be set up and the measures written."""
    found = {ending: _timed(lambda ending=ending: visitor.get(f"/massnahmen.{ending}")) for ending in ("csv", "json")}  # type: ignore[misc]
    found["xlsx"] = _timed(lambda: visitor.get("/massnahmen.xlsx"))
    found["atom"] = _timed(lambda: visitor.get("/neues.atom"))
    found["booklet"] = _booklet(visitor)
    found["import"] = _import(visitor)
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


def _import(visitor: Client) -> dict[str, Any]:
    """The XLSX export read again without writing."""
    from io import StringIO

    from django.core.management import CommandError, call_command

    response = visitor.get("/massnahmen.xlsx")
    if response.status_code != 200:  # noqa: PLR2004 -- HTTP
        return {"seconds": 0.0, "status": response.status_code, "bytes": 0}
    content = b"".join(response.streaming_content) if response.streaming else response.content
    seconds = []
    said = ""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "massnahmen.xlsx"
        file.write_bytes(content)
        for _ in range(ROUNDS):
            start, out = time.perf_counter(), StringIO()
            try:
                call_command("import_measures", str(file), "--dry-run", stdout=out)
            except CommandError as error:
                said = str(error)
            seconds.append(time.perf_counter() - start)
    return {
        "seconds": round(max(seconds), 3),
        "status": 500 if said else 200,
        "bytes": len(content),
        "said": said,
    }
