"""The commands regenerate and import."""

import contextlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from service import catalog
from service.archive import Archive
from service.batch.jobs.job_store import Job
from service.batch.jobs.progress import progress_display
from service.batch.workers.local_executor import local_executor
from service.batch.workers.runner import JobRun, RunEnd
from service.batch.workers.stop_signals import on_signals
from service.cli.archive import archive_option, filters
from service.cli.audit_rows import audited
from service.cli.batch import leave, workers_option
from service.cli.terminal import echo, json_too, print_json, wants_json
from service.config import Settings
from service.conversion.libreoffice.temp_folders import command_folder
from service.errors import UsageError
from service.regeneration import (
    document_folder,
    import_documents,
    import_report,
    regeneration_job,
    regeneration_report,
    report_files,
)
from service.regeneration.document_folder import PassedOver
from service.regeneration.inference import Tally
from service.regeneration.regenerate import PICTURES, PROCESS
from service.regeneration.regeneration_job import RegenerationRequest
from service.regeneration.report_files import ReportKind, ReportSummary
from service.regeneration.sample import Sample, sample_size

_SAMPLE = "1%"

_report = click.option(
    "--report",
    default=".",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="报告的目录，默认当前目录 / folder of the report (default: the current folder)",
)


@click.command()
@archive_option
@filters
@click.option("--dry-run", is_flag=True, help="只比较，不归档 / compare without archiving")
@click.option(
    "--by-fingerprint",
    is_flag=True,
    help="文书与归档时相同、LibreOffice、字体、处理步骤也相同的，推断 PDF 相同，不再转换 / "
    "infer that a PDF is identical where its .docx, LibreOffice, fonts and steps are",
)
@click.option(
    "--sample",
    metavar="N|P%",
    help=f"随机抽查多少，仍予转换，默认 {_SAMPLE} / how many are converted all the same (default: {_SAMPLE})",
)
@click.option("--seed", metavar="TEXT", help="抽查的种子，默认随机 / seed of the sample (default: random)")
@workers_option
@_report
@click.option("--pictures", is_flag=True, help="画出变化的页面 / draw the pages that changed")
@json_too
def regenerate(
    folder: Path | None,
    year: int | None,
    form: str | None,
    dry_run: bool,
    by_fingerprint: bool,
    sample: str | None,
    seed: str | None,
    workers: int,
    report: Path,
    pictures: bool,
) -> None:
    """重新生成档案中的文书并逐字节比较 / regenerate archived documents and compare them.

    一致的不动；有变化的说明变在哪里，并存为新版本；失败的不影响其他。中断后再执行即续做。

    \b
    退出码 / exit codes: 0 all identical or changed · 3 some failed · 130 Ctrl-C · 143 SIGTERM
    """
    catalog.matching(form, year)
    settings = Settings.from_env()
    drawn = report.absolute() / PICTURES if pictures else None
    archived = folder.absolute() if folder else None
    wanted = RegenerationRequest(form, year, drawn, archived, dry_run, _sample(by_fingerprint, sample, seed))
    with contextlib.ExitStack() as stack:
        stop = stack.enter_context(on_signals())
        archive = stack.enter_context(Archive.open(settings, folder, create=False))
        place, queue = stack.enter_context(_queue(settings)) if dry_run else (folder, archive)
        if drawn:
            drawn.mkdir(parents=True, exist_ok=True)
        job = regeneration_job.open_regeneration(queue, wanted, seeded=seed is not None)
        wanted = wanted.begun(job)
        tally = Tally(wanted.sample)

        def made(job: Job) -> JobRun:
            executor = local_executor(queue, settings, place, job.id, workers, command=PROCESS)
            read = partial(regeneration_job.records, archive, wanted)
            return JobRun(queue, job, read, executor, stop, settings)

        def doubted() -> JobRun | None:
            return made(replace(job, loaded=True)) if regeneration_job.doubt(queue, job, wanted) else None

        lines = partial(regeneration_report.lines, dry_run=dry_run, tally=tally)
        kind = regeneration_report.kind(archive, tally)
        of = {"form": form, "year": year, "batch": job.key}
        row = stack.enter_context(audited(archive, "regenerate", long=True, **of))
        end = _run(made(job), kind, lines, report, settings, again=doubted)
        row["detail"] = f"done={end.counts.done} failed={end.counts.failed}"
    leave(interrupted=end.interrupted, failed=end.counts.failed, stop=stop)


def _sample(by_fingerprint: bool, size: str | None, seed: str | None) -> Sample | None:
    """The sample of a regeneration by fingerprint; None for the full way. Raises UsageError."""
    if by_fingerprint:
        return Sample(sample_size(size or _SAMPLE), seed or secrets.token_hex(8))
    if size or seed:
        raise UsageError(
            "--sample 和 --seed 只与 --by-fingerprint 一起使用。",
            "--sample and --seed are for --by-fingerprint only.",
        )
    return None


@contextlib.contextmanager
def _queue(settings: Settings) -> Iterator[tuple[Path, Archive]]:
    """A temporary queue, apart from the archive's."""
    with command_folder(settings) as held:
        place = held / "queue"  # a folder of its own: opening an archive locks its folder
        with Archive.open(settings, place) as queue:
            yield place, queue


@click.command("import")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--year", type=int, required=True, metavar="Y", help="计划年度 / plan year, e.g. 2021")
@archive_option
@click.option(
    "--form", metavar="F", help="都是这个表单，默认自动识别 / form of all documents (default: recognised)"
)
@workers_option
@_report
@json_too
def import_command(
    directory: Path, year: int, folder: Path | None, form: str | None, workers: int, report: Path
) -> None:
    """导入旧的申报文书（.docx、.doc、.odt、.wps）/ import old filled documents into the archive.

    编号取自文件在 DIR 下的路径，原件一并归档。可重复执行：同一原件只归档一次。

    \b
    退出码 / exit codes: 0 all archived · 3 some not · 130 Ctrl-C · 143 SIGTERM
    """
    settings = Settings.from_env()
    catalog.matching(form or None, year)
    found = document_folder.find_documents(directory)
    with on_signals() as stop, Archive.open(settings, folder) as archive:
        job = import_documents.open_import(archive, found, year, form)
        executor = local_executor(
            archive, settings, folder, job.id, workers, command=import_documents.PROCESS
        )
        documents = partial(import_documents.documents, found, year, form)
        run = JobRun(archive, job, documents, executor, stop, settings)
        of = {"form": form, "year": year, "batch": job.key}
        with audited(archive, "import", long=True, **of) as row:
            passed_over = found.passed_over
            end = _run(run, import_report.KIND, import_report.lines, report, settings, others=passed_over)
            row["detail"] = f"done={end.counts.done} failed={end.counts.failed}"
    leave(interrupted=end.interrupted, failed=end.counts.failed, stop=stop)


def _run(
    run: JobRun,
    kind: ReportKind,
    lines: Callable[[ReportSummary], list[str]],
    folder: Path,
    settings: Settings,
    *,
    others: Sequence[PassedOver] | None = None,
    again: Callable[[], JobRun | None] = lambda: None,
) -> RunEnd:
    """Runs a job, writes its report into the folder, and prints the summary.

    `others` are the files that an import passes over; it retries its failed ones. `again` gives a further run
    once this one has ended.
    """
    with progress_display() as display:
        end = run.until_end(display, retry_failed=others is not None)
        if not end.interrupted and (further := again()):
            last = further.until_end(display, retry_failed=False)
            end = replace(last, before=end.before, seconds=end.seconds + last.seconds)
    summary, files = report_files.write(run.archive, run.job, kind, folder, settings.temp_dir, lines, others)
    _print_summary(summary, files, end, lines(summary))
    return end


def _print_summary(summary: ReportSummary, files: tuple[Path, ...], end: RunEnd, lines: list[str]) -> None:
    if wants_json():
        print_json({**summary.as_dict(), **end.as_dict(files)})
        return
    for line in lines:
        echo(line)
    if end.counts.open:
        echo(
            f"未做 {end.counts.open} 条，再执行一次即续做 / "
            f"{end.counts.open} left: run the same command again to resume."
        )
    echo(f"用时 / took {end.seconds:.1f} s；报告 / report: {'  '.join(map(str, files))}")
