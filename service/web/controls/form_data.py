"""Converts a posted HTML form to a payload, and a payload to the values of the form's fields."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from schemas import normal_pictures
from schemas.characters import EXACT
from schemas.fields import Leaf
from schemas.fields.aspects import OWN_WORDS, PageControl, Posted, Unreadable
from schemas.normal_pictures import PictureFault, PictureLimits
from schemas.tree import Path, build, values, walk
from schemas.white_space import Change
from service.catalog import Edition
from service.payload_json import pointer
from service.web.controls.posted_rows import row_counts

PICTURE = "picture"  # before the pointer in the name of a file's control
DIGITS = 15  # before and after the decimal point: as many as a JavaScript number holds
_INTEGER = re.compile(rf"-?[0-9]{{1,{DIGITS}}}")
_NUMBER = re.compile(rf"-?[0-9]{{1,{DIGITS}}}(\.[0-9]{{1,{DIGITS}}})?")
TICKED = "true"  # what the box of one of several options posts
_BOOLEANS = {"true": True, "false": False}


def payload(edition: Edition, posted: Mapping[str, str]) -> dict[str, Any]:
    """The payload of the fields posted by JSON Pointer; empty fields are omitted.

    A value of the wrong kind stays text, for the validator to report. Raises UsageError for too many rows.
    """
    counts = row_counts(posted)
    return build(
        edition.schema,
        lambda path, field: _posted(field, posted, pointer(path)),
        lambda path, field: range(counts.get(pointer(path), 0)),
        blanks=False,
    )


def made_plain(edition: Edition, posted: Mapping[str, str]) -> Iterator[tuple[Path, Change]]:
    """Yields what `payload` makes plain in posted numbers, with the path of each."""
    counts = row_counts(posted)
    for path, field in walk(edition.schema, lambda path, table: range(counts.get(pointer(path), 0))):
        if field.inside is None and field.control.posts in ("integer", "number"):
            text = posted.get(pointer(path), "")
            if (value := _value(field.control.posts, text)) is not None:
                yield from ((path, change) for change in field.typed_changes(text, value))


def with_pictures(
    edition: Edition, posted: MultiDict[str, str], files: Mapping[str, FileStorage], limits: PictureLimits
) -> MultiDict[str, str]:
    """The posted fields with the chosen pictures as text, reduced so that a page can hold them.

    Raises UsageError for too many rows.
    """
    found = posted.copy()
    counts = row_counts([*posted, *(name.removeprefix(PICTURE) for name in files)])
    for path, field in walk(edition.schema, lambda path, table: range(counts.get(pointer(path), 0))):
        name = pointer(path)
        if field.inside is not None or field.place is None:
            continue
        if f"remove{name}" in posted:
            found[name] = ""
        if (file := files.get(f"{PICTURE}{name}")) and (content := file.read()):
            with contextlib.suppress(PictureFault):  # `validate` reports it
                content = normal_pictures.normal(content, *field.place, limits).content
            found[name] = normal_pictures.encoded(content)
    return found


def texts(edition: Edition, payload: Any) -> dict[str, str]:
    """The form fields' values for a payload, by JSON Pointer; of unknown fields too, which draw nothing."""
    boxes = {
        pointer(path): field.control.posts
        for path, field, _ in values(edition.schema, payload)
        if field.control.posts in ("option", "options")
    }
    return dict(_flat(payload, "", boxes))


def _posted(field: Leaf, posted: Mapping[str, str], pointer: str) -> Any:
    """The JSON value of a field's control; of one with parts, an object of those that are not blank."""
    control = field.control
    if control.posts in ("option", "options"):
        return _ticked(control, posted, pointer)
    if not control.parts:
        return _in_unit(field, _value(control.posts, posted.get(pointer, "")))
    parts = {key: _value(control.posts, posted.get(f"{pointer}/{key}", "")) for key, _ in control.parts}
    return {key: value for key, value in parts.items() if value is not None}


def _ticked(control: PageControl, posted: Mapping[str, str], pointer: str) -> Any:
    """The JSON value of options; own words without their box are there too, for the validator to report."""
    own = posted.get(f"{pointer}/{OWN_WORDS}", "")
    own = own if own.strip() else ""
    if control.posts == "option":
        chosen = [key] if (key := posted.get(pointer, "")) else []
    else:
        chosen = [key for key, _ in control.choices if posted.get(f"{pointer}/{key}")]
    found: list[Any] = [each for each in chosen if not (own and each == control.own)]
    if own:
        found.append({"key": control.own if control.own in chosen else None, OWN_WORDS: own})
    return (found or None) if control.posts == "options" else found[-1] if found else None


def _value(kind: Posted, text: str) -> Any:
    if not text.strip():
        return None
    if kind in ("text", "digits"):
        return text.replace("\r\n", "\n")
    if kind == "boolean":
        return _BOOLEANS.get(text, text)
    plain = EXACT.plain(text).strip()
    if kind == "integer" and _INTEGER.fullmatch(plain):
        return int(plain)
    return Decimal(plain) if kind == "number" and _NUMBER.fullmatch(plain) else plain or None


def _in_unit(field: Leaf, value: Any) -> Any:
    """An amount typed with its unit or separators, in the unit of its field; other values as they are."""
    if field.adds != "amounts" or not isinstance(value, str):
        return value
    try:
        return field.printed(value)
    except Unreadable:
        return value


def _flat(value: Any, pointer: str, boxes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if pointer in boxes:
        for each in value if isinstance(value, list) else [value]:
            key, own = (each.get("key"), each.get(OWN_WORDS)) if isinstance(each, Mapping) else (each, None)
            if key is not None:
                yield (pointer, str(key)) if boxes[pointer] == "option" else (f"{pointer}/{key}", TICKED)
            if own is not None:
                yield f"{pointer}/{OWN_WORDS}", str(own)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{pointer}/{key}", boxes)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{pointer}/{number}", boxes)
    elif value is not None:
        yield pointer, str(value).lower() if isinstance(value, bool) else str(value)
