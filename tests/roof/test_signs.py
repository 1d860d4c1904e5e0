"""Signs that are no text, in any address and any form: answered like other nonsense, never with an error of ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import get_language

from tests.factories import MeasureFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
ASKED = re.compile(r"""(?:GET|POST|typed|data)(?:\.get(?:list)?\(|\[)"([a-z0-9_-]+)\"""")
FIELD = re.compile(r"^    ([a-z_]+) = (?:forms|django_filters|filters)?\.?\w*(?:Field|Filter)\(", re.MULTILINE)
NUL = "a\x00b"
LEAVES = re.compile(r"abmelden|logout")


def names() -> list[str]:
    """Every name that the code asks an address or a form for."""
    sources = [path.read_text(encoding="utf-8") for path in Path(settings.BASE_DIR, "elbe_elster").rglob("*.py")]
    return sorted({name for text in sources for name in (*ASKED.findall(text), *FIELD.findall(text))})


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address without a variable."""
    for pattern in resolver.url_patterns:
        part = re.sub(r"^\^|\\Z|\$$", "", str(pattern.pattern))
        if isinstance(pattern, URLResolver) and "<" not in part:
            yield from addresses(pattern, before + part)
        elif isinstance(pattern, URLPattern) and not re.search(r"[<(\[\\]", part):
            yield before + part


def test_no_address_and_no_form_breaks_on_a_nul(
    admin: User, publisher: User, sign_in: SignIn, client: PortalClient
) -> None:
    MeasureFactory()
    found = sorted({f"/{path.lstrip('/')}" for path in addresses(get_resolver()) if not LEAVES.search(path)})
    found = [path for path in found if not path.startswith("/admin/")]  # Django's own
    nonsense = dict.fromkeys(names(), NUL)
    assert (len(found) > 50, len(nonsense) > 60, get_language()) == (True, True, "de")
    broken = []
    for user in (None, admin, publisher):
        browser = sign_in(user) if user else client
        browser.raise_request_exception = False
        for path in found:
            for method in ("get", "post"):
                status = getattr(browser, method)(path, nonsense).status_code
                if status == 500:  # 503 is said on purpose
                    broken.append((str(user), method, path))
    assert broken == []
