"""Sets one paper. A program of its own: it reads JSON from its input and writes the PDF file to its output.

``python -I typesetter.py FONTS TEMPLATE`` (a file name here, or the path of another room's template) imports nothing of the portal, so it starts quickly, can be ended when it
takes too long, and gives its memory back.
"""

import sys
from pathlib import Path

import typst

TEMPLATES = Path(__file__).parent / "templates"
PACKAGE = Path(__file__).parents[2]  # so that upper rooms may build on these templates


def main() -> None:
    """Set the template with the data; words that fit no rule of PDF/UA end it with typst's sentence."""
    fonts, template = sys.argv[1:]
    pdf = typst.compile(
        str(TEMPLATES / template),
        root=str(PACKAGE),
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"data": sys.stdin.buffer.read().decode()},
        pdf_standards="ua-1",
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
