"""Files damaged at random are read or refused, without unexpected errors; `benchmarks.fuzzing` reads more."""

from __future__ import annotations

import pytest

from benchmarks import fuzzing


@pytest.mark.parametrize(
    ("kind", "count"), [("docx", 30), ("xlsx", 60), ("csv", 60), ("ndjson", 40), ("json", 60)]
)
def test_damaged_files_are_read_or_refused(kind, count, capsys):
    figures = fuzzing.run(kind, count, seed=2021)
    assert figures["failed"] == 0, capsys.readouterr().err
    assert figures["read"] + figures["refused"] == count
    assert figures["read"] > 0
