"""Archives: entries, databases and object stores, full and read-only storage, processes that add records."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import obstore

from service import catalog
from service.archive import Archive, Entry
from service.archive.object_store import object_name
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


@contextmanager
def adding(settings, start, count, id=None):
    """A process that adds `count` entries from number `start` on, all under `id` if given; its Popen."""
    command = [sys.executable, __file__, str(start), str(count), id or ""]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        process.stdin.write(json.dumps(settings.as_env()))
        process.stdin.close()
        yield process
        assert process.wait(60) is not None
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def numbered(number, id=None):
    """An entry without PDF, for which no process looks LibreOffice up."""
    files = {"payload": b"{}", "docx": f"PK number {number}".encode()}
    return entry(id or f"n{number:06}", files=files)


NOBODY = 65534


def _mounted(*words):
    return subprocess.run(["mount", *map(str, words)], capture_output=True, timeout=20).returncode == 0


@contextlib.contextmanager
def small(size):
    """A folder that holds so many bytes, or None where no file system can be mounted."""
    with folder() as root:
        if not _mounted("-t", "tmpfs", "-o", f"size={size},mode=777", "tmpfs", root):
            yield None
            return
        try:
            yield root
        finally:
            subprocess.run(["umount", "-l", root], check=True, timeout=20)


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


@contextlib.contextmanager
def read_only(place):
    """Nothing below `place` can be written meanwhile."""
    if _mounted("--bind", place, place):
        try:
            assert _mounted("-o", "remount,bind,ro", place)
            yield
        finally:
            subprocess.run(["umount", "-l", place], check=True, timeout=20)
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


@contextlib.contextmanager
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


def main():
    """Adds entries, and prints the version of each."""
    start, count, id = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] or None
    with Archive.open(Settings.from_env(json.load(sys.stdin))) as archive:
        for number in range(start, start + count):
            print(archive.add(numbered(number, id)).version, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
