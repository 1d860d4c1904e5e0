import re

import pytest

from elbe_elster.ui import build

TEXT = 4.5  # WCAG 1.4.3
SIGN = 3.0  # WCAG 1.4.11
TEXTS = ["ink", "ink-2", "accent", "accent-strong", "good", "late", "risk", "rest"]
SIGNS = ["control", "rule", "focus", *(f"f{number}" for number in range(1, 8))]


def colours(scheme: str) -> dict[str, str]:
    sheet = (build.SOURCE / "_tokens.scss").read_text(encoding="utf-8")
    block = sheet[sheet.index(f"@mixin {scheme}") :].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_signs_stand_out_from_every_ground(scheme: str) -> None:
    tokens = colours(scheme)
    pairs = [(name, ground, TEXT) for name in TEXTS for ground in ("paper", "paper-2")]
    pairs += [("ink", "accent-tint", TEXT), ("on-accent", "accent", TEXT), ("on-call", "call", TEXT)]
    pairs += [("risk", "risk-tint", TEXT), *((name, "paper", SIGN) for name in SIGNS)]
    weak = {pair: contrast(tokens[pair[0]], tokens[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < pair[2]} == {}


def test_light_and_dark_name_the_same_colours() -> None:
    assert set(colours("light")) == set(colours("dark"))
