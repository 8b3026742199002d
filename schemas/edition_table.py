"""Reads, checks and writes a table of editions, `editions.json`, one row per line."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.form_fault import FormFault

_KEYS = {"form", "year", "schema", "title", "provenance"}
_FURTHER = {"from", "gloss"}
_NAME = re.compile("[A-Za-z][A-Za-z0-9_-]{0,39}")
_CLASS = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
YEARS = range(1900, 3000)


@dataclass(frozen=True)
class EditionRow:
    """One form in one plan year: schema (module.Class), title, gloss in English, origin of the layout.

    `provenance` is "official", or "derived" if the layout of another year, `source`, is assumed.
    """

    form: str
    year: int
    schema: str
    title: str
    provenance: str
    source: int | None
    gloss: str
    line: int


def read(path: Path) -> Iterator[EditionRow | FormFault]:
    """The rows of the table, or what is wrong with each. Raises FormFault if it is no list."""
    for line, row in rows(path):
        if not is_sound(row):
            yield FormFault(
                path,
                line,
                f"{row}：一行须有 form、year、schema（模块.类）、title、provenance（official；或 derived，"
                "并以 from 写明沿用的年度），可有 gloss（英文名）",
                f"{row}: a row has form, year, schema (module.Class), title, provenance "
                '("official", or "derived" and then the year in "from"), and may have gloss (English name)',
            )
            continue
        source, gloss = row.get("from"), row.get("gloss", "")
        yield EditionRow(**{key: row[key] for key in _KEYS}, source=source, gloss=gloss, line=line)


def rows(path: Path) -> list[tuple[int, Any]]:
    """The rows as they are written, each with its line. Raises FormFault."""
    try:
        written = path.read_text(encoding="utf-8")
        found = json.loads(written)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FormFault(path, getattr(error, "lineno", 0), f"版次表读不了：{reason}", reason) from error
    if not isinstance(found, list):
        raise FormFault(path, 0, "版次表应为数组", "not a list of rows")
    return list(_with_lines(written))


def _with_lines(written: str) -> Iterator[tuple[int, Any]]:
    """The items of a JSON array, each with the line at which it begins."""
    decoder, blank = json.JSONDecoder(), re.compile(r"[\s,]*")
    at = written.index("[") + 1
    while written[at := _end(blank, written, at)] != "]":
        line = written.count("\n", 0, at) + 1
        row, at = decoder.raw_decode(written, at)
        yield line, row


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def text(table: Sequence[dict[str, Any]]) -> str:
    """The file's text: one row per line, by form and year."""
    ordered = sorted(table, key=lambda row: (row["form"], row["year"]))
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in ordered) + "\n]\n"


def is_name(form: str) -> bool:
    """Whether a form may be called so."""
    return _NAME.fullmatch(form) is not None


def is_sound(row: Any) -> bool:
    """Whether a row has what each must have."""
    return (
        isinstance(row, dict)
        and _KEYS <= row.keys() <= _KEYS | _FURTHER
        and all(isinstance(row.get(key, ""), str) for key in (_KEYS | _FURTHER) - {"year", "from"})
        and type(row["year"]) is int
        and row["year"] in YEARS
        and is_name(row["form"])
        and _CLASS.fullmatch(row["schema"]) is not None
        and row["provenance"] in ("official", "derived")
        and isinstance(row.get("from"), int if row["provenance"] == "derived" else type(None))
    )
