"""SPSS system files (``.sav``) in flat memory, as the developers of PSPP describe the format; every value a number.

The usual library needs all responses in memory at once. Records: header, one for each variable, value labels, encoding
and long names, then the cases: a stream of one-byte commands in groups of eight, each group followed by the numbers
that do not fit into a byte. All little-endian.
"""

from __future__ import annotations

import datetime as dt
import struct
import sys
from typing import TYPE_CHECKING

from elbe_elster.participation.export.variables import DATES, FAR, NOT_SHOWN, SKIPPED, Sort

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import IO

    from elbe_elster.participation.export.reading import Row
    from elbe_elster.participation.export.variables import Variable

DAY_ZERO = dt.date(1582, 10, 14)
SECONDS_OF_DAY = 86_400
BIAS = 100.0  # a whole number n from -99 to 151 is the command n + 100
SMALLEST, LARGEST = 1 - BIAS, 251 - BIAS
RAW, GROUP = 253, 8  # the command for "a number follows", commands in a group
FORMAT_NUMBER, FORMAT_DATE = 5, 38  # F, EDATE (dd.mm.yyyy)
LONGEST_LABEL, LONGEST_VALUE_LABEL = 255, 120  # bytes
NOMINAL, ORDINAL, SCALE = 1, 2, 3
RIGHT = 1
UTF8 = 65001
LOWEST = struct.unpack("<d", bytes.fromhex("feffffffffffefff"))[0]
CASES_AT_ONCE = 200
PRODUCT = "@(#) SPSS DATA FILE Digitalportal Elbe-Elster"


def write_sav(
    stream: IO[bytes], variables: Sequence[Variable], rows: Iterable[Row], *, count: int, title: str, today: dt.date
) -> None:
    """The whole file. ``count``: how many rows there are."""
    stream.write(_header(len(variables), count, title, today))
    for number, variable in enumerate(variables, start=1):
        stream.write(_variable_record(number, variable))
    for number, variable in enumerate(variables, start=1):
        stream.write(_value_labels(number, variable))
    stream.write(_information(variables, count))
    _write_cases(stream, rows, [column for column, one in enumerate(variables) if one.sort in DATES])


def _text(value: str, length: int) -> bytes:
    """Exactly so many bytes, filled with blanks, never half a character."""
    return _cut(value, length).ljust(length)


def _cut(value: str, length: int) -> bytes:
    return value.encode()[:length].decode(errors="ignore").encode()


def _header(columns: int, count: int, title: str, today: dt.date) -> bytes:
    return b"".join(
        (
            b"$FL2",
            _text(PRODUCT, 60),
            struct.pack("<iiiii", 2, columns, 1, 0, count),
            struct.pack("<d", BIAS),
            _text(f"{today.day:02} {today:%b %y}", 9),
            b"00:00:00",
            _text(title, 64),
            b"\0\0\0",
        )
    )


def short_name(number: int) -> str:
    """The name of eight letters that every variable has as well."""
    return f"V{number}"


def _variable_record(number: int, variable: Variable) -> bytes:
    label = _cut(variable.label, LONGEST_LABEL)
    width, decimals, kind = 10, variable.places, FORMAT_NUMBER
    if variable.sort in DATES:
        kind = FORMAT_DATE
    elif variable.far:
        width = 12 + decimals
    shape = kind << 16 | width << 8 | decimals
    missing = _missing_range(variable)
    return b"".join(
        (
            struct.pack("<iiiiii", 2, 0, 1, -2 if missing else 0, shape, shape),
            _text(short_name(number), 8),
            struct.pack("<i", len(label)),
            label + b" " * (-len(label) % 4),
            missing,
        )
    )


def _missing_range(variable: Variable) -> bytes:
    """All missing codes as a range: the format knows three single ones at most."""
    if not variable.missing:
        return b""
    shift = FAR if variable.far else 0
    return struct.pack("<dd", shift + NOT_SHOWN, shift + SKIPPED)


def _value_labels(number: int, variable: Variable) -> bytes:
    labels = (*variable.codes, *variable.missing)
    if not labels:
        return b""
    found = [struct.pack("<ii", 3, len(labels))]
    for value, words in labels:
        label = _cut(words, LONGEST_VALUE_LABEL)
        size = bytes([len(label)]) + label
        found.append(struct.pack("<d", value) + size + b" " * (-len(size) % 8))
    return b"".join((*found, struct.pack("<iii", 4, 1, number)))


def _information(variables: Sequence[Variable], count: int) -> bytes:
    names = "\t".join(f"{short_name(number)}={one.name}" for number, one in enumerate(variables, start=1)).encode()
    display = b"".join(struct.pack("<iii", _measure(variable), 10, RIGHT) for variable in variables)
    return b"".join(
        (
            _extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, UTF8)),
            _extension(4, 8, struct.pack("<3d", -sys.float_info.max, sys.float_info.max, LOWEST)),
            _extension(11, 4, display),
            _extension(13, 1, names),
            _extension(16, 8, struct.pack("<qq", 1, count)),
            _extension(20, 1, b"UTF-8"),
            struct.pack("<ii", 999, 0),
        )
    )


def _extension(kind: int, size: int, content: bytes) -> bytes:
    return struct.pack("<iiii", 7, kind, size, len(content) // size) + content


def _measure(variable: Variable) -> int:
    if variable.sort in {Sort.NUMBER, Sort.DATE, Sort.DAY, Sort.NUMBERING}:
        return SCALE
    return ORDINAL if variable.sort is Sort.PLACE else NOMINAL


def _write_cases(stream: IO[bytes], rows: Iterable[Row], dated: list[int]) -> None:
    commands, numbers, parts = bytearray(), bytearray(), bytearray()
    pack = struct.Struct("<d").pack
    for count, row in enumerate(rows, start=1):
        for column in dated:
            value = row[column]
            if isinstance(value, dt.date):
                row[column] = (value - DAY_ZERO).days * SECONDS_OF_DAY
        for value in row:
            if type(value) is int and SMALLEST <= value <= LARGEST:
                commands.append(value + 100)
            else:
                commands.append(RAW)
                numbers += pack(value)
            if len(commands) == GROUP:
                parts += commands
                parts += numbers
                commands.clear()
                numbers.clear()
        if count % CASES_AT_ONCE == 0:
            stream.write(parts)
            parts.clear()
    if commands:
        parts += commands.ljust(GROUP, b"\0")
        parts += numbers
    stream.write(parts)
