"""The files in an uploaded zip: their paths, checked, and their bytes, within limits."""

import re
import zipfile
from collections.abc import Iterator
from typing import IO

from service import zip_directory
from service.batch.documents.file_errors import unreadable
from service.batch.documents.reading_budget import Budget, Content, Unusable

_UTF8, _LOCKED = 0x800, 0x1  # flags of an entry (APPNOTE 6.3.3, 4.4.4)
_DRIVE = re.compile("[A-Za-z]:")


def entries(file: IO[bytes], name: str, budget: Budget) -> Iterator[tuple[str, Content]]:
    """Yields the path of each file in a zip, and what reads it.

    Raises UnreadableInput if it is no zip, or has too many files.
    """
    try:
        if zip_directory.is_too_large(file):
            raise unreadable("zip_of_too_many", name=name)
        package = zipfile.ZipFile(file)
    except zip_directory.BROKEN as error:
        raise unreadable("not_a_zip", name=name) from error
    for entry in package.infolist():
        if not entry.is_dir():
            yield _path(entry), lambda entry=entry: _content(package, entry, budget)  # type: ignore[misc]


def _path(entry: zipfile.ZipInfo) -> str:
    """The path with slashes; Chinese Windows writes names in GB 18030, others in UTF-8 without saying so."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8 and not name.isascii():
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    return name.partition("\0")[0].replace("\\", "/")


def is_odd(path: str) -> bool:
    """Whether a path leads out of the folder where a zip would be unpacked."""
    return path.startswith("/") or ".." in path.split("/") or _DRIVE.match(path) is not None


def _content(package: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    if entry.flag_bits & _LOCKED:
        raise Unusable("locked_entry")
    try:
        with package.open(entry) as packed:
            return budget.read(packed)
    except zip_directory.BROKEN as error:
        raise Unusable("broken_entry") from error
