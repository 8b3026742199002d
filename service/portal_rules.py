"""What a portal says of a form's fields: read-only, hidden and required ones, and what disregards it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.bilingual import Bilingual
from schemas.remarks import INVALID, Declarations, given
from schemas.tree import Path, any_row, walk
from service.catalog import Edition
from service.errors import FieldError
from service.payload_json import pointer
from service.submission import place, validate

#: The message of each error by its code; `blank` says what is.
MESSAGES = {
    "readonly": Bilingual(
        "这一项由所在网站填写，不能改动，请恢复原来的内容。",
        "The site fills this in, and it cannot be changed: restore what it was.",
    ),
    "required": Bilingual("必填，{blank}", "Required: {blank}"),
}
_UNFILLABLE = Bilingual(
    "必填，却只读或不显示，又没有预填：填表人无法填写。",
    "Required, but read-only or hidden, and not filled in: nobody can fill it in.",
)


@dataclass(frozen=True)
class PortalRules:
    """The paths of fields, `basic_info.mobile`, each with all below it; "*" is every row of a table.

    What is hidden is read-only, too. Read-only fields hold what the portal fills in.
    """

    readonly: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    required: tuple[str, ...] = ()

    def __or__(self, other: "PortalRules") -> "PortalRules":
        return PortalRules(*(mine + vars(other)[name] for name, mine in vars(self).items()))


def unknown(edition: Edition, paths: Iterable[str]) -> list[str]:
    """Those of `paths` that name no field of an edition."""
    known = set(map(_name, dict(walk(edition.schema))))
    return [path for path in paths if path not in known]


def pointers(edition: Edition, paths: Iterable[str]) -> frozenset[str]:
    """The JSON Pointers of the fields of `paths` and of all below them, with "*" for a row."""
    return frozenset(map(pointer, _at_or_below(edition, paths)))


def required(edition: Edition, rules: PortalRules) -> frozenset[str]:
    """The JSON Pointers of required leaves and tables, with "*" for a row."""
    return frozenset(map(pointer, _declared(edition, rules).expected)) - computed(edition)


def computed(edition: Edition) -> frozenset[str]:
    """The JSON Pointers of computed fields, which may be left empty."""
    return frozenset(_pointers(edition.schema.totals(validate(edition, {}).data)))


def disregarded(
    edition: Edition, payload: Any, rules: PortalRules, data: Mapping[str, Any]
) -> Iterator[FieldError]:
    """The errors of a payload where `data` are what the portal has filled in."""
    sent, filled = given(edition.schema, payload), given(edition.schema, data)
    for path in _changed(sent, filled, _at_or_below(edition, (*rules.readonly, *rules.hidden))):
        yield FieldError(*place(edition, path), "readonly", MESSAGES["readonly"])
    for path, message in _blank(edition, rules, sent):
        yield FieldError(*place(edition, path), "required", message)


def unfillable(edition: Edition, rules: PortalRules, data: Mapping[str, Any]) -> Iterator[FieldError]:
    """The required fields that nobody can fill in: read-only, and blank in `data`."""
    locked = _at_or_below(edition, (*rules.readonly, *rules.hidden))
    for path, _ in _blank(edition, rules, given(edition.schema, data)):
        if any_row(path) in locked:
            yield FieldError(*place(edition, path), "required", _UNFILLABLE)


def _blank(
    edition: Edition, rules: PortalRules, sent: Mapping[Path, Any]
) -> Iterator[tuple[Path, Bilingual]]:
    for remark in _declared(edition, rules).missing(sent):
        if pointer(remark.path) not in computed(edition):
            texts, blank = MESSAGES["required"], remark.message
            yield remark.path, Bilingual(texts.zh.format(blank=blank.zh), texts.en.format(blank=blank.en))


def _changed(sent: Mapping[Path, Any], filled: Mapping[Path, Any], locked: frozenset[Path]) -> Iterator[Path]:
    """The locked fields that differ, but for those that their field refuses anyway."""
    for path in dict.fromkeys((*sent, *filled)):
        mine = sent.get(path)
        if any_row(path) in locked and mine is not INVALID and mine != filled.get(path):
            yield path


def _declared(edition: Edition, rules: PortalRules) -> Declarations:
    wrong = unknown(edition, rules.required)
    return Declarations(edition.schema, (path for path in rules.required if path not in wrong), ())


def _at_or_below(edition: Edition, paths: Iterable[str]) -> frozenset[Path]:
    named = set(paths)
    return frozenset(
        path
        for path, _ in walk(edition.schema)
        if any(_name(path[:length]) in named for length in range(1, len(path) + 1))
    )


def _name(path: Path) -> str:
    return ".".join(map(str, path))


def _pointers(totals: dict[str, Any], above: str = "") -> Iterator[str]:
    for key, value in totals.items():
        yield f"{above}/{key}"
        if isinstance(value, dict):
            yield from _pointers(value, f"{above}/{key}")
