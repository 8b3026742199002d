"""What small files made to exhaust a service cost it: memory, time, answer; how others are served meanwhile.

Each bomb is sent to a running service while two clients validate payloads. Prints a table; exits 1 when a bar
is missed. Run: `.venv/bin/python -m benchmarks.bombs`.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.helpers.report import Bar, judge, machine, p95
from benchmarks.load import Service, serving
from service.config import Settings
from tests.helpers.hostile.bombs import BOMBS, Bomb

MOST_SECONDS = 40  # KEXIE_READ_DEADLINE and what else it takes
MOST_MEMORY, MOST_P95 = 2048, 2.0  # MiB of all processes of the service together; seconds
_EVERY = 0.05  # seconds between two looks at the memory
_BOUNDARY = "bomb"
_TIMEOUT = 120


@contextmanager
def peak_memory(parent: int) -> Iterator[list[float]]:
    """The most MiB that a process and all below it have had at once, as the one element of a list."""
    found, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(_EVERY):
            found[0] = max(found[0], sum(map(_memory, _below(parent))))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def _below(parent: int) -> list[int]:
    """The process with all that belong to its session or descend from it, LibreOffice's included."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            fields = entry.read_text().rpartition(")")[2].split()
            parents[int(entry.parent.name)] = int(fields[1])
    found = [parent]
    for one in found:
        found += [child for child, above in parents.items() if above == one]
    return found


def _memory(number: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def send(service: Service, bomb: Bomb, content: bytes) -> str:
    """Sends the file to be read; the answer's status and code."""
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{bomb.name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
    headers = {"Authorization": f"Bearer {service.key}", "Accept-Language": "en"}
    kind = f"multipart/form-data; boundary={_BOUNDARY}"
    address = f"http://127.0.0.1:{service.port}/api/v1/extract"
    request = urllib.request.Request(address, body, {**headers, "Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            return f"{answer.status}, {len(answer.read()) // 1024} KiB"
    except urllib.error.HTTPError as error:
        return f"{error.code}"


def measure(service: Service, bomb: Bomb) -> tuple[float, float, float]:
    """Seconds, MiB at the peak, and the p95 of `validate` meanwhile. Prints a row."""
    content, results = bomb.make(), [""]
    took = []

    def explode() -> None:
        began = time.perf_counter()
        results[0] = send(service, bomb, content)
        took.append(time.perf_counter() - began)

    with peak_memory(service.process.pid) as peak:
        thread = threading.Thread(target=explode)
        thread.start()
        served = service.load(2, 3, {"validate": 100})
        thread.join()
    meanwhile = p95(served.took("validate"))
    cells = f"{len(content) // 1024:8}{took[0]:10.1f}{peak[0]:10.0f}{meanwhile * 1000:10.0f}"
    print(f"  {bomb.name:34}{cells}  {results[0]}", flush=True)
    return took[0], peak[0], meanwhile


def main() -> int:
    """Prints the figures of each bomb; 1 where a bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        print(machine(Settings.from_env().soffice, Path(folder)))
    print(f"  {'file':34}{'KiB':>8}{'s':>10}{'MiB':>10}{'p95 ms':>10}  answer")
    with serving(KEXIE_WORKERS="1") as service:
        found = [measure(service, bomb) for bomb in BOMBS]
    seconds, memory, meanwhile = (max(column) for column in zip(*found, strict=True))
    return judge([
        Bar("the slowest answer", seconds, most=MOST_SECONDS, unit=" s"),
        Bar("memory of all processes together", memory, most=MOST_MEMORY, unit=" MiB"),
        Bar("p95 of validate meanwhile", meanwhile, most=MOST_P95, unit=" s"),
    ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
