"""The command on the audit log: list, filter, export and prove it."""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from service.access.actors import Actors
from service.archive import Archive
from service.audit import audit_search, chain_proof, checkpoint
from service.audit.audit_search import HASH_WORDS, Wanted
from service.audit.checkpoint import Checkpoint
from service.audit.event import ACTIONS
from service.cli.archive import archive_option, filters
from service.cli.archived import listing
from service.cli.archived.listing import china_time, print_rows
from service.cli.audit_rows import audited
from service.cli.terminal import (
    STDIO,
    echo,
    json_too,
    print_json,
    wants_json,
    write_pieces,
)
from service.config import Settings
from service.errors import ArchiveFault, UsageError
from service.record_history import log_rows

_HEADINGS = {
    "seq": "行号 seq",
    "time": "时间 time",
    "who": "操作者 who",
    "origin": "来源 origin",
    "action": "操作 action",
    "form": "表单 form",
    "year": "年度 year",
    "id": "编号 id",
    "version": "版本 version",
    "batch": "批次 batch",
    "detail": "详情 detail",
    "result": "结果 result",
    "name": "密钥名 name",
    "submitted_by": "批次提交人 submitted_by",
    "with_id": "比较的编号 with_id",
    "with_version": "比较的版本 with_version",
    "act": "操作说明 act",
}


def _moment(read: Callable[[str], datetime]) -> Callable[..., datetime | None]:
    def parsed(_: click.Context, parameter: click.Parameter, given: str | None) -> datetime | None:
        try:
            return None if given is None else read(given)
        except ValueError as error:
            name = parameter.opts[0]
            raise UsageError(
                f"{name} 应为日期或时间，如 2021-03-09 或 2021-03-09T08:00。",
                f"{name} takes a date or time, as 2021-03-09 or 2021-03-09T08:00.",
            ) from error

    return parsed


def _read_sha256(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    try:
        return None if given is None else audit_search.read_sha256(given)
    except ValueError as error:
        raise UsageError(f"--sha256 应为{HASH_WORDS.zh}。", f"--sha256 takes {HASH_WORDS.en}.") from error


@click.command()
@archive_option
@filters
@click.option("--action", type=click.Choice(list(ACTIONS)), metavar="A", help="只要这种操作 / only this act")
@click.option(
    "--who",
    metavar="W",
    help="只要此人或密钥，如 user:root、密钥的编号或名称 / only this user or key, by id or name",
)
@click.option("--record", metavar="KEY", help="只要这一版，各版用 --id / only this version; all: --id")
@click.option("--id", metavar="ID", help="只要这个编号 / only this id")
@click.option("--batch", metavar="B", help="只要这个批次 / only this batch")
@click.option(
    "--sha256",
    metavar="HASH",
    callback=_read_sha256,
    help="只要写有此校验值（包、清单、文件）或销毁清册号的 / only rows with this hash of a package, manifest "
    "or file, or this destruction list",
)
@click.option("--tenant", metavar="T", help="只要这个租户 / only this tenant")
@click.option(
    "--from",
    "since",
    metavar="TIME",
    callback=_moment(audit_search.read_since),
    help="从此日或此时起（北京时间）/ from this day or time on",
)
@click.option(
    "--to",
    "until",
    metavar="TIME",
    callback=_moment(audit_search.read_until),
    help="到此日（含）或此时止 / to the end of this day, or this time",
)
@click.option("-o", "output", metavar="FILE", help="写入 .csv 或 .ndjson / write a .csv or .ndjson file")
@click.option("--verify", "proving", is_flag=True, help="验证链条 / prove the chain")
@click.option(
    "--checkpoint",
    "kept",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="与档案之外的检查点比对，再记下新的 / compare with checkpoints kept outside, then add one",
)
@json_too
def audit(folder: Path | None, output: str | None, proving: bool, kept: Path | None, **wanted: Any) -> None:
    """审计日志：谁、何时、做了什么 / the audit log: who did what; --verify proves that it is whole.

    \b
    退出码 / exit codes: 0 done · 6 the chain is broken
    """
    with Archive.open(Settings.from_env(), folder, create=False) as archive:
        if proving or kept:
            _prove(archive, kept)
            return
        format = _format(output) if output else None
        with audited(archive, "audit"), archive.reading() as connection:
            actors = Actors.of(archive)
            if wanted["who"] is not None:
                wanted["who"] = actors.whose(wanted["who"])
            found = audit_search.rows(connection, Wanted(**wanted))
            named = log_rows.with_names(connection, actors, found)
            if output and format:
                write_pieces(output, (line.encode() for line in log_rows.file_lines(format, named)))
                return
            if wants_json():
                print_json(list(named))
            else:
                nothing = "没有符合条件的记录 / no row matches"
                print_rows([*_HEADINGS.values()], map(_cells, named), nothing)


def _cells(row: Mapping[Any, Any]) -> list[str]:
    """The cells of a row; on a terminal without the columns that the act in words repeats."""
    time, words = china_time(datetime.fromisoformat(row["time"])), log_rows.act(row)
    act = f"{words.zh} / {words.en}"
    shown = {**row, "time": time, "act": act}
    if listing.on_terminal():
        shown |= {"action": act, **dict.fromkeys(("detail", "with_id", "with_version", "act"))}
    return ["-" if shown[name] is None else str(shown[name]) for name in _HEADINGS]


def _prove(archive: Archive, kept: Path | None) -> None:
    """Prints the proof, and adds a checkpoint; exits with 6 without one if the chain is broken."""
    known = checkpoint.read(kept) if kept else []
    with archive.reading() as connection:
        found = chain_proof.prove(connection, known)
    noted = kept if found.fault is None else None
    if noted:
        checkpoint.add(noted, Checkpoint.now(found.rows, found.hash))
    if wants_json():
        print_json({**found.as_dict(), "noted": found.rows if noted else None})
    else:
        echo(found)
        if noted:
            before = ("", "") if known else ("此前没有检查点，", "no checkpoint before; ")
            echo(f"{before[0]}已记下第 {found.rows} 行 / {before[1]}row {found.rows} noted: {noted}")
    if found.fault:
        sys.exit(ArchiveFault.exit_code)


def _format(output: str) -> str:
    ending = Path(output).suffix.lower().removeprefix(".")
    if output != STDIO and ending not in ("csv", "ndjson"):
        raise UsageError(
            "-o 的文件名应以 .csv 或 .ndjson 结尾。", "-o takes a file that ends in .csv or .ndjson."
        )
    return ending or "ndjson"
