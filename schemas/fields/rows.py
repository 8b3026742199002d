"""Rows: a table whose rows are groups of the same fields."""

from collections.abc import Mapping
from typing import Any, Literal

from marshmallow import Schema, ValidationError, fields, missing

from schemas.fields.group import Group
from schemas.fields.leaf import fault
from schemas.fields.titled import Titled


class Rows(Titled, fields.List[Any]):
    """Rows of a table, each a group; empty if absent or null. Rows without values are dropped."""

    repeats: Literal[True] = True
    faults = {
        "not_a_list": ("应为 JSON 数组 [ … ]。", "Must be a JSON array [ … ]."),
        "too_many_items": (
            "最多 {maximum} 行，现有 {length} 行。",
            "At most {maximum} rows, but there are {length}.",
        ),
    }

    def __init__(self, title: str, group: Group, maximum: int = 100, *, gloss: str = "") -> None:
        self.maximum = maximum
        super().__init__(
            group,
            allow_none=True,
            metadata={"title": title, "type": "array", "maxItems": maximum},
            validate=self._few,
        )
        self._gloss = gloss

    @property
    def inside(self) -> Schema:
        """The schema of a row's fields."""
        schema: Schema = self.inner.schema  # type: ignore[attr-defined]
        return schema

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        blank = value is None or value is missing
        rows: list[Any] = super().deserialize([] if blank else value, attr, data, **kwargs)
        return [row for row in rows if any(each is not None for each in row.values())]

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        return fault("not_a_list")

    def _few(self, rows: list[Any]) -> None:
        if len(rows) > self.maximum:
            raise fault("too_many_items", maximum=self.maximum, length=len(rows))
