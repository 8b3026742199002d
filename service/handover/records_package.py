"""The package of records for an archive: a BagIt bag with a folder of each submission, metadata, a list."""

import csv
import shutil
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from service.access.actors import Actors
from service.archive import Archive, Record
from service.archive.additions import addition_table
from service.archive.bagit_export import csv_cell, new_bag, nothing_selected, tagmanifest, write_files
from service.archive.database import is_read_only
from service.audit.audit_table import AUDIT
from service.handover import archival_codes
from service.handover.archival_codes import ArchivalCode
from service.handover.classification import Classification
from service.handover.earlier_packages import logged, refuse_classed_otherwise
from service.handover.metadata import NAME, SCHEMA, Item, ItemVersion, metadata
from service.handover.package_count import PackageCount
from service.handover.package_notes import LIST, NOTES, REGISTER, SCHEMA_NAME, destroyed_items, notes
from service.handover.register import register
from service.handover.selection import Selection, foresee, submissions
from service.retention import periods
from service.submission import date_in_china

ALL = Selection()
_AT_ONCE = 200  # submissions
_HEADINGS = (
    *("序号", "档号", "题名", "责任者", "日期", "年度", "保管期限", "机构或问题", "密级", "页数"),
    *("文件数", "字节数", "文件编号", "记录号", "目录", "备注"),
)


def export(
    archive: Archive,
    package: Path,
    classification: Classification,
    on_progress: Callable[[PackageCount], None] = lambda count: None,
    chosen: Selection = ALL,
    *,
    renumber: bool = False,
) -> PackageCount:
    """Writes the submissions chosen, all versions, into the new folder.

    Submissions without an archival code are given one; an archive that is read-only does not keep it. Raises
    UsageError if the folder exists, ids are missing, no record matches, or one has a code of another
    classification or was handed over under another (unless `renumber`); ArchiveFault if a file was changed;
    OSError.
    """
    earlier = foresee(archive, chosen).earlier
    if not renumber:
        refuse_classed_otherwise(earlier, classification)
    count = PackageCount(kept=not is_read_only(archive.engine), earlier=earlier)
    with new_bag(package, classification.fonds) as folder:
        with (folder / LIST).open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(_HEADINGS)
            for number, item in enumerate(
                _items(archive, folder, classification, chosen, count, renumber), 1
            ):
                (folder / str(item.code) / NAME).write_bytes(metadata(item, classification))
                _count(count, item)
                table.writerow(map(csv_cell, _row(item, classification, number)))
                on_progress(count)
        if not count.items:
            raise nothing_selected()
        shutil.copyfile(SCHEMA, folder / SCHEMA_NAME)
        with archive.reading() as connection:
            text = notes(count, classification, chosen, destroyed_items(connection, chosen))
        (folder / NOTES).write_text(text, encoding="utf-8")
        (folder / REGISTER).write_bytes(register(count, classification))
    count.tagmanifest = tagmanifest(package)
    count.logged_of_each = logged(count.tagmanifest, classification)
    return count


def _items(
    archive: Archive,
    folder: Path,
    classification: Classification,
    chosen: Selection,
    count: PackageCount,
    renumber: bool,
) -> Iterator[Item]:
    """Yields the submissions, whose files are in their folders by then."""
    with archive.reading() as connection:
        known = periods.by_edition(connection)
    actors = Actors.of(archive)
    unkept = {} if count.kept else archival_codes.unkept(archive, classification, known)
    found = submissions(archive, chosen, count)
    while piece := list(islice(found, _AT_ONCE)):
        newest = [versions[-1] for versions in piece]
        years = {each.key: periods.kept(each, known) for each in newest}
        series = {each.key: classification.series(each.year, years[each.key]) for each in newest}
        if count.kept:
            with archive.writing() as connection:
                codes = archival_codes.give(connection, newest, series, renumber=renumber)
        else:
            with archive.reading() as connection:
                archival_codes.refuse_reclassified(connection, newest, series, renumber)
            codes = unkept
        with archive.reading() as connection:
            former = archival_codes.former(connection, newest, codes)
        for versions in piece:
            key = versions[-1].key
            yield _item(archive, folder, versions, codes[key], former[key], years[key], actors)


def _item(
    archive: Archive,
    folder: Path,
    records: list[Record],
    code: ArchivalCode,
    former: Sequence[ArchivalCode],
    years: int | None,
    actors: Actors,
) -> Item:
    versions = [_version(archive, folder / str(code), each, each is records[-1]) for each in records]
    keys = [each.key for each in records]
    with archive.reading() as connection:
        rows = select(AUDIT).where(AUDIT.c.record.in_(keys)).order_by(AUDIT.c.seq)
        history = connection.execute(rows).mappings().all()
    return Item(code, former, years, versions, history, actors)


def _version(archive: Archive, folder: Path, record: Record, newest: bool) -> ItemVersion:
    below = "" if newest else f"v{record.version}/"
    files = write_files(archive, record, folder / below)
    with archive.reading() as connection:
        additions = addition_table.of_record(connection, record.key)
    return ItemVersion(record, archive.manifest(record), additions, files, below)


def _files(item: Item) -> list[int]:
    """The sizes of an item's files."""
    return [each.file.size for version in item.versions for each in version.files]


def _count(count: PackageCount, item: Item) -> None:
    sizes = _files(item)
    count.records += len(item.versions)
    count.keys += [each.record.key for each in item.versions]
    count.files += len(sizes)
    count.renumbered += bool(item.former)
    count.size += sum(sizes)
    _add(count.years, str(item.newest.year))
    _add(count.periods, item.period)
    for each in (each for version in item.versions for each in version.files):
        _add(count.formats, Path(each.name).suffix.removeprefix(".").upper() or "—")


def _add(numbers: dict[str, int], name: str) -> None:
    numbers[name] = numbers.get(name, 0) + 1


def _row(item: Item, classification: Classification, number: int) -> Iterator[object]:
    record, sizes = item.newest, _files(item)
    yield from (number, str(item.code), item.title, record.submitter, date_in_china(record.created))
    yield from (record.year, item.period, classification.department, classification.secrecy, record.pages)
    yield from (len(sizes), sum(sizes), record.id, record.key, str(item.code))
    yield f"原档号 {'、'.join(map(str, item.former))}，已作废" if item.former else ""
