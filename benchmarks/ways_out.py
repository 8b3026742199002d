"""What documents from outside reach through LibreOffice, without the sandbox and with it.

Each document names addresses (http, ftp, smb) of a listener and files outside, in one way. A row says what
was contacted or opened; with strace(1), also what was found, and which programs were started. Exits 1
when anything was reached with the sandbox. Run: `.venv/bin/python -m benchmarks.ways_out`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.helpers.report import Bar, judge, machine
from service.config import Settings
from service.conversion import file_kind, kind, to_docx
from service.errors import KexieError
from tests.helpers.docx_builder import parts
from tests.helpers.hostile import ways_out
from tests.helpers.hostile.outside import SECRET, Outside

MODES = ("off", "required")
_CALLS = "connect,sendto,open,openat,stat,lstat,newfstatat,access,faccessat,faccessat2,readlink,execve"
_BEGIN = re.compile(r'"/begin/([0-9]+)"')
_ADDRESS = re.compile(
    r'(?:connect|sendto)\(.*sa_family=AF_INET6?, .*?(?:port=htons\((\d+)\)).*?"([0-9a-f.:]+)"'
)
_PROGRAM = re.compile(r'execve\("([^"]+)".*= 0$')
_FAILED = re.compile(r"= -1 E(?!INPROGRESS)")  # of what the sandbox does not have
_NO_RESOLVER = (
    "127.0.0.1:53"  # asked where resolv.conf is missing; within the sandbox its own, where nobody listens
)
_OURS = (
    "true",
    "python",
    "soffice",
    "oosplash",
    "bwrap",
    "setpriv",
    "prlimit",
)  # programs that the service starts
_ANSWER_TIMEOUT = 1800  # seconds


def convert_all(folder: Path, mode: str) -> list[dict[str, object]]:
    """Converts the documents in `folder` in turn: seconds, and whether the secret is in the result."""
    settings = Settings.from_env({"KEXIE_TEMP_DIR": str(folder / "temporary"), "KEXIE_SANDBOX": mode})
    found = []
    for number, path in enumerate(sorted(folder.glob("*.document"))):
        Path(f"/begin/{number}").exists()  # a mark for strace
        content, began, secret, answer = path.read_bytes(), time.perf_counter(), False, "read"
        try:
            of = kind(content)
            of = file_kind.STRICT if of == file_kind.DOCX else of  # LibreOffice reads no other .docx
            secret = SECRET.encode() in b"".join(parts(to_docx(content, of, settings)).values())
        except KexieError as error:
            answer = error.code
        found.append({"seconds": time.perf_counter() - began, "secret": secret, "answer": answer})
    return found


def traced(folder: Path, mode: str) -> tuple[list[dict[str, object]], list[set[str]]]:
    """The results of `convert_all` in a process of its own, and what strace saw during each document."""
    (folder / "temporary").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.ways_out", str(folder), mode]
    log = folder / "strace"
    if strace := shutil.which("strace"):
        options = ["-f", "--seccomp-bpf", "-qq", "-s", "300", "-e", f"trace={_CALLS}", "-o", str(log)]
        command = [strace, *options, *command]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=_ANSWER_TIMEOUT)
    results = json.loads(done.stdout)
    return results, _seen(log, folder / "outside", len(results))


def _seen(log: Path, outside: Path, count: int) -> list[set[str]]:
    seen: list[set[str]] = [set() for _ in range(count)]
    if not log.exists():
        return seen
    current: set[str] = set()
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if begun := _BEGIN.search(line):
                current = seen[int(begun[1])]
            elif _FAILED.search(line):
                continue
            elif named := re.search(rf'{re.escape(str(outside))}[^"]*', line):
                current.add(f"found {Path(named[0]).name}")
            elif address := _ADDRESS.search(line):
                current |= {f"{address[2]}:{address[1]}"} - {_NO_RESOLVER}
            elif (program := _PROGRAM.search(line)) and not Path(program[1]).name.startswith(_OURS):
                current.add(f"started {Path(program[1]).name}")
    return seen


def measure(folder: Path) -> dict[str, list[set[str]]]:
    """By mode, what each document reached. Prints the table."""
    reached: dict[str, list[set[str]]] = {}
    with Outside(folder / "outside", len(ways_out.WAYS)) as outside:
        trials = list(ways_out.each(outside, *ways_out.KINDS))
        for number, trial in enumerate(trials):
            (folder / f"{number:04}.document").write_bytes(trial.content)
        outside.seen()
        for mode in MODES:
            results, by_strace = traced(folder, mode)
            by_listener: dict[int, set[str]] = {}
            for number, what in outside.seen():
                by_listener.setdefault(number, set()).add(what)
            reached[mode] = [
                found | by_listener.get(trial.number, set()) | ({"TAKEN IN"} if result["secret"] else set())
                for trial, found, result in zip(trials, by_strace, results, strict=True)
            ]
            slowest = max(float(str(result["seconds"])) for result in results)
            print(f"  sandbox {mode}: {len(results)} documents, the slowest {slowest:.1f} s", flush=True)
    _print(trials, reached)
    return reached


def _print(trials: Sequence[ways_out.Trial], reached: dict[str, list[set[str]]]) -> None:
    print(f"\n  {'kind':6}{'way':44}{'without the sandbox':64}with it")
    for number, trial in enumerate(trials):
        off, on = (", ".join(sorted(reached[mode][number])) or "-" for mode in MODES)
        print(f"  {trial.kind:6}{trial.way:44}{off:64}{on}")


def main() -> int:
    """Prints what each document reached; 1 where one reached anything with the sandbox."""
    if len(sys.argv) == 3:
        print(json.dumps(convert_all(Path(sys.argv[1]), sys.argv[2])))
        return 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        print(machine(Settings.from_env().soffice, folder))
        reached = measure(folder)
    off, on = (sum(map(bool, reached[mode])) for mode in MODES)
    return judge([
        Bar("documents that reached something without the sandbox", off, least=1, unit=""),
        Bar("documents that reached something with it", on, most=0, unit=""),
    ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
