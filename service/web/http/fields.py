"""The fields and base schemas with which routes declare what they take and what they answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from service.archive.record_tables import iso
from service.errors import Bilingual, UsageError
from service.web.http.parameters import accepted, language

HASH = "^[0-9a-f]{64}$"
SHOWN_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_VISIBLE = r"^[^\u0000-\u001f\u007f-\u009f]*$"
_MOST = 500  # of a list at once


class Parameters(Schema):
    """Parameters of a path, of a query, or of headers: texts, each read by its field."""

    class Meta:
        unknown = EXCLUDE


class Answer(Schema):
    """An answer in JSON: each property is there unless its metadata has `optional`."""

    class Meta:
        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Makes the field required, for the description."""
        field_obj.required = not field_obj.metadata.get("optional")


class Parameter(fields.Field[Any]):
    """A parameter that `parse` reads, given its name and text; it raises UsageError where it cannot."""

    def __init__(
        self,
        parse: Callable[[str, str], Any],
        description: str,
        absent: Any = None,
        data_key: str | None = None,
        **schema: Any,
    ) -> None:
        # A callable, for the description gives the default as it is sent.
        default = absent if callable(absent) else lambda: absent
        super().__init__(
            load_default=default, data_key=data_key, metadata={"description": description, **schema}
        )
        self._parse = parse

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        return self._parse(attr or "", value)


class Moment(fields.DateTime):
    """A moment, given as datetime or as seconds since 1970, in ISO 8601."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata=shown("2021-03-09T08:00:00.123456Z"), **options)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        return None if value is None else moment(value)


class Message(fields.String):
    """A text in the language of the request."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str:
        return value.of(language()) if isinstance(value, Bilingual) else str(value)


def shown(example: Any, description: str = "", **schema: Any) -> dict[str, Any]:
    """Metadata of a field: an example of it, what it is, and more of its JSON Schema."""
    return {"examples": [example], **({"description": description} if description else {}), **schema}


def count(example: int = 1, description: str = "", least: int = 0, **options: Any) -> fields.Integer:
    """A whole number from `least` on."""
    return fields.Integer(validate=validate.Range(min=least), metadata=shown(example, description), **options)


def digest() -> fields.String:
    """A SHA-256 in hexadecimal."""
    return fields.String(metadata=shown(SHOWN_HASH, pattern=HASH))


def optional_text() -> fields.String:
    """A text, or null."""
    return fields.String(allow_none=True)


def moment(value: datetime | float) -> str:
    """A moment, or seconds since 1970, as ISO 8601 in UTC."""
    return iso(value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC))


def plain(description: str, **schema: Any) -> Parameter:
    """A text as it came."""
    return Parameter(lambda _, value: value, description, **{"type": "string"} | schema)


def visible(description: str) -> Parameter:
    """A text without control characters."""
    return Parameter(read_visible, description, type="string", pattern=_VISIBLE)


def flag(description: str) -> Parameter:
    """`true` or `false`."""
    return Parameter(read_flag, description, False, enum=["true", "false"], default="false")


def year(description: str) -> Parameter:
    """A plan year."""
    return Parameter(read_year, description, type="string", pattern="^[0-9]{4}$")


def format_of(*offered: str) -> Parameter:
    """A document's format; where none is asked for, the one that Accept prefers."""
    return Parameter(
        lambda _, value: _one_of(offered, value),
        "格式，优先于 Accept / format, before Accept",
        lambda: accepted(offered),
        enum=list(offered),
    )


class Page(Parameters):
    """A page of a list."""

    limit = Parameter(
        lambda _, value: _limit(value),
        "每页最多几条 / at most so many",
        100,
        type="integer",
        minimum=1,
        maximum=_MOST,
        default=100,
    )


def read_visible(name: str, value: str) -> str:
    """The text of a parameter. Raises UsageError for control characters."""
    if _CONTROL.search(value):
        raise UsageError(f"{name} 含有控制字符。", f"{name} holds control characters.")
    return value


def read_flag(name: str, value: str) -> bool:
    """Whether the text is `true`. Raises UsageError for another one than `true` or `false`."""
    if value not in ("true", "false"):
        raise UsageError(f"{name} 只能取 true 或 false。", f"{name} takes true or false.")
    return value == "true"


def read_year(name: str, value: str) -> int:
    """The plan year that a text names. Raises UsageError."""
    if not re.fullmatch("[0-9]{4}", value):
        raise UsageError(f"{name} 应为四位数字，例如 2021。", f"{name} must be four digits, such as 2021.")
    return int(value)


def _limit(value: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", value) or not 1 <= int(value) <= _MOST:
        raise UsageError(
            f"limit 应为 1 至 {_MOST} 的整数。", f"limit must be a whole number from 1 to {_MOST}."
        )
    return int(value)


def _one_of(offered: tuple[str, ...], value: str) -> str:
    if value not in offered:
        raise UsageError(
            f"没有这个格式，format 可选：{'、'.join(offered)}。",
            f"No such format; format takes: {', '.join(offered)}.",
        )
    return value
