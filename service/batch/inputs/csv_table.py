"""Reads a .csv as a table: detects its encoding and separator, streams its rows."""

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Generator, Iterator
from itertools import count, islice
from typing import IO

from service.batch.inputs.cell_values import UnreadableCell, Value
from service.batch.inputs.columns import recognised
from service.batch.inputs.table_model import SheetRow, SheetTable

_SEPARATORS = (",", "\t", ";", "，")
_CHUNK = 1 << 16  # bytes
_BEGIN = 8  # lines
_ERROR = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|#+)")
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]{2,3}")  # a long number as Excel displays it
_LINE_MAXIMUM = 1 << 20  # characters
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def table(file: IO[bytes]) -> SheetTable:
    """The table of a seekable .csv, streamed in constant memory."""
    encoding = _encoding(file)
    separator = max(_SEPARATORS, key=lambda each: _known(file, encoding, each))
    return SheetTable("", _rows(file, encoding, separator))


def _encoding(file: IO[bytes]) -> str:
    """Detects UTF-8 (even with a few errors); else assumes GB18030, as Chinese Excel writes."""
    file.seek(0)
    begin = file.read(4)
    for mark, encoding in _MARKS:
        if begin.startswith(mark):
            return encoding
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    wide = wrong = 0
    while chunk := file.read(_CHUNK):
        text = decoder.decode(chunk)
        wide += len(text) - len(text.encode("ascii", "ignore"))
        wrong += text.count("\ufffd")
    return "utf-8" if wide >= 10 * wrong else "gb18030"


def _lines(file: IO[bytes], encoding: str) -> Generator[str, None, None]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        while line := text.readline(_LINE_MAXIMUM):
            yield line
    finally:
        with contextlib.suppress(ValueError):  # the reader has stopped and closed the file
            text.detach()


def _known(file: IO[bytes], encoding: str, separator: str) -> int:
    """The most headings in one of the first rows, split by this separator."""
    with contextlib.closing(_lines(file, encoding)) as lines:
        rows = csv.reader(islice(lines, _BEGIN), delimiter=separator)
        try:
            return max((recognised(row) for row in rows), default=0)
        except csv.Error:
            return 0


def _rows(file: IO[bytes], encoding: str, separator: str) -> Iterator[SheetRow]:
    rows = csv.reader(_lines(file, encoding), delimiter=separator)
    for number in count(1):
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield SheetRow(number, {0: UnreadableCell("bad_csv", str(error))})
            continue
        cells = {column: _value(text) for column, text in enumerate(row) if text.strip()}
        if cells:
            yield SheetRow(number, cells)


def _value(text: str) -> Value:
    plain = text.strip()
    if "\ufffd" in text:
        return UnreadableCell("bad_characters", plain)
    if _ROUNDED.fullmatch(plain):
        return UnreadableCell("digits_lost", plain)
    return UnreadableCell("error_cell", plain) if _ERROR.fullmatch(plain) else text
