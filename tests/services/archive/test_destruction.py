"""Destruction on PostgreSQL and S3 leaves no row and no object of a record, and those of others."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, text

from service.archive import Archive, index
from service.audit import chain_proof
from service.audit.event import process_actor
from service.record_history import destroyed_pdf, destroyed_search
from service.retention import destruction_list, log_differences, periods
from service.retention.destroy import destroy
from service.retention.periods import Period
from tests.helpers.archive import FILES, entry, numbered, settings_of
from tests.helpers.processes import awaited

OLD = datetime(2001, 1, 1, tzinfo=UTC)
ONLY_GONE = {"docx": b"PK of the destroyed record alone"}


@pytest.mark.parametrize("where", ["postgresql-folder", "sqlite-s3"])
def test_a_record_is_destroyed_and_another_keeps_what_they_share(where, tmp_path, request):
    with Archive.open(settings_of(where, tmp_path / "archive", request)) as archive:
        gone, kept = (
            archive.add(entry("gone", created=OLD, files={**FILES, **ONLY_GONE})),
            archive.add(entry("kept", created=OLD, mark="2")),
        )
        shared = archive.add(entry("shared", created=OLD, year=2020))
        with archive.writing() as connection:
            periods.set_period(connection, Period("annex2", 2021, 10), process_actor(), "纪要")
        listed = destruction_list.propose(archive, process_actor(), id="gone")
        with archive.reading() as connection:
            assert [each.id for each in destruction_list.lists(connection, "")] == [listed.id]
            assert destruction_list.lists(connection, "望川县") == []
        equal = archive.store(entry("equal", created=OLD, files=ONLY_GONE))
        done = destroy(archive, listed.id, 1, process_actor(), second_person=False)
        assert [done.state, *(each["record"] for each in done.entries)] == ["destroyed", gone.key]
        assert {each.key for each in archive.records()} == {kept.key, shared.key}
        for search in (
            {"id": "gone"},
            {"name": "GON"},
            {"text": gone.manifest[:16]},
            {"holding": gone.key},
            {"form": "annex2", "year": 2021},
        ):
            assert [each.key for each in destroyed_search.matching(archive, **search)] == [gone.key]
            assert destroyed_search.unnamed(archive, **search) == 0
        assert destroyed_search.unnamed(archive, year=2021, tenant="", name="云泽") == 1
        assert destroyed_search.unnamed(archive, year=2020, tenant="", name="云泽") == 0
        with archive.reading() as connection:
            found, digest = destroyed_pdf.begun_with(connection, FILES["pdf"] + b" stamped")
        assert (found.key, digest) == (gone.key, gone.files["pdf"].sha256)
        assert archive.read(shared, "pdf")
        with archive.writing() as connection:
            again = archive.record(equal, connection)
        assert archive.read(again, "docx") == ONLY_GONE["docx"]
        assert list(archive.verify(further=log_differences.faults)) == []
        with archive.writing() as connection:
            assert chain_proof.prove(connection).fault is None
            connection.execute(text("UPDATE retention_periods SET years = 1"))
        assert [each.code for each in archive.verify(further=log_differences.faults)] == ["period_differs"]


@pytest.fixture
def on_server(tmp_path, request):
    with Archive.open(settings_of("postgresql-folder", tmp_path / "archive", request)) as archive:
        yield archive


def test_a_period_that_is_set_while_a_list_is_proposed_refuses_nothing(on_server):
    on_server.add(numbered(0, created=OLD))
    with on_server.writing() as connection:
        periods.set_period(connection, Period("annex2", 2021, 10), process_actor(), "纪要")
    later = iter([Period("annex2", 2021, 12)])

    @event.listens_for(on_server.engine, "after_cursor_execute")
    def set_another(_, __, statement, parameters, *___):  # the log is read, the table of periods is not
        if "FROM audit" in statement and "retention_set" in str(parameters):
            for period in later:
                with on_server.writing() as connection:
                    periods.set_period(connection, period, process_actor(), "纪要")

    assert len(destruction_list.propose(on_server, process_actor()).entries) == 1
    assert next(later, None) is None
    with on_server.reading() as connection:
        assert [each.years for each in periods.periods(connection)] == [12]


def test_a_list_of_any_length_takes_one_lock(on_server):
    for number in range(3):
        on_server.add(numbered(number, created=OLD))
    with on_server.writing() as connection:
        periods.set_period(connection, Period("annex2", 2021, 10), process_actor(), "纪要")
    listed = destruction_list.propose(on_server, process_actor())
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    counts = []

    @event.listens_for(on_server.engine, "after_cursor_execute")
    def count(connection, _, statement, *__):
        if statement.startswith("INSERT INTO audit"):  # the last one of the transaction
            counts.append(connection.connection.cursor().execute(locks).fetchone()[0])

    destroy(on_server, listed.id, 3, process_actor(), second_person=False)
    assert counts == [2]  # of all ids, and of the audit log


def test_nothing_is_archived_while_what_is_gone_is_erased(on_server):
    adding = threading.Thread(target=on_server.add, args=[numbered(1)])
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with on_server.writing() as connection:
        index.lock_all(connection)
        adding.start()
        assert awaited(lambda: connection.execute(waiting).scalar_one() == 1)
        assert on_server.count() == 0
    adding.join()
    assert on_server.count() == 1
