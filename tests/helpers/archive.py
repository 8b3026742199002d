"""Entries for the tests of the archive, the places where it may lie, and processes that add to it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import obstore

from service import catalog
from service.archive import Archive, Entry
from service.archive.object_store import key
from service.config import Settings

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
        return bytes(obstore.get(self.store, key(digest)).bytes())

    def write(self, digest, content):
        obstore.put(self.store, key(digest), content, mode="overwrite")

    def delete(self, digest):
        obstore.delete(self.store, key(digest))


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


def main():
    """Adds entries, and prints the version of each."""
    start, count, id = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] or None
    with Archive.open(Settings.from_env(json.load(sys.stdin))) as archive:
        for number in range(start, start + count):
            print(archive.add(numbered(number, id)).version, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
