"""The items of .ndjson and .json."""

from collections.abc import Iterator
from json import JSONDecodeError
from typing import IO, Any

from service.batch.inputs import item_identity
from service.batch.inputs.input_errors import field_error, unreadable
from service.batch.inputs.item import InputPlace, Item
from service.errors import NotJson
from service.payload_json import parse, pointer

KEYS = ("form", "year", "id", "data")
LINE_MAXIMUM = 16 * 1024 * 1024  # bytes
_CONTAINERS_MAXIMUM = 1_000_000  # of a .json
FILE_MAXIMUM = 64 * 1024 * 1024  # bytes of a .json, which is parsed at once


def lines(file: IO[bytes], form: str | None, year: int | None) -> Iterator[Item]:
    """Yields the items of .ndjson, one object per line, in constant memory; skips blank lines."""
    number = 0
    while line := file.readline(LINE_MAXIMUM + 1):
        number += 1
        place = InputPlace("line", number)
        if len(line) > LINE_MAXIMUM:
            while line and not line.endswith(b"\n"):
                line = file.readline(LINE_MAXIMUM)
            yield _refused(place, form, year, "line_too_long", maximum=LINE_MAXIMUM)
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            yield _of_line(place, line, form, year)


def _of_line(place: InputPlace, line: bytes, form: str | None, year: int | None) -> Item:
    try:
        return item(place, parse(line), form, year)
    except NotJson as error:
        wrong = isinstance(error.__cause__, UnicodeDecodeError)
        return _refused(place, form, year, "not_utf8" if wrong else "not_json")


def array(file: IO[bytes], form: str | None, year: int | None, id: str | None = None) -> Iterator[Item]:
    """The items of a JSON array, or of one object, whose id is by default `id`. Raises UnreadableInput."""
    body = file.read(FILE_MAXIMUM + 1)
    if len(body) > FILE_MAXIMUM:
        raise unreadable("too_large", maximum=FILE_MAXIMUM // 1024 // 1024)
    try:
        parsed = parse(body, _CONTAINERS_MAXIMUM)
    except NotJson as error:
        cause = error.__cause__
        if isinstance(cause, JSONDecodeError):
            raise unreadable("not_json", line=cause.lineno, column=cause.colno) from error
        raise unreadable("not_json_text") from error
    if isinstance(parsed, dict):
        return iter([item(InputPlace("item", 1), parsed, form, year, id)])
    if not isinstance(parsed, list):
        raise unreadable("not_a_list")
    return (item(InputPlace("item", number), each, form, year) for number, each in enumerate(parsed, 1))


def _refused(place: InputPlace, form: str | None, year: int | None, code: str, **values: Any) -> Item:
    return Item(place, form, year, None, None, (field_error(code, **values),))


def item(place: InputPlace, value: Any, form: str | None, year: int | None, id: str | None = None) -> Item:
    """The item that a JSON value describes; `form`, `year` and `id` are its defaults."""
    if not isinstance(value, dict):
        return _refused(place, form, year, "not_an_item")
    named = item_identity.of_json(value, form, year, id)
    errors = [*named.errors]
    errors += (field_error("unknown_key", pointer((key,)), key, name=key) for key in value if key not in KEYS)
    duplicates = getattr(value, "duplicates", ())
    errors += (field_error("duplicate_key", pointer((key,)), key, name=key) for key in duplicates)
    if value.get("data") is None:
        errors.append(field_error("no_data", "/data", item_identity.LABELS["data"]))
    return Item(place, named.form, named.year, named.id, value.get("data"), tuple(errors))
