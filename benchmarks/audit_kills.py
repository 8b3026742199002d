"""Kills processes that archive, read and log at once, again and again, and proves the audit log afterwards.

Three archives in turn: SQLite; PostgreSQL; PostgreSQL with Redis and two `kexie-forms worker`, as of two
machines. Half of the processes of the first two answer requests, the others mark the items of a batch. A
process that is killed in a request sends it again when it restarts. Afterwards the chain must prove, every
answered 201 must have its row, and nothing may be doubled. Exits 1 where that is not so.
Run: `.venv/bin/python -m benchmarks.audit_kills [KILLS]`, by default 300.
"""

# mypy: disable-error-code=no-untyped-call
from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.helpers.killed_processes import FORM, Findings, examined, killed
from service.batch.jobs import job_store
from service.batch.jobs.job_store import Options
from service.config import Settings
from tests.helpers.batch import Place, workers, write
from tests.helpers.processes import awaited
from tests.helpers.servers import PostgreSQL, Redis, serving

_LONGEST = 1.0  # seconds between two kills of workers
_PER_KILL = 100  # records: more than four workers do meanwhile


def killed_workers(place: Place, kills: int) -> Findings:
    """Kills the processes of two `kexie-forms worker` that share a batch; the commands start new ones."""
    source = write(place.root / "in.ndjson", kills * _PER_KILL, forms=(FORM,))
    batch = place.start("batch", source, "--formats", "docx")
    commands = [place.start("worker", "--workers", 2) for _ in "12"]
    for number in range(kills):
        _wait_for_work(place, commands)
        time.sleep(random.uniform(0, _LONGEST))
        if found := workers(commands[number % 2]):
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(found), signal.SIGKILL)
    place.start("worker", "--workers", 2)  # in case the others are gone
    batch.wait(600)
    with place.opened() as archive:
        job = job_store.open_job(archive, source.name, job_store.sha256(source), Options(("docx",)))
        return examined(archive, job, kills, [])


def _wait_for_work(place: Place, commands: list[subprocess.Popen[bytes]]) -> None:
    """Waits until more items are done; restarts a command that gave up workers which died too soon."""
    before = place.states().get("done", 0)

    def worked() -> bool:
        for number, command in enumerate(commands):
            if command.poll() is not None:
                commands[number] = place.start("worker", "--workers", 2)
        return bool(place.states().get("done", 0) > before)

    if not awaited(worked, 120):
        raise RuntimeError((place.root / "log").read_text())


@contextlib.contextmanager
def _postgresql() -> Iterator[Callable[[str], str]]:
    user = "postgres" if os.geteuid() == 0 else None
    with serving(lambda root: PostgreSQL(root, user), user) as server:
        yield server.database


def main() -> int:
    """Kills, prints what is there afterwards; the exit code: 1 if anything is wrong."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    shared, others = kills // 10, kills - kills // 10
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="audit-kills-") as held, _postgresql() as database:
        root = Path(held)
        values = {"KEXIE_ARCHIVE": str(root / "one"), "KEXIE_LEASE": "1", "KEXIE_LOG_LEVEL": "ERROR"}
        wrong += _printed("SQLite", killed(Settings.from_env(values), others // 2))
        values |= {"KEXIE_ARCHIVE": str(root / "two"), "KEXIE_DATABASE_URL": database("two")}
        wrong += _printed("PostgreSQL", killed(Settings.from_env(values), others - others // 2))
        with serving(Redis) as redis:
            values = {
                "KEXIE_DATABASE_URL": database("three"),
                "KEXIE_BROKER_URL": redis.url,
                "KEXIE_LEASE": "4",
            }
            place = Place(root / "three", **values)
            try:
                wrong += _printed("PostgreSQL, Redis, two workers", killed_workers(place, shared))
            finally:
                place.end()
    return int(wrong > 0)


def _printed(what: str, findings: Findings) -> int:
    print(f"{what}: {findings}", flush=True)
    return len(findings.wrong)


if __name__ == "__main__":
    sys.exit(main())
