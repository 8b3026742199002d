"""The result of an extraction: payload, warnings, and the positions that they name in words."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from service.catalog import Edition
from service.errors import Bilingual

_SHOWN = 60


@dataclass(frozen=True)
class ReadingWarning:
    """A position that could not be read with certainty, or whose text belongs to no field.

    `pointer` and `label` name the field (JSON Pointer, RFC 6901; official label), or are "" without one.
    `place` is the position in the document (表 and 行 count from 1), `text` the text found there.
    """

    pointer: str
    label: str
    code: str
    place: Bilingual
    text: str
    message: Bilingual

    def as_dict(self, lang: str = "zh") -> dict[str, str]:
        """The warning for JSON, in `lang` "zh" or "en"."""
        return {
            "pointer": self.pointer,
            "label": self.label,
            "code": self.code,
            "place": self.place.of(lang),
            "text": self.text,
            "message": self.message.of(lang),
        }


@dataclass(frozen=True)
class Extraction:
    """An extracted form: edition, payload without blank fields, and warnings."""

    edition: Edition
    data: dict[str, Any]
    warnings: tuple[ReadingWarning, ...]

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The API's response with messages in `lang`, for `payload_json.dump`: `data` may hold Decimals."""
        return {
            "form": self.edition.form,
            "year": self.edition.year,
            "data": self.data,
            "warnings": [warning.as_dict(lang) for warning in self.warnings],
        }


def shown(text: str) -> str:
    """`text` in one line, shortened for a message."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}……"


@lru_cache(maxsize=4096)
def in_table(table: int, row: int, cell: int | None = None) -> Bilingual:
    """A cell or row of a table, counted from 1."""
    if cell is None:
        return Bilingual(f"第{table}个表格第{row}行", f"table {table}, row {row}")
    return Bilingual(f"第{table}个表格第{row}行第{cell}格", f"table {table}, row {row}, cell {cell}")


def whole_table(table: int) -> Bilingual:
    """A table, counted from 1."""
    return Bilingual(f"第{table}个表格", f"table {table}")


def in_paragraph(number: int) -> Bilingual:
    """A paragraph outside the tables, counted from 1."""
    return Bilingual(f"表格外第{number}段", f"paragraph {number} outside the tables")
