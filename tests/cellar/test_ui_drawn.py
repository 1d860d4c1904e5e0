from __future__ import annotations

from django.template import Context, Template
from django.utils import translation

from elbe_elster.ui.templatetags import ui

PIECE = "{% load i18n %}{% drawn text day %}{{ text }} {{ unsaid }} {% translate 'Suche' %}{% enddrawn %}"


def test_a_piece_is_drawn_once_for_the_same_data_and_language() -> None:
    template, said = Template(PIECE), []
    for number, (text, day, language) in enumerate(
        [
            ("a", 1, "de"),
            ("a", 1, "de"),
            ("a", 2, "de"),
            ("<", 1, "de"),
            ("a", 1, "en"),
            ("a", None, "de"),
            ("a", 1, "de"),
        ]
    ):
        with translation.override(language):
            said.append(template.render(Context({"text": text, "day": day, "unsaid": number})))
    assert said == ["a 0 Suche", "a 0 Suche", "a 2 Suche", "&lt; 3 Suche", "a 4 Search", "a 5 Suche", "a 0 Suche"]


def test_a_process_does_not_keep_pieces_without_end() -> None:
    template = Template(PIECE)
    for number in range(ui.MOST_DRAWN + 2):
        template.render(Context({"text": "a", "day": number, "unsaid": ""}))
    node = next(node for node in template.nodelist if isinstance(node, ui.DrawnNode))
    assert len(node.drawn) == 2
