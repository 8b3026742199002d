"""Additions to a record: written by several threads at once, on both databases, none lost or doubled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.archive import Archive
from service.archive.additions import add_file
from service.archive.additions.addition import SEALED
from service.audit.event import Actor
from tests.helpers.archive import entry, faults, settings_of


@pytest.fixture(params=["sqlite-folder", "postgresql-s3"])
def archive(request, tmp_path):
    with Archive.open(settings_of(request.param, tmp_path / "archive", request)) as opened:
        yield opened


def test_additions_made_at_once_have_numbers_of_their_own(archive):
    record = archive.add(entry())

    def add(number):
        content = b"scan %d" % (number % 6)  # two threads send each file
        added = add_file.add(
            archive, record, SEALED, content, "image/png", {"scan": number % 6}, Actor("key:1", "-")
        )
        return content, added

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(add, range(12)))
    kept = add_file.additions(archive, record)
    assert [each.number for each in kept] == [1, 2, 3, 4, 5, 6]
    assert sum(new for _, (_, new) in made) == 6
    for content, (addition, _) in made:
        assert addition in kept
        assert add_file.read(archive, addition) == content
    assert faults(archive) == []
