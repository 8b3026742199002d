"""An index that several processes make at once."""

import os
import subprocess
import sys

from sqlalchemy import text

from service.archive import private_files, sqlite_database

# What the last process to close a database does before it discards its log.
_DISCARD = (
    "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('PRAGMA journal_mode = DELETE')"
)


def test_an_index_that_another_process_makes_meanwhile_can_be_written(tmp_path, monkeypatch):
    file, really = tmp_path / "index.sqlite", os.access

    def slow(path, *arguments, **options):
        answer = really(path, *arguments, **options)
        file.touch()  # by the other process
        return answer

    monkeypatch.setattr(os, "access", slow)
    engine = sqlite_database.engine(file)
    file.touch()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE record (id TEXT)"))
    engine.dispose()


def test_an_index_that_is_made_twice_keeps_the_locks_of_who_uses_it(tmp_path):
    file = tmp_path / "index.sqlite"
    private_files.make_file(file)
    engine = sqlite_database.engine(file)
    with engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA journal_mode = WAL")
        connection.execute(text("CREATE TABLE record (id TEXT)"))
        connection.commit()
        private_files.make_file(file)
        other = subprocess.run([sys.executable, "-c", _DISCARD, file], capture_output=True, timeout=300)
        assert b"database is locked" in other.stderr
    engine.dispose()
