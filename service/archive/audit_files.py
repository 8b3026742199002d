"""Rows of the audit log as files: CSV, or JSON lines by which the chain can be recomputed."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from service.archive.bagit_export import csv_cell
from service.audit import audit_chain
from service.audit.audit_table import FIELDS

_FREE = {"who", "origin", "tenant", "form", "id", "detail"}  # the others have hashes, times and codes
_HEADINGS = ["time (UTC)" if name == "time" else name for name in FIELDS]
_EXACT = re.compile("[0-9a-f]*")


def ndjson_lines(found: Iterable[Mapping[Any, Any]]) -> Iterator[str]:
    """Rows as JSON, a line each: the text of which the hash is made, and the hash."""
    return (f"{audit_chain.line(row)}\n" for row in found)


def csv_lines(found: Iterable[Mapping[Any, Any]], more: Sequence[str] = ()) -> Iterator[str]:
    """Rows as CSV, also with `more` of them, which is free text.

    A free text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    yield "\ufeff" + _csv_line((*_HEADINGS, *more))  # Excel takes it for UTF-8
    for row in found:
        own = (_csv_cell(name, row[name]) for name in FIELDS)
        yield _csv_line((*own, *(csv_cell(row[name]) for name in more)))


def _csv_cell(name: str, value: object) -> object:
    """A cell; hashes stay as they are, so that the chain can be recomputed."""
    exact = name not in _FREE and isinstance(value, str) and _EXACT.fullmatch(value)
    return value if exact else csv_cell(value)


def _csv_line(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
