"""The fields and base schemas with which routes declare what they take and what they answer."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from service.archive.record_tables import iso
from service.errors import Bilingual, UsageError
from service.web.http.parameters import accepted, language

Field = fields.Field[Any]
_OPTIONS = ("attribute", "data_key", "allow_none", "validate", "required", "strict")  # marshmallow's own
_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_VISIBLE = r"^[^\u0000-\u001f\u007f-\u009f]*$"
_MOST = 500  # of a list at once


class Parameters(Schema):
    """Parameters of a path, of a query, or of headers: texts, each read by its field."""

    class Meta:
        unknown = EXCLUDE


class Answer(Schema):
    """An answer in JSON: each property is there unless its field is declared `optional`."""

    class Meta:
        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: Field) -> None:
        """Makes the field required, for the description."""
        field_obj.required = not field_obj.metadata.get("optional")


class Parameter(fields.Field[Any]):
    """A parameter that `parse` reads, given its name and text; it raises UsageError where it cannot."""

    def __init__(self, parse: Callable[[str, str], Any], about: str, absent: Any = None, **more: Any) -> None:
        # A callable, for the description gives the default as it is sent.
        default = absent if callable(absent) else lambda: absent
        options = {name: more.pop(name) for name in _OPTIONS if name in more}
        super().__init__(load_default=default, metadata={"description": about, **more}, **options)
        self._parse = parse

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        return self._parse(attr or "", value)


class _Moment(fields.DateTime):
    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        return None if value is None else moment(value)


class _Message(fields.String):
    def _serialize(self, value: Any, *_: Any, **__: Any) -> str:
        return value.of(language()) if isinstance(value, Bilingual) else str(value)


def field(kind: type[Field], example: Any, about: str = "", *inner: Any, **more: Any) -> Any:
    """A field of that kind with an example, what it is, marshmallow's options and words of JSON Schema."""
    options = {name: more.pop(name) for name in _OPTIONS if name in more}
    shown = {} if example is None else {"examples": [example]}
    return kind(*inner, metadata=shown | ({"description": about} if about else {}) | more, **options)


def text(example: Any = None, about: str = "", **more: Any) -> Any:
    """A text."""
    return field(fields.String, example, about, **more)


def whole(example: Any = None, about: str = "", **more: Any) -> Any:
    """A whole number."""
    return field(fields.Integer, example, about, **more)


def message(example: Any = None) -> Any:
    """A text in the language of the request."""
    return field(_Message, example)


def moment_of(**more: Any) -> Any:
    """A moment, of a datetime or of seconds since 1970, in ISO 8601."""
    return field(_Moment, "2021-03-09T08:00:00.123456Z", **more)


def digest() -> Any:
    """A SHA-256 in hexadecimal."""
    return text(_HASH, pattern="^[0-9a-f]{64}$")


def many(schema: type[Schema] | Field, about: str = "", example: Any = None, **more: Any) -> Any:
    """A list of what the schema or the field says."""
    return field(
        fields.List, example, about, fields.Nested(schema) if isinstance(schema, type) else schema, **more
    )


def inside(schema: type[Schema], about: str = "", **more: Any) -> Any:
    """An object."""
    return field(fields.Nested, None, about, schema, **more)


def mapping(example: Any = None, about: str = "", values: type[Field] | None = None) -> Any:
    """An object with any keys."""
    return field(fields.Dict, example, about, None, values and values())


def moment(value: datetime | float) -> str:
    """A moment, or seconds since 1970, as ISO 8601 in UTC."""
    return iso(value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC))


def plain(about: str, absent: str | None = None, **more: Any) -> Parameter:
    """A parameter taken as it came."""
    return Parameter(lambda _, value: value, about, absent, **{"type": "string"} | more)


def visible(about: str) -> Parameter:
    """A parameter without control characters."""
    return Parameter(read_visible, about, type="string", pattern=_VISIBLE)


def flag(about: str) -> Parameter:
    """A parameter that is `true` or `false`."""
    return Parameter(read_flag, about, False, enum=["true", "false"], default="false")


def year(about: str) -> Parameter:
    """A parameter that is a plan year."""
    return Parameter(read_year, about, type="string", pattern="^[0-9]{4}$")


def format_of(*offered: str) -> Parameter:
    """A document's format; where none is asked for, the one that Accept prefers."""

    def read(_: str, value: str) -> str:
        if value in offered:
            return value
        raise UsageError(
            f"没有这个格式，format 可选：{'、'.join(offered)}。",
            f"No such format; format takes: {', '.join(offered)}.",
        )

    about = "格式，优先于 Accept / format, before Accept"
    return Parameter(read, about, lambda: accepted(offered), enum=list(offered))


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


def _read_limit(_: str, value: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", value) or not 1 <= int(value) <= _MOST:
        zh, en = f"limit 应为 1 至 {_MOST} 的整数。", f"limit must be a whole number from 1 to {_MOST}."
        raise UsageError(zh, en)
    return int(value)


class Page(Parameters):
    """A page of a list."""

    limit = Parameter(
        _read_limit,
        "每页最多几条 / at most so many",
        100,
        **{"type": "integer", "minimum": 1, "maximum": _MOST, "default": 100},
    )
