"""The job of a regeneration by fingerprint: its seed is drawn once, and doubt converts all records."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update

from service.archive import Archive
from service.batch.jobs import job_store
from service.batch.jobs.job_tables import DONE, QUEUED, items
from service.config import Settings
from service.regeneration import inference, regeneration_job
from service.regeneration.regeneration_job import RegenerationRequest
from service.regeneration.sample import Sample
from tests.helpers.archive import numbered

RECORDS = 10


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive")})) as opened:
        for number in range(RECORDS):
            opened.add(numbered(number))
        yield opened


def begun(archive, seed, *, seeded=False):
    """The job of a request with that seed, and the request as it is worked on."""
    wanted = RegenerationRequest(sample=Sample("20%", seed))
    job = regeneration_job.open_regeneration(archive, wanted, seeded=seeded)
    return job, wanted.begun(job)


def ways(archive, wanted):
    return {
        item.data["record"]["key"]: item.data["way"] for item in regeneration_job.records(archive, wanted)
    }


def test_an_interrupted_run_goes_on_with_the_seed_that_it_began_with(archive):
    job, wanted = begun(archive, "first")
    again, resumed = begun(archive, "other")
    assert (again.id, resumed.sample.seed) == (job.id, "first")
    found = ways(archive, wanted)
    assert ways(archive, resumed) == found
    sampled = {key for key, way in found.items() if way == inference.SAMPLED}
    assert sampled == wanted.sample.drawn(list(found))
    assert (len(found), len(sampled)) == (RECORDS, 2)


def test_a_seed_that_is_asked_for_is_a_job_of_its_own(archive):
    jobs = [begun(archive, seed, seeded=True)[0].id for seed in ("a", "b", "a")]
    assert jobs[0] == jobs[2] != jobs[1]


def test_the_full_way_converts_every_record(archive):
    assert set(ways(archive, RegenerationRequest()).values()) == {inference.FULL}


@pytest.mark.parametrize("state, queued", [("identical", 0), ("changed", RECORDS - 2)])
def test_only_if_a_sampled_record_differs_all_inferred_ones_are_queued_to_be_converted(
    archive, state, queued
):
    job, wanted = begun(archive, "seed")
    job_store.load(archive, job, regeneration_job.records(archive, wanted))
    with archive.writing() as connection:
        for row in connection.execute(select(items)).all():
            order = json.loads(row.payload)
            sampled = order["way"] == inference.SAMPLED
            report = {**order["record"], "state": state if sampled else "identical"}
            report |= {"pdf": "converted" if sampled else "inferred", "reason": "sample" if sampled else None}
            done = update(items).where(items.c.id == row.id)
            connection.execute(done.values(state=DONE, due=None, payload=None, errors=json.dumps(report)))
    assert regeneration_job.doubt(archive, job, wanted) == bool(queued)
    with archive.reading() as connection:
        again = connection.scalars(select(items.c.payload).where(items.c.state == QUEUED)).all()
    assert [json.loads(payload)["way"] for payload in again] == [inference.DOUBTED] * queued
