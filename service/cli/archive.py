"""The commands on the archive: verify, records, export."""

import dataclasses
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Column, Table
from rich.text import Text

from service.archive import PARTS, Archive, ExportCount, Record, Verification, VerificationFault
from service.archive import export as export_bag
from service.archive.additions import add_file
from service.archive.additions.addition import SIGNED
from service.audit import proof
from service.audit.event import on_record
from service.cli.audit_rows import audited
from service.cli.terminal import (
    STDIO,
    CommandGroup,
    LazyCommand,
    echo,
    json_too,
    print_json,
    printable,
    wants_json,
    write,
)
from service.config import Settings
from service.database.columns import iso
from service.errors import ArchiveFault, UsageError

_COLUMNS = (
    "年度 year",
    "表单 form",
    "编号 id",
    "版本 version",
    "归档时间 created",
    "提醒 warnings",
    "记录号 key",
)


def _folder(_: click.Context, __: click.Parameter, given: str | None) -> Path | None:
    """The given folder; the folder of the settings is checked as well. Raises UsageError."""
    if given == "":
        raise UsageError("--archive 须给出目录，不能为空。", "--archive needs a folder: it is empty.")
    folder = Path(given) if given else None
    place = folder or Settings.from_env().archive
    if place.exists() and not place.is_dir():
        raise UsageError(
            f"“{place}”是文件，档案须是目录。请检查 --archive 或 KEXIE_ARCHIVE。",
            f"'{place}' is a file, but an archive is a folder: see --archive or KEXIE_ARCHIVE.",
        )
    return folder


archive_option = click.option(
    "--archive",
    "folder",
    callback=_folder,
    metavar="DIR",
    help="档案目录，默认取 KEXIE_ARCHIVE 等设置 / archive folder (default: the setting)",
)


def filters(function: Callable[..., Any]) -> Callable[..., Any]:
    """--year and --form."""
    function = click.option("--form", metavar="F", help="只要这个表单 / only this form")(function)
    return click.option("--year", type=int, metavar="Y", help="只要这个年度 / only this plan year")(function)


def _opened(folder: Path | None) -> Archive:
    return Archive.open(Settings.from_env(), folder, create=False)


@click.command()
@archive_option
@json_too
def verify(folder: Path | None) -> None:
    """校验档案：重算每个文件的校验值 / verify hashes, rows, manifests and objects."""
    faults = []
    with _opened(folder) as archive, audited(archive, "verify", long=True) as row, _progress() as progress:
        task = progress.add_task("校验 / verifying")
        check = archive.verify(lambda seen: progress.update(task, description=_counts(seen)))
        for fault in check:
            faults.append(fault.as_dict())
            if not wants_json():
                echo(_line(fault))
        with archive.reading() as connection:
            log = proof.prove(connection)
        row["detail"] = f"records={check.records} faults={check.faults} audit={log.rows}"
    if wants_json():
        counts = {name: getattr(check, name) for name in ("records", "files", "size")}
        print_json({**counts, "faults": faults, "audit": log.as_dict()})
    else:
        echo(log)
        echo(_counts(check))
    if faults or log.fault:
        sys.exit(ArchiveFault.exit_code)


def _line(fault: VerificationFault) -> str:
    named = fault.record
    record = f"{named.form} {named.year} {named.id} v{named.version} {fault.file} " if named else ""
    return f"✗ {fault.code}  {record}{fault.place}：{fault.message}"


def _counts(check: Verification) -> str:
    return (
        f"{check.records} 条记录、{check.files} 个文件、{check.faults} 处错误 / "
        f"{check.records} records, {check.files} files, {check.faults} faults"
    )


def _progress() -> Progress:
    """A progress line on standard error, if that is a terminal."""
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), console=console, disable=not console.is_terminal
    )


@click.group(cls=CommandGroup, invoke_without_command=True)
@archive_option
@filters
@click.option("--id", metavar="ID", help="只要这个编号 / only this id")
@click.option("--all-versions", is_flag=True, help="也列出旧版本 / include older versions")
@json_too
@click.pass_context
def records(ctx: click.Context, /, folder: Path | None, **wanted: Any) -> None:
    """列出档案记录；get 取出文件，compare 比较 / list records; get writes files, compare compares."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = folder
        return
    with _opened(folder) as archive, audited(archive, "search"):
        found = archive.records(**wanted)
        if wants_json():
            print_json([{**dataclasses.asdict(each), "created": iso(each.created)} for each in found])
        elif sys.stdout.isatty():
            Console().print(_table(found))
        else:
            for record in found:
                echo("\t".join(_cells(record)))


def _cells(record: Record) -> list[str]:
    created = record.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    cells = (record.year, record.form, record.id, record.version, created, record.warnings, record.key)
    return [str(cell) for cell in cells]


def _table(found: Iterable[Record]) -> Table:
    table = Table(*(Column(heading, overflow="fold") for heading in _COLUMNS))
    for record in found:
        table.add_row(*(Text(printable(cell)) for cell in _cells(record)))
    return table


@records.command()
@click.argument("key", metavar="KEY")
@click.argument("part", type=click.Choice([*PARTS, "manifest", SIGNED]))
@click.option("-o", "output", default=STDIO, metavar="FILE", help="默认标准输出 / standard output")
@archive_option
@click.pass_obj
def get(above: Path | None, key: str, part: str, output: str, folder: Path | None) -> None:
    """取出记录 KEY 的一个文件 / write a file of the record KEY, with its hash checked."""
    with _opened(folder or above) as archive:
        record = archive.get(key)
        with audited(archive, "download", **on_record(record), detail=part):
            content = add_file.read_part(archive, record, part)
    write(output, content)


records.add_command(LazyCommand("compare", "compare_records:compare"))


@click.command()
@archive_option
@filters
@click.option(
    "-o", "bag", required=True, type=click.Path(path_type=Path), metavar="BAG", help="新目录 / new folder"
)
@json_too
def export(folder: Path | None, year: int | None, form: str | None, bag: Path) -> None:
    """导出为 BagIt 归档包，不用本服务也能读 / export as a BagIt bag, readable without the service."""
    of = {"year": year, "form": form}
    with (
        _opened(folder) as archive,
        audited(archive, "export", long=True, **of) as row,
        _progress() as progress,
    ):
        task = progress.add_task("导出 / exporting")
        count = export_bag(
            archive, bag, year, form, lambda seen: progress.update(task, description=_exported(seen))
        )
        row["detail"] = f"records={count.records} files={count.files}"
    if wants_json():
        print_json(dataclasses.asdict(count))
    else:
        echo(_exported(count))


def _exported(count: ExportCount) -> str:
    zh = f"已导出 {count.records} 条记录、{count.files} 个文件"
    return f"{zh} / {count.records} records, {count.files} files exported"
