"""All ways by which documents name something outside: each in a document of its own, or many in one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from tests.helpers.hostile import ways_doc, ways_docx, ways_odt, ways_rtf
from tests.helpers.hostile.outside import Outside

KINDS: dict[str, Any] = {"odt": ways_odt, "docx": ways_docx, "rtf": ways_rtf, "doc": ways_doc}
WAYS = [(kind, name) for kind, module in KINDS.items() for name in module.WAYS]


class Trial(NamedTuple):
    """A document, its kind, and the way that it tries; the number is that of `Outside`."""

    kind: str
    way: str
    number: int
    content: bytes


def each(outside: Outside, *kinds: str) -> Iterator[Trial]:
    """A document for each way of these kinds, with every scheme; several where one can hold one such name."""
    for number, (kind, name) in enumerate(WAYS):
        if kind not in kinds:
            continue
        groups = [[scheme] for scheme in Outside.SCHEMES] if name in KINDS[kind].SINGLE else [Outside.SCHEMES]
        for schemes in groups:
            fragments = [_fragment(outside, number, scheme) for scheme in schemes]
            yield Trial(kind, name, number, KINDS[kind].document(fragments))


def together(
    outside: Outside, kind: str, schemes: Collection[str] = Outside.SCHEMES, without: Collection[str] = ()
) -> bytes:
    """A document with all ways of its kind at once."""
    numbers = [n for n, (of, name) in enumerate(WAYS) if of == kind and name not in without]
    module = KINDS[kind]
    made: bytes = module.document([_fragment(outside, n, scheme) for scheme in schemes for n in numbers])
    return made


def _fragment(outside: Outside, number: int, scheme: str) -> Any:
    kind, name = WAYS[number]
    return KINDS[kind].WAYS[name](outside.address(scheme, number), f"n{number}{scheme}")
