"""An index that several processes make at once."""

import os

from sqlalchemy import text

from service.archive import sqlite_database


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
