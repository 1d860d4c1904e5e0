"""What changed in a text, as people can read it."""

from __future__ import annotations

import pytest

from elbe_elster.ui.comparison import compared_words


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("Ein alter Satz.", "Ein neuer Satz.", [("same", "Ein "), ("old", "alter"), ("new", "neuer"), ("same", " Satz.")]),
        (
            "Wer einen Termin braucht, ruft in der Verwaltung an.",
            "Neuer Text von einem anderen, der in allem neu ist.",
            [
                ("old", "Wer einen Termin braucht, ruft in der Verwaltung an."),
                ("new", "Neuer Text von einem anderen, der in allem neu ist."),
            ],
        ),
        ("Eins.", "Eins. Und danach kommt noch sehr viel dazu.", [
            ("same", "Eins."), ("new", " Und danach kommt noch sehr viel dazu."),
        ]),
        ("", "Neu", [("new", "Neu")]),
        ("Alt", "", [("old", "Alt")]),
        ("412", "1.036", [("old", "412"), ("new", "1.036")]),
        ("…", "!", [("old", "…"), ("new", "!")]),
    ],
)  # fmt: skip
def test_words_are_compared_while_enough_is_left_of_the_text(
    before: str, after: str, pieces: list[tuple[str, str]]
) -> None:
    assert compared_words(before, after) == pieces
