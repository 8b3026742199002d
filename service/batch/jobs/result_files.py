"""The result files of a batch, which list its failures, and the counts of a job."""

import json
from collections.abc import Callable
from pathlib import Path

from service.archive import Archive
from service.atomic_file import atomic_write
from service.batch.inputs.item import FailedRows, InputPlace, RemarkedRows
from service.batch.jobs import item_queue
from service.batch.jobs.counts import Counts
from service.batch.jobs.failures import Failure, failures
from service.batch.jobs.job_store import Job

ERRORS = "errors.ndjson"
MARKED = "errors.xlsx"


def write_errors(
    archive: Archive,
    job: Job,
    counts: Counts,
    folder: Path,
    marked: Callable[[FailedRows, RemarkedRows], bytes],
) -> tuple[Path, ...]:
    """Writes the failed items to `errors.ndjson`, and for a sheet the workbook of `marked` beside it.

    Without failures it removes the files that an earlier run of this job wrote.
    """
    errors, sheet = folder / ERRORS, folder / MARKED
    if not counts.failed:
        if _is_of(errors, job):
            sheet.unlink(missing_ok=True)
            errors.unlink()
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    in_sheet: dict[tuple[str, int], Failure] = {}
    with atomic_write(errors) as file:
        for failure in failures(archive, job.id):
            line = json.dumps({**failure.as_dict(), "job": job.key}, ensure_ascii=False)
            file.write(line.encode("utf-8", "backslashreplace") + b"\n")  # an id may contain a lone surrogate
            if isinstance(failure.place, InputPlace) and failure.place.in_sheet:
                in_sheet[failure.place.sheet, failure.place.number] = failure
    if not in_sheet:
        return (errors,)
    with atomic_write(sheet) as file:
        wrong = {row: failure.errors for row, failure in in_sheet.items()}
        file.write(marked(wrong, {row: failure.remarks for row, failure in in_sheet.items()}))
    return errors, sheet


def _is_of(path: Path, job: Job) -> bool:
    """Whether the file is of this job, and not of another input in the same folder."""
    try:
        with path.open(encoding="utf-8") as file:
            return bool(json.loads(file.readline())["job"] == job.key)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def job_counts(archive: Archive, job: Job) -> Counts:
    """The counts of a job."""
    with archive.reading() as connection:
        return item_queue.counts(connection, job.id)
