"""The result of a batch as a streamed zip: the files of each record, a table, the failures."""

import csv
import io
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED

from sqlalchemy import Row, select
from zipstream import ZipStream  # type: ignore[import-untyped]

from service.archive import PARTS, Archive, Record
from service.archive.bagit_export import csv_cell
from service.archive.folder_names import FolderNames
from service.archive.manifest import FILE_NAME, NAMES, file_name
from service.batch.jobs.failures import failures, item_pages
from service.batch.jobs.job_tables import items
from service.batch.jobs.result_files import ERRORS

TABLE = "manifest.csv"
_PIECE = 256 * 1024  # bytes
_HEADINGS = ("位置", "年度", "表单", "编号", "名称", "结果", "版本", "提醒", "目录", "记录号")
Leaving = Callable[[Iterable[Record]], None]
_STATES = {"queued": "等待", "running": "处理中", "done": "完成", "failed": "失败", "cancelled": "已取消"}


def stream(archive: Archive, job: int, folder: Path, leaving: Leaving) -> Iterator[bytes]:
    """Yields the zip in pieces, with one document in memory at a time; the table is a file in `folder`.

    Calls `leaving` with records before their files are in the zip, some hundred at a time, and raises as it.
    Raises ArchiveFault, ArchiveUnavailable: then the zip lacks its end and is recognised as incomplete.
    """
    pack = ZipStream(compress_type=ZIP_DEFLATED)
    with tempfile.TemporaryFile(dir=folder) as table:
        text = io.TextIOWrapper(table, encoding="utf-8-sig", newline="", errors="backslashreplace")
        rows = csv.writer(text)
        rows.writerow((*_HEADINGS, *(f"{name} SHA-256" for name in NAMES.values())))
        for item, record, place in _with_folders(_items(archive, job, leaving)):
            if record:
                _add(pack, archive, record, place)
                yield from pack.all_files()
            rows.writerow(map(csv_cell, _row(item, record, place)))
        text.flush()
        table.seek(0)
        pack.add(iter(lambda: table.read(_PIECE), b""), TABLE)
        pack.add(errors(archive, job), ERRORS)
        yield from pack.finalize()
        text.detach()


def errors(archive: Archive, job: int, lang: str = "zh") -> Iterator[bytes]:
    """Yields a line of JSON for each failed item, as in the file that the command line writes."""
    for failure in failures(archive, job):
        line = json.dumps(failure.as_dict(lang), ensure_ascii=False)
        yield line.encode("utf-8", "backslashreplace") + b"\n"


def _add(pack: Any, archive: Archive, record: Record, place: str) -> None:
    original = archive.manifest(record)["original_name"] if "original" in record.files else None
    for part in record.files:
        kind = ZIP_DEFLATED if part == "payload" else ZIP_STORED  # documents are compressed already
        pack.add(archive.read(record, part), f"{place}/{file_name(part, original)}", compress_type=kind)
    pack.add(archive.read(record, "manifest"), f"{place}/{FILE_NAME}")


def _with_folders(
    found: Iterable[tuple[Row[Any], Record | None]],
) -> Iterator[tuple[Row[Any], Record | None, str]]:
    """Yields each item, its record or None, and the record's folder, named as in an exported bag."""
    names: defaultdict[tuple[int, str], FolderNames] = defaultdict(FolderNames)
    for item, record in found:
        place = ""
        if record:
            name = names[record.year, record.form].of(record.id, record.submitter)
            place = f"{record.year}/{record.form}/{name}"
        yield item, record, place


def _items(archive: Archive, job: int, leaving: Leaving) -> Iterator[tuple[Row[Any], Record | None]]:
    columns = (
        items.c[name] for name in ("position", "place", "form", "year", "submitter", "state", "record")
    )
    for rows in item_pages(archive, select(*columns).where(items.c.job == job)):
        records = archive.named([row.record for row in rows if row.record])
        leaving(records.values())
        yield from ((row, records.get(row.record)) for row in rows)


def _row(item: Row[Any], record: Record | None, place: str) -> Iterator[object]:
    name = record.submitter if record else ""
    yield from (item.place, item.year, item.form, item.submitter, name, _STATES[item.state])
    yield from (record.version, record.warnings, place, record.key) if record else ("", "", "", "")
    for part in PARTS:
        yield record.files[part].sha256 if record and part in record.files else ""
