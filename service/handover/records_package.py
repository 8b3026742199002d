"""The package of records for an archive: a BagIt bag with a folder of each submission, metadata, a list."""

import csv
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
from service.handover.selection import Prospect, Selection, foresee, submissions
from service.retention import periods
from service.submission import date_in_china, time_in_china
from service.version import VERSION

ALL = Selection()
LIST, NOTES, SCHEMA_NAME = "移交目录.csv", "说明.txt", "元数据方案.xsd"
_AT_ONCE = 200  # submissions
_HEADINGS = (
    *("序号", "档号", "题名", "责任者", "日期", "年度", "保管期限", "机构或问题", "密级", "页数"),
    *("文件数", "字节数", "文件编号", "记录号", "目录"),
)
_NOTES = """\
电子档案移交包

全宗号：{fonds}
机构或问题：{department}
密级：{secrecy}
件数：{items}
文件数：{files}
字节数：{size}
生成时间：{time}（北京时间）
生成程序：kexie-forms {program}

一、目录结构
{list}：每件一行，可用电子表格软件打开。
{schema}：元数据的 XML Schema。
其余目录每件一个，以档号为名，内有元数据（{metadata}）、正文（PDF/A）、可编辑的文书、报文、清单、盖章件和签名件；
v1、v2…… 是较早的版本。

二、核对
本包是 BagIt 包（RFC 8493）。在包的根目录执行 sha256sum -c manifest-sha256.txt，逐个核对文件；
元数据中另有每个文件的校验值，“业务实体”是审计日志中关于该件的全部各行，每行带有日志中的校验值。
"""
_UNKEPT = """
三、档号
档案是只读的：新编的档号按全部档案的次序编定，没有记入档案。请据此补记，以免再次移交时编给别的件。
"""


@dataclass
class PackageCount(Prospect):
    """The numbers in a package, in bytes for `size`, the keys of its records, and its `tagmanifest`.

    `kept` is False if the archive cannot keep new codes; `logged_of_each` is what the audit log says of each
    record in the package.
    """

    records: int = 0
    files: int = 0
    size: int = 0
    kept: bool = True
    tagmanifest: str = ""
    logged_of_each: str = ""
    keys: list[str] = field(default_factory=list)

    @property
    def logged(self) -> str:
        """What the audit log says of the package."""
        counts = f"items={self.items} records={self.records} files={self.files}"
        return f"profile=dat46 {counts} tagmanifest={self.tagmanifest}"


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
        (folder / NOTES).write_text(_notes(count, classification), encoding="utf-8")
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
        for versions in piece:
            yield _item(archive, folder, versions, codes, years[versions[-1].key], actors)


def _item(
    archive: Archive,
    folder: Path,
    records: list[Record],
    codes: Mapping[str, ArchivalCode],
    years: int | None,
    actors: Actors,
) -> Item:
    code = codes[records[-1].key]
    versions = [_version(archive, folder / str(code), each, each is records[-1]) for each in records]
    keys = [each.key for each in records]
    with archive.reading() as connection:
        rows = select(AUDIT).where(AUDIT.c.record.in_(keys)).order_by(AUDIT.c.seq)
        history = connection.execute(rows).mappings().all()
    return Item(code, years, versions, history, actors)


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
    count.size += sum(sizes)


def _row(item: Item, classification: Classification, number: int) -> Iterator[object]:
    record, sizes = item.newest, _files(item)
    yield from (number, str(item.code), item.title, record.submitter, date_in_china(record.created))
    yield from (record.year, item.period, classification.department, classification.secrecy, record.pages)
    yield from (len(sizes), sum(sizes), record.id, record.key, str(item.code))


def _notes(count: PackageCount, classification: Classification) -> str:
    notes = _NOTES if count.kept else _NOTES + _UNKEPT
    return notes.format(
        **vars(classification),
        items=count.items,
        files=count.files,
        size=count.size,
        time=f"{time_in_china(datetime.now(UTC)):%Y-%m-%d %H:%M}",
        program=VERSION,
        list=LIST,
        schema=SCHEMA_NAME,
        metadata=NAME,
    )
