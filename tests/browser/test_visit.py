from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.pages import INTERNAL, PUBLIC, Page
from tests.browser.visit import WAYS, Visitor, transferred

FIRST_VISIT_BYTES = 80_000
FIRST_VISIT_REQUESTS = 8
LATER_VISIT_BYTES = 20_000
READABLE = [page for page in PUBLIC if page.status == 200]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page", [*PUBLIC, *INTERNAL], ids=str)
def test_page_is_as_promised(page: Page, visitor: Visitor, session_of: Callable[[str], list[Any] | None]) -> None:
    session = session_of(page.person)
    ways = [way for way in WAYS if page.translated or not way.prefix]
    found = [text for way in ways for text in visitor.complaints(page, way, session)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", READABLE, ids=str)
def test_page_is_light(page: Page, visitor: Visitor) -> None:
    (first, requests), (later, _later_requests) = transferred(visitor, page, visits=2)
    assert first <= FIRST_VISIT_BYTES
    assert requests <= FIRST_VISIT_REQUESTS
    assert later <= LATER_VISIT_BYTES


@pytest.mark.parametrize("page", READABLE, ids=str)
def test_page_needs_no_script(page: Page, visitor: Visitor) -> None:
    texts = []
    for script in (True, False):
        context = visitor.browser.new_context(java_script_enabled=script)
        tab = context.new_page()
        tab.goto(visitor.address + page.path)
        headings = tab.locator("main :is(h1, h2, h3, label, a, button[type=submit])")
        texts.append(sorted(text.strip() for text in headings.all_inner_texts() if text and text.strip()))
        context.close()
    assert texts[0] == texts[1]
