"""Holds, periods and destruction lists as lines for people, and for JSON."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from service.cli.archived.listing import china_time
from service.cli.terminal import echo, print_json, wants_json
from service.database.columns import iso
from service.retention.destruction_list import DestructionList

_Row = TypeVar("_Row")
_ENTRY = ("tenant", "year", "form", "id", "version", "created", "due", "record", "manifest")


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
            echo("\t".join(str(value or "-") for value in cells(each)))


def print_list(found: DestructionList) -> None:
    """Prints a destruction list with its records, or as JSON."""
    if wants_json():
        print_json(whole(found))
        return
    echo("\t".join(map(str, head_cells(found))))
    for entry in found.entries:
        echo("\t".join(str(_in_china(entry[name])) for name in _ENTRY))


def as_json(found: Any) -> dict[str, Any]:
    """A hold, a period or a change for JSON; times are UTC."""
    return {name: _shown(value) for name, value in vars(found).items()}


def cells(found: Any) -> list[Any]:
    """The same for people."""
    return [_in_china(value) for value in vars(found).values()]


def head_cells(found: DestructionList) -> list[Any]:
    """A list without its records, for people."""
    return [_in_china(value) or "-" for name, value in vars(found).items() if name != "entries"]


def _in_china(value: Any) -> Any:
    """A value for people: times are those of China, with their offset."""
    return china_time(value) if hasattr(value, "tzinfo") else value


def head(found: DestructionList) -> dict[str, Any]:
    """A list without its records, for JSON."""
    return {name: _shown(value) for name, value in vars(found).items() if name != "entries"}


def whole(found: DestructionList) -> dict[str, Any]:
    """A list with its records, for JSON."""
    entries = [{name: _shown(value) for name, value in entry.items()} for entry in found.entries]
    return {**head(found), "records": entries}


def _shown(value: Any) -> Any:
    return iso(value) if hasattr(value, "tzinfo") else value
