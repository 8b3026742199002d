"""Destruction on PostgreSQL and S3 leaves no row and no object of a record, and those of others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.archive import Archive
from service.audit import proof
from service.audit.event import process_actor
from service.retention import destruction_list, periods
from service.retention.destroy import destroy
from service.retention.periods import Period
from tests.helpers.archive import entry, faults, settings_of

OLD = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("where", ["postgresql-folder", "sqlite-s3"])
def test_a_record_is_destroyed_and_another_keeps_what_they_share(where, tmp_path, request):
    with Archive.open(settings_of(where, tmp_path / "archive", request)) as archive:
        gone, kept = (
            archive.add(entry("gone", created=OLD)),
            archive.add(entry("kept", created=OLD, mark="2")),
        )
        shared = archive.add(entry("shared", created=OLD, year=2020))
        with archive.writing() as connection:
            periods.set_period(connection, Period("annex2", 2021, 10), process_actor())
        listed = destruction_list.propose(archive, process_actor(), id="gone")
        done = destroy(archive, listed.id, 1, process_actor())
        assert [done.state, *(each["record"] for each in done.entries)] == ["destroyed", gone.key]
        assert {each.key for each in archive.records()} == {kept.key, shared.key}
        assert archive.read(shared, "pdf")
        assert faults(archive) == []
        with archive.reading() as connection:
            assert proof.prove(connection).fault is None
