"""The files in an uploaded zip: their paths, checked, and their bytes, within limits."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO

from service import zip_directory
from service.batch.documents.file_errors import file_error, unreadable
from service.errors import FieldError

_UTF8, _LOCKED = 0x800, 0x1  # flags of an entry (APPNOTE 6.3.3, 4.4.4)
_DRIVE = re.compile("[A-Za-z]:")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError)
_MIB = 1024 * 1024

#: What gives the bytes of a file, or raises Unusable.
Content = Callable[[], bytes]


class Unusable(Exception):
    """A file of an upload that is not read; `error` says why."""

    def __init__(self, code: str, **values: object) -> None:
        self.error: FieldError = file_error(code, **values)
        super().__init__(self.error.message.en)


class Budget:
    """The bytes that the files of an upload may have together, unpacked."""

    def __init__(self, maximum: int) -> None:
        self._maximum = self._left = maximum

    def spend(self, size: int) -> None:
        """Takes so many bytes off. Raises Unusable when there are none left."""
        self._left -= size
        if self._left < 0:
            raise Unusable("zip_too_large", maximum=self._maximum // _MIB)


def entries(file: IO[bytes], name: str, limit: int, budget: Budget) -> Iterator[tuple[str, Content]]:
    """Yields the path of each file in a zip, and what reads up to `limit` bytes of it.

    Raises UnreadableInput if it is no zip, or has too many files.
    """
    try:
        if zip_directory.is_too_large(file):
            raise unreadable("zip_of_too_many", name=name)
        package = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise unreadable("not_a_zip", name=name) from error
    for entry in package.infolist():
        if not entry.is_dir():
            yield _path(entry), lambda entry=entry: _content(package, entry, limit, budget)  # type: ignore[misc]


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


def _content(package: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int, budget: Budget) -> bytes:
    if entry.flag_bits & _LOCKED:
        raise Unusable("locked_entry")
    try:
        with package.open(entry) as packed:
            content = packed.read(limit + 1)
    except _BROKEN as error:
        raise Unusable("broken_entry") from error
    budget.spend(len(content))
    if len(content) > limit:
        raise Unusable("file_too_large", maximum=limit // _MIB)
    return content
