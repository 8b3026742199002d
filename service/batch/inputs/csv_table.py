"""Reads a .csv as a table: detects its encoding and separator, streams its rows."""

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Generator, Iterator
from itertools import count, islice
from typing import IO

from schemas.cells import UnreadableCell, Value, trimmed
from service.batch.inputs.cell_values import TEXT_FORMULA
from service.batch.inputs.sheet_columns import recognised
from service.batch.inputs.table_model import SheetRow, SheetTable
from service.batch.inputs.xlsx_cells import COLUMNS_MAXIMUM

_SEPARATORS = (",", "\t", ";", "，", "|")
_DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # a first line for Excel, which does not show it
# Byte order marks inside, of files that were joined, and the end mark of DOS.
_MARKED = str.maketrans("", "", "\ufeff\x1a")
_CHUNK = 1 << 16  # bytes
_BEGIN = 8  # lines
_ERROR = re.compile(
    r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|"
    r"GETTING_DATA|#+)|(Err|错误)[:：][0-9]{3}"
)
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]{2,3}")  # a long number as Excel displays it
_COMPUTED = re.compile(r"=\s*[^=\s].*", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"', re.DOTALL)
_LONGEST = 40  # characters of a cell in an error
_LINE_MAXIMUM = 1 << 20  # characters
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def table(file: IO[bytes]) -> SheetTable:
    """The table of a seekable .csv, streamed in constant memory."""
    encoding = _encoding(file)
    with contextlib.closing(_lines(file, encoding)) as lines:
        declared = _DECLARED.fullmatch(next(lines, ""))
    separators = (declared[1],) if declared else _SEPARATORS
    separator = max(separators, key=lambda each: _known(file, encoding, each))
    return SheetTable("", _rows(file, encoding, separator))


def _encoding(file: IO[bytes]) -> str:
    """Detects UTF-8 (even with a few errors); else assumes GB18030, as Chinese Excel writes."""
    file.seek(0)
    begin = file.read(_CHUNK)
    for mark, encoding in _MARKS:
        if begin.startswith(mark):
            return encoding
    if b"\0" in begin:  # perhaps of the separators and line ends
        wide = "utf-16-le" if b"\0" in begin[1::2] else "utf-16-be"
        if any(_known(file, wide, separator) for separator in _SEPARATORS):
            return wide
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    foreign = wrong = 0
    while chunk := file.read(_CHUNK):
        text = decoder.decode(chunk)
        foreign += len(text) - len(text.encode("ascii", "ignore"))
        wrong += text.count("\ufffd")
    return "utf-8" if foreign >= 10 * wrong else "gb18030"


def _lines(file: IO[bytes], encoding: str) -> Generator[str, None, None]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        while line := text.readline(_LINE_MAXIMUM):
            yield line
    finally:
        with contextlib.suppress(ValueError):  # the reader has stopped and closed the file
            text.detach()


def _table_lines(file: IO[bytes], encoding: str) -> Generator[str, None, None]:
    """The lines without the declaration of the separator, and without marks."""
    with contextlib.closing(_lines(file, encoding)) as lines:
        for number, line in enumerate(lines):
            if number or not _DECLARED.fullmatch(line):
                yield line.translate(_MARKED)


def _known(file: IO[bytes], encoding: str, separator: str) -> int:
    """The most headings in one of the first rows, split by this separator."""
    with contextlib.closing(_table_lines(file, encoding)) as lines:
        rows = csv.reader(islice(lines, _BEGIN), delimiter=separator, skipinitialspace=True)
        try:
            return max((recognised(_texts(row[:COLUMNS_MAXIMUM])) for row in rows), default=0)
        except csv.Error:
            return 0


class _Rows(Iterator[list[str]]):
    """The rows of some lines. Raises csv.Error for one whose quotes do not pair, as RFC 4180 wants them."""

    def __init__(self, lines: Iterator[str], separator: str) -> None:
        self._lines, self._read = lines, list[str]()
        self._separator = separator
        self._behind = re.compile(rf'"[ \t\u3000\xa0]+(?=$|[\r\n{re.escape(separator)}])')
        self._rows = csv.reader(self._kept(), delimiter=separator, skipinitialspace=True)

    def _kept(self) -> Iterator[str]:
        for line in self._lines:
            self._read.append(line)
            yield line

    def __next__(self) -> list[str]:
        self._read.clear()
        row = next(self._rows)
        if any('"' in line for line in self._read):
            lines = (self._behind.sub('"', line) for line in self._read)
            next(csv.reader(lines, delimiter=self._separator, skipinitialspace=True, strict=True), None)
        return row


def _rows(file: IO[bytes], encoding: str, separator: str) -> Iterator[SheetRow]:
    rows = _Rows(_table_lines(file, encoding), separator)
    for number in count(1):
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield SheetRow(number, {0: UnreadableCell("bad_csv", str(error))})
            continue
        if len(row) > COLUMNS_MAXIMUM:
            yield SheetRow(number, {0: UnreadableCell("bad_csv", f"more than {COLUMNS_MAXIMUM} cells")})
            continue
        values = ((column, _value(text)) for column, text in enumerate(_unquoted(row)) if trimmed(text))
        if cells := {column: value for column, value in values if value != ""}:
            yield SheetRow(number, cells)


def _texts(row: list[str]) -> list[str]:
    return [value for value in map(_value, _unquoted(row)) if isinstance(value, str)]


def _unquoted(row: list[str]) -> list[str]:
    """The cells of a row; without quotes if an export has quoted every one of them twice."""
    quoted = [(trimmed(text), _QUOTED.fullmatch(trimmed(text))) for text in row]
    if any(text and not found for text, found in quoted):
        return row
    return [found[1].replace('""', '"') if found else "" for _, found in quoted]


def _value(text: str) -> Value:
    plain = trimmed(text)
    if found := TEXT_FORMULA.fullmatch(plain):
        return _value(found[1].replace('""', '"'))
    if found := _QUOTED.fullmatch(plain):
        inner = found[1].replace('""', '"')
        if TEXT_FORMULA.fullmatch(inner):
            return _value(inner)
        return UnreadableCell("quoted_value", plain[:_LONGEST])
    if plain.startswith("'") and plain.count("'") == 1:  # with which spreadsheets mark text
        return plain[1:]
    if "\ufffd" in text:
        return UnreadableCell("bad_characters", plain)
    if _ROUNDED.fullmatch(plain):
        return UnreadableCell("digits_lost", plain)
    if _COMPUTED.fullmatch(plain):
        return UnreadableCell("formula_as_text", plain[:_LONGEST])
    return UnreadableCell("error_cell", plain) if _ERROR.fullmatch(plain) else text
