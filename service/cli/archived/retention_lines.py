"""Holds, periods and destruction lists as lines for people, and for JSON."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from service.access import ApiKey
from service.access.actors import Actors
from service.cli.archived import listing
from service.cli.archived.listing import by, china_time
from service.cli.terminal import echo, print_json, wants_json
from service.database.column_types import iso
from service.retention.destruction_list import DestructionList
from service.retention.periods import PERMANENT, Period
from service.retention.retention_tables import EVERY_YEAR
from service.retention.second_person import MISSING

_Row = TypeVar("_Row")
_ENTRY = ("tenant", "year", "form", "id", "version", "created", "due", "record", "manifest", "years")
_WORDS = {
    "tenant": "租户",
    "year": "年度",
    "form": "表单",
    "id": "编号",
    "key": "记录号",
    "version": "版本",
    "created": "归档时间",
    "due": "可销毁日",
    "submitter": "名称",
    "record": "记录号",
    "manifest": "清单的校验值",
    "period": "保管期限",
    "since": "自",
    "who": "操作者",
    "reason": "依据",
    "lifted": "解除时间",
    "lifted_by": "解除人",
    "lifted_because": "解除依据",
    "changed": "设定时间",
    "before": "此前年数",
    "years": "年数",
    "first": "首次设定",
    "state": "状态",
    "proposed": "提出时间",
    "proposed_by": "提出人",
    "ended": "完成时间",
    "ended_by": "完成人",
    "file": "文件",
    "size": "字节数",
    "sha256": "校验值",
}
_UNSHOWN = ("entries", "others")  # a command shows all tenants
_PERIODS = ("before", "years")
_WHO = ("who", "lifted_by", "proposed_by", "ended_by")


def print_rows(
    names: Sequence[str],
    found: Sequence[_Row],
    as_json: Callable[[_Row], Any],
    cells: Callable[[_Row], Iterable[Any]],
    nothing: str,
) -> None:
    """Prints a line for each, with headings for `names`, or JSON.

    `nothing` goes to standard error where there are none.
    """
    if wants_json():
        print_json([as_json(each) for each in found])
    else:
        listing.print_rows(_headings(names), map(_filled, map(cells, found)), nothing)


def print_periods(found: Sequence[Period], actors: Actors, nothing: str) -> None:
    """Prints periods: who set each, and when."""
    names = ("form", "year", "period", "changed", "who")

    def shown(each: Period) -> tuple[Any, ...]:
        when = each.changed and china_time(each.changed)
        return each.form, _in_words("year", each.year, actors), each, when, each.who and by(each.who, actors)

    print_rows(names, found, lambda each: as_json(each, actors), shown, nothing)


def print_acts(found: Sequence[Any], actors: Actors, nothing: str) -> None:
    """Prints holds, changes, or destruction lists without their records, each kind under its headings."""
    if wants_json():
        print_json([as_json(each, actors) for each in found])
        return
    for _, kind in itertools.groupby(found, type):
        rows = list(kind)
        listing.print_rows(_headings(_names(rows[0])), (_filled(cells(each, actors)) for each in rows), "")
    if not found:
        echo(nothing, err=True)


def print_list(found: DestructionList, actors: Actors) -> None:
    """Prints a destruction list with its records, or as JSON."""
    if wants_json():
        print_json(whole(found, actors))
        return
    listing.print_rows(_headings(_names(found)), [_filled(cells(found, actors))], "")
    entries = ([_in_china(entry[name]) for name in _ENTRY] for entry in found.entries)
    if found.entries:
        listing.print_rows(_headings(_ENTRY), entries, "")


def print_files(found: DestructionList) -> None:
    """Prints the hashes of all files of a destruction list's records, a line each."""
    rows = [
        (entry["id"], entry["version"], name, size or "-", digest)
        for entry in found.entries
        for name, (digest, size) in entry["files"].items()
    ]
    if rows:
        listing.print_rows(_headings(("id", "version", "file", "size", "sha256")), rows, "")


def say_held(ids: Sequence[str]) -> None:
    """Says which records of a list are on hold."""
    for id in ids:
        echo(
            f"“{id}”已冻结，解除冻结后方可销毁 / '{id}' is on hold: lift the hold before it can be destroyed",
            err=True,
        )


def say_second_person(keys: Sequence[ApiKey], actors: Actors) -> None:
    """Says that another person carries a list out: with one of `keys`, or who is missing."""
    if not keys:
        echo(f"{MISSING.zh} / {MISSING.en}", err=True)
    elif not wants_json():
        named = "、".join(by(f"key:{key.id}", actors) for key in keys)
        echo(f"须由另一人执行 / by another person: {named}")


def _headings(names: Iterable[str]) -> list[str]:
    return [f"{_WORDS[name]} {name}" for name in names]


def _filled(cells: Iterable[Any]) -> list[Any]:
    return [value or "-" for value in cells]


def as_json(found: Any, actors: Actors) -> dict[str, Any]:
    """A hold, a period, a change, or a list without its records, for JSON; times are UTC."""
    values = {name: _shown(getattr(found, name)) for name in _names(found)}
    return values | actors.named(found, *(name for name in _WHO if name in values))


def cells(found: Any, actors: Actors) -> list[Any]:
    """The same for people."""
    return [_in_words(name, getattr(found, name), actors) for name in _names(found)]


def _in_words(name: str, value: Any, actors: Actors) -> Any:
    if name in _PERIODS and value is None:
        return f"{PERMANENT} permanent"
    if name == "year" and value == EVERY_YEAR:
        return "各年度 every year"
    return by(value, actors) if name in _WHO and value else _in_china(value)


def _names(found: Any) -> list[str]:
    return [name for name in vars(found) if name not in _UNSHOWN]


def _in_china(value: Any) -> Any:
    """A value for people: times are those of China, with their offset; True is yes."""
    if value is True:
        return "是 yes"
    return china_time(value) if hasattr(value, "tzinfo") else value


def whole(found: DestructionList, actors: Actors) -> dict[str, Any]:
    """A list with its records, for JSON."""
    entries = [{name: _shown(value) for name, value in entry.items()} for entry in found.entries]
    return {**as_json(found, actors), "records": entries}


def _shown(value: Any) -> Any:
    return iso(value) if hasattr(value, "tzinfo") else value
