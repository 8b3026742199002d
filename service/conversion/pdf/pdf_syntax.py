"""PDF syntax as bytes (ISO 32000-1, 7.2 and 7.3), as far as LibreOffice and qpdf write it."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

_TOKEN = re.compile(
    rb"""
    \s+ | %[^\r\n]*+
  | << | >>
  | \[ [^\[\]()<>%]*+ \]  # an array without strings and dictionaries: widths, boxes
  | \[ | \]
  | \( (?: [^()\\] | \\. )*+ \)
  | < [0-9A-Fa-f\s]*+ >
  | \d+\s+0\s+R\b
  | /? [^\s()<>\[\]{}/%]++
    """,
    re.DOTALL | re.VERBOSE,
)
_DEEPER = {b"<<": 1, b"[": 1, b">>": -1, b"]": -1}
_NOTHING = frozenset(b" \t\r\n\f\v%")  # first bytes of white space and comments
_REFERENCE = re.compile(rb"(\d+)\s+0\s+R")
# Tokens without references (strings, comments, number arrays), and references.
_REFERRING = re.compile(
    rb"""
    \( (?: [^()\\] | \\. )*+ \) | %[^\r\n]*+ | \[ [\d\s.-]*+ \]
  | (?<! [^\s\[\]()<>] ) (?P<number> \d++ ) (?= \s+0\s+R\b )
    """,
    re.DOTALL | re.VERBOSE,
)


class Irregular(ValueError):
    """A possibly valid PDF that is not written in the expected form."""


def entries(text: bytes) -> dict[bytes, bytes]:
    """The entries of the dictionary `text` (7.3.7) with values as text. Raises Irregular."""
    if not (text.startswith(b"<<") and text.endswith(b">>")):
        raise Irregular("dictionary")
    values = elements(text)
    names = values[::2]
    if len(values) % 2 or len(set(names)) < len(names) or not all(name[:1] == b"/" for name in names):
        raise Irregular("dictionary")
    return dict(zip(names, values[1::2], strict=True))


def elements(text: bytes) -> list[bytes]:
    """The objects in the array or dictionary `text`, as text. Raises Irregular."""
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
    """Serialises a dictionary."""
    return b"<<" + b"".join(name + b" " + value for name, value in content.items()) + b">>"


def array(values: Iterable[bytes]) -> bytes:
    """Serialises an array."""
    return b"[" + b" ".join(values) + b"]"


def string(text: str) -> bytes:
    """Serialises a text string (7.9.2.2) in hexadecimal."""
    content = text.encode("ascii") if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be")
    return b"<%s>" % content.hex().encode()


def moment(date: datetime) -> bytes:
    """Serialises a date (7.9.4) in UTC."""
    return f"(D:{date:%Y%m%d%H%M%SZ})".encode()


def reference(value: bytes) -> int | None:
    """The object number of a reference (7.3.10); None for other values."""
    found = _REFERENCE.fullmatch(value)
    return int(found[1]) if found else None


def renumbered(text: bytes, numbers: Mapping[int, int]) -> bytes:
    """Replaces the object numbers of references in `text` by `numbers`."""

    def renumber(found: re.Match[bytes]) -> bytes:
        number = found["number"]
        return found[0] if number is None else b"%d" % numbers.get(int(number), int(number))

    return _REFERRING.sub(renumber, text)
