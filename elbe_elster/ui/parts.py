"""Parts of the frame that are the same on many pages: drawn once in a process and kept; a few words are filled in.

``{% frame_part "components/masthead.html" %}`` is an include for a template that shows nothing but ``frame``, its
addresses, and the words of the page in ``WORDS``. What it may decide on is in the key: language, place in the
navigation, whether somebody is signed in, and which of the words there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from elbe_elster.ui.context import LANGUAGE_NAMES, Frame, Language

if TYPE_CHECKING:
    from django.template.context import Context

WORDS = ("page_title", "page_description", "page_changed")
MARK = "\ue000"  # a private character; no text of people keeps it
BETWEEN_MARKS = re.compile(f"{MARK}([a-z_-]+){MARK}")
MOST_KEPT = 1000

_kept: dict[tuple[object, ...], list[str]] = {}


def _mark(name: str) -> SafeString:
    return mark_safe(f"{MARK}{name}{MARK}")  # noqa: S308 - a constant


class MarkedFrame(Frame):
    """A frame whose addresses are marks."""

    barrier_report = _mark("barrier_report")
    canonical = _mark("canonical")
    languages = [Language(code, name, _mark(f"url-{code}")) for code, name in LANGUAGE_NAMES.items()]
    alternates = [(code, _mark(f"alternate-{code}")) for code in LANGUAGE_NAMES]


def frame_part(template: str, context: Context) -> SafeString:
    """The template drawn for this page."""
    frame: Frame = context["frame"]
    words = {name: str(context.get(name) or "") for name in WORDS}
    key = (template, frame.language, frame.place, frame.signed_in, *map(bool, words.values()))
    pieces = _kept.get(key)
    if pieces is None:
        pieces = _drawn(template, frame, words)
        if len(_kept) < MOST_KEPT and not settings.DEBUG:
            _kept[key] = pieces
    filled = (
        piece if at % 2 == 0 else conditional_escape(_value(piece, frame, words)) for at, piece in enumerate(pieces)
    )
    return mark_safe("".join(filled))  # noqa: S308 - drawn by a template, filled with escaped values


def _drawn(template: str, frame: Frame, words: dict[str, str]) -> list[str]:
    """Text, name of a mark, text, name, …, text."""
    marked = {name: _mark(name) if word else "" for name, word in words.items()}
    text = get_template(template).render({"frame": MarkedFrame(frame.request), **marked})
    return BETWEEN_MARKS.split(text)


def _value(name: str, frame: Frame, words: dict[str, str]) -> str:
    if name in words:
        return words[name]
    kind, _hyphen, code = name.partition("-")
    if kind == "url":
        return next(language.url for language in frame.languages if language.code == code)
    if kind == "alternate":
        return dict(frame.alternates)[code]
    return str(getattr(frame, name))
