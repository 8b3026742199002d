"""Files damaged at random: bytes, parts of a zip, elements and attributes of XML, values of JSON."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any

from tests.helpers.docx_builder import parts

Chance = random.Random
_TOKEN = re.compile(rb"<[^<>]*>|[^<>]+")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
STRANGE = [
    *(
        "",
        " ",
        "0",
        "-1",
        "1e999999",
        "NaN",
        "99999999999999999999999",
        "\u202e",
        "\ufeff",
        "\U0010ffff",
        "=1+1",
    ),
    *(
        "县" * 3000,
        "a" * 70_000,
        "{{ x }}",
        "&#xD800;",
        "\\",
        '"',
        "'",
        "\t\r\n",
        "2021-02-30",
        "是☑否☑",
        "％",
        "١٢",
    ),
]


def flipped(content: bytes, chance: Chance) -> bytes:
    """Some bytes are others."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 30))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(content: bytes, chance: Chance) -> bytes:
    """A piece is missing, doubled, or of another place."""
    start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    piece = chance.choice((b"", content[start:end] * 2, content[: end - start]))
    return content[:start] + piece[: len(content)] + content[end:]


def rezipped(content: bytes, chance: Chance) -> bytes:
    """One part is missing, damaged, doubled, empty, named otherwise or that of another."""
    found = parts(content)
    name = chance.choice(sorted(found))
    ways: list[Callable[[], dict[str, bytes]]] = [
        lambda: {name: b""},
        lambda: {name: flipped(found[name] or b" ", chance)},
        lambda: {name: found[chance.choice(sorted(found))]},
        lambda: {f"{name}x": found[name], name: b"<a/>"},
        lambda: {f"word/{chance.choice(STRANGE)[:99]}.xml": b"<a/>"},
        lambda: {name: woven_at_random(found[name], chance)},
        lambda: {name: woven_at_random(found[name], chance)},
        lambda: {name: woven_at_random(found[name], chance)},
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as package:
        for each, part in (found | chance.choice(ways)()).items():
            package.writestr(each, part)
    return out.getvalue()


def woven_at_random(xml: bytes, chance: Chance) -> bytes:
    """Some tokens of XML are missing, doubled, swapped or changed; mostly it stays well-formed."""
    tokens = _TOKEN.findall(xml)
    if not tokens:
        return xml
    for _ in range(chance.choice((1, 2, 8))):
        at = chance.randrange(len(tokens))
        value = chance.choice(STRANGE).encode("utf-8", "replace").replace(b"&", b"&amp;").replace(b"<", b"")
        token = tokens[at]
        if not token.startswith(b"<"):
            tokens[at] = value
        elif b'="' in token and chance.random() < 0.6:
            tokens[at] = _ATTRIBUTE.sub(_with(value.replace(b'"', b"")), token, 1)
        elif token.endswith(b"/>"):
            tokens[at] = chance.choice((b"", token * 3, b"<!-- -->" + token))
        else:
            other = chance.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
    return b"".join(tokens)


def _with(value: bytes) -> Callable[[re.Match[bytes]], bytes]:
    return lambda found: found[1] + b'="' + value + b'"'


def revalued(content: bytes, chance: Chance) -> bytes:
    """Some values of JSON are others, deeper, doubled or missing."""
    data = json.loads(content)
    for _ in range(chance.choice((1, 2, 9))):
        holder: Any = data
        while isinstance(holder, (dict, list)) and holder:
            key = chance.choice(sorted(holder) if isinstance(holder, dict) else range(len(holder)))
            if not isinstance(holder[key], (dict, list)) or chance.random() < 0.3:
                holder[key] = _value(chance, holder[key])
                break
            holder = holder[key]
    return json.dumps(data, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _value(chance: Chance, before: Any) -> Any:
    numbers = (0, -1, 10**30, 1e300, -0.0, 0.001, True, None)
    nested: Any = [before] * 3
    for _ in range(chance.choice((1, 70))):
        nested = chance.choice(([nested], {"a": nested}, {chance.choice(STRANGE): nested}))
    return chance.choice((chance.choice(STRANGE), chance.choice(numbers), nested, [], {}, "\ud800"))


BYTES = (flipped, cut)
BY_KIND: dict[str, tuple[Callable[[bytes, Chance], bytes], ...]] = {
    "docx": (*BYTES, rezipped, rezipped, rezipped, rezipped),
    "odt": (*BYTES, rezipped, rezipped),
    "xlsx": (*BYTES, rezipped, rezipped, rezipped),
    "json": (*BYTES, revalued, revalued, revalued),
}


def mutated(kind: str, content: bytes, chance: Chance) -> bytes:
    """A damaged copy of a file of that kind."""
    return chance.choice(BY_KIND.get(kind, BYTES))(content, chance)
