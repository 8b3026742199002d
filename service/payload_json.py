"""Payloads as JSON text (RFC 8259): read with exact numbers and duplicate keys, written for reading back."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from schemas.characters import EXACT
from schemas.tree import Path as Path
from service.errors import NotJson

CONTAINERS_MAXIMUM = 200_000  # objects and arrays, which take a hundred times their bytes of memory
DEPTH_MAXIMUM = 64
_ROW_NUMBER = re.compile("(?<=/)[0-9]+(?=/|$)")
_SINGLE = (str, int, float, Decimal, type(None))


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
        raise _not_json(error) from error
    except RecursionError as error:
        raise NotJson("JSON 嵌套太深。", "The JSON is nested too deeply.") from error


def _not_json(error: json.JSONDecodeError) -> NotJson:
    zh, en = EXACT.name(error.doc[error.pos : error.pos + 1])
    return NotJson(
        f"第 {error.lineno} 行第 {error.colno} 列{zh and f'（{zh}）'}不合 JSON 语法，"
        "请检查引号、逗号和括号。",
        f"Not JSON at line {error.lineno}, column {error.colno}{en and f' ({en})'}: "
        "check quotes, commas, brackets.",
    )


def _check_depth(parsed: Any) -> None:
    """Raises RecursionError for more levels than a form has: whoever walks the payload may recurse."""
    level = [parsed]
    for _ in range(DEPTH_MAXIMUM):
        containers = [each for each in level if isinstance(each, (dict, list))]
        inner = (each.values() if isinstance(each, dict) else each for each in containers)
        level = list(itertools.chain.from_iterable(inner))
    if level:
        raise RecursionError


def value_at(payload: Any, path: Path) -> Any:
    """The JSON value at `path`; None if the payload does not go that far."""
    for key in path:
        if isinstance(payload, list) and isinstance(key, int):
            payload = payload[key] if key < len(payload) else None
        else:
            payload = payload.get(key) if isinstance(payload, Mapping) else None
    return payload


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
    return None if b"NaN" in text or next(duplicates(payload), None) else text


def duplicates(payload: Any) -> Iterator[Path]:
    """The paths of the duplicate keys that `parse` found."""
    pending: list[tuple[Path, Any]] = [((), payload)]
    while pending:
        path, value = pending.pop()
        inside: Iterable[tuple[Any, Any]] = ()
        if isinstance(value, Mapping):
            yield from ((*path, key) for key in getattr(value, "duplicates", ()))
            inside = value.items()
        elif isinstance(value, list):
            inside = enumerate(value)
        pending += [((*path, key), inner) for key, inner in inside if not isinstance(inner, _SINGLE)]


def pointer(path: Path) -> str:
    """The JSON Pointer of `path` (RFC 6901, section 3): ("cover", "a/b", 0) is "/cover/a~1b/0"."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def pointer_of_any_row(pointer: str) -> str:
    """A JSON Pointer with "*" for the number of each row."""
    return _ROW_NUMBER.sub("*", pointer)
