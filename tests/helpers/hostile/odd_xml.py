"""XML written as few programs write it, which says the same: comments, instructions, other encodings."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.helpers.docx_builder import parts, zipped

NOISE = "<!-- > 陆 --><?kexie a > b?>"
_TAG = re.compile(r"<[^?!][^>]*>")
_TEXT = re.compile(r">([^<&\s])([^<]+)<")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def _split(xml: bytes) -> tuple[str, str]:
    text = xml.decode("utf-8-sig")
    head, end, rest = text.partition("?>") if text.startswith("<?xml") else ("", "", text)
    return head + end or _DECLARATION, rest


def woven(xml: bytes) -> bytes:
    """A comment and an instruction in the prolog, behind every tag, within every text, and at the end."""
    declaration, rest = _split(xml)
    rest = _TEXT.sub(rf">\g<1>{NOISE}\g<2><", rest)
    return f"{declaration}\n{NOISE}{_TAG.sub(lambda found: found[0] + NOISE, rest)}".encode()


def encoded(encoding: str) -> Callable[[bytes], bytes]:
    """A part in that encoding, other characters by their numbers; "utf-16" has a byte order mark."""

    def change(xml: bytes) -> bytes:
        text = f'<?xml version="1.0" encoding="{encoding}"?>\n{_split(xml)[1].lstrip()}'
        return text.encode(encoding, "xmlcharrefreplace")

    return change


def named(encoding: str) -> Callable[[bytes], bytes]:
    """A part that names the encoding, true or not."""
    return lambda xml: f'<?xml version="1.0" encoding="{encoding}"?>{_split(xml)[1]}'.encode()


def without_declaration(xml: bytes) -> bytes:
    """A part with a byte order mark in place of the declaration."""
    return f"\ufeff{_split(xml)[1].lstrip()}".encode()


def standalone(xml: bytes) -> bytes:
    """A part whose declaration is in single quotes, followed by blank lines and a style sheet."""
    head = "<?xml version='1.0' encoding='utf-8' standalone='no' ?>\n\n<?xml-stylesheet href='a.css'?>\n\n"
    return (head + _split(xml)[1]).encode()


WAYS = {
    "comments and instructions": woven,
    "UTF-16": encoded("utf-16"),
    "ISO-8859-1": encoded("iso-8859-1"),
    "byte order mark alone": without_declaration,
    "style sheet before the root": standalone,
}


def each_part(package: bytes, change: Callable[[bytes], bytes], names: str = r".*\.(xml|rels)") -> bytes:
    """The package with `change` made to its XML parts whose names match."""
    pattern = re.compile(names)
    return zipped(
        {name: change(part) if pattern.fullmatch(name) else part for name, part in parts(package).items()}
    )
