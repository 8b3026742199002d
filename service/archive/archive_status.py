"""The status of the archive's parts, checked without creating anything."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from service.archive import index, private_files
from service.archive.database import reading
from service.archive.database_handle import DatabaseHandle
from service.archive.locations import locate
from service.archive.object_store import Objects
from service.archive.sqlite_database import gone, has_objects_beside, sqlite_file
from service.config import Settings, public
from service.errors import ArchiveFault, ArchiveUnwritable

_BLOCK = 4096  # bytes
_NOT_YET = "尚未建立，首次使用时建立 / does not exist yet: created on first use"


@dataclass(frozen=True)
class PartStatus:
    """The status of one part of the archive; `needed` is whether its failure is a fault."""

    name: str
    ok: bool
    detail: str
    needed: bool = True


def part_statuses(settings: Settings) -> list[PartStatus]:
    """The status of the records, the database and the object store."""
    place = locate(settings)
    file = sqlite_file(place.database)
    exists = file is None or file.exists()
    if file and not exists and has_objects_beside(file):
        records = PartStatus("档案 / archive", False, str(gone(file).text))
    else:
        records = _records(settings) if exists else _folder("档案 / archive", settings.archive)
    if file:
        database = _folder("档案索引 / database", file.parent, str(file))
        if exists and database.ok and not os.access(file, os.W_OK):
            database = PartStatus(database.name, False, f"{file} 不可写 / cannot be written")
    else:
        url = public(place.database.render_as_string())
        database = PartStatus("档案索引 / database", records.ok, url)
    return [records, database, _objects(place.objects)]


def write_fault(settings: Settings) -> ArchiveUnwritable | None:
    """Why an existing archive cannot be written; None if it can, or does not exist yet."""
    for part in part_statuses(settings):
        if part.needed and not part.ok:
            return ArchiveUnwritable(
                f"档案写不进：{part.name} {part.detail}。请执行 kexie-forms doctor。",
                f"The archive cannot be written: {part.name} {part.detail}. Run kexie-forms doctor.",
            )
    return None


def _records(settings: Settings) -> PartStatus:
    name = "档案 / archive"
    try:
        database = DatabaseHandle(settings)
        if (engine := database.existing()) is None:
            return PartStatus(name, True, _NOT_YET)
        with reading(engine) as connection:
            count = index.count(connection)
        return PartStatus(name, True, f"{count:,} 条记录 / {count:,} records")
    except ArchiveFault as error:
        return PartStatus(name, False, str(error.text))


def _objects(place: Path | str) -> PartStatus:
    name = "档案文件 / objects"
    if isinstance(place, Path):
        return _folder(name, place / "objects")
    try:
        Objects(place).prefixes()
    except ArchiveFault as error:
        return PartStatus(name, False, str(error.text))
    return PartStatus(name, True, public(place))


def _write_fault(folder: Path) -> str:
    """Why nothing can be written into a folder, found by writing; "" if it can."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_BLOCK))
            file.flush()
    except OSError as error:
        return os.strerror(error.errno or 0)
    return ""


def _folder(name: str, folder: Path, shown: str = "") -> PartStatus:
    shown = shown or str(folder)
    if folder.is_dir():
        if fault := _write_fault(folder):
            return PartStatus(name, False, f"{shown} 不可写 / cannot be written: {fault}")
        if private_files.open_to_others(folder):
            detail = f"{shown} 别的用户可以读 / other users can read it: chmod -R go= {folder}"
            return PartStatus(name, False, detail, needed=False)
        return PartStatus(name, True, shown)
    above = next(parent for parent in folder.parents if parent.exists())
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return PartStatus(name, True, f"{shown} {_NOT_YET}", needed=False)
    return PartStatus(name, False, f"{shown} 无法建立 / cannot be created", needed=False)
