"""Archives: entries, databases and object stores, processes that add records, full and read-only storage."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import obstore

from service import catalog
from service.archive import Archive, Entry
from service.archive.object_store import object_name
from service.archive.tool_versions import current_tool_versions, remember
from service.config import Settings
from tests.helpers.servers import folder

PLACES = ["sqlite-folder", "postgresql-folder", "sqlite-s3", "postgresql-s3"]
CREATED = datetime(2021, 3, 9, 8, 0, 0, 123456, UTC)
FILES = {"payload": b'{"cover": {}}', "docx": b"PK the document", "pdf": b"%PDF-1.7 the print"}


def entry(id="3201-0001", form="annex2", year=2021, mark="", **more):
    """An entry whose files hold `mark`."""
    files = {part: content + mark.encode() for part, content in FILES.items()}
    edition = catalog.edition(form, 2021).summary()
    return Entry(
        **{
            "form": form,
            "year": year,
            "id": id,
            "edition": edition,
            "files": files,
            "created": CREATED,
            **more,
        }
    )


def settings_of(place, folder, request):
    """The settings of an archive at one of `PLACES`, whose servers are started when they are needed."""
    database, objects = place.split("-")
    values = {"KEXIE_ARCHIVE": str(folder), "KEXIE_TEMP_DIR": str(Settings.from_env().temp_dir)}
    if database == "postgresql":
        values["KEXIE_DATABASE_URL"] = request.getfixturevalue("postgresql").database()
    if objects == "s3":
        values["KEXIE_OBJECTS_URL"] = request.getfixturevalue("s3").bucket()
    return Settings.from_env(values)


class Tamper:
    """Changes what nobody should: the stored objects, behind the archive's back."""

    def __init__(self, archive):
        self.store = archive.objects._store

    def read(self, digest):
        return bytes(obstore.get(self.store, object_name(digest)).bytes())

    def write(self, digest, content):
        obstore.put(self.store, object_name(digest), content, mode="overwrite")

    def delete(self, digest):
        obstore.delete(self.store, object_name(digest))


def faults(archive):
    return list(archive.verify())


def numbered(number, id=None, **more):
    """An entry without PDF, for which no process looks LibreOffice up."""
    files = {"payload": b"{}", "docx": f"PK number {number}".encode()}
    return entry(id or f"n{number:06}", files=files, **more)


# A process that adds entries is a copy of one that has imported all and opened nothing.
_DIALECTS = ("sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql.psycopg")
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, "alembic.config", *_DIALECTS])
numbered(0)  # reads the edition


@dataclass(frozen=True)
class Adding:
    """A process that adds entries."""

    process: multiprocessing.process.BaseProcess
    received: multiprocessing.connection.Connection

    def versions(self):
        """The version of each entry once it is there, until the process ends."""
        with contextlib.suppress(EOFError):
            while True:
                yield self.received.recv()


@contextmanager
def adding(settings, start, count, id=None):
    """A process that adds `count` entries from number `start` on, all under `id` if given."""
    receiver, sender = _PROCESSES.Pipe(duplex=False)
    environment = {**os.environ, **settings.as_env()}
    tools = current_tool_versions(settings)
    process = _PROCESSES.Process(target=_add, args=(environment, tools, start, count, id, sender))
    process.start()
    sender.close()
    try:
        yield Adding(process, receiver)
        process.join(300)
        assert not process.is_alive()
    finally:
        process.kill()
        process.join()
        receiver.close()


def _add(environment, tools, start, count, id, sender):
    os.environ.update(environment)
    settings = Settings.from_env()
    remember(settings, tools)
    with Archive.open(settings) as archive:
        for number in range(start, start + count):
            sender.send(archive.add(numbered(number, id)).version)


NOBODY = 65534


def _mounted(*words):
    return subprocess.run(["mount", *map(str, words)], capture_output=True, timeout=300).returncode == 0


@contextmanager
def small(size):
    """A folder that holds so many bytes, or None where no file system can be mounted."""
    with folder() as root:
        if not _mounted("-t", "tmpfs", "-o", f"size={size},mode=777", "tmpfs", root):
            yield None
            return
        try:
            yield root
        finally:
            subprocess.run(["umount", "-l", root], check=True, timeout=300)


def fill(archive):
    """Fills the file system of an archive in `small`; elsewhere its objects can no longer be written."""
    if not archive.parent.is_mount():
        (archive / "objects").rename(archive / "away")
        (archive / "objects").write_text("no folder")
        return
    with contextlib.suppress(OSError), (archive / "ballast").open("wb", 0) as ballast:
        while True:
            ballast.write(b"x" * 4096)


def empty(archive):
    """Undoes what `fill` did."""
    if not archive.parent.is_mount():
        (archive / "objects").unlink()
        (archive / "away").rename(archive / "objects")
        return
    (archive / "ballast").unlink()


@contextmanager
def read_only(place):
    """Nothing below `place` can be written meanwhile."""
    if _mounted("--bind", place, place):
        try:
            assert _mounted("-o", "remount,bind,ro", place)
            yield
        finally:
            subprocess.run(["umount", "-l", place], check=True, timeout=300)
        return
    inside = [place, *place.rglob("*")]
    for path in inside:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with _without_privileges():
            yield
    finally:
        for path in inside:
            path.chmod(0o755 if path.is_dir() else 0o644)


@contextmanager
def _without_privileges():
    """Root may write everywhere: it is nobody meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
