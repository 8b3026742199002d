"""Rows: a table whose rows are groups of the same fields."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from marshmallow import Schema, ValidationError, fields, missing

from schemas.bilingual import Bilingual
from schemas.fields.aspects import SheetColumn
from schemas.fields.group import Group
from schemas.fields.leaf import fault
from schemas.fields.titled import Titled


class Rows(Titled, fields.List[Any]):
    """Rows of a table, each a group; empty if absent or null. Rows without values are dropped.

    The form prints at least `minimum` rows, blank ones if fewer are filled in.
    """

    repeats: Literal[True] = True
    faults = {
        "not_a_list": ("应为 JSON 数组 [ … ]。", "Must be a JSON array [ … ]."),
        "too_many_items": (
            "最多 {maximum} 行，现有 {length} 行。",
            "At most {maximum} rows, but there are {length}.",
        ),
    }

    def __init__(
        self,
        title: str,
        group: Group,
        maximum: int = 100,
        *,
        minimum: int = 0,
        gloss: str = "",
        help: Bilingual | None = None,
    ) -> None:
        if not 0 <= minimum <= maximum:
            raise ValueError(f"{title}: {minimum} printed rows, but at most {maximum}")
        self.minimum, self.maximum = minimum, maximum
        super().__init__(
            group,
            allow_none=True,
            metadata={"title": title, "type": "array", "maxItems": maximum},
            validate=self._few,
        )
        self._gloss = gloss
        self.help = help or self.help

    @property
    def column(self) -> SheetColumn:
        """Its column in a sheet, with all its rows as JSON."""
        note = Bilingual("所有行，写作 JSON 数组。", "All rows as a JSON array.")
        return SheetColumn(40, "@", note)

    @property
    def inside(self) -> Schema:
        """The schema of a row's fields."""
        schema: Schema = self.inner.schema  # type: ignore[attr-defined]
        return schema

    @cached_property
    def blank(self) -> Mapping[str, Any]:
        """The data of a blank row."""
        data: Mapping[str, Any] = self.inside.load({})
        return data

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        blank = value is None or value is missing
        rows: list[Any] = super().deserialize([] if blank else value, attr, data, **kwargs)
        return [row for row in rows if not _is_blank(row)]

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        return fault("not_a_list")

    def _few(self, rows: list[Any]) -> None:
        if len(rows) > self.maximum:
            raise fault("too_many_items", maximum=self.maximum, length=len(rows))


def _is_blank(value: Any) -> bool:
    """Whether the data of a row, or of a group or table within it, has no value."""
    return all(map(_is_blank, value.values())) if isinstance(value, Mapping) else value in (None, [])
