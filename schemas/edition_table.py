"""Reads, checks and writes the table of editions, `editions.json`, one row per line."""

import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.form_schema import FormSchema

TABLE = Path(__file__).with_name("editions.json")
_KEYS = {"form", "year", "schema", "title", "provenance"}
_PROVENANCES = ("official", "derived")


class TableFault(ValueError):
    """The table of editions is invalid; the text names the row."""


@dataclass(frozen=True)
class EditionRow:
    """One form in one plan year: schema, title, and origin of the layout.

    `provenance` is "official", or "derived" if the layout of another year, `source`, is assumed.
    """

    schema: type[FormSchema]
    title: str
    provenance: str
    source: int | None = None


def read(path: Path) -> dict[tuple[str, int], EditionRow]:
    """The table by form and year. Raises TableFault."""
    found: dict[tuple[str, int], EditionRow] = {}
    for row in rows(path):
        key = (row["form"], row["year"])
        if key in found:
            raise TableFault(f"{path.name}: two rows of {key[0]} {key[1]}")
        found[key] = EditionRow(_schema(row, path), row["title"], row["provenance"], row.get("from"))
    return found


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of the file. Raises TableFault."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TableFault(f"{path.name}: {error}") from error
    if not isinstance(found, list):
        raise TableFault(f"{path.name}: not a list of rows")
    for row in found:
        _check(row, path)
    return found


def text(table: Sequence[dict[str, Any]]) -> str:
    """The file's text: one row per line, by form and year."""
    ordered = sorted(table, key=lambda row: (row["form"], row["year"]))
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in ordered) + "\n]\n"


def _check(row: Any, path: Path) -> None:
    strings = _KEYS - {"year"}
    sound = (
        isinstance(row, dict)
        and _KEYS <= row.keys() <= _KEYS | {"from"}
        and all(isinstance(row[key], str) for key in strings)
        and isinstance(row["year"], int)
        and row["provenance"] in _PROVENANCES
        and isinstance(row.get("from"), int if row["provenance"] == "derived" else type(None))
    )
    if not sound:
        raise TableFault(
            f"{path.name}: {row}: a row has form, year, schema (module.Class), title, provenance "
            '("official", or "derived" and then the year in "from")'
        )


def _schema(row: dict[str, Any], path: Path) -> type[FormSchema]:
    module, _, name = row["schema"].rpartition(".")
    try:
        found = getattr(importlib.import_module(f"schemas.{module}"), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise TableFault(f"{path.name}: {row['form']} {row['year']}: {row['schema']}: {error}") from error
    if not (isinstance(found, type) and issubclass(found, FormSchema)):
        raise TableFault(
            f"{path.name}: {row['form']} {row['year']}: {row['schema']} is no subclass of FormSchema"
        )
    return found
