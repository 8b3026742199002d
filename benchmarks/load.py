"""A service under load: many clients at once, every response checked.

Prints a table; exits 1 when a bar is missed. Run: `.venv/bin/python -m benchmarks.load`.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.helpers.clients import KINDS
from benchmarks.helpers.report import Bar, Row, in_turn, judge, machine, markdown, of_least, p95, plain
from service.config import Settings

MIX = {"validate": 60, "docx": 25, "pdf": 15}  # in 100
MOST_TIMES_ALONE = 10
_ALONE = 10  # seconds
_TURNS = 4
_TIMEOUT = 120  # seconds
_LEAVING = 10  # seconds
_PROGRAM = Path(sys.executable).with_name("kexie-forms")


@dataclass(frozen=True)
class Load:
    """What clients were answered: kind, status, start and duration in seconds of each; what was wrong."""

    answers: Sequence[tuple[str, int, float, float]]
    faults: Sequence[str]
    cpu: float  # seconds of the clients' processor time
    seconds: float

    def took(self, kind: str) -> list[float]:
        """The seconds of each good answer of that kind."""
        return [seconds for found, status, _, seconds in self.answers if (found, status) == (kind, 200)]

    def statuses(self) -> dict[int, int]:
        """How often each status came."""
        return dict(sorted(collections.Counter(status for _, status, *_ in self.answers).items()))


@dataclass(frozen=True)
class Service:
    """A running service, a key for it, and the folder of all that it writes."""

    process: subprocess.Popen[bytes]
    port: int
    key: str
    folder: Path

    def load(self, clients: int, seconds: float, mix: Mapping[str, float]) -> Load:
        """What that many clients, in a process of their own, get in that time."""
        orders = {"port": self.port, "key": self.key, "clients": clients, "seconds": seconds, "mix": mix}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.helpers.clients"],
            input=json.dumps(orders).encode(),
            stdout=subprocess.PIPE,
            check=True,
            timeout=seconds + 2 * _TIMEOUT,
        )
        return Load(**json.loads(done.stdout))

    def stop(self) -> list[str]:
        """Ends it by SIGTERM; what is then left of it after some seconds: exit code, processes, files."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(_TIMEOUT)
        until = time.monotonic() + _LEAVING
        while (found := self._left()) and time.monotonic() < until:
            time.sleep(0.1)
        return [f"exit code {code}"] * bool(code) + found

    def _left(self) -> list[str]:
        mark, found = os.fsencode(self.folder), []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it has just ended
                command = (entry / "cmdline").read_bytes()
                if mark in command + (entry / "environ").read_bytes():
                    found.append(f"process {entry.name}: {command[:80]!r}")
        return found + [f"file {path.name}" for path in (self.folder / "temporary").iterdir()]


@contextlib.contextmanager
def serving(**settings: str) -> Iterator[Service]:
    """`kexie-forms serve` with an archive and a key of its own, ready to convert; killed if it still runs.

    Raises RuntimeError where it does not start.
    """
    with tempfile.TemporaryDirectory(dir=Settings.from_env().temp_dir) as made:
        folder = Path(made)
        (folder / "temporary").mkdir()
        own = {"KEXIE_TEMP_DIR": str(folder / "temporary"), "KEXIE_ARCHIVE": str(folder / "archive")}
        environment = {**os.environ, **own, "KEXIE_PREWARM": "1", **settings}
        key, port = _key(environment), _free_port()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [_PROGRAM, "serve", "--port", str(port)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            _await_ready(process, port)
            yield Service(process, port, key, folder)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _key(environment: Mapping[str, str]) -> str:
    command = [str(_PROGRAM), "keys", "add", "--tenant", "load", "--scope", "generate"]
    made = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=_TIMEOUT)
    return made.stdout.decode().strip()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await_ready(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _TIMEOUT
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz"):
            return
        time.sleep(0.1)
    raise RuntimeError("The service did not start.")


@dataclass(frozen=True)
class Result:
    """Validation asked by one client alone, then the mix by all, turn by turn; what was left of it all."""

    alone_each: Sequence[Load]
    mixed_each: Sequence[Load]
    left: Sequence[str]

    @property
    def alone(self) -> Load:
        """All turns of the client alone."""
        return _joined(self.alone_each)

    @property
    def mixed(self) -> Load:
        """All turns of the mix."""
        return _joined(self.mixed_each)

    def faults(self) -> list[str]:
        """What was wrong, at any pace of the machine."""
        missing = [f"no {kind} was answered" for kind in KINDS if not self.mixed.took(kind)]
        return [*self.alone.faults, *self.mixed.faults, *missing, *self.left]

    def slowdown(self) -> float:
        """The least p95 of validation in the mix, in times of the least alone."""
        mixed, alone = (
            [p95(load.took("validate")) for load in loads] for loads in (self.mixed_each, self.alone_each)
        )
        return of_least(mixed, alone)


def _joined(loads: Sequence[Load]) -> Load:
    return Load(
        [answer for load in loads for answer in load.answers],
        [fault for load in loads for fault in load.faults],
        sum(load.cpu for load in loads),
        sum(load.seconds for load in loads),
    )


def measure(seconds: float, clients: int, alone: float = _ALONE, turns: int = 1, **settings: str) -> Result:
    """The load on a service with these settings, else the default ones and LibreOffice started with it.

    `seconds` and `alone` are shared among the turns.
    """
    with serving(**settings) as service:
        warming = service.load(2 * len(KINDS), 1, dict.fromkeys(KINDS, 1))
        single, mixed = in_turn(
            turns,
            lambda: service.load(1, alone / turns, {"validate": 1}),
            lambda: service.load(clients, seconds / turns, MIX),
        )
        return Result(single, mixed, [*warming.faults, *service.stop()])


def _milliseconds(seconds: Sequence[float]) -> list[str]:
    """Cells: the median, the 95th and the 99th percentile."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return [f"{cuts[part - 1] * 1000:.1f}" for part in (50, 95, 99)]


def _rows(result: Result, clients: int) -> list[Row]:
    heading = Row("请求", "requests", ["answered", "a second", "p50 ms", "p95 ms", "p99 ms"])
    loads = [("validate", "一个客户只校验", "1 client, validate alone", result.alone)]
    loads += [
        (kind, f"{clients} 个客户：{kind}", f"{clients} clients: {kind}", result.mixed) for kind in KINDS
    ]
    cells = [
        [f"{len(took)}", f"{len(took) / load.seconds:.1f}", *_milliseconds(took)]
        for kind, _, _, load in loads
        if len(took := load.took(kind)) > 1
    ]
    return [heading, *(Row(zh, en, row) for (_, zh, en, _), row in zip(loads, cells, strict=True))]


def main() -> int:
    """Measure, print, and return the exit code: 0 when every bar was met."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--clients", type=int, default=50)
    asked.add_argument("--markdown", action="store_true")
    given = asked.parse_args()
    settings = Settings.from_env()
    mix = ", ".join(f"{share} % {kind}" for kind, share in MIX.items())
    print(f"{given.seconds:g} s, {mix}; {machine(settings.soffice, settings.temp_dir)}", flush=True)
    result = measure(given.seconds, given.clients, turns=_TURNS)
    for fault in result.faults():
        print(f"  MISSED: {fault}")
    mixed = result.mixed
    print((markdown if given.markdown else plain)(_rows(result, given.clients)))
    print(f"  statuses {mixed.statuses()}; clients' processor time {mixed.cpu / mixed.seconds:.2f} of a core")
    bar = Bar("p95 of validate in the mix, in times of that alone", result.slowdown(), most=MOST_TIMES_ALONE)
    return judge([bar]) or int(bool(result.faults()))


if __name__ == "__main__":
    sys.exit(main())
