import re
from pathlib import Path

import brotli
import pytest
from fontTools.ttLib import TTFont

from elbe_elster.ui import build

SHEET, SECOND = build.LOOK / "portal.css", build.LOOK / "redaktion.css"
FONTS = [build.LOOK / "fonts" / f"fira-sans-{weight}.woff2" for weight in (400, 600)]


def test_the_sheet_is_small() -> None:  # a quarter of the 80 KB that a first visit may cost
    assert len(brotli.compress(SHEET.read_bytes())) <= 20_000
    assert len(brotli.compress(SECOND.read_bytes())) <= 10_000


def test_what_only_staff_see_stands_in_the_second_sheet() -> None:
    public, second = SHEET.read_text(encoding="utf-8"), SECOND.read_text(encoding="utf-8")
    assert [name in public for name in (".editor__bar", ".desk__pick", ".letter__html")] == [False] * 3
    assert [name in second for name in (".editor__bar", ".desk__pick", ".letter__html")] == [True] * 3
    assert second.startswith("@layer look{")
    assert "url(" not in second


@pytest.mark.parametrize("file", FONTS, ids=lambda file: file.stem)
def test_the_fonts_are_small_and_know_our_letters(file: Path) -> None:
    assert file.stat().st_size <= 19_000
    with TTFont(file) as font:
        known = set(font.getBestCmap())
        features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert {letter for letter in "ÄÖÜäöüẞß„“–·→€×\u2011" + build.LETTERS if ord(letter) not in known} == set()
    assert "tnum" in features  # lining figures are the font's default, so lnum has nothing left to do


def test_ours_lies_over_kern_and_nothing_comes_from_elsewhere() -> None:
    css = SHEET.read_text(encoding="utf-8")
    assert css.startswith("@layer kern, look;")
    assert re.findall(r"url\((?![\"']?(?:data:|fonts/))[^)]*\)", css) == []
    assert "prefers-reduced-motion" in css
    assert "forced-colors" in css
    assert "@media print" in css


def test_custom_properties_nobody_reads_are_dropped() -> None:
    css = ":root{--kern-a:1px;--kern-b:var(--kern-c);--kern-c:2px;--kern-d:3px}p{margin:var(--kern-b)}"
    assert build._without_unused(css) == ":root{--kern-b:var(--kern-c);--kern-c:2px;}p{margin:var(--kern-b)}"  # noqa: SLF001


def test_a_second_build_does_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main() == 0
    assert capsys.readouterr().out == ""


def test_a_failing_tool_ends_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "SOURCE", build.SOURCE.parent / "gibt-es-nicht")
    with pytest.raises(build.BuildError, match="sass meldet: "):
        build.compile_sheets()
