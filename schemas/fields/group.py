"""Group: fields that belong together."""

from collections.abc import Mapping
from typing import Any, Literal

from marshmallow import Schema, ValidationError, fields, missing

from schemas.bilingual import Bilingual
from schemas.fields.leaf import fault
from schemas.fields.titled import Titled


class Group(Titled, fields.Nested):
    """A group of fields; if absent or null, all its fields are blank."""

    repeats: Literal[False] = False

    def __init__(self, title: str, schema: Any, *, gloss: str = "", help: Bilingual | None = None) -> None:
        super().__init__(schema, allow_none=True, metadata={"title": title, "type": "object"})
        self._gloss = gloss
        self.help = help or self.help

    @property
    def inside(self) -> Schema:
        """The schema of its fields."""
        return self.schema

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        blank = value is None or value is missing
        return super().deserialize({} if blank else value, attr, data, **kwargs)

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        return fault("not_an_object")
