"""The command that verifies an archive; the options that name one."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from service.archive import Archive, Record, Verification, VerificationFault
from service.audit import chain_proof
from service.audit.event import on_record, process_actor
from service.cli.audit_rows import audited
from service.cli.terminal import echo, json_too, print_json, wants_json, write
from service.config import Settings
from service.errors import ArchiveFault, UsageError
from service.record_history import destruction_entries

_JSON, _PDF = ".json", ".pdf"
_UNKNOWN = "审计日志没有记下权限的密钥，无从比对 / keys of which the audit log lacks the scopes: not compared"


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


def opened(folder: Path | None) -> Archive:
    return Archive.open(Settings.from_env(), folder, create=False)


def record_of(archive: Archive, named: str, action: str) -> Record:
    """The record of that key, or the newest version of that id, for an act.

    Raises UnknownRecord, UsageError; RecordDestroyed, which is logged as an act on a record that is gone.
    """
    same = [*archive.named([named]).values()] or list(archive.records(id=named))
    if len(same) > 1:
        forms = [f"{each.form} {each.year} {each.key}" for each in same]
        raise UsageError(
            f"编号“{named}”有 {len(same)} 条档案，请改用记录号：{'、'.join(forms)}。",
            f"{len(same)} records have the id '{named}': name one by its key: {', '.join(forms)}.",
        )
    if not same and (gone := destruction_entries.named(archive, named)):
        with audited(archive, action, **on_record(gone[0])):
            raise destruction_entries.gone(archive, gone[0])
    return same[0] if same else archive.get(named)


def _reports(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """The files of reports. Raises UsageError for another kind of file."""
    for name in given:
        if Path(name).suffix.lower() not in (_JSON, _PDF):
            raise UsageError(
                f"--report 的文件须以 .json 或 .pdf 结尾：{name}",
                f"--report takes a file that ends in .json or .pdf: {name}",
            )
    return given


@click.command()
@archive_option
@click.option(
    "--report",
    "reports",
    multiple=True,
    callback=_reports,
    metavar="FILE",
    help="另出四性检测报告，.json 或 .pdf，可重复 / report on the four properties, may be repeated",
)
@click.option(
    "--package",
    type=click.Path(path_type=Path, exists=True),
    metavar="FILE.zip|DIR",
    help="不校验档案，核对收到的移交包 / check a package that was received, not the archive",
)
@json_too
def verify(folder: Path | None, reports: tuple[str, ...], package: Path | None) -> None:
    """校验档案：重算每个文件的校验值 / verify hashes, rows, manifests and objects."""
    if package:
        _verify_package(package, folder, reports)
        return
    from service.retention import log_differences  # loads what other commands do without

    faults, failed = [], False
    with opened(folder) as archive, audited(archive, "verify", long=True) as row, progress_line() as progress:
        task = progress.add_task("校验 / verifying")
        check = archive.verify(
            lambda seen: progress.update(task, description=_counts(seen)), log_differences.faults
        )
        for fault in check:
            faults.append(fault)
            if not wants_json():
                echo(_line(fault))
        with archive.reading() as connection:
            log, unknown = chain_proof.prove(connection), log_differences.unknown_keys(connection)
        if reports:
            failed = _report(archive, check, faults, log, folder, reports)
        row["detail"] = f"records={check.records} faults={check.faults} audit={log.rows}"
    _show_result(check, faults, unknown, log)
    if faults or log.fault or failed:
        sys.exit(ArchiveFault.exit_code)


def _verify_package(package: Path, folder: Path | None, reports: tuple[str, ...]) -> None:
    """Checks a package that was received. Raises UsageError for options on the archive."""
    from service.cli.archived.package import verify_package

    if folder or reports:
        raise UsageError(
            "--package 核对收到的包，不能与 --archive、--report 同用。",
            "--package checks a package that was received: it goes without --archive and --report.",
        )
    verify_package(package, progress_line())


def _show_result(
    check: Verification, faults: Sequence[VerificationFault], unknown: Sequence[str], log: chain_proof.Proof
) -> None:
    """Prints what was checked; the faults only as JSON: they were printed as they were found."""
    if wants_json():
        counts = {name: getattr(check, name) for name in ("records", "files", "size")}
        found = {"faults": [each.as_dict() for each in faults], "unknown_keys": unknown}
        print_json({**counts, **found, "audit": log.as_dict()})
        return
    if unknown:
        echo(f"{_UNKNOWN}: {', '.join(unknown)}")
    echo(log)
    echo(_counts(check))


def _report(
    archive: Archive,
    check: Verification,
    faults: Sequence[VerificationFault],
    log: chain_proof.Proof,
    folder: Path | None,
    reports: Sequence[str],
) -> bool:
    """Writes the reports on the four properties; returns whether a check failed."""
    from service.four_properties import report  # reads documents, which other commands do not
    from service.four_properties.assess import assess
    from service.four_properties.check import FAILED, described
    from service.four_properties.properties import PROPERTIES

    settings = Settings.from_env()
    place, by = str((folder or settings.archive).absolute()), process_actor().who
    found = assess(archive, check, faults, log, place, who=by, fonds=settings.fonds or "")
    for name in reports:
        made = report.to_json(found) if name.lower().endswith(_JSON) else report.to_pdf(found, settings)
        write(name, made)
    if not wants_json():
        for code, checks in found.checks.items():
            property, result = PROPERTIES[code], described(checks)
            echo(f"{property.zh}：{result.zh} / {property.en}: {result.en}")
    return found.result == FAILED


def _line(fault: VerificationFault) -> str:
    named = fault.record
    record = f"{named.form} {named.year} {named.id} v{named.version} {fault.file} " if named else ""
    return f"✗ {fault.code}  {record}{fault.place}：{fault.message}"


def _counts(check: Verification) -> str:
    return (
        f"{check.records} 条记录、{check.files} 个文件、{check.faults} 处错误 / "
        f"{check.records} records, {check.files} files, {check.faults} faults"
    )


def progress_line() -> Progress:
    """A progress line on standard error, if that is a terminal."""
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), console=console, disable=not console.is_terminal
    )
