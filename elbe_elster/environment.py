"""Reads the settings that come from the environment; nonsense stops the start with one sentence."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from environs import Env

from elbe_elster import embedded

if TYPE_CHECKING:
    from collections.abc import Callable

env = Env()
env.read_env(
    str(embedded.var_dir() / "portal.env"), recurse=False
)  # written by `make run`: key and DEMO of this checkout
T = TypeVar("T")

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
INSECURE_KEY_LENGTH = 32  # characters


def refuse(name: str, why: str) -> NoReturn:
    """Stop the start with one sentence that names the variable."""
    raise SystemExit(f"Die Einstellung {name} ist nicht brauchbar: {why}")


def _read(name: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except ValueError:  # the library's words may quote a password
        refuse(name, "Sie ist keine Adresse der Form schema://name:passwort@rechner:port/datenbank.")


def text(name: str, default: str = "") -> str:
    """A text by ``NAME``, or from the file that ``NAME_FILE`` names (secrets)."""
    file = env.str(f"{name}_FILE", "")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            refuse(f"{name}_FILE", f"{file} lässt sich nicht lesen ({error.strerror}).")
    return str(env.str(name, "")).strip() or default


def flag(name: str) -> bool:
    """True or False; anything that is neither stops the start. Unset means False."""
    if not text(name):
        return False
    value = text(name).lower()
    if value not in {*TRUE, *FALSE}:
        refuse(name, f"Sie ist „{value}“, erlaubt sind 1 (ja) und 0 (nein).")
    return value in TRUE


def names(name: str) -> list[str]:
    """A list, separated by commas."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def hosts(name: str) -> list[str]:
    """Host names without scheme, port or path; ``*`` allows every name."""
    found = names(name)
    for host in found:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]", host):
            refuse(name, f"„{host}“ ist kein Name eines Rechners (ohne http:// und ohne Port).")
    return found


def networks(name: str, default: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks such as ``10.0.0.0/8``, separated by commas."""
    found = []
    for part in names(name) or default.split(","):
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError:
            refuse(name, f"„{part}“ ist kein Netz wie 10.0.0.0/8.")
    return found


def _prefixed(name: str, value: str, schemes: tuple[str, ...]) -> str:
    if not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        refuse(name, f"Sie beginnt mit {' oder '.join(f'{scheme}://' for scheme in schemes)}.")
    return value


def database() -> dict[str, Any]:
    """Django's settings of the one database, from ``DATABASE_URL`` or the embedded one."""
    import dj_database_url

    url = text("DATABASE_URL") or embedded.database_url()
    _prefixed("DATABASE_URL", url, ("postgresql", "postgres"))
    parsed = _read("DATABASE_URL", lambda: dict(dj_database_url.parse(url)))
    if not str(parsed.get("NAME") or "").strip("/"):
        refuse("DATABASE_URL", "Der Name der Datenbank fehlt.")
    return parsed


def queue_url() -> str:
    """Address of Valkey or Redis, from ``REDIS_URL`` or the embedded one."""
    url = _prefixed("REDIS_URL", text("REDIS_URL") or embedded.redis_url(), ("redis", "rediss", "unix"))
    parsed = _read("REDIS_URL", lambda: (urlsplit(url), urlsplit(url).port)[0])
    if not (parsed.hostname or parsed.path):
        refuse("REDIS_URL", "Der Name des Rechners fehlt.")
    return url


def broker_url() -> str:
    """The same address as Celery spells it: a socket has another scheme, and its database another name."""
    url = queue_url()
    if not url.startswith("unix://"):
        return url
    return (
        url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=").replace("&db=", "&virtual_host=")
    )


def mail(*, files: bool) -> dict[str, Any]:
    """How letters leave: ``TRANSPORT`` is ``smtp`` with Django's mail settings from ``EMAIL_URL``.

    Without the variable it is ``files`` (below ``var/mail``) where ``files`` allows it, otherwise ``none``.
    """
    url = text("EMAIL_URL")
    if not url:
        return {"TRANSPORT": "files" if files else "none"}
    _prefixed("EMAIL_URL", url, ("smtp", "submission"))
    import dj_email_url

    found = _read("EMAIL_URL", lambda: dict(dj_email_url.parse(url)))
    if not found.get("EMAIL_HOST") or not urlsplit(url).hostname:
        refuse("EMAIL_URL", "Der Name des Mailservers fehlt.")
    return {"TRANSPORT": "smtp", **found}


def base_url() -> str:
    """Address under which people reach the portal, without a slash at the end."""
    value = text("BASE_URL", "http://localhost:8000").rstrip("/")
    _prefixed("BASE_URL", value, ("http", "https"))
    parsed = _read("BASE_URL", lambda: (urlsplit(value), urlsplit(value).port)[0])
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", parsed.hostname or "") or parsed.path or parsed.query:
        refuse("BASE_URL", f"„{value}“ ist keine Adresse wie https://portal.example.org (ohne Pfad).")
    return value


def secret_key(*, required: bool) -> str:
    """``SECRET_KEY``; in production it must be there and long."""
    value = text("SECRET_KEY")
    if not value and required:
        refuse("SECRET_KEY", "Sie fehlt. Setzen Sie mindestens 50 zufällige Zeichen.")
    if value and required and len(value) < INSECURE_KEY_LENGTH:
        refuse("SECRET_KEY", f"Sie ist kürzer als {INSECURE_KEY_LENGTH} Zeichen.")
    return value or "only-for-building-never-for-serving"


def sign_in_provider() -> list[dict[str, Any]]:
    """The county's own sign-in (OpenID Connect) as allauth wants it; empty where it is not set up.

    ``OIDC_ISSUER`` (address), ``OIDC_CLIENT_ID``, ``OIDC_CLIENT_SECRET`` and, for the button, ``OIDC_NAME``.
    """
    issuer = text("OIDC_ISSUER")
    if not issuer:
        return []
    _prefixed("OIDC_ISSUER", issuer, ("https", "http"))
    missing = next((name for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET") if not text(name)), None)
    if missing:
        refuse(missing, "Sie fehlt, aber OIDC_ISSUER ist gesetzt.")
    return [
        {
            "provider_id": "kreis",
            "name": text("OIDC_NAME", "Landkreis"),
            "client_id": text("OIDC_CLIENT_ID"),
            "secret": text("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": issuer},
        }
    ]
