"""The commands on keeping and letting go: periods, holds, what is due, destruction in two steps."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from service import catalog
from service.access.actors import Actors
from service.audit.event import process_actor
from service.cli.archive import archive_option, opened, record_of
from service.cli.archived.retention_lines import (
    print_acts,
    print_files,
    print_list,
    print_periods,
    print_rows,
    say_held,
    say_second_person,
    whole,
)
from service.cli.audit_rows import audited, refusal_audited
from service.cli.terminal import STDIO, CommandGroup, echo, json_too, wants_json, write
from service.config import Settings
from service.errors import UsageError
from service.retention import destroy as second_step
from service.retention import destruction_list, holds, list_entries, periods, second_person
from service.retention.destruction_list import DestructionList, DueRecord
from service.retention.periods import Period
from service.retention.retention_tables import EVERY_YEAR, PROPOSED

_NAMED = ("tenant", "year", "form", "id", "version", "key")
_OF_DUE = ("due", "submitter")


@click.group(cls=CommandGroup)
def retention() -> None:
    """保管与销毁：期限、冻结、到期、两步销毁 / keeping and letting go."""


def _selection(function: Callable[..., Any]) -> Callable[..., Any]:
    for name, metavar, help in (
        ("--tenant", "T", "只要这个租户 / only this tenant"),
        ("--id", "ID", "只要这个编号 / only this id"),
        ("--form", "F", "只要这个表单 / only this form"),
    ):
        function = click.option(name, metavar=metavar, help=help)(function)
    return click.option("--year", type=int, metavar="Y", help="只要这个年度 / only this plan year")(function)


@retention.command(name="set")
@click.argument("form", metavar="FORM")
@click.argument("kept", metavar="YEARS")
@click.option("--year", type=int, default=EVERY_YEAR, metavar="Y", help="默认各年度 / default: every year")
@click.option("--reason", default="", metavar="TEXT", help="依据，缩短期限时必填 / why it is shorter")
@archive_option
def set_command(form: str, kept: str, year: int, reason: str, folder: Path | None) -> None:
    """设定表单的保管年数，或“永久”/ set how many years a form's records are kept, or `permanent`.

    未设定的为永久：已有档案的表单第一次设定年数，也须写明 --reason /
    without a period records are kept for good: the first years of a form with archived records need one too.
    """
    catalog.matching(form, year or None)
    period = Period(form, year, periods.read_years(kept))
    with opened(folder) as archive, archive.writing() as connection:
        periods.set_period(connection, period, process_actor(), reason)
    echo(f"{' '.join(map(str, filter(None, (form, year))))}：{period}")


@retention.command(name="periods")
@archive_option
@json_too
def periods_command(folder: Path | None) -> None:
    """列出保管期限；没有列出的永久保管 / list the periods; what is not listed is kept for good."""
    with opened(folder) as archive, archive.reading() as connection:
        found, actors = periods.periods(connection), Actors.of(archive)
    nothing = "未设定期限，均为永久保管 / no periods are set: all records are kept for good"
    print_periods(found, actors, nothing)


@retention.command()
@_selection
@archive_option
@json_too
def due(folder: Path | None, **wanted: Any) -> None:
    """列出已到期可以销毁的档案 / list the records that are due for destruction."""
    with opened(folder) as archive, audited(archive, "search"):
        found = list(destruction_list.ripe(archive, **wanted))
    rows = [_due(each) for each in found]
    print_rows((*_NAMED, *_OF_DUE), rows, dict, dict.values, "没有到期的档案 / no record is due")


def _due(found: DueRecord) -> dict[str, Any]:
    record = found.record
    values = {name: getattr(record, name) for name in _NAMED}
    more = (str(found.due), " ".join(record.submitter.split()))
    return {**values, **dict(zip(_OF_DUE, more, strict=True))}


@retention.command()
@click.argument("named", metavar="RECORD")
@click.option("--reason", required=True, metavar="TEXT", help="依据，如文号 / the reason")
@archive_option
def hold(named: str, reason: str, folder: Path | None) -> None:
    """冻结档案 RECORD（编号或记录号）的各版，不得销毁 / put a record (its id or key) on legal hold."""
    with opened(folder) as archive:
        record = record_of(archive, named, "hold")
        with archive.writing() as connection:
            holds.hold(connection, record, reason, process_actor())
    echo(f"已冻结 / on hold: {record.id}")


@retention.command()
@click.argument("named", metavar="RECORD")
@click.option("--reason", required=True, metavar="TEXT", help="解除的依据 / why it is lifted")
@archive_option
def lift(named: str, reason: str, folder: Path | None) -> None:
    """解除档案 RECORD（编号或记录号）的冻结 / lift the hold of a record (its id or key)."""
    with opened(folder) as archive:
        record = record_of(archive, named, "hold_lifted")
        with archive.writing() as connection:
            holds.lift(connection, record, reason, process_actor())
    echo(f"已解除 / lifted: {record.id}")


@retention.command(name="holds")
@archive_option
@json_too
def holds_command(folder: Path | None) -> None:
    """列出冻结的档案 / list the records on hold."""
    with opened(folder) as archive, archive.reading() as connection:
        found, actors = holds.holds(connection), Actors.of(archive)
    print_acts(found, actors, "没有冻结的档案 / no record is on hold")


@retention.command()
@archive_option
@json_too
def changes(folder: Path | None) -> None:
    """列出解除的冻结和设定过的期限，及其依据 / list lifted holds and periods that were set, with reasons."""
    with opened(folder) as archive, archive.reading() as connection:
        found, actors = [*holds.lifted(connection), *periods.changes(connection)], Actors.of(archive)
    print_acts(found, actors, "没有变更 / nothing was changed")


@retention.command()
@_selection
@click.option("--whole-tenant", metavar="T", help="整个租户，不论期限 / a tenant whole, due or not")
@click.option("--reason", metavar="TEXT", help="事由，默认保管期限届满 / why; default: past its period")
@archive_option
@json_too
def propose(whole_tenant: str | None, reason: str | None, folder: Path | None, **wanted: Any) -> None:
    """第一步：把到期的档案列入销毁清册 / first step: list what is due in a destruction list."""
    with opened(folder) as archive:
        if whole_tenant is not None:
            if any(value is not None for value in wanted.values()):
                raise UsageError(
                    "--whole-tenant 不能与其他条件同用。", "--whole-tenant takes no other filter."
                )
            found = destruction_list.propose_tenant(
                archive, whole_tenant, process_actor(), reason or "整体移除"
            )
        else:
            found = destruction_list.propose(
                archive, process_actor(), reason or destruction_list.EXPIRED, **wanted
            )
        actors = Actors.of(archive)
        keys = second_person.others_for(archive, found)
    print_list(found, actors)
    if not wants_json():
        command = f"kexie-forms retention destroy {found.id} --records {len(found.entries)}"
        echo(f"核对后执行 / check it, then: {command}")
    if Settings.from_env().second_person:
        say_second_person(keys, actors)


@retention.command()
@click.argument("list", metavar="LIST")
@click.option(
    "--records", type=int, required=True, metavar="N", help="清册中的条数 / how many records it has"
)
@archive_option
@json_too
def destroy(list: str, records: int, folder: Path | None) -> None:
    """第二步：销毁清册 LIST 中的档案，不可恢复 / second step: destroy the records of a list for good."""
    with opened(folder) as archive:
        two = Settings.from_env().second_person
        with refusal_audited(archive, "deletion", **destruction_list.logged(archive, list)):
            found = second_step.destroy(archive, list, records, process_actor(), second_person=two)
        actors = Actors.of(archive)
    print_list(found, actors)


@retention.command()
@click.argument("list", metavar="LIST")
@archive_option
def withdraw(list: str, folder: Path | None) -> None:
    """撤回清册 / withdraw a proposed list."""
    with opened(folder) as archive:
        logged = destruction_list.logged(archive, list)
        with refusal_audited(archive, "deletion_withdrawn", **logged), archive.writing() as connection:
            destruction_list.withdraw(connection, list, process_actor())
    echo(f"已撤回 / withdrawn: {list}")


@retention.command(name="lists")
@archive_option
@json_too
def lists_command(folder: Path | None) -> None:
    """列出各销毁清册 / list the destruction lists."""
    with opened(folder) as archive, archive.reading() as connection:
        found, actors = destruction_list.lists(connection), Actors.of(archive)
    print_acts(found, actors, "没有销毁清册 / there are no destruction lists")


@retention.command()
@click.argument("list", metavar="LIST")
@click.option("-o", "output", metavar="FILE", help="写入 .xlsx、.csv 或 .json / write such a file")
@archive_option
@json_too
def show(list: str, output: str | None, folder: Path | None) -> None:
    """列出清册中的档案和校验值 / show the records of a list, with their hashes."""
    with opened(folder) as archive, archive.reading() as connection:
        found, actors = destruction_list.find(connection, list), Actors.of(archive)
        held = list_entries.held(connection, found.entries) if found.state == PROPOSED else []
    if output:
        write(output, _as_file(found, actors, output))
        return
    print_list(found, actors)
    if not wants_json():
        print_files(found)
        say_held(held)


def _as_file(found: DestructionList, actors: Actors, output: str) -> bytes:
    """The list as the name of the file asks for, as JSON on standard output. Raises UsageError."""
    from service.retention import list_file  # openpyxl takes half a second

    format = Path(output).suffix.lower().removeprefix(".")
    if format in ("xlsx", "csv"):
        return list_file.as_file(found, actors, format, Settings.from_env().temp_dir)
    if output != STDIO and format != "json":
        raise UsageError(
            f"清册须是 .xlsx、.csv 或 .json 文件：{output}。",
            f"A destruction list is a file .xlsx, .csv or .json: {output}.",
        )
    return f"{json.dumps(whole(found, actors), ensure_ascii=False, indent=2)}\n".encode()
