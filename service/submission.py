"""Validates a payload for an edition: a submission, or all errors with pointer and label."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import Schema, ValidationError

from schemas import FieldFault
from schemas.characters import EXACT, TEXT
from schemas.fields import Line, Text
from service import errors, wordcount
from service.catalog import Edition, nested, walk
from service.errors import FieldError, InvalidPayload, NotJson

Path = tuple[str | int, ...]
CONTAINERS_MAXIMUM = (
    200_000  # objects and arrays of a payload, which take a hundred times their bytes of memory
)
DEPTH_MAXIMUM = 64


@dataclass(frozen=True)
class Submission:
    """Validated data of one edition with every field, None if blank; `payload` is the original payload."""

    edition: Edition
    data: dict[str, Any]
    payload: Any

    def report(self) -> dict[str, Any]:
        """The response of `validate` for JSON: 字 counts, limits, computed totals."""
        counts = _counts(self.edition, self.data)
        limits = [
            {**limit, "count": sum(counts[field] for field in limit["fields"])}
            for limit in self.edition.limits()
        ]
        return {
            "form": self.edition.form,
            "year": self.edition.year,
            "valid": True,
            "counts": counts,
            "limits": limits,
            "totals": _plain(self.edition.schema.totals(self.data)),
        }


class _Object(dict[str, Any]):
    """A JSON object that records its duplicate keys."""

    duplicates: tuple[str, ...] = ()


def parse(body: bytes, most: int = CONTAINERS_MAXIMUM) -> Any:
    """The payload of a JSON text (RFC 8259, UTF-8), numbers with a fraction as exact Decimals.

    Raises NotJson, also for more than `most` objects and arrays. `validate` reports duplicate keys.
    """
    if (containers := body.count(b"{") + body.count(b"[")) > most:
        raise NotJson("JSON 内的对象和数组太多。", "The JSON has too many objects and arrays.")
    try:
        parsed = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_float=_fraction,
            parse_int=_integer,
            parse_constant=_constant,
        )
        if containers > DEPTH_MAXIMUM:
            _check_depth(parsed)
        return parsed
    except UnicodeDecodeError as error:
        raise NotJson(
            f"正文不是 UTF-8 编码（第 {error.start + 1} 个字节）。请以 UTF-8 保存后重新提交。",
            f"The body is not UTF-8 (byte {error.start + 1}). Save it as UTF-8 and resubmit.",
        ) from error
    except json.JSONDecodeError as error:
        zh, en = EXACT.name(error.doc[error.pos : error.pos + 1])
        raise NotJson(
            f"第 {error.lineno} 行第 {error.colno} 列{zh and f'（{zh}）'}不合 JSON 语法，"
            "请检查引号、逗号和括号。",
            f"Not JSON at line {error.lineno}, column {error.colno}{en and f' ({en})'}: "
            "check quotes, commas, brackets.",
        ) from error
    except RecursionError as error:
        raise NotJson("JSON 嵌套太深。", "The JSON is nested too deeply.") from error


def _check_depth(parsed: Any) -> None:
    """Raises RecursionError for more levels than a form has: whoever walks the payload may recurse."""
    level = [parsed]
    for _ in range(DEPTH_MAXIMUM):
        containers = [each for each in level if isinstance(each, (dict, list))]
        level = [
            below for each in containers for below in (each.values() if isinstance(each, dict) else each)
        ]
    if level:
        raise RecursionError


def dump(payload: Any) -> bytes:
    """The JSON text of a valid payload, in UTF-8, for `parse` to read back: Decimals keep their digits."""
    return f"{_text(payload)}\n".encode()


def _text(value: Any, line: str = "\n") -> str:
    inner = f"{line}  "
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping) and value:
        pairs = (f"{_text(key)}: {_text(below, inner)}" for key, below in value.items())
        return f"{{{inner}{f',{inner}'.join(pairs)}{line}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join(_text(below, inner) for below in value)}{line}]"
    return json.dumps(value, ensure_ascii=False)


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        made.duplicates = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return made


def _integer(digits: str) -> int | Decimal:
    # int() refuses more than 4,300 digits; no field holds more than 20.
    return int(digits) if len(digits) <= 20 else Decimal(digits)


def _fraction(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:
        # The exponent exceeds Decimal's range; every field rejects it with its own error.
        return Decimal("NaN")


def _constant(name: str) -> None:
    raise NotJson(f"JSON 中不能有 {name}。", f"{name} is not JSON.")


def faithful(payload: Any) -> bytes | None:
    """The JSON text from which `parse` restores the payload; None if there is none.

    That is the case for duplicate keys, too large numbers and invalid characters, which `validate` rejects.
    """
    try:
        text = dump(payload)
    except (UnicodeEncodeError, TypeError):
        return None
    return None if b"NaN" in text or next(_duplicates(payload), None) else text


def validate(edition: Edition, payload: Any) -> Submission:
    """The submission of a payload. Raises InvalidPayload with every FieldError, in the form's order."""
    found = [(path, FieldFault("duplicate_key")) for path in _duplicates(payload)]
    data: Any = {}
    try:
        data = edition.schema.load(payload)
    except ValidationError as error:
        found += _flatten(error.messages, edition.schema, ())
        data = error.valid_data if isinstance(error.valid_data, dict) else {}
    wrong = [
        FieldError(*place(edition, path), fault.code, errors.Bilingual(*_in_key(path, fault).message()))
        for path, fault in found
    ]
    wrong += _over_limit(edition, data)
    if wrong:
        raise InvalidPayload(tuple(wrong))
    return Submission(edition, data, payload)


def _in_key(path: Path, fault: FieldFault) -> FieldFault:
    """The fault of an unknown key with the names of its odd characters."""
    return replace(fault, odd=TEXT.named(str(path[-1]))) if fault.code == "unknown_field" else fault


def _duplicates(payload: Any) -> Iterator[Path]:
    pending: list[tuple[Path, Any]] = [((), payload)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, Mapping):
            yield from ((*path, key) for key in getattr(value, "duplicates", ()))
            pending += [((*path, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            pending += [((*path, number), inner) for number, inner in enumerate(value)]


def _flatten(messages: Any, schema: Schema | None, path: Path) -> Iterator[tuple[Path, FieldFault]]:
    """Flattens marshmallow's messages to (path, fault), in the order of the form."""
    if isinstance(messages, list):
        yield from ((path, fault) for fault in messages)
        return
    fields = {field.data_key or name: field for name, field in schema.fields.items()} if schema else {}
    order = {name: position for position, name in enumerate(fields)}
    for key, inner in sorted(
        messages.items(), key=lambda item: (order.get(item[0], len(order)), str(item[0]))
    ):
        if key == "_schema" and isinstance(inner, list):
            # A key of the payload may itself be called "_schema"; it is then unknown.
            yield from ((path if fault.code != "unknown_field" else (*path, key), fault) for fault in inner)
        else:
            below = schema if isinstance(key, int) else None
            if key in fields:
                below = nested(fields[key])
            yield from _flatten(inner, below, (*path, key))


def _over_limit(edition: Edition, data: dict[str, Any]) -> Iterator[FieldError]:
    for limit in edition.limits():
        fields: list[str] = limit["fields"]
        counts = [wordcount.count(data.get(field[1:]) or "") for field in fields]
        count, maximum = sum(counts), limit["maximum"]
        if count > maximum:
            values = {"count": count, "maximum": maximum, "excess": count - maximum}
            text = errors.Bilingual(*FieldFault("too_many_words", values).message())
            longest = fields[counts.index(max(counts))]
            yield FieldError(fields[0], limit["label"], "too_many_words", text, longest)


def place(edition: Edition, path: Path) -> tuple[str, str]:
    """The JSON Pointer of `path`, and the official label there, or of the nearest group above it."""
    labels = edition.labels()
    keys = ["*" if isinstance(key, int) else str(key) for key in path]
    while keys:
        if label := labels.get("/" + "/".join(keys)):
            return pointer(path), label
        keys.pop()
    return pointer(path), edition.title


def pointer(path: Path) -> str:
    """The JSON Pointer of `path` (RFC 6901, section 3): ("cover", "a/b", 0) is "/cover/a~1b/0"."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def _counts(edition: Edition, data: dict[str, Any]) -> dict[str, int]:
    """The 字 of every long text, by JSON Pointer."""
    counts = {}
    for path, field in walk(edition.schema):
        if isinstance(field, Text) and not isinstance(field, Line):
            value: Any = data
            for key in path:
                value = value[key]
            counts["/" + "/".join(path)] = wordcount.count(value or "")
    return counts


def _plain(value: Any) -> Any:
    """The value with its Decimals as JSON numbers."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
