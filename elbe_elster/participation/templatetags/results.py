"""Pieces of results: ``{% load results %}``. Tables have thousands of cells, so these are drawn without a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join

if TYPE_CHECKING:
    from collections.abc import Hashable

    from django.utils.safestring import SafeString

    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.results.page import Result
    from elbe_elster.participation.results.showing import Table

register = template.Library()
MOST_DRAWN = 2_000  # questions in a language, about 15 KB each
_drawn: dict[Hashable, SafeString] = {}


@register.simple_tag
def result_section(result: Result, survey: Survey) -> SafeString:
    """A published question: ``{% result_section result survey %}``. What is published is frozen, so it is drawn once."""
    key = (survey.slug, result.stamp)
    if key not in _drawn:
        if len(_drawn) >= MOST_DRAWN:
            _drawn.clear()
        _drawn[key] = render_to_string("participation/results/_result.html", {"result": result, "survey": survey})
    return _drawn[key]


@register.simple_tag
def share_lines(table: Table) -> SafeString:
    """The lines of a table of shares, without its head: ``{% share_lines table %}``."""
    pattern = '<tr><th scope="row">{}</th>'
    if table.by_row:
        pattern += '<td class="r n">{}</td>'
    pattern += '<td class="r">{}</td>' * (len(table.heads) + bool(table.extra_head)) + "</tr>"
    return format_html_join(
        "",
        pattern,
        (
            (
                line.label,
                *((line.base,) if table.by_row else ()),
                *(cell.share for cell in line.cells),
                *((line.extra,) if table.extra_head else ()),
            )
            for line in table.lines
        ),
    )
