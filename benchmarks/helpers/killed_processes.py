"""Processes that archive, read and log at once, killed again and again; and what is in their archive then."""

# mypy: disable-error-code=no-untyped-call
from __future__ import annotations

import hashlib
import itertools
import multiprocessing
import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from sqlalchemy import func, select

from service import catalog, create_app, pipeline
from service.archive import Archive, Entry
from service.archive.manifest import ToolVersions
from service.archive.tool_versions import current_tool_versions, remember
from service.audit import audit_search, chain_proof
from service.audit.audit_search import Wanted
from service.batch.inputs import read_input
from service.batch.jobs import job_store
from service.batch.jobs.item_outcome import Done, Outcome
from service.batch.jobs.item_queue import ItemClaim
from service.batch.jobs.job_store import Job, Options
from service.batch.jobs.job_tables import DONE, items
from service.batch.workers.worker_loop import WorkerLoop
from service.config import Settings
from service.pipeline import Product
from service.processes.process_identity import name
from service.submission import Submission
from service.web.api import archive_document
from tests.helpers.batch import write

FORM, YEAR = "annex3", 2021
PER_KILL = 20  # items of the batch
_LONGEST = 0.3  # seconds between two kills
_DIALECTS = ("sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql.psycopg")
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, "alembic.config", *_DIALECTS])


@dataclass(frozen=True)
class Findings:
    """What is in an archive whose processes were killed: counts, and what should not be."""

    kills: int
    answered: int
    records: int
    rows: int
    wrong: list[str]

    def __str__(self) -> str:
        counts = f"{self.kills} kills, {self.answered} answered 201, {self.records} records, {self.rows} rows"
        return f"{counts}: {'; '.join(self.wrong) or 'the chain proves, all is there once'}"


def killed(settings: Settings, kills: int, processes: int = 4) -> Findings:
    """Kills processes that work on the archive of the settings, and examines it."""
    with Archive.open(settings) as archive:
        job = _job(archive, kills * PER_KILL)
        _until_killed(settings, job, kills, processes)
        return examined(archive, job, kills, answers(settings))


def _job(archive: Archive, count: int) -> Job:
    """A batch of so many items, loaded."""
    with tempfile.TemporaryDirectory() as held:
        source = write(Path(held) / "in.ndjson", count, forms=(FORM,))
        job = job_store.open_job(archive, "in.ndjson", job_store.sha256(source), Options(("docx",)))
        job_store.load(archive, job, read_input.read(source))
    return job


def _until_killed(settings: Settings, job: Job, kills: int, processes: int) -> None:
    tools, values = current_tool_versions(settings), os.environ | settings.as_env()

    def started(slot: int) -> tuple[BaseProcess, Event]:
        work, begun = _requests if slot % 2 else _items, _PROCESSES.Event()
        process = _PROCESSES.Process(target=work, args=(values, tools, slot, job.id, begun))
        process.start()
        return process, begun

    running = [started(slot) for slot in range(processes)]
    try:
        for number in range(kills):
            slot = number % processes
            process, begun = running[slot]
            if not begun.wait(60):
                raise TimeoutError
            time.sleep(random.uniform(0, _LONGEST))
            _kill(process)
            running[slot] = started(slot)
    finally:
        for process, _ in running:
            _kill(process)


def _kill(process: BaseProcess) -> None:
    process.kill()
    process.join()


def _settings(environment: dict[str, str], tools: ToolVersions) -> Settings:
    os.environ.update(environment)
    settings = Settings.from_env()
    remember(settings, tools)
    catalog.editions()  # loaded once, before there are threads
    return settings


def _requests(environment: dict[str, str], tools: ToolVersions, slot: int, _: int, begun: Event) -> None:
    """Archives and reads over HTTP until it is killed; writes down each 201 that it was answered."""
    settings = _settings(environment, tools)
    archive_document.proved = _without_pdf
    client = create_app(settings).test_client()
    payload = catalog.edition(FORM, YEAR).sample("minimal")
    place = settings.archive / f"answers-{slot}"
    answered = place.read_text().split() if place.exists() else []
    with place.open("a", buffering=1) as answers:
        for count in itertools.count(len(answered)):
            path = f"/api/v1/forms/{FORM}/{YEAR}/records?id=k{slot}-{count}"
            made = client.post(path, json={**payload, "case_name": f"{slot} {count}"})
            assert made.json
            key = made.json["key"]
            answers.write(f"{key if made.status_code == 201 else '-'}\n")
            begun.set()
            client.get(f"/api/v1/records/{key}")
            client.get(f"/api/v1/records/{key}/docx")


def _without_pdf(submission: Submission) -> Product:
    made = pipeline.produce(submission, ("docx",)).documents["docx"]
    return Product({"docx": made, "pdf": b"%PDF " + hashlib.sha256(made).digest()}, ())


def _items(environment: dict[str, str], tools: ToolVersions, _: int, job: int, begun: Event) -> None:
    """Marks items of the batch until it is killed, or none is left."""
    settings = _settings(environment, tools)
    with Archive.open(settings) as archive:
        begun.set()
        WorkerLoop(archive, settings, name(), job, 4, _stored).run()


def _stored(claim: ItemClaim, archive: Archive, settings: Settings) -> Outcome:
    edition = catalog.edition(claim.form, claim.year).summary()
    files = {"payload": claim.payload, "docx": b"PK " + claim.payload}
    entry = Entry(claim.form, claim.year, claim.submitter, edition, files, datetime.now(UTC), claim.tenant)
    return Done(archive.store(entry))


def answers(settings: Settings) -> list[str]:
    """The keys of the records that the requests were answered 201."""
    found = (place.read_text().splitlines() for place in settings.archive.glob("answers-*"))
    return [key for key in itertools.chain.from_iterable(found) if key != "-"]


def examined(archive: Archive, job: Job, kills: int, answered: list[str]) -> Findings:
    """Compares the records, the answers, the marked items and the audit log of an archive."""
    with archive.reading() as connection:
        proved = chain_proof.prove(connection)
        rows = list(audit_search.rows(connection, Wanted(action="archive")))
        done = connection.scalar(
            select(func.count()).select_from(items).where(items.c.job == job.id, items.c.state == DONE)
        )
    named = Counter(row["record"] for row in rows if row["result"] == "ok")
    there = {record.key: record for record in archive.records(all_versions=True)}
    manifests = {row["record"]: row["manifest"] for row in rows}
    of_batch = {row["record"] for row in rows if row["batch"] == job.key}
    wrong = {
        f"the chain is broken: {proved.fault}": proved.fault is not None,
        "a record was archived twice": max(named.values(), default=0) > 1,
        "a submission has two versions": any(record.version > 1 for record in there.values()),
        "a record has no row": bool(there.keys() - named.keys()),
        "a row has no record": bool(named.keys() - there.keys()),
        "a row names another manifest": any(manifests[key] != there[key].manifest for key in there),
        "an answered 201 has no row": bool(set(answered) - named.keys()),
        "a 201 was answered twice": len(answered) != len(set(answered)),
        f"{done} items are done, {len(of_batch)} rows are theirs": done != len(of_batch),
    }
    return Findings(kills, len(answered), len(there), proved.rows, [what for what, so in wrong.items() if so])
