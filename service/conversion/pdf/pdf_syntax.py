"""PDF's dictionaries as bytes (ISO 32000-1, 7.2 and 7.3), as far as LibreOffice and qpdf write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

_TOKEN = re.compile(
    rb"""
    \s+ | %[^\r\n]*+
  | << | >>
  | \[ [^\[\]()<>%]*+ \]  # an array of neither strings nor dictionaries: widths, boxes
  | \[ | \]
  | \( (?: [^()\\] | \\. )*+ \)
  | < [0-9A-Fa-f\s]*+ >
  | \d+\s+0\s+R\b
  | /? [^\s()<>\[\]{}/%]++
    """,
    re.DOTALL | re.VERBOSE,
)
_DEEPER = {b"<<": 1, b"[": 1, b">>": -1, b"]": -1}
_NOTHING = frozenset(b" \t\r\n\f\v%")  # the first bytes of white space and comments
_REFERENCE = re.compile(rb"(\d+)\s+0\s+R")
# What holds no reference (a string, a comment, a row of numbers), or a reference.
_REFERRING = re.compile(
    rb"""
    \( (?: [^()\\] | \\. )*+ \) | %[^\r\n]*+ | \[ [\d\s.-]*+ \]
  | (?<! [^\s\[\]()<>] ) (?P<number> \d++ ) (?= \s+0\s+R\b )
    """,
    re.DOTALL | re.VERBOSE,
)


class Irregular(ValueError):
    """A PDF that may be whole, but is not written the way that is read here."""


def entries(text: bytes) -> dict[bytes, bytes]:
    """The entries of the dictionary `text` (7.3.7), each value as it is written. Raises Irregular."""
    if not (text.startswith(b"<<") and text.endswith(b">>")):
        raise Irregular("dictionary")
    values = elements(text)
    names = values[::2]
    if len(values) % 2 or len(set(names)) < len(names) or not all(name[:1] == b"/" for name in names):
        raise Irregular("dictionary")
    return dict(zip(names, values[1::2], strict=True))


def elements(text: bytes) -> list[bytes]:
    """The objects in the array or dictionary `text`, each as it is written. Raises Irregular."""
    inner = text[2:-2] if text.startswith(b"<<") else text[1:-1]
    tokens = _TOKEN.findall(inner)
    found, depth, begin = [], 0, 0
    for place, token in enumerate(tokens):
        if not depth:
            begin = place
        depth += _DEEPER.get(token, 0)
        if depth < 0:
            break
        if not depth and token[0] not in _NOTHING:
            found.append(b"".join(tokens[begin : place + 1]))
    if depth or b"".join(tokens) != inner:
        raise Irregular("brackets")
    return found


def dictionary(content: Mapping[bytes, bytes]) -> bytes:
    """The text of a dictionary with these entries."""
    return b"<<" + b"".join(name + b" " + value for name, value in content.items()) + b">>"


def array(values: Iterable[bytes]) -> bytes:
    """The text of an array of these objects."""
    return b"[" + b" ".join(values) + b"]"


def string(text: str) -> bytes:
    """The text string (7.9.2.2) `text`, in hexadecimal digits."""
    content = text.encode("ascii") if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be")
    return b"<%s>" % content.hex().encode()


def moment(date: datetime) -> bytes:
    """The date (7.9.4) of `date` (UTC)."""
    return f"(D:{date:%Y%m%d%H%M%SZ})".encode()


def reference(value: bytes) -> int | None:
    """The number of the object that `value` refers to (7.3.10); None where it is no reference."""
    found = _REFERENCE.fullmatch(value)
    return int(found[1]) if found else None


def renumbered(text: bytes, numbers: Mapping[int, int]) -> bytes:
    """`text` with each reference to a key of `numbers` made one to its value."""

    def anew(found: re.Match[bytes]) -> bytes:
        number = found["number"]
        return found[0] if number is None else b"%d" % numbers.get(int(number), int(number))

    return _REFERRING.sub(anew, text)
