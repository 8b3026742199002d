"""Unpacks a package that was received as a zip, which is untrusted: only where it can do no harm."""

import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from service import zip_directory
from service.errors import ArchiveUnavailable, Bilingual, UnreadablePackage

_DIRECTORY = 16 * 1024**2  # bytes of a zip's directory, of some 100,000 files
_EXPANSION = 100  # times its bytes that a package has at most when it is unpacked
_ALWAYS = 64 * 1024**2  # bytes that any package may have when it is unpacked
_LEFT_FREE = 256 * 1024**2  # bytes of the disk
_LONGEST, _LONGEST_PATH = 255, 1000  # bytes of a name, and of the names that lead to it
_DEEPEST = 16  # names in a path
_LOCKED = 0x1  # a flag of an entry (APPNOTE 6.3.3, 4.4.4)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may ask for gigabytes of memory
_BROKEN = tuple(each for each in zip_directory.BROKEN if each is not OSError)


@contextmanager
def unpacked(
    content: BinaryIO,
    temporary: Path,
    expansion: int = _EXPANSION,
) -> Iterator[Path]:
    """The folder with what a zip holds, below the folder `temporary`; deleted when the block ends.

    It has at most `expansion` times the bytes of the zip, or 64 MiB.
    Raises UnreadablePackage for a damaged zip, or one that may harm this machine (paths out of the folder,
    links, far more bytes than the zip has); ArchiveUnavailable if the disk has no room for it; OSError.
    """
    with tempfile.TemporaryDirectory(prefix="package-", dir=temporary) as folder:
        try:
            if zip_directory.is_too_large(content, _DIRECTORY):
                raise _refused("所列的文件太多", "it lists too many files")
            package = zipfile.ZipFile(content)
        except zip_directory.BROKEN as error:
            raise _refused("不是 zip，或已损坏", "it is not a zip, or damaged") from error
        with package:
            most = max(expansion * content.seek(0, os.SEEK_END), _ALWAYS)
            _unpack(package, Path(folder), most)
        yield Path(folder)


def _unpack(package: zipfile.ZipFile, folder: Path, most: int) -> None:
    named = [(zip_directory.path(each), each) for each in package.infolist()]
    files = [(path, each) for path, each in named if not path.endswith("/")]
    entries = dict(files)
    _check_size(package.infolist(), folder, most)
    if len(entries) != len(files):
        raise _refused("有两个文件路径相同", "two files have the same path")
    for path, entry in entries.items():
        if why := _unfit(path, entry, entries):
            shown = path if len(path) <= _LONGEST else f"{path[:_LONGEST]}…"
            raise _refused(f"“{shown}”{why.zh}", f"'{shown}' {why.en}")
    for path, entry in entries.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with package.open(entry) as found, place.open("xb") as written:
                shutil.copyfileobj(found, written)  # which ends at the size that the entry claims
        except _BROKEN as error:
            raise _refused(f"“{path}”已损坏", f"'{path}' is damaged") from error


def _check_size(entries: list[zipfile.ZipInfo], folder: Path, most: int) -> None:
    size = sum(each.file_size for each in entries)
    if size > most:
        raise _refused(
            f"解开要 {size:,} 字节，不像正常的包（至多 {most:,}）",
            f"it unpacks to {size:,} bytes, of {most:,} at most",
        )
    if size > shutil.disk_usage(folder).free - _LEFT_FREE:
        raise ArchiveUnavailable(
            f"没有解开这个包：要 {size:,} 字节，临时目录所在的磁盘放不下。请腾出空间，"
            "或改用别的临时目录（KEXIE_TEMP_DIR）。",
            f"The package was not unpacked: the disk of the temporary folder has no room for {size:,} bytes. "
            "Make room, or choose another folder (KEXIE_TEMP_DIR).",
        )


def _unfit(path: str, entry: zipfile.ZipInfo, all_paths: dict[str, zipfile.ZipInfo]) -> Bilingual | None:
    """Why a file is not unpacked; None if it is."""
    names = path.split("/")
    too_long = len(path.encode()) > _LONGEST_PATH or len(names) > _DEEPEST
    too_long = too_long or any(len(each.encode()) > _LONGEST for each in names)
    above = accumulate([] if too_long else names[:-1], "{}/{}".format)
    for wrong, zh, en in (
        (zip_directory.is_odd(path), "的路径指向包外", "leads out of the package"),
        (any(each in ("", ".") for each in names), "的路径有误", "is not a valid path"),
        (any(each in all_paths for each in above), "在一个文件之下", "is below a file"),
        (too_long, "的名称太长", "has too long a name"),
        (stat.S_ISLNK(entry.external_attr >> 16), "是链接", "is a link"),
        (entry.flag_bits & _LOCKED, "已加密", "is encrypted"),
        (
            entry.compress_type not in _METHODS,
            "的压缩方法不支持",
            "is compressed by a method that is not supported",
        ),
    ):
        if wrong:
            return Bilingual(zh, en)
    return None


def _refused(zh: str, en: str) -> UnreadablePackage:
    return UnreadablePackage(
        f"没有解开这个包：{zh}。请让移交方重新导出、重新传送。",
        f"The package was not unpacked: {en}. Have it exported and sent again.",
    )
