"""How texts and numbers of content look: ``{% load text %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.formats import number_format

from elbe_elster.ui.markdown import render_markdown

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

COMPOUNDS = (  # long words of the field, and where a heading may break them
    "Handlungs|feld",
    "Katastrophen|schutz",
    "Koordinierungs|kreis",
    "Maßnahmen|katalog",
    "Nachbarschafts|gespräch",
    "Nachhaltig|keit",
    "Organisations|entwicklung",
    "organi|sational",
    "Projekt|steckbrief",
    "selbst|bestimmt",
    "Verbands|gemeinde",
)


@register.filter
def markdown(text: str | None) -> SafeString:
    """Safe HTML of a Markdown text."""
    return render_markdown(text)


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    """A number with groups of three, as the language writes it: 15.968. Nothing stays nothing."""
    return "" if value is None else number_format(value, decimals, use_l10n=True, force_grouping=True)


@register.filter
def signed(value: float | None, decimals: int = 0) -> str:
    """A difference with its sign: +33, −752, 0."""
    if value is None:
        return ""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number(abs(value), decimals)


@register.filter
def shy(text: object) -> str:
    """The text with soft hyphens in the long compounds of the field, for headings in narrow columns."""
    found = str(text)
    for compound in COMPOUNDS:
        found = found.replace(compound.replace("|", ""), compound.replace("|", "\u00ad"))
    return found
