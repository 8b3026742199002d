"""Holds, periods and destruction lists as lines for people, and for JSON."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from service.access.actors import Actors
from service.cli.archived.listing import by, china_time
from service.cli.terminal import echo, print_json, wants_json
from service.database.columns import iso
from service.retention.destruction_list import DestructionList

_Row = TypeVar("_Row")
_ENTRY = ("tenant", "year", "form", "id", "version", "created", "due", "record", "manifest")
_WHO = ("who", "lifted_by", "proposed_by", "ended_by")


def print_rows(
    found: Sequence[_Row],
    as_json: Callable[[_Row], Any],
    cells: Callable[[_Row], Iterable[Any]],
    nothing: str,
) -> None:
    """Prints a line for each, or JSON; `nothing` on standard error where there are none."""
    if wants_json():
        print_json([as_json(each) for each in found])
    elif not found:
        echo(nothing, err=True)
    else:
        for each in found:
            echo(_line(cells(each)))


def print_acts(found: Sequence[Any], actors: Actors, nothing: str) -> None:
    """`print_rows` of holds, changes, or destruction lists without their records."""
    print_rows(found, lambda each: as_json(each, actors), lambda each: cells(each, actors), nothing)


def print_list(found: DestructionList, actors: Actors) -> None:
    """Prints a destruction list with its records, or as JSON."""
    if wants_json():
        print_json(whole(found, actors))
        return
    echo(_line(cells(found, actors)))
    for entry in found.entries:
        echo("\t".join(str(_in_china(entry[name])) for name in _ENTRY))


def _line(cells: Iterable[Any]) -> str:
    return "\t".join(str(value or "-") for value in cells)


def as_json(found: Any, actors: Actors) -> dict[str, Any]:
    """A hold, a period, a change, or a list without its records, for JSON; times are UTC."""
    values = {name: _shown(value) for name, value in vars(found).items() if name != "entries"}
    return values | actors.named(found, *(name for name in _WHO if name in values))


def cells(found: Any, actors: Actors) -> list[Any]:
    """The same for people."""
    return [
        by(value, actors) if name in _WHO and value else _in_china(value)
        for name, value in vars(found).items()
        if name != "entries"
    ]


def _in_china(value: Any) -> Any:
    """A value for people: times are those of China, with their offset."""
    return china_time(value) if hasattr(value, "tzinfo") else value


def whole(found: DestructionList, actors: Actors) -> dict[str, Any]:
    """A list with its records, for JSON."""
    entries = [{name: _shown(value) for name, value in entry.items()} for entry in found.entries]
    return {**as_json(found, actors), "records": entries}


def _shown(value: Any) -> Any:
    return iso(value) if hasattr(value, "tzinfo") else value
