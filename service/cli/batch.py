"""The commands of batches: batch and worker."""

import contextlib
import dataclasses
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from service import catalog, conversion, pipeline
from service.archive import Archive
from service.archive.tool_versions import current_tool_versions
from service.batch.inputs import read_input
from service.batch.inputs.item import FailedRows, RemarkedRows
from service.batch.jobs.failures import failures, remarked, warned
from service.batch.jobs.job_store import Job, Options, formats_of, has_any, open_job, sha256
from service.batch.jobs.progress import progress_display
from service.batch.jobs.result_files import write_errors
from service.batch.sheets import marked_sheet
from service.batch.workers.local_executor import local_executor
from service.batch.workers.runner import Executor, JobRun, RunEnd
from service.batch.workers.stop_signals import StopRequest, on_signals
from service.cli.archive import archive_option
from service.cli.audit_rows import audited
from service.cli.terminal import STDIO, complete_option, echo, existing, json_too, print_json, wants_json
from service.config import Settings
from service.errors import InvalidPayload

_ROWS_SHOWN = 20  # rows
_SIGNALLED = 128  # a process ended by a signal has this exit code and the signal's number


workers_option = click.option(
    "--workers",
    default=len(os.sched_getaffinity(0)),  # the cores that this process may use
    show_default="cores",
    type=click.IntRange(1, 256),
    help="进程数 / processes",
)


def leave(*, interrupted: bool, failed: int, stop: StopRequest) -> None:
    """Exits with 130 or 143 if a signal stopped the job, with 3 if items failed."""
    if interrupted:
        sys.exit(_SIGNALLED + stop.signal)
    if failed:
        sys.exit(InvalidPayload.exit_code)


@click.command()
@click.argument("input", metavar="INPUT")
@archive_option
@workers_option
@click.option("--retry-failed", is_flag=True, help="失败的记录也再试一次 / try failed records again")
@click.option(
    "--errors",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="错误清单的目录，默认与 INPUT 同处 / folder of the error lists (default: INPUT's folder)",
)
@click.option("--form", metavar="FORM", help="输入中未指明时的表单 / form of records that do not name one")
@click.option(
    "--year", type=int, metavar="Y", help="输入中未指明时的年度 / year of records that do not name one"
)
@click.option(
    "--formats",
    default=",".join(pipeline.FORMATS),
    show_default=True,
    metavar="docx[,pdf]",
    help="归档哪些文书 / documents to archive",
)
@complete_option
@json_too
def batch(
    input: str,
    folder: Path | None,
    workers: int,
    retry_failed: bool,
    errors: Path | None,
    form: str | None,
    year: int | None,
    formats: str,
    complete: bool,
) -> None:
    """批量生成并归档 / generate and archive many submissions; safe to run again.

    INPUT 为 .ndjson、.json、.csv 或 .xlsx。已完成的跳过，中断的续做，失败的不影响其他记录。
    Finished records are skipped, an interrupted batch resumes, and a failure does not affect the others.

    \b
    退出码 / exit codes: 0 all done · 3 some failed · 130 Ctrl-C · 143 SIGTERM
    """
    target = _Target.of(Settings.from_env(), folder)
    conversion.remove_command_folders(target.settings)
    catalog.matching(form, year)
    options = Options(formats_of(formats), form=form, year=year, complete=complete)
    errors = errors or (Path.cwd() if input == STDIO else Path(input).absolute().parent)
    with on_signals() as stop, _input(input, target.settings) as source, target.opened() as archive:
        read_as = read_input.format_of(source)
        job = open_job(archive, Path(input).name, sha256(source), options, read_as)
        read = partial(read_input.read, source, form, year, temporary=target.settings.temp_dir)
        executor = target.executor(archive, job, workers)
        target.warn_of_missing_libreoffice(options)
        run = JobRun(archive, job, read, executor, stop, target.settings)

        def mark(failed: FailedRows, remarks: RemarkedRows) -> bytes:
            return marked_sheet.make(source, failed, form, year, remarks=remarks)

        with audited(archive, "batch", long=True, batch=job.key) as row, progress_display() as display:
            end = run.until_end(display, retry_failed=retry_failed)
            row["detail"] = f"done={end.counts.done} failed={end.counts.failed}"
            files = write_errors(archive, job, end.counts, errors, mark)
        _print_result(archive, job, end, files)
        _print_unused(archive, job, form, year)
    leave(interrupted=end.interrupted, failed=end.counts.failed, stop=stop)


@click.command()
@archive_option
@workers_option
def worker(folder: Path | None, workers: int) -> None:
    """多机批量的工作进程 / process batch items from the broker (KEXIE_BROKER_URL).

    另需共用的 KEXIE_DATABASE_URL 与 KEXIE_OBJECTS_URL（或同一目录）。Ctrl-C 或 SIGTERM：正在做的做完再退出。
    """
    from service.batch.workers.worker_command import serve  # Celery takes half a second

    with on_signals() as stop:
        serve(_Target.of(Settings.from_env(), folder).settings, workers, stop)
    sys.exit(_SIGNALLED + stop.signal if stop.now.is_set() else 0)


@dataclass(frozen=True)
class _Target:
    """The archive that the records go to, and the executor that makes them."""

    settings: Settings
    folder: Path | None

    @classmethod
    def of(cls, settings: Settings, folder: Path | None) -> "_Target":
        """With a broker, --archive replaces only KEXIE_ARCHIVE: database and store are shared."""
        if settings.broker_url and folder:
            return cls(dataclasses.replace(settings, archive=folder.absolute()), None)
        return cls(settings, folder)

    def opened(self) -> Archive:
        return Archive.open(self.settings, self.folder)

    def executor(self, archive: Archive, job: Job, workers: int) -> Executor:
        if self.settings.broker_url:
            from service.batch.workers.broker_executor import BrokerExecutor

            return BrokerExecutor(archive, self.settings)
        return local_executor(archive, self.settings, self.folder, job.id, workers)

    def warn_of_missing_libreoffice(self, options: Options) -> None:
        """Reports at once what records would after several attempts; a broker's workers have their own."""
        here = "pdf" in options.formats and not self.settings.broker_url
        if here and not current_tool_versions(self.settings).libreoffice:
            echo(
                "本机没有可用的 LibreOffice，有 PDF 的记录都会失败：请先执行 kexie-forms doctor。\n"
                "LibreOffice is not available, so records with a PDF will fail: run kexie-forms doctor.",
                err=True,
            )


@contextlib.contextmanager
def _input(name: str, settings: Settings) -> Iterator[Path]:
    """The input as a file; standard input is copied to an unnamed temporary file."""
    if name != STDIO:
        yield existing(name)
        return
    with tempfile.TemporaryFile(dir=settings.temp_dir) as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        file.flush()
        yield Path(f"/proc/self/fd/{file.fileno()}")


def _print_unused(archive: Archive, job: Job, form: str | None, year: int | None) -> None:
    """Reports --form and --year that had no effect, as every record names its own."""
    with archive.reading() as connection:
        unused = [
            f"--{name} {value}"
            for name, value in (("form", form), ("year", year))
            if value is not None and not has_any(connection, job.id, name, value)
        ]
    if unused:
        echo(
            f"{'、'.join(unused)} 未起作用：各条记录都写明了自己的。 / "
            f"{', '.join(unused)} had no effect: each record names its own.",
            err=True,
        )


def _print_result(archive: Archive, job: Job, end: RunEnd, files: tuple[Path, ...]) -> None:
    counts = end.counts
    if wants_json():
        total = counts.open + counts.done + counts.failed
        numbers = {"job": job.key, "total": total, "done": counts.done, "failed": counts.failed}
        failed = [failure.as_dict() for failure in failures(archive, job.id)]
        warnings = [each.as_dict(errors="warnings") for each in warned(archive, job.id)]
        remarks = [each.remarks_as_dict() for each in remarked(archive, job.id)]
        lists = {"failures": failed, "warnings": warnings, "remarks": remarks}
        print_json({**numbers, **end.as_dict(files), **lists})
        return
    echo(
        f"完成 {counts.done} 条（此前已完成 {end.before}），失败 {counts.failed} 条，"
        f"未做 {counts.open} 条，用时 {end.seconds:.1f} 秒。"
    )
    echo(
        f"{counts.done} done ({end.before} of them before), {counts.failed} failed, "
        f"{counts.open} left, {end.seconds:.1f} s."
    )
    _print_warnings(archive, job)
    _print_remarks(archive, job)
    for file in files:
        echo(f"错误清单 / errors: {file}")


def _print_warnings(archive: Archive, job: Job) -> None:
    """Prints the warnings of the first items that have any, and how many have one."""
    found = list(warned(archive, job.id))
    for item in found[:_ROWS_SHOWN]:
        for warning in item.errors:
            echo(f"提醒 / warning: {warning.message}")
    if (more := len(found) - _ROWS_SHOWN) > 0:
        echo(f"另有 {more} 条有提醒，见 --json / {more} more records have warnings: see --json.")


def _print_remarks(archive: Archive, job: Job) -> None:
    """Prints the advice on the first items that have any, and how many items are incomplete."""
    advised = incomplete = 0
    for item in remarked(archive, job.id):
        advised += bool(item.remarks.advice)
        incomplete += bool(item.remarks.missing)
        for each in item.remarks.advice if advised <= _ROWS_SHOWN else ():
            echo(f"请核对 / check: {item.id}（{item.place}）{each.label}：{each.message}")
    if (more := advised - _ROWS_SHOWN) > 0:
        echo(f"另有 {more} 条请核对，见 --json / {more} more records to check: see --json.")
    if incomplete:
        echo(f"{incomplete} 条有应填未填的栏目，见 --json / {incomplete} records are incomplete: see --json.")
