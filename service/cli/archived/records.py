"""The commands on records: find and list them, take their files out."""

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from service.archive import PARTS, Archive, Record
from service.archive.additions import add_file
from service.archive.additions.addition import SIGNED
from service.archive.search import search_fill
from service.archive.search.record_filters import SORTS, STATES
from service.atomic_file import atomic_write
from service.audit.event import on_record
from service.batch.jobs import job_records
from service.batch.jobs.failed_items import FailedItem, failed_items
from service.cli.archive import archive_option, filters, opened, progress_line, record_of
from service.cli.archived.listing import china_time, print_rows
from service.cli.audit_rows import audited
from service.cli.terminal import (
    STDIO,
    CommandGroup,
    LazyCommand,
    echo,
    json_too,
    print_json,
    wants_json,
    write,
)
from service.config import Settings
from service.database.column_types import iso
from service.errors import ArchiveUnwritable, UsageError
from service.record_history import destroyed_search, destruction_entries
from service.record_history.destruction_entries import DestroyedRecord
from service.submission import days_in_china

_COLUMNS = (
    "年度 year",
    "表单 form",
    "编号 id",
    "版本 version",
    "归档时间 created",
    "提醒 warnings",
    "名称 submitter",
    "记录号 key",
)
_ERRORS = 3  # of a failed item
_FEW = 50  # records found, beside which failed items are named
_NOTHING = "没有符合条件的档案 / no record matches"


def _day(_: click.Context, __: click.Parameter, given: datetime | None) -> date | None:
    return given and given.date()


_DAY: dict[str, Any] = {"type": click.DateTime(["%Y-%m-%d"]), "callback": _day, "metavar": "YYYY-MM-DD"}
_WANTED = (
    click.option("--name", metavar="PART", help="名称含有这些文字 / parts of the submitter's name"),
    click.option(
        "--text",
        metavar="PART",
        help="编号、名称等含有，或封面码、校验值 / parts of id, name and so on, a cover code, a SHA-256",
    ),
    click.option("--id", metavar="ID", help="只要这个编号 / only this id"),
    click.option("--from", "first", **_DAY, help="自这一天归档 / archived on this day or later"),
    click.option("--to", "last", **_DAY, help="至这一天归档 / archived on this day or earlier"),
    click.option("--batch", metavar="ID", help="只要这个批次的 / only those of this batch"),
    click.option("--state", type=click.Choice(list(STATES)), help="只要这种 / only such"),
    click.option("--tenant", metavar="T", help="只要这个租户 / only this tenant"),
    click.option("--sort", type=click.Choice(SORTS), default="id", metavar="ORDER", help="、".join(SORTS)),
    click.option("--all-versions", is_flag=True, help="也列出旧版本 / include older versions"),
)


def _found_by(function: Callable[..., Any]) -> Callable[..., Any]:
    return functools.reduce(lambda made, option: option(made), reversed(_WANTED), function)


@click.group(cls=CommandGroup, invoke_without_command=True)
@archive_option
@filters
@_found_by
@click.option("-o", "output", metavar="FILE.xlsx|FILE.csv", help="写成目录 / write them as a list")
@json_too
@click.pass_context
def records(ctx: click.Context, /, folder: Path | None, output: str | None, **wanted: Any) -> None:
    """查找、列出档案；show 一条的全部，get 取出文件，compare 比较 / find records; show says all of one."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = folder
        return
    with opened(folder) as archive, audited(archive, "list" if output else "search"):
        _read_texts(archive)
        filters = _filters(archive, **wanted)
        found = _print_found(archive, archive.records(**filters), output)
        _name_destroyed(archive, destroyed_search.matching(archive, **filters), besides=found > 0)
        if unnamed := destroyed_search.unnamed(archive, **filters):
            said = destroyed_search.of_unnamed(unnamed, **filters)
            echo(f"{said.zh}\n{said.en}", err=True)
        if found < _FEW:
            _name_failed(failed_items(archive, **filters))


def _name_failed(failed: Sequence[FailedItem]) -> None:
    """Names failed items of batches on standard error, and their first errors."""
    for each in failed:
        echo(f"{each.text.zh} / {each.text.en}", err=True)
        for reason in each.reasons[:_ERRORS]:
            echo(f"  {reason.zh} / {reason.en}", err=True)


def _name_destroyed(archive: Archive, destroyed: Sequence[DestroyedRecord], *, besides: bool) -> None:
    """Names destroyed records on standard error, with their number where others were found."""
    if destroyed and besides:
        least = ("至少", "at least ") if len(destroyed) == destroyed_search.MOST else ("", "")
        zh = f"另有{least[0]} {len(destroyed)} 条已销毁的档案符合，详见 records show 编号"
        echo(f"{zh} / {least[1]}{len(destroyed)} destroyed match, see records show ID:", err=True)
    for each in destroyed:
        echo(destruction_entries.gone(archive, each), err=True)


def _print_found(archive: Archive, found: Iterable[Record], output: str | None) -> int:
    """Prints the records, or writes them as a list; returns how many there were."""
    if output is not None:
        return _write_list(archive, found, output)
    if not wants_json():
        return print_rows(_COLUMNS, map(_cells, found), _NOTHING)
    described = [*_described(archive, found)]
    print_json(described)
    return len(described)


def _described(archive: Archive, found: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """The records for JSON."""
    from service.handover import archival_codes

    with archive.reading() as connection:
        codes = archival_codes.given(connection)
    for each in found:
        code = codes.get((each.tenant, each.form, each.year, each.id))
        of = {"created": iso(each.created), "archival_code": code and str(code)}
        yield {**dataclasses.asdict(each), **of}


def _filters(
    archive: Archive, first: date | None, last: date | None, batch: str | None, **wanted: Any
) -> dict[str, Any]:
    since, until = days_in_china(first, last)
    made = job_records.records_of(archive, batch) if batch else None
    return {**wanted, "since": since, "until": until, "records": made}


def _read_texts(archive: Archive) -> None:
    """Reads what earlier records are found by, with a progress line; reports an archive that is read-only."""
    with progress_line() as progress:
        task = progress.add_task("")
        try:
            search_fill.fill(archive, lambda left: progress.update(task, description=_unread(left)))
        except ArchiveUnwritable as error:
            echo(f"部分旧档案查不到名称：{error.text.zh}", err=True)
            echo(f"Some earlier records are not found by name: {error.text.en}", err=True)


def _unread(left: int) -> str:
    return f"编入索引，还有 {left} 条 / indexing, {left} left"


def _write_list(archive: Archive, found: Iterable[Record], output: str) -> int:
    from service.handover import archival_codes
    from service.record_lists import list_files  # openpyxl takes half a second
    from service.record_lists.list_columns import COLUMNS

    path = Path(output)
    if (format := path.suffix.lower().removeprefix(".")) not in ("xlsx", "csv"):
        raise UsageError(
            f"目录须是 .xlsx 或 .csv 文件：{output}。", f"A list is a file .xlsx or .csv: {output}."
        )
    with atomic_write(path) as file:
        columns = (*COLUMNS, archival_codes.column(archive))
        count = list_files.write(found, format, file, Settings.from_env().temp_dir, columns)
    echo(f"{count} 条记录 / {count} records: {path}")
    return count


def _cells(record: Record) -> tuple[object, ...]:
    created, name = china_time(record.created), " ".join(record.submitter.split())
    return record.year, record.form, record.id, record.version, created, record.warnings, name, record.key


@records.command()
@click.argument("named", metavar="RECORD")
@click.argument("part", type=click.Choice([*PARTS, "manifest", SIGNED]))
@click.option("-o", "output", default=STDIO, metavar="FILE", help="默认标准输出 / standard output")
@archive_option
@click.pass_obj
def get(above: Path | None, named: str, part: str, output: str, folder: Path | None) -> None:
    """取出一个文件；RECORD 是编号或记录号 / write a file of a record, by its id or key, hash checked."""
    with opened(folder or above) as archive:
        record = record_of(archive, named, "download")
        with audited(archive, "download", **on_record(record), detail=part):
            content = add_file.read_part(archive, record, part)
    write(output, content)


records.add_command(LazyCommand("show", "archived.show_record:show"))
records.add_command(LazyCommand("compare", "archived.compare_records:compare"))
records.add_command(LazyCommand("identify", "archived.identify_file:identify"))


@records.command()
@archive_option
@click.pass_obj
def reindex(above: Path | None, folder: Path | None) -> None:
    """重新读取档案凭以查找的文字 / read again what records are found by, after a form names other fields."""
    with opened(folder or above) as archive:
        search_fill.forget(archive)
        _read_texts(archive)
