"""Puts files into a payload as base64 text: the parts of a request, or files named on the command line."""

import re
from itertools import pairwise
from typing import Any

from schemas.normal_pictures import encoded
from service.errors import UsageError
from service.payload_json import Path

_ROWS = 1000  # of a table at most
_NUMBER = re.compile("0|[1-9][0-9]{0,3}")


def add_file(payload: Any, name: str, content: bytes) -> None:
    """Puts a file at the field `name`: its JSON Pointer, or its keys with dots between.

    Groups and rows on the way are made. Raises UsageError if the payload has a value there, or no place.
    """
    keys, here = path(name), payload
    for key, following in pairwise(keys):
        here = _below(here, key, [] if isinstance(following, int) else {}, name)
    last = keys[-1]
    if not isinstance(here, dict) or not isinstance(last, str):
        raise _no_place(name)
    if here.get(last) not in (None, ""):
        raise UsageError(
            f"“{name}”在报文里已有内容，又另附了文件，请只保留一个。",
            f"The payload has a value at '{name}', and a file for it: keep one.",
        )
    here[last] = encoded(content)


def path(name: str) -> Path:
    """The keys of a field's JSON Pointer (RFC 6901), or of its keys with dots between."""
    if name.startswith("/"):
        keys = [key.replace("~1", "/").replace("~0", "~") for key in name[1:].split("/")]
    else:
        keys = name.split(".")
    return tuple(int(key) if _NUMBER.fullmatch(key) else key for key in keys)


def _below(here: Any, key: str | int, empty: Any, name: str) -> Any:
    if isinstance(here, dict) and isinstance(key, str):
        if here.get(key) is None:
            here[key] = empty
        return here[key]
    if isinstance(here, list) and isinstance(key, int) and key < _ROWS:
        here += ({} for _ in range(key + 1 - len(here)))
        return here[key]
    raise _no_place(name)


def _no_place(name: str) -> UsageError:
    return UsageError(
        f"报文里没有“{name[:80]}”这个位置。请写栏目的 JSON 指针（如 /photo）或以点分隔的键名。",
        f"The payload has no place '{name[:80]}': give a field's JSON Pointer, such as /photo, "
        "or its keys with dots.",
    )
