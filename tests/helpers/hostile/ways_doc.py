"""Fields by which a Word 97 document names something outside of it ([MS-DOC] 2.9.90)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from tests.helpers.hostile import ways_rtf
from tests.helpers.libreoffice import FILTERS, save

_CODES = {"RD": 11, "INCLUDE": 36, "DDE": 45, "DDEAUTO": 46, "IMPORT": 55, "LINK": 56}
_CODES |= {"INCLUDEPICTURE": 67, "INCLUDETEXT": 68, "DATABASE": 78}
_HYPERLINK, _END = 88, b"\x14\xff\x15\x80"


class Field(NamedTuple):
    """The instruction of a field, and the number of its kind."""

    instruction: str
    code: int


Make = Callable[[str, str], Field]


def _field(name: str, instruction: str) -> Make:
    text = instruction.replace("\\\\", "\\")
    return lambda to, _: Field(text.format(to=to), _CODES[name.partition(" ")[0]])


WAYS: dict[str, Make] = {
    f"{name} field": _field(name, instruction)
    for name, instruction in ways_rtf.FIELDS.items()
    if name.partition(" ")[0] in _CODES
}


SINGLE: tuple[str, ...] = ()


def document(fragments: Iterable[Field]) -> bytes:
    """A .doc with all `fragments`: hyperlinks saved by LibreOffice, overwritten by fields as long."""
    fields = list(fragments)
    links = [_link(number, len(field.instruction)) for number, field in enumerate(fields)]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        source = Path(name, "links.rtf")
        source.write_bytes(ways_rtf.document(map(ways_rtf.field, links)))
        save([source], f"doc:{FILTERS['doc']}", source.parent)
        made = (source.parent / "out" / "links.doc").read_bytes()
    for link, field in zip(links, fields, strict=True):
        before, after = (text.encode("utf-16-le") for text in (link, field.instruction.ljust(len(link))))
        kind = bytes([0x13, _HYPERLINK]) + _END
        assert before in made
        assert kind in made
        made = made.replace(before, after, 1).replace(kind, bytes([0x13, field.code]) + _END, 1)
    return made


def _link(number: int, length: int) -> str:
    start = f'HYPERLINK "http://127.0.0.1/{number}/'
    return f'{start}{"x" * (length - len(start))}"'
