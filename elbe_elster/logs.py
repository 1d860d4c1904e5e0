"""What is written to the log, and what never is.

One line a request: method, path, status, duration, request id, shortened address. Where somebody
answers a survey there is no line, unless the portal failed, and then no address: a time would tell who came after whom. Never: bodies, query strings, cookies, names. Secret parts of a path (keys in links) are replaced. JSON in production, readable lines in the demo.
"""

from __future__ import annotations

import ipaddress
import re
import time
import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from structlog.typing import EventDict, Processor

WELL_FORMED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
SECRET_PART = re.compile(r"(?<=/)[A-Za-z0-9_:=.-]{20,}(?=/|$)")  # longer than any slug without a hyphenated word
SECRET_WORD = re.compile(r"(?i)\b(password|passwort|token|secret|key|code|authorization|cookie)(=|: )\S+")
ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REQUEST_ID")
LONGEST_WORD = 30  # letters; no word of an address is longer
QUIET = ("/healthz", "/readyz")
WITHOUT_ADDRESS = re.compile(r"(/[a-z-]+)?/beteiligung/umfragen/")  # deploy/nginx.conf does the same
ANSWERING = re.compile(r"(/[a-z-]+)?/beteiligung/umfragen/[^/]+/(?!ergebnisse/|fragebogen)[a-z]")  # and here as well

logger = structlog.get_logger("portal.request")


@lru_cache(maxsize=1024)
def shortened(address: str) -> str:
    """The address without what makes it a person's: IPv4 to /24, IPv6 to /48."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "-"
    if parsed.version == 6 and parsed.ipv4_mapped:  # noqa: PLR2004 -- the protocol's version
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False).network_address)  # noqa: PLR2004


def readable_path(path: str) -> str:
    """The path with secret parts (keys of links in letters) replaced."""
    return SECRET_PART.sub(lambda found: found[0] if _is_slug(found[0]) else "[…]", path)


def _is_slug(part: str) -> bool:
    """Words joined by hyphens, as in addresses of measures; a random key has digits or capitals in between."""
    longest = max(len(word) for word in part.split("-"))
    return part == part.lower() and longest < LONGEST_WORD and not re.search(r"\d[a-z]|:", part)


def without_secrets(_: Any, __: str, event: EventDict) -> EventDict:
    """Shorten addresses and drop secrets in everything that is written, whoever wrote it."""
    for name, value in event.items():
        if isinstance(value, str) and name not in {"timestamp", "logger"}:
            hidden = SECRET_WORD.sub(r"\1\2[…]", value) if "=" in value or ":" in value else value
            event[name] = ADDRESS.sub(lambda found: shortened(found[0]), hidden) if "." in hidden else hidden
    return event


def configuration(*, readable: bool) -> dict[str, Any]:
    """Django's ``LOGGING``; sets structlog up as well."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([] if readable else [structlog.processors.format_exc_info]),
        without_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "portal": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "portal"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "portal": {"level": "INFO"},
            "elbe_elster": {"level": "INFO"},
            "django_structlog": {"level": "WARNING"},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.template": {"level": "INFO"},  # below that it writes whole pages, with what people typed
            "django.db.backends": {"level": "INFO"},  # below that statements, with what people typed
            "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners; answered with 400
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }


class TrustedProxyMiddleware:
    """Takes the visitor's address from a trusted proxy and forgets what anybody else claims.

    A proxy is trusted when its address lies in ``TRUSTED_PROXIES``. Rate limits and logs read ``REMOTE_ADDR`` only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the true visitor's address in the request."""
        meta = request.META
        if _is_trusted(meta.get("REMOTE_ADDR", "")):
            meta["REMOTE_ADDR"] = _visitor(meta.get("HTTP_X_FORWARDED_FOR", ""), meta.get("REMOTE_ADDR", ""))
        else:
            for name in FORWARDED:
                meta.pop(name, None)
        return self.get_response(request)


def _visitor(forwarded: str, peer: str) -> str:
    """The last address of the chain that is no trusted proxy; the first if all are."""
    chain = [address.strip() for address in forwarded.split(",") if address.strip()]
    for address in reversed(chain):
        if not _is_address(address):
            return peer
        if not _is_trusted(address):
            return address
    return chain[0] if chain else peer


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(address: str) -> bool:
    return _lies_in(address, tuple(settings.TRUSTED_PROXIES))


@lru_cache(maxsize=1024)
def _lies_in(address: str, trusted: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    if not _is_address(address):
        return not address  # a Unix socket has no address; who may write to it is trusted
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in trusted)


class RequestLogMiddleware:
    """Gives every request an id, hands it to the tasks it sends off, and writes one line when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and write the line."""
        started = time.perf_counter()
        claimed = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = claimed if WELL_FORMED_ID.fullmatch(claimed) else uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            if request.path not in QUIET:
                _write(request, response, time.perf_counter() - started)
        return response


def _write(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    failed = response.status_code >= 500  # noqa: PLR2004 -- HTTP
    if ANSWERING.match(request.path) and not failed:
        return
    level = logger.error if failed else logger.info
    level(
        "request",
        method=request.method,
        path=readable_path(request.path),
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        address="-" if WITHOUT_ADDRESS.match(request.path) else shortened(request.META.get("REMOTE_ADDR", "")),
    )
