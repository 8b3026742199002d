"""The layout certificate and its differences with their positions."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from service.errors import Bilingual
from service.extraction.extraction_result import in_table, shown, whole_table

_MANY = 4
_MOST = 200  # differences listed individually


@dataclass(frozen=True)
class Position:
    """A position in a document: its region ("" for the whole), and a description."""

    region: str
    words: Bilingual


@dataclass(frozen=True)
class Difference:
    """A difference from the official form: stable code, position, message."""

    code: str
    place: Bilingual
    message: Bilingual

    def as_dict(self, lang: str = "zh") -> dict[str, str]:
        """The difference for JSON, in `lang` "zh" or "en"."""
        return {"code": self.code, "place": self.place.of(lang), "message": self.message.of(lang)}


@dataclass(frozen=True)
class Certificate:
    """Whether a document has the official form's layout, and the differences, of which `_MOST` are listed."""

    differences: tuple[Difference, ...]

    @property
    def official(self) -> bool:
        """Whether nothing but fillable cells differs."""
        return not self.differences

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The certificate for JSON, in `lang` "zh" or "en"."""
        return {
            "official": self.official,
            "differences": [difference.as_dict(lang) for difference in self.differences],
        }


@dataclass(frozen=True)
class LayoutFinding:
    """A single difference, before similar ones are combined."""

    code: str
    place: Position
    message: Bilingual


DOCUMENT = Position("", Bilingual("全文", "the document"))


def table_place(number: int) -> Position:
    """The table `number`, counted from 1 in the body."""
    return Position(f"table {number}", whole_table(number))


def row_place(table: int, row: int) -> Position:
    """A row of the document, counted from 1."""
    return Position(f"table {table}", in_table(table, row))


def cell_place(table: int, row: int, cell: int) -> Position:
    """A cell of the document, counted from 1 in its row."""
    return Position(f"table {table}", in_table(table, row, cell))


def section_place(number: int, count: int) -> Position:
    """The page set-up of a section."""
    if count == 1:
        return Position("page", Bilingual("页面设置", "page set-up"))
    return Position("page", Bilingual(f"第{number}节页面设置", f"page set-up of section {number}"))


def paragraph_place(text: str, *, heading: bool) -> Position:
    """A paragraph outside tables, by its text."""
    cut = shown(text) or "　"
    words = (
        (f"标题“{cut}”", f"the heading “{cut}”") if heading else (f"段落“{cut}”", f"the paragraph “{cut}”")
    )
    return Position("body", Bilingual(*words))


def differences(findings: Iterable[LayoutFinding]) -> Iterator[Difference]:
    """Combines equal findings at many positions of a region into one difference.

    After `_MOST` of them, the last one says how many others there are.
    """
    combined = _combined(findings)
    yield from itertools.islice(combined, _MOST)
    if left := sum(1 for _ in combined):
        message = Bilingual(f"另有 {left} 处不同，未逐一列出。", f"{left} more differences are not listed.")
        yield Difference("more", DOCUMENT.words, message)


def _combined(findings: Iterable[LayoutFinding]) -> Iterator[Difference]:
    groups: dict[tuple[str, str, Bilingual], dict[LayoutFinding, None]] = {}
    for finding in findings:
        groups.setdefault((finding.place.region, finding.code, finding.message), {})[finding] = None
    for (region, code, message), alike in groups.items():
        if len(alike) < _MANY:
            yield from (Difference(code, finding.place.words, message) for finding in alike)
        else:
            kind, _, number = region.partition(" ")
            whole = table_place(int(number)) if kind == "table" else DOCUMENT
            count = len(alike)
            counted = Bilingual(f"{message.zh}（共{count}处）", f"{message.en} ({count} places)")
            yield Difference(code, whole.words, counted)
