import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from elbe_elster.ui import drawings

TEMPLATES = Path(settings.BASE_DIR) / "templates"


def draw(source: str, **context: object) -> str:
    return " ".join(Template(source).render(Context(context)).split())


def test_every_icon_used_in_a_template_is_in_the_registry() -> None:
    used = {
        name
        for file in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""{% icon ["']([\w-]+)["']""", file.read_text(encoding="utf-8"))
    }
    assert used - set(drawings.icons()) == set()


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(LookupError, match="fahrrad"):
        draw('{% icon "fahrrad" %}')


def test_icons_are_for_eyes_only() -> None:
    assert draw('{% icon "x" "s" %}') == (
        '<svg class="ico ico--s" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="M6 6l12 12M18 6 6 18"/></svg>'
    )


def test_one_square_is_one_thing() -> None:
    assert re.findall(r'rect class="(\w+)"', draw("{% units 1 2 0 1 %}")) == ["u4", "u3", "u3", "u1"]
    assert re.findall(r'rect class="(\w+)"', draw("{% meter 3 4 %}")) == ["on", "on", "on", "off"]


def test_bars_are_shares_of_the_largest_value() -> None:
    drawn = draw("{% chart 'Titel' 'Feld' 'Zahl' rows %}", rows=[("a", 4), ("b", 1), ("c", 0)])
    assert re.findall(r'<rect class="bar" width="([\d.]+)%"', drawn) == ["100.0", "25.0", "0.0"]
    assert "style=" not in drawn


def test_a_chart_without_numbers_has_no_bars() -> None:
    assert 'width="0%"' in draw("{% chart 'Titel' 'Feld' 'Zahl' rows %}", rows=[("a", 0)])


def test_names_in_marks_are_escaped() -> None:
    assert "<b>" not in draw("{% field_mark 1 name %}", name="<b>")
    assert "&lt;i&gt;" in draw('{% status "good" name %}', name="<i>")


def test_pagination_keeps_the_query() -> None:
    request = RequestFactory().get("/", {"q": "Bus & Bahn", "seite": "2"})
    page = Paginator(range(100), 20).page(2)
    drawn = draw("{% pages page %}", request=request, page=page)
    assert re.findall(r'href="([^"]+)"', drawn) == [
        "?q=Bus+%26+Bahn",
        "?q=Bus+%26+Bahn",
        "?q=Bus+%26+Bahn&amp;seite=2",
        "?q=Bus+%26+Bahn&amp;seite=3",
        "?q=Bus+%26+Bahn&amp;seite=4",
        "?q=Bus+%26+Bahn&amp;seite=5",
        "?q=Bus+%26+Bahn&amp;seite=3",
    ]


def test_one_page_needs_no_pagination() -> None:
    request = RequestFactory().get("/")
    assert draw("{% pages page %}", request=request, page=Paginator(range(3), 20).page(1)) == ""


@pytest.mark.parametrize(
    ("query", "url", "sign"),
    [
        ("", "?sortierung=titel", ""),
        ("sortierung=titel&q=bus&seite=3", "?sortierung=-titel&amp;q=bus", 'aria-sort="ascending"'),
        ("sortierung=-titel", "?sortierung=titel", 'aria-sort="descending"'),
    ],
)
def test_sorting_turns_round_and_starts_at_page_one(query: str, url: str, sign: str) -> None:
    drawn = draw('{% sort_head "titel" "Titel" %}', request=RequestFactory().get(f"/?{query}"))
    assert f'href="{url}"' in drawn
    assert sign in drawn
