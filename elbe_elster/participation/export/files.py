"""One export, whole: which format is written how, and what stands beside the responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.participation.disclosure.thresholds import LEAST_BASE
from elbe_elster.participation.export.codebook import add_codebook, write_codebook
from elbe_elster.participation.export.csv_writing import write_csv, write_table
from elbe_elster.participation.export.reading import editions_of, reading
from elbe_elster.participation.export.sav_writing import write_sav
from elbe_elster.participation.export.texts import text_head, text_rows
from elbe_elster.participation.export.variables import variables_of
from elbe_elster.participation.export.xlsx_writing import Book, write_responses
from elbe_elster.participation.models import ExportFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from elbe_elster.participation.export.reading import Row
    from elbe_elster.participation.export.variables import Edition, Variable
    from elbe_elster.participation.models import Survey

FEWEST = LEAST_BASE  # responses; below that single responses are given to nobody, as results are not
RESPONSES, TEXTS = "antworten", "freie-texte.csv"
NOTED_EVERY = 500  # responses


class TooFewResponsesError(Exception):
    """There are so few responses that each could be somebody's."""


class Form(NamedTuple):
    """How a format is called and served."""

    ending: str
    media_type: str


ZIP = Form("zip", "application/zip")
FORMS = {
    ExportFormat.CSV: Form("csv", "text/csv; charset=utf-8"),
    ExportFormat.XLSX: Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ExportFormat.SAV: Form("sav", "application/x-spss-sav"),
    ExportFormat.CODEBOOK: ZIP,
}


def form_of(file_format: str, *, with_texts: bool) -> Form:
    """Ending and media type. With free texts CSV and SPSS become two files in one."""
    packed = with_texts and file_format in {ExportFormat.CSV, ExportFormat.SAV}
    return ZIP if packed else FORMS[ExportFormat(file_format)]


def write_export(
    stream: IO[bytes],
    survey: Survey,
    file_format: str,
    *,
    with_texts: bool = False,
    note: Callable[[int, int], None] = lambda _done, _of_all: None,
) -> None:
    """Write the file. ``note(done, of_all)`` is called now and then and may raise to stop the work.

    Raises TooFewResponsesError when the file would show single responses of less than ten.
    """
    editions = editions_of(survey)
    variables = variables_of(editions)
    if file_format == ExportFormat.CODEBOOK:
        note(0, 1)
        write_codebook(stream, survey, variables, editions)
        note(1, 1)
        return
    with reading(survey) as source:
        count = source.count()
        if count < FEWEST:
            raise TooFewResponsesError
        note(0, count)
        rows = _noted(source.rows(variables, editions), count, note)
        _write(stream, survey, file_format, _Content(variables, editions, rows, count), with_texts=with_texts)
    note(count, count)


class _Content(NamedTuple):
    variables: Sequence[Variable]
    editions: Sequence[Edition]
    rows: Iterator[Row]
    size: int


def _noted(rows: Iterator[Row], count: int, note: Callable[[int, int], None]) -> Iterator[Row]:
    for done, row in enumerate(rows, start=1):
        if done % NOTED_EVERY == 0:
            note(done, count)
        yield row


def _write(stream: IO[bytes], survey: Survey, file_format: str, content: _Content, *, with_texts: bool) -> None:
    if file_format == ExportFormat.XLSX:
        book = Book(stream)
        write_responses(book, _("Antworten"), content.variables, content.rows)
        if with_texts:
            book.table(_("Freie Texte"), text_head(), text_rows(survey, content.variables))
        add_codebook(book, survey, content.variables, content.editions)
        book.close()
    elif with_texts:
        _write_packed(stream, survey, file_format, content)
    else:
        _write_plain(stream, survey, file_format, content)


def _write_plain(stream: IO[bytes], survey: Survey, file_format: str, content: _Content) -> None:
    if file_format == ExportFormat.SAV:
        today = timezone.localdate()
        write_sav(stream, content.variables, content.rows, count=content.size, title=survey.title, today=today)
    else:
        write_csv(stream, content.variables, content.rows)


def _write_packed(stream: IO[bytes], survey: Survey, file_format: str, content: _Content) -> None:
    name = f"{RESPONSES}.{FORMS[ExportFormat(file_format)].ending}"
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as package:
        with package.open(name, "w", force_zip64=True) as inner:
            _write_plain(inner, survey, file_format, content)
        with package.open(TEXTS, "w", force_zip64=True) as inner:
            write_table(inner, [title for title, _width in text_head()], text_rows(survey, content.variables))
