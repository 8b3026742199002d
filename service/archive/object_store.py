"""The object store: files named by their SHA-256, written once, in a local folder or an S3 bucket."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from service.archive.local_files import UNWRITABLE, sync, unwritable, write_once
from service.archive.private_files import OBJECTS, make_folder
from service.archive.record import StoredFile
from service.config import public
from service.errors import ArchiveFault, ArchiveUnavailable, ObjectMissing

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ClientConfig, RetryConfig

_PREFIX = OBJECTS
_AT_ONCE = 8
_CHUNK = 1024 * 1024  # bytes read at once
# They replace all client options of AWS_*; the endpoint decides whether it is HTTP.
_CLIENT: ClientConfig = {
    "allow_http": True,
    "connect_timeout": timedelta(seconds=5),
    "timeout": timedelta(seconds=30),
}
_RETRY: RetryConfig = {"max_retries": 4, "retry_timeout": timedelta(seconds=30)}


@dataclass(frozen=True)
class ListedObject:
    """An object as the store lists it: path, SHA-256 (its name), size in bytes, time of writing."""

    place: str
    sha256: str
    size: int
    written: datetime


def sha256(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def stored_file(content: bytes) -> StoredFile:
    """The SHA-256 and size of a content."""
    return StoredFile(sha256(content), len(content))


class Objects:
    """Objects by their SHA-256. Every call raises ArchiveUnavailable if the store does not respond."""

    def __init__(self, place: Path | str) -> None:
        """`place` is a local folder, or a URL s3://bucket/prefix; keys and endpoint of S3 are in AWS_*."""
        self.folder = place if isinstance(place, Path) else None
        self.where = str(place) if isinstance(place, Path) else public(place)
        with self._errors():
            if isinstance(place, Path):
                make_folder(place)
                self._store: ObjectStore = LocalStore(place)
            else:
                self._store = S3Store.from_url(place, client_options=_CLIENT, retry_config=_RETRY)
        self._threads = ThreadPoolExecutor(_AT_ONCE, "archive-objects")

    def put(self, contents: Iterable[tuple[StoredFile, bytes]]) -> None:
        """Stores each content that is missing, given with its `stored_file`; returns when all are stored.

        Raises ArchiveFault if an object of that name has another size.
        """
        list(self._threads.map(lambda each: self._put(*each), contents))

    def _put(self, file: StoredFile, content: bytes) -> None:
        with self._errors(file.sha256):
            if self.folder and self._exists(file):
                sync(self.folder / object_name(file.sha256))
                return
            try:
                if self.folder:
                    write_once(self.folder / object_name(file.sha256), content)
                else:
                    obstore.put(self._store, object_name(file.sha256), content, mode="create")
            except FileNotFoundError as error:  # the archive's folder
                raise unwritable(self.where, os.strerror(errno.ENOENT)) from error
            except (FileExistsError, AlreadyExistsError) as error:
                if not self._exists(file):  # S3 responds so while another process writes it
                    raise OSError("another writer of the same file has not finished") from error

    def has(self, files: Iterable[StoredFile]) -> bool:
        """Whether all are there. Raises ArchiveFault if an object of that name has another size."""
        with self._errors():
            return all(map(self._exists, files) if self.folder else self._threads.map(self._exists, files))

    def _exists(self, file: StoredFile) -> bool:
        name = object_name(file.sha256)
        try:
            if self.folder:
                size = (self.folder / name).stat().st_size
            else:
                size = obstore.head(self._store, name)["size"]
        except FileNotFoundError:
            return False
        if size != file.size:
            raise ArchiveFault(
                f"档案文件大小不符：{self.where} 中的 {name} 有 {size} 字节，应为 {file.size} 字节。"
                "请从备份恢复；若无记录引用它，可将其移走后重试。",
                f"A file of the archive has a wrong size: {name} in {self.where} has {size} bytes "
                f"instead of {file.size}. Restore it from a backup; if no record names it, move it away "
                "and try again.",
            )
        return True

    def get(self, file: StoredFile) -> bytes:
        """Reads an object. Raises ArchiveFault if it is missing or does not match its hash."""
        name = object_name(file.sha256)
        with self._errors(file.sha256):
            content = bytes(obstore.get(self._store, name).bytes())
        if sha256(content) != file.sha256:
            raise ArchiveFault(
                f"档案文件已被改动：{self.where} 中的 {name} 与其校验值不符。请从备份恢复。",
                f"A file of the archive was changed: {name} in {self.where} has another hash. "
                "Restore it from a backup.",
            )
        return content

    def stream(self, digest: str) -> Iterator[bytes]:
        """Yields an object in pieces of about 1 MB, unchecked. Raises ArchiveFault if it is missing."""
        with self._errors(digest):
            for piece in obstore.get(self._store, object_name(digest)).stream(min_chunk_size=_CHUNK):
                yield bytes(piece)

    def digest(self, name: str) -> StoredFile | None:
        """Hashes the object `name` in constant memory; None if it is missing."""
        found, size = hashlib.sha256(), 0
        try:
            for piece in self.stream(name):
                found.update(piece)
                size += len(piece)
        except ObjectMissing:
            return None
        return StoredFile(found.hexdigest(), size)

    def digests(self, names: Iterable[str]) -> Iterator[StoredFile | None]:
        """The `digest` of each name, in order, computed in parallel."""
        return self._threads.map(self.digest, names)

    def prefixes(self) -> tuple[list[str], list[ListedObject]]:
        """The folders of objects, named by two digits of SHA-256, and the files beside them."""
        with self._errors():
            found = obstore.list_with_delimiter(self._store, _PREFIX)
            strays = [_listed(meta) for meta in found["objects"]]
        return sorted(name.removeprefix(f"{_PREFIX}/") for name in found["common_prefixes"]), strays

    def list(self, prefix: str) -> Iterator[ListedObject]:
        """Yields every object of a folder, unordered."""
        with self._errors():
            for page in obstore.list(self._store, f"{_PREFIX}/{prefix}"):
                yield from map(_listed, page)

    def delete(self, digest: str) -> None:
        """Deletes an object that no record can name."""
        with self._errors(digest), contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, object_name(digest))

    def close(self) -> None:
        """Ends the threads."""
        self._threads.shutdown()

    @contextlib.contextmanager
    def _errors(self, digest: str = "") -> Iterator[None]:
        name = object_name(digest) if digest else _PREFIX
        try:
            yield
        except FileNotFoundError as error:
            raise ObjectMissing(
                f"档案文件不见了：{self.where} 中的 {name}。请从备份恢复，再执行 kexie-forms verify。",
                f"A file of the archive is missing: {name} in {self.where}. "
                "Restore it from a backup, then run kexie-forms verify.",
            ) from error
        except (OSError, BaseError) as error:
            if isinstance(error, OSError) and error.errno in UNWRITABLE:
                raise unwritable(self.where, os.strerror(error.errno or 0)) from error
            reason = str(error).split("\n", 1)[0][:200]
            raise ArchiveUnavailable(
                f"无法读写档案文件（{self.where}，{name}）：{reason}。请检查存储空间、权限和连接，然后重试。",
                f"The archive's files cannot be read or written ({self.where}, {name}): {reason}. "
                "Check disk space, permissions and connection, then try again.",
            ) from error


def _listed(meta: ObjectMeta) -> ListedObject:
    name = meta["path"].removeprefix(f"{_PREFIX}/").replace("/", "", 1)
    return ListedObject(meta["path"], name, meta["size"], meta["last_modified"])


def object_name(digest: str) -> str:
    """The path of an object below the store's root: objects/ab/cdef…"""
    return f"{_PREFIX}/{digest[:2]}/{digest[2:]}"
