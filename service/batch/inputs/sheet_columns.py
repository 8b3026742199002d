"""The columns of an edition's sheet, and the matching of headings to them."""

import difflib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from marshmallow import Schema

from schemas.characters import TEXT
from schemas.fields import Leaf, Rows
from schemas.tree import Path, walk
from service.catalog import Edition, editions
from service.object_cache import object_cache
from service.payload_json import pointer
from service.submission import place

#: Headings of the columns that identify a submission; the first one is written.
SPECIAL: dict[str, tuple[str, ...]] = {
    "id": ("编号", "id", "申报编号", "项目编号"),
    "form": ("表单", "form"),
    "year": ("年度", "year", "计划年度"),
}
ERRORS = "错误"  # the heading of the column that `marked_sheet` adds
IGNORED = ("序号", "no", "no.", ERRORS)
JOINT = "·"
#: The most numbered columns for the rows within a row; further ones are given as JSON in one column.
WITHIN = 10
_LONGEST = 200  # maximum characters of a heading
_SEPARATORS = re.compile(r"[·・•‧∙/\\>|›→]+")
_DROPPED = re.compile(r"[\s“”\"'‘’「」*]")
_REMARK = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True)
class FieldColumn:
    """A field of a form as a column: its path (rows count from 0) and its labels, outermost first."""

    path: Path
    labels: tuple[str, ...]
    field: Leaf | Rows

    @property
    def name(self) -> str:
        """The JSON path as a heading; rows count from 1: `budget.items.1.name`."""
        return _joined(self.path)

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the field."""
        return pointer(self.path)


@dataclass(frozen=True)
class LeafColumn(FieldColumn):
    """The column of a field that holds one value; others hold a whole table as JSON."""

    field: Leaf


def _joined(path: Path) -> str:
    return ".".join(str(key + 1) if isinstance(key, int) else key for key in path)


@dataclass(frozen=True)
class UnclearHeading:
    """A heading that matches no single column: `code` is "unknown_heading" or "ambiguous_heading"."""

    code: str
    values: dict[str, str]


class EditionColumns:
    """The columns of one edition."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.leaves = tuple(_leaves(edition.schema))
        self._written = _written(self.leaves)
        self._names: dict[str, list[FieldColumn]] = defaultdict(list)
        self._endings: dict[str, list[FieldColumn]] = defaultdict(list)
        for leaf in self.leaves:
            for whole in {leaf.name, JOINT.join(leaf.labels), self._written[leaf.path]}:
                self._names[_plain(whole)].append(leaf)
            for ending in _endings(leaf):
                self._endings[_plain(ending)].append(leaf)

    def heading(self, leaf: FieldColumn) -> str:
        """The Chinese heading of a column, which is no other column's, nor one of `SPECIAL`."""
        return self._written[leaf.path]

    def label(self, leaf: FieldColumn) -> str:
        """The official label of the field, as errors name it."""
        return place(self.edition, leaf.path)[1]

    def find(self, heading: str) -> FieldColumn | UnclearHeading:
        """The column of a heading: a JSON path, a full label, or a unique end of one."""
        plain = _plain(heading)
        for known in (plain, _REMARK.sub("", plain)):
            found = self._names.get(known) or self._endings.get(known) or []
            if len(found) == 1:
                return found[0]
            if found:
                available = "、".join(self._written[leaf.path] for leaf in found[:4])
                return UnclearHeading("ambiguous_heading", {"name": heading, "available": available})
        return UnclearHeading("unknown_heading", {"name": heading, **self._nearest(plain)})

    def knows(self, heading: str) -> bool:
        """Whether the heading matches one column or more."""
        plain = _plain(heading[:_LONGEST])
        return any(
            known in self._endings or known in self._names for known in (plain, _REMARK.sub("", plain))
        )

    def _nearest(self, plain: str) -> dict[str, str]:
        near = difflib.get_close_matches(plain, list(self._names), 1, 0.5) or difflib.get_close_matches(
            plain, list(self._endings), 1, 0.5
        )
        if not near:
            return {"nearest_zh": "", "nearest_en": ""}
        leaf = (self._names.get(near[0]) or self._endings[near[0]])[0]
        name = leaf.name if near[0].isascii() else self._written[leaf.path]
        return {"nearest_zh": f"，最接近的是“{name}”", "nearest_en": f"; the nearest is '{name}'"}


def special(heading: str) -> str | None:
    """ "id", "form" or "year" for the heading of such a column, "" for one to ignore, else None."""
    plain = _plain(heading[:_LONGEST])
    if plain in IGNORED:
        return ""
    return next((key for key, names in SPECIAL.items() if plain in names), None)


@object_cache
def edition_columns(edition: Edition) -> EditionColumns:
    """The columns of an edition."""
    return EditionColumns(edition)


def recognised(headings: list[str]) -> int:
    """The number of headings in a row, for the edition that matches most of them."""
    plain = sum(special(heading) is not None for heading in headings)
    rest = [heading for heading in headings if special(heading) is None]
    known = (edition_columns(edition) for edition in editions())
    return plain + max(sum(each.knows(heading) for heading in rest) for each in known)


def all_known(headings: list[str]) -> bool:
    """Whether all texts are headings of one edition."""
    rest = [heading for heading in headings if special(heading) is None]
    return any(all(edition_columns(edition).knows(heading) for heading in rest) for edition in editions())


def _leaves(schema: Schema) -> Iterator[FieldColumn]:
    """The columns of a schema: of each leaf, and of each table before those of its rows."""
    labels: dict[Path, tuple[str, ...]] = {(): ()}

    def rows(path: Path, table: Rows) -> Iterator[int]:
        is_within = any(isinstance(key, int) for key in path)
        for number in range(min(table.maximum, WITHIN) if is_within else table.maximum):
            labels[*path, number] = (*labels[path][:-1], f"{table.title}{number + 1}")
            yield number

    for path, field in walk(schema, rows):
        labels[path] = (*labels[path[:-1]], field.title)
        if field.inside is None:
            yield LeafColumn(path, labels[path], field)
        elif field.repeats:
            yield FieldColumn(path, labels[path], field)


def _written(leaves: tuple[FieldColumn, ...]) -> dict[Path, str]:
    """The heading of each: its labels below the section, else all, else all with the JSON path."""
    short = {leaf.path: JOINT.join(leaf.labels[1:] or leaf.labels) for leaf in leaves}
    times = Counter(short.values())

    def heading(leaf: FieldColumn) -> str:
        whole = JOINT.join(leaf.labels)
        headings = short[leaf.path], whole, f"{whole}（{leaf.name}）"
        return next(each for each in headings if times[each] < 2 and special(each) is None)

    return {leaf.path: heading(leaf) for leaf in leaves}


def _endings(leaf: FieldColumn) -> set[str]:
    labels = {JOINT.join(leaf.labels[start:]) for start in range(len(leaf.labels))}
    keys = {
        _joined(leaf.path[start:]) for start in range(len(leaf.path)) if isinstance(leaf.path[start], str)
    }
    return labels | keys


def _plain(heading: str) -> str:
    """Normalises a heading: width, case, spaces, quotes, separators."""
    dropped = _DROPPED.sub("", _SEPARATORS.sub(JOINT, unicodedata.normalize("NFKC", TEXT.plain(heading))))
    return dropped.casefold()
