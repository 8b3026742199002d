"""Verification of an archive whose index has lost the rows of records."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from service.archive import Archive
from service.archive.additions import add_file
from service.archive.additions.addition import SEALED
from service.audit.event import process_actor
from service.config import Settings
from tests.helpers.archive import faults, numbered


def test_the_files_of_a_record_without_its_row_are_reported(tmp_path):
    with Archive.open(Settings.from_env(), tmp_path / "archive") as archive:
        lost, kept = (archive.add(numbered(number)) for number in (1, 2))
        add_file.add(archive, lost, SEALED, b"\x89PNG", "image/png", {}, process_actor())
        with closing(sqlite3.connect(tmp_path / "archive" / "index.sqlite")) as database, database:
            database.execute("DELETE FROM records WHERE key = ?", [lost.key])  # foreign keys are off
        codes = [fault.code for fault in faults(archive)]
        # The .docx, the manifest, the sealed copy and its statement; the payload is another record's too.
        assert codes == [*["young_object_without_row"] * 4, "record_missing"]
        assert archive.verify_record(kept) == []
