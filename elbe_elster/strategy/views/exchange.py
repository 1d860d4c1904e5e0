"""The catalogue as files: the same measures in the same order as the page with the same query string."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from elbe_elster.snapshots import store
from elbe_elster.strategy.exchange import files
from elbe_elster.strategy.filters import filtered_measures

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    View = Callable[[HttpRequest], HttpResponse]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _state_of_catalogue(request: HttpRequest) -> str | None:
    """Changes with every public write and every day. None, that is no promise, while the cache is down."""
    version, _page = store.read("strategy:files")
    if version is None:
        return None
    said = f"{request.get_full_path()} {get_language()} {version} {timezone.localdate()}"
    return f'W/"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def _file(view: View) -> View:
    """A public file: everybody's, may be asked for again with its mark, may be read by pages of others."""
    guarded = require_safe(cache_control(public=True, no_cache=True)(condition(etag_func=_state_of_catalogue)(view)))
    return login_not_required(guarded)


def _answer(content: bytes, content_type: str, ending: str, *, inline: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    name = f"massnahmen-{timezone.localdate().isoformat()}.{ending}"
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


@_file
def measure_csv(request: HttpRequest) -> HttpResponse:
    """``/massnahmen.csv``."""
    measures, _filter = filtered_measures(request.GET)
    return _answer(files.as_csv(measures), "text/csv; charset=utf-8; header=present", "csv")


@_file
def measure_xlsx(request: HttpRequest) -> HttpResponse:
    """``/massnahmen.xlsx``."""
    measures, _filter = filtered_measures(request.GET)
    return _answer(files.as_xlsx(measures), XLSX, "xlsx")


@_file
def measure_json(request: HttpRequest) -> HttpResponse:
    """``/massnahmen.json``."""
    measures, _filter = filtered_measures(request.GET)
    content = files.as_json(measures, query=request.GET.urlencode())
    return _answer(content, "application/json", "json", inline=True)


@_file
def measure_atom(request: HttpRequest) -> HttpResponse:
    """``/massnahmen.atom``."""
    measures, _filter = filtered_measures(request.GET)
    content = files.as_atom(measures, query=request.GET.urlencode())
    return _answer(content, "application/atom+xml; charset=utf-8", "atom", inline=True)
