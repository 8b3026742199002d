"""What the schema offers to a template: names, their values, and how tags spell them."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from marshmallow import Schema

from schemas.fields import Field
from schemas.fields.aspects import OWN_WORDS
from schemas.tree import ROW, members

# A dict's own attributes win over its keys in Jinja: such a key must be written in brackets.
_DICT_ATTRIBUTES = frozenset(dir(dict))


@dataclass(frozen=True)
class Shape:
    """A value as `service.template_context` builds it.

    `kind`: "leaf" prints; "group" has `children` by key, "boxes" and "parts" too, by option
    and part; "rows" and "lines" are looped over, giving `item`; "any" is unknown and not checked.
    """

    kind: str
    pointer: str = ""
    label: str = ""
    children: "Mapping[str, Shape]" = field(default_factory=dict)
    item: "Shape | None" = None


ANY = Shape("any")
# A name and its keys, each with whether it follows a dot: `a.b["c"]`.
Chain = tuple[str, list[tuple[str | int, bool]]]
_KEY_ALIKE, _WHOLE_ALIKE = 0.6, 0.75


def shapes(schema: Schema) -> Shape:
    """The shape of a whole context."""
    return _group(schema, "", "")


def _group(schema: Schema, pointer: str, label: str) -> Shape:
    children = {key: _shape(field, f"{pointer}/{key}") for key, field in members(schema)}
    return Shape("group", pointer, label, children)


def _shape(field: Field, pointer: str) -> Shape:
    label = field.title
    if field.repeats:
        return Shape("rows", pointer, label, item=_group(field.inside, f"{pointer}/{ROW}", label))
    if field.inside is not None:
        return _group(field.inside, pointer, label)
    printed = Shape("leaf", pointer, label)
    if field.shape == "lines":
        return Shape("lines", pointer, label, item=printed)
    if field.parts:
        parts = {str(part): Shape("leaf", f"{pointer}/{part}", label) for part in field.parts}
        return Shape("parts", pointer, label, parts)
    if field.shape == "text":
        return printed
    boxes = {
        option.key: Shape("leaf", f"{pointer}/{option.key}", f"{label} {option.words}")
        for option in field.options
    }
    if field.own:
        boxes[OWN_WORDS] = Shape("leaf", f"{pointer}/{OWN_WORDS}", f"{label} {field.own.words}……")
    return Shape("boxes", pointer, label, boxes)


def step(base: str, key: str) -> str:
    """`base` extended by one key, as a tag spells it."""
    if key.isdecimal():
        return f"{base}[{key}]"
    plain = key.isidentifier() and key not in _DICT_ATTRIBUTES
    return f"{base}.{key}" if plain else f'{base}["{key}"]'


def reachable(names: Mapping[str, Shape]) -> dict[str, Shape]:
    """All expressions for values other than groups, from the names in scope."""
    found: dict[str, Shape] = {}
    for name, shape in names.items():
        _reach(name, shape, found)
    return found


def _reach(spelled: str, shape: Shape, found: dict[str, Shape]) -> None:
    if shape.kind not in ("group", "any"):
        found[spelled] = shape
    for key, child in shape.children.items():
        _reach(step(spelled, key), child, found)


def resolve(chain: Chain, names: Mapping[str, Shape]) -> tuple[Shape | None, str]:
    """The value of a chain, or None and the expression probably meant, "" if none is similar."""
    name, keys = chain
    shape, spelled = names.get(name), name
    if shape is None:
        whole = "".join([name, *(f".{key}" for key, _ in keys)])
        return None, _near(whole, reachable(names), _WHOLE_ALIKE)
    for key, by_dot in keys:
        if shape.kind == "any":
            break
        child = _child(shape, key, by_dot)
        if child is None:
            meant = str(key) if str(key) in shape.children else _near(str(key), shape.children, _KEY_ALIKE)
            return None, step(spelled, meant) if meant else ""
        shape, spelled = child, step(spelled, str(key))
    return shape, spelled


def _near(wrong: str, known: Iterable[str], alike: float) -> str:
    return next(iter(difflib.get_close_matches(wrong, list(known), 1, alike)), "")


def _child(shape: Shape, key: str | int, by_dot: bool) -> Shape | None:
    if shape.item is not None and isinstance(key, int):
        return shape.item
    text = str(key)
    if shape.kind == "leaf" and by_dot and not text.startswith("_") and hasattr(str, text):
        return shape
    return None if by_dot and text in _DICT_ATTRIBUTES else shape.children.get(text)


def leaves(shape: Shape, spelled: str = "") -> Iterator[tuple[str, Shape]]:
    """Every field that must be printed, with its expression; `[…]` stands for a row."""
    if shape.kind == "leaf":
        yield spelled, shape
    elif shape.item is not None:
        yield from leaves(shape.item, spelled if shape.kind == "lines" else f"{spelled}[…]")
    for key, child in shape.children.items():
        yield from leaves(child, step(spelled, key) if spelled else key)
