"""Schema fields of requests and responses."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from service.database.column_types import iso
from service.errors import Bilingual, UsageError
from service.web.http.parameters import accepted, accepted_language, in_zh

Field = fields.Field[Any]
#: Options of marshmallow's own.
_OPTIONS = ("attribute", "data_key", "allow_none", "validate", "required", "strict", "load_default", "many")
_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_PRINTABLE = r"^[^\u0000-\u001f\u007f-\u009f]*$"
_MOST = 500  # items of a page
_LONGEST = 200  # characters of a parameter


class OfEdition:
    """Examples that the description takes from an edition of the catalogue (`openapi_examples.fill`)."""

    FORM, FORMS, YEAR, YEARS, TITLE = "<form>", "<forms>", "<year>", "<years>", "<title>"
    POINTER, PATH, LABEL, SAMPLE = "<pointer>", "<path>", "<label>", "<sample>"
    LIMITED, LIMIT = "<limited>", "<limit>"  # the pointer of a limited field, the label of a limit


class Parameters(Schema):
    """Base of the schemas of path, query and header parameters; a page's errors call these by `labels`."""

    class Meta:
        unknown = EXCLUDE

    def __init__(self, *, labels: Mapping[str, str] | None = None, **more: Any) -> None:
        self.labels = labels or {}
        super().__init__(**more)


class ResponseSchema(Schema):
    """Base of JSON responses: each property is present unless its field is declared `optional`."""

    class Meta:
        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: Field) -> None:
        """Marks the field as required in the description."""
        field_obj.required = not field_obj.metadata.get("optional")


class Parameter(fields.Field[Any]):
    """A parameter that `parse` converts, given its name and text; `parse` raises UsageError."""

    def __init__(self, parse: Callable[[str, str], Any], about: str, absent: Any = None, **more: Any) -> None:
        # A callable keeps the parsed default out of the description.
        default = absent if callable(absent) else lambda: absent
        options = {name: more.pop(name) for name in _OPTIONS if name in more}
        super().__init__(load_default=default, metadata={"description": about, **more}, **options)
        self._parse = parse

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        labels = self.parent.labels if isinstance(self.parent, Parameters) else {}
        return self._parse(labels.get(attr or "", attr or ""), value)


class _Timestamp(fields.DateTime):
    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        return None if value is None else timestamp(value)


class _Message(fields.String):
    def _serialize(self, value: Any, *_: Any, **__: Any) -> str:
        return value.of(accepted_language()) if isinstance(value, Bilingual) else str(value)


def field(kind: type[Field], example: Any, about: str = "", *inner: Any, **more: Any) -> Any:
    """A field with example, description, marshmallow's options and JSON Schema keywords."""
    options = {name: more.pop(name) for name in _OPTIONS if name in more}
    shown = {} if example is None else {"examples": [example]}
    return kind(*inner, metadata=shown | ({"description": about} if about else {}) | more, **options)


def text(example: Any = None, about: str = "", **more: Any) -> Any:
    """String field."""
    return field(fields.String, example, about, **more)


def integer(example: Any = None, about: str = "", **more: Any) -> Any:
    """Integer field."""
    return field(fields.Integer, example, about, **more)


def message(example: Any = None) -> Any:
    """String field in the language of the request."""
    return field(_Message, example)


def timestamp_field(**more: Any) -> Any:
    """Timestamp field."""
    return field(_Timestamp, "2021-03-09T08:00:00.123456Z", **more)


def digest() -> Any:
    """SHA-256 field, in hexadecimal."""
    return text(_HASH, pattern="^[0-9a-f]{64}$")


def list_of(schema: type[Schema] | Field, about: str = "", example: Any = None, **more: Any) -> Any:
    """List field of a schema or a field."""
    return field(
        fields.List, example, about, fields.Nested(schema) if isinstance(schema, type) else schema, **more
    )


def nested(schema: type[Schema], about: str = "", **more: Any) -> Any:
    """Object field with the properties of a schema."""
    return field(fields.Nested, None, about, schema, **more)


def mapping(example: Any = None, about: str = "", values: type[Field] | None = None) -> Any:
    """Object field with any keys."""
    return field(fields.Dict, example, about, None, values and values())


def timestamp(value: datetime | float) -> str:
    """Timestamp in ISO 8601 (UTC) from a datetime or Unix seconds."""
    return iso(value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC))


def string_parameter(about: str, absent: str | None = None, **more: Any) -> Parameter:
    """Parameter passed on unchanged."""
    return Parameter(lambda _, value: value, about, absent, **{"type": "string"} | more)


def printable_parameter(about: str) -> Parameter:
    """Parameter of a text that is not long, without control characters."""
    return Parameter(_read_short, about, type="string", pattern=_PRINTABLE, maxLength=_LONGEST)


def flag(about: str) -> Parameter:
    """Boolean parameter, `true` or `false`."""
    return Parameter(read_flag, about, False, enum=["true", "false"], default="false")


def complete() -> Parameter:
    """Parameter of the routes that can refuse incomplete payloads."""
    return flag("有应填未填的栏目即拒绝 / refuse an incomplete payload: 422 `missing`")


def year(about: str) -> Parameter:
    """Plan year parameter."""
    return Parameter(read_year, about, type="string", pattern="^[0-9]{4}$")


def format_of(*offered: str) -> Parameter:
    """Format parameter; by default the format that Accept prefers."""
    about = "格式，优先于 Accept / format; overrides Accept"
    return choice(about, offered, lambda: accepted(offered))


def choice(about: str, offered: Collection[str], absent: Any = None, **more: Any) -> Parameter:
    """Parameter that takes one of the offered values."""

    def read(name: str, value: str) -> str:
        if value in offered:
            return value
        raise UsageError(
            f"{in_zh(name)}不能取这个值，可选：{'、'.join(offered)}。",
            f"Unknown value; {name} takes: {', '.join(offered)}.",
        )

    return Parameter(read, about, absent, **{"type": "string", "enum": list(offered)} | more)


def day(about: str, **more: Any) -> Parameter:
    """Parameter that takes a date."""
    return Parameter(read_day, about, **{"type": "string", "format": "date"} | more)


def read_printable(name: str, value: str) -> str:
    """Parses a text without control characters. Raises UsageError."""
    if _CONTROL.search(value):
        raise UsageError(f"{in_zh(name)}含有控制字符。", f"{name} contains control characters.")
    return value


def _read_short(name: str, value: str) -> str:
    if len(value) > _LONGEST:
        raise UsageError(
            f"{in_zh(name)}最多 {_LONGEST} 个字，请缩短。",
            f"{name} has at most {_LONGEST} characters: shorten it.",
        )
    return read_printable(name, value)


def read_flag(name: str, value: str) -> bool:
    """Parses `true` or `false`. Raises UsageError."""
    if value not in ("true", "false"):
        raise UsageError(f"{in_zh(name)}只能取 true 或 false。", f"{name} takes true or false.")
    return value == "true"


def read_year(name: str, value: str) -> int:
    """Parses a plan year. Raises UsageError."""
    if not re.fullmatch("[0-9]{4}", value):
        raise UsageError(
            f"{in_zh(name)}应为四位数字，例如 2021。", f"{name} must be four digits, such as 2021."
        )
    return int(value)


def read_day(name: str, value: str) -> date:
    """Parses a date. Raises UsageError."""
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise UsageError(
        f"{in_zh(name)}应为日期，例如 2021-03-09。", f"{name} must be a date, such as 2021-03-09."
    )


def _read_limit(_: str, value: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", value) or not 1 <= int(value) <= _MOST:
        zh, en = f"limit 应为 1 至 {_MOST} 的整数。", f"limit must be an integer from 1 to {_MOST}."
        raise UsageError(zh, en)
    return int(value)


class Page(Parameters):
    """Query of a paged list."""

    limit = Parameter(
        _read_limit,
        "每页最多几条 / maximum items per page",
        100,
        **{"type": "integer", "minimum": 1, "maximum": _MOST, "default": 100},
    )
