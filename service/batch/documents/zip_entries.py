"""The files in an uploaded zip: their paths, checked, and their bytes, within limits."""

import zipfile
from collections.abc import Iterator
from typing import IO

from service import zip_directory
from service.batch.documents.file_errors import unreadable
from service.batch.documents.reading_budget import Budget, Content, Unusable

_LOCKED = 0x1  # a flag of an entry (APPNOTE 6.3.3, 4.4.4)


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
            yield zip_directory.path(entry), lambda entry=entry: _content(package, entry, budget)  # type: ignore[misc]


def _content(package: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    if entry.flag_bits & _LOCKED:
        raise Unusable("locked_entry")
    try:
        with package.open(entry) as packed:
            return budget.read(packed)
    except zip_directory.BROKEN as error:
        raise Unusable("broken_entry") from error
