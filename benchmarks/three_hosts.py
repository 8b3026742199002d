"""Batches on three hosts, of which one is cut off, slowed or killed: how soon all goes on, and what is lost.

The hosts are network namespaces (`tests/helpers/network/hosts.py`): `tables` has PostgreSQL, Redis and S3
objects; `one` and `two` have a `kexie-forms worker` each. The fault begins when a quarter of the records is
done, and ends after a minute. Afterwards each record must be there once, its files whole, and the audit log
must prove. Exits 1 where that is not so.
Run as root: `.venv/bin/python -m benchmarks.three_hosts [RECORDS [FORMATS [FAULT...]]]`, by default
1000 docx,pdf and all faults.
"""

# mypy: disable-error-code=no-untyped-call
from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.helpers.killed_processes import examined
from service.batch.jobs import job_store
from service.batch.jobs.job_store import Options
from service.batch.jobs.job_tables import DONE, items
from tests.helpers.batch import kill, write
from tests.helpers.network.hosts import ThreeHosts, three_hosts
from tests.helpers.processes import awaited

_AWAY = 60.0  # seconds of a fault
_LINE = "200kbit", "500ms"  # of a slow host; what would wait longer in its queue is dropped
_LONGEST = 1800.0  # seconds of a batch
_LOOK = 0.1  # seconds

Step = Callable[[ThreeHosts], object]  # `fast` returns how many packets were dropped


def _nothing(hosts: ThreeHosts) -> None:
    return


def _power_off(hosts: ThreeHosts) -> None:
    hosts.one.host.cut()
    kill(hosts.one.worker)


def _power_on(hosts: ThreeHosts) -> None:
    hosts.one.host.connect()
    hosts.one.work()


#: What begins and ends each fault.
FAULTS: dict[str, tuple[Step, Step]] = {
    "none": (_nothing, _nothing),
    "one-cut-off": (lambda hosts: hosts.one.host.cut(), lambda hosts: hosts.one.host.connect()),
    "one-slow": (lambda hosts: hosts.one.host.slow(*_LINE), lambda hosts: hosts.one.host.fast()),
    "one-killed": (lambda hosts: kill(hosts.one.worker), lambda hosts: hosts.one.work()),
    "one-without-power": (_power_off, _power_on),
    "tables-cut-off": (lambda hosts: hosts.tables.cut(), lambda hosts: hosts.tables.connect()),
}


@dataclass(frozen=True)
class Look:
    """A batch at one time: seconds since its fault began, items done, items of host one that are not."""

    seconds: float
    done: int
    held: int
    resumed: bool  # whether host one has claimed an item since the fault ended


@dataclass
class Seen:
    """What was seen of a batch from its fault on; its text is the figures."""

    looks: list[Look] = field(default_factory=list)
    end: float = 0.0  # of the fault, in seconds since it began
    dropped: object = None  # packets, by a slow line

    def first(self, so: Callable[[Look], bool]) -> float | None:
        """The seconds of the first look that is so."""
        return next((look.seconds for look in self.looks if so(look)), None)

    def pause(self) -> float:
        """The longest time in which no record was done, in seconds."""
        times = [0.0, *(new.seconds for old, new in pairwise(self.looks) if new.done > old.done)]
        return max((later - sooner for sooner, later in pairwise(times)), default=0.0)

    def __str__(self) -> str:
        done = self.first(lambda look: look.done == self.looks[-1].done)
        resumed = self.first(lambda look: look.resumed)
        return (
            f"all done after {done} s, none done for {self.pause():.1f} s at most; "
            f"{self.looks[0].held} items of host one done after {self.first(lambda look: look.held == 0)} s; "
            f"fault ended after {self.end:.1f} s, host one at work again after {resumed} s"
            + (f"; {self.dropped} packets dropped" if isinstance(self.dropped, int) else "")
        )


def run(name: str, count: int, formats: str) -> list[str]:
    """Runs a batch with a fault, prints its figures, and returns what is wrong afterwards."""
    with tempfile.TemporaryDirectory(prefix="three-hosts-") as root, three_hosts(Path(root)) as hosts:
        source = write(Path(root) / "in.ndjson", count)
        hosts.one.work()
        hosts.two.work()
        began = time.monotonic()
        batch = hosts.two.start("batch", source, "--formats", formats)
        if not awaited(lambda: hosts.two.states().get(DONE, 0) >= count // 4, _LONGEST):
            raise TimeoutError((hosts.two.root / "log").read_text())
        quarter = time.monotonic() - began
        print(f"{name}: a quarter after {quarter:.0f} s, then {_watched(hosts, name, count)}", flush=True)
        ends = batch.wait(60), hosts.one.worker.poll(), hosts.two.worker.poll()
        twice = sum(number > 1 for number in hosts.two.attempts())
        print(f"  {twice} items claimed twice; batch and workers ended with {ends}", flush=True)
        wrong = _wrong(hosts, source, formats)
        print(f"  {'; '.join(wrong) or f'{count} records, each once; the audit log proves'}", flush=True)
        return wrong


def _watched(hosts: ThreeHosts, name: str, count: int) -> Seen:
    """Begins and ends the fault, and looks at the batch until all is done."""
    begin, end = FAULTS[name]
    seen, held, ended = Seen(), hosts.one.claimed(), 0.0
    began = time.monotonic()
    begin(hosts)
    while (seconds := time.monotonic() - began) < _LONGEST:
        if not ended and seconds > _AWAY:
            seen.dropped = end(hosts)
            seen.end, ended = round(seconds, 1), time.time()
        done = int(hosts.two.states().get(DONE, 0))
        resumed = bool(ended) and bool(hosts.one.claimed(ended))
        seen.looks.append(Look(round(seconds, 1), done, _open(hosts, held), resumed))
        if done == count and ended:
            break
        time.sleep(_LOOK)
    return seen


def _open(hosts: ThreeHosts, wanted: set[int]) -> int:
    """How many of these items are not done."""
    with hosts.two.looking().reading() as connection:
        found = select(func.count()).where(items.c.id.in_(wanted), items.c.state != DONE)
        return connection.scalar(found) or 0


def _wrong(hosts: ThreeHosts, source: Path, formats: str) -> list[str]:
    """What is wrong with the archive after a batch."""
    count = len(source.read_text().splitlines())
    with hosts.two.opened() as archive:
        options = Options(tuple(formats.split(",")))
        job = job_store.open_job(archive, source.name, job_store.sha256(source), options)
        found = examined(archive, job, 0, [])
    code, verified = hosts.two.run("verify", seconds=_LONGEST)
    wrong = [*found.wrong]
    if found.records != count:
        wrong.append(f"{found.records} records of {count}")
    if code:
        wrong.append(f"verify: {verified}")
    return wrong


def main() -> int:
    """Runs the batches; the exit code: 1 if anything is wrong."""
    count, formats, *faults = [*sys.argv[1:], *["1000", "docx,pdf"][len(sys.argv) - 1 :]]
    wrong = [each for name in faults or FAULTS for each in run(name, int(count), formats)]
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
