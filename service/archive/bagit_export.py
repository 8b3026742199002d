"""Exports an archive, or a part of it, as a BagIt bag (RFC 8493) that is readable without the service."""

import csv
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import bagit

from service.archive.additions import addition_table
from service.archive.archive import Archive
from service.archive.folder_names import FolderNames
from service.archive.manifest import FILE_NAME, NAMES, file_name
from service.archive.record import PARTS, Record, StoredFile
from service.atomic_file import umask
from service.database.column_types import iso
from service.errors import ArchiveFault, UsageError

INDEX, TAGMANIFEST = "索引.csv", "tagmanifest-sha256.txt"
_DESCRIBED = {"External-Description": "kexie-forms 档案 / archive"}
_VERSION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"  # RFC 8493, section 2.1.1
_HEADINGS = (
    *[
        "年度",
        "表单",
        "编号",
        "名称",
        "版本",
        "最新",
        "归档时间（UTC）",
        "提醒",
        "租户",
        "目录",
        "记录号",
        "版次校验值",
    ],
    *(f"{name} SHA-256" for name in NAMES.values()),
)
# Excel takes a cell with such a beginning for a formula, full-width and after what it drops, too.
_FORMULA = re.compile(
    r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u2212]|[\t\r\n]"
)

# Excel would strip leading zeros, round, or show a date.
_NUMBER = re.compile(r"0[0-9]+|[0-9]{12,}|[0-9]{1,4}[-/.][0-9]{1,2}([-/.][0-9]{1,4})?|[0-9.]+[Ee][0-9]+")


@dataclass
class ExportCount:
    """The numbers of records and files in a bag, the keys of the records, and the bag's `tagmanifest`."""

    records: int = 0
    files: int = 0
    tagmanifest: str = ""
    keys: list[str] = field(default_factory=list)

    @property
    def logged(self) -> str:
        """What the audit log says of the bag."""
        return f"records={self.records} files={self.files} tagmanifest={self.tagmanifest}"

    @property
    def logged_of_each(self) -> str:
        """What it says of each record in the bag."""
        return f"profile=bagit tagmanifest={self.tagmanifest}"


def export(
    archive: Archive,
    bag: Path,
    year: int | None = None,
    form: str | None = None,
    on_progress: Callable[[ExportCount], None] = lambda count: None,
    tenant: str | None = None,
    fonds: str | None = None,
) -> ExportCount:
    """Writes every version of the selected records into the new folder `bag`; calls `on_progress` for each.

    The newest version is in the submission's folder, older ones in `v1` … below it; `fonds` as for `new_bag`.
    Raises UsageError if the folder exists or no record matches, ArchiveFault if a file of the archive was
    changed, OSError.
    """
    with new_bag(bag, fonds) as folder:
        selected = archive.records(form=form, year=year, tenant=tenant, all_versions=True)
        count = _fill(archive, folder, selected, on_progress)
    count.tagmanifest = tagmanifest(bag)
    return count


def tagmanifest(bag: Path) -> str:
    """The SHA-256 of the file of a bag that has the hashes of its manifests, and so names the whole bag."""
    with (bag / TAGMANIFEST).open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


@contextmanager
def new_bag(bag: Path, fonds: str | None) -> Iterator[Path]:
    """A temporary folder that becomes the new bag when the block ends; if it fails, nothing is left.

    `fonds` (全宗号), if any, is `Fonds` in bag-info.txt. Raises UsageError if the folder exists, OSError.
    """
    if bag.exists() or bag.is_symlink():
        raise UsageError(
            f"“{bag}”已存在。请指定一个新的目录。", f"'{bag}' already exists: name a new folder."
        )
    temporary = Path(tempfile.mkdtemp(dir=bag.absolute().parent, prefix=f".{bag.name}."))
    try:
        yield temporary
        _bag(temporary, fonds)
        for made in (temporary, temporary / "data"):  # by mkdtemp, also in bagit
            made.chmod(0o777 & ~umask())
        temporary.rename(bag)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _fill(
    archive: Archive,
    root: Path,
    selected: Iterator[Record],
    on_progress: Callable[[ExportCount], None],
) -> ExportCount:
    count = ExportCount()
    with (root / INDEX).open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(_HEADINGS)
        for record, newest, folder in _with_folders(selected):
            count.files += sum(each.archived for each in write_files(archive, record, root / folder))
            count.records += 1
            count.keys.append(record.key)
            table.writerow(map(csv_cell, _row(record, newest, folder)))
            on_progress(count)
    if not count.records:
        raise nothing_selected()
    return count


def nothing_selected() -> UsageError:
    """The error if no record is to be exported."""
    return UsageError(
        "没有符合条件的档案，未生成归档包。请核对年度、表单等条件。",
        "No record matches, so no bag was made. Check the year, the form and the other conditions.",
    )


def _bag(folder: Path, fonds: str | None) -> None:
    """Turns a folder into a bag; bagit writes version 0.97, which equals 1.0 if no name needs an escape."""
    described = _DESCRIBED | ({"Fonds": fonds} if fonds else {})
    made = bagit.make_bag(str(folder), described, checksums=["sha256"])
    (folder / "bagit.txt").write_text(_VERSION, encoding="utf-8")
    made.save()
    hashes = folder / TAGMANIFEST  # `sha256sum -c` asks for two spaces, of which bagit writes one
    lines = [line.split(" ", 1) for line in hashes.read_text(encoding="utf-8").splitlines()]
    hashes.write_text("".join(f"{digest}  {name}\n" for digest, name in lines), encoding="utf-8")


def _with_folders(records: Iterable[Record]) -> Iterator[tuple[Record, bool, str]]:
    """Yields each record, whether it is the newest version, and its folder in the bag."""
    tenants, forms = FolderNames(), FolderNames()
    for (tenant, year, form), of_form in groupby(records, lambda each: (each.tenant, each.year, each.form)):
        above = f"{f'tenants/{tenants.of(tenant)}/' if tenant else ''}{year}/{forms.of(form)}"
        ids = FolderNames()
        for id, versions in groupby(of_form, lambda found: found.id):
            *older, newest = versions
            folder = f"{above}/{ids.of(id, newest.submitter)}"
            for record in older:
                yield record, False, f"{folder}/v{record.version}"
            yield newest, True, folder


class WrittenFile(NamedTuple):
    """A file of a record in a folder; `archived` is False for its manifest, and statements on additions."""

    name: str
    file: StoredFile
    archived: bool


def write_files(archive: Archive, record: Record, folder: Path) -> list[WrittenFile]:
    """Writes a record's files, its additions and its manifest into a folder.

    Raises ArchiveFault if one was changed, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    original = archive.manifest(record)["original_name"] if "original" in record.files else None
    files = {file_name(part, original): (file.sha256, True) for part, file in record.files.items()}
    files[FILE_NAME] = record.manifest, False
    with archive.reading() as connection:
        added = addition_table.of_record(connection, record.key)
    files |= {each.name: (each.file.sha256, True) for each in added}
    files |= {each.statement_name: (each.statement, False) for each in added}
    return [
        WrittenFile(name, _write(archive, record, folder / name, digest), archived)
        for name, (digest, archived) in files.items()
    ]


def _write(archive: Archive, record: Record, place: Path, digest: str) -> StoredFile:
    found, size = sha256(), 0
    with place.open("xb") as file:
        for piece in archive.objects.stream(digest):
            found.update(piece)
            size += file.write(piece)
    if found.hexdigest() != digest:
        raise ArchiveFault(
            f"记录 {record.key} 的 {place.name} 已被改动，未生成归档包。请执行 kexie-forms verify。",
            f"{place.name} of record {record.key} was changed, so no bag was made: see kexie-forms verify.",
        )
    return StoredFile(digest, size)


def _row(record: Record, newest: bool, folder: str) -> Iterator[object]:
    yield from (record.year, record.form, record.id, record.submitter, record.version, "是" if newest else "")
    yield from (iso(record.created), record.warnings, record.tenant, folder, record.key, record.edition_hash)
    for part in PARTS:
        yield record.files[part].sha256 if part in record.files else ""


def csv_cell(value: object) -> object:
    """A value as a CSV cell that no spreadsheet takes for a formula or reformats."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if _FORMULA.match(value) or _NUMBER.fullmatch(value) else value
