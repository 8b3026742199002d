"""A batch on hosts of which one is cut off while it holds locks: the others get them and do the rest."""

from __future__ import annotations

import contextlib
import time

import pytest
from sqlalchemy import select

from service.archive import Archive
from service.audit import audit_chain, audit_search, chain_proof
from service.audit.audit_search import Wanted
from service.audit.event import Event, process_actor
from service.batch.jobs import item_queue
from service.batch.jobs.job_tables import jobs
from service.config import Settings
from service.errors import ArchiveUnavailable
from tests.helpers.batch import TIMEOUT, write
from tests.helpers.network.hosts import missing, three_hosts
from tests.helpers.processes import awaited

COUNT = 16
LEASE = 4  # seconds


@pytest.fixture
def hosts(tmp_path):
    if reason := missing():
        pytest.skip(reason)
    with three_hosts(tmp_path, s3=False, KEXIE_LEASE=str(LEASE)) as made:
        yield made


@contextlib.contextmanager
def host_at_work(place, claimed):
    """A host that holds one item by its claim, and the lock of the audit log by an open transaction."""
    names = "KEXIE_DATABASE_URL", "KEXIE_TEMP_DIR"
    settings = Settings.from_env({name: place.settings[name] for name in names})
    with place.host.inside(), Archive.open(settings) as archive:
        with archive.writing() as connection:
            job = connection.scalar(select(jobs.c.id))
            claimed += item_queue.claim(connection, "one/1.1/2.1", 1, time.time(), LEASE, job)
        with archive.writing() as connection:
            audit_chain.append(connection, [Event(process_actor(), "batch")])
            yield


def test_a_host_that_is_cut_off_holds_nothing_up(hosts, tmp_path):
    source = write(tmp_path / "in.ndjson", COUNT, forms=("annex3",))
    batch = hosts.two.start("batch", source, "--formats", "docx")
    assert awaited(lambda: hosts.two.states().get("queued") == COUNT)
    claimed = []
    with pytest.raises(ArchiveUnavailable), host_at_work(hosts.one, claimed):
        hosts.one.host.cut()
        hosts.two.work()
        assert batch.wait(TIMEOUT) == 0
    assert [claim.attempt for claim in claimed] == [1]
    assert hosts.two.attempts() == [2, *[1] * (COUNT - 1)]
    assert {version for *_, version in hosts.two.records()} == {1}
    with hosts.two.opened() as archive, archive.reading() as connection:
        proved = chain_proof.prove(connection)
        archived = [row["record"] for row in audit_search.rows(connection, Wanted(action="archive"))]
        assert archive.count() == COUNT
    assert proved.fault is None
    assert len(set(archived)) == len(archived) == COUNT
