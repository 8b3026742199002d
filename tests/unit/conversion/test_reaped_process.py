"""A command under the reaper: nothing that it started outlives it, its deadline, or us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.conversion.libreoffice.reaped_process import ReapedProcess, run
from tests.helpers.processes import awaited, below, gone, kill, running, stat

ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
# A process of ours, one that is its child, one in a session of its own, one whose parent has ended.
FAMILY = """
sleep_marked() { exec -a "$MARK" sleep 600; }
(sleep_marked) &
setsid bash -c 'exec -a "$MARK" sleep 600' &
(setsid bash -c '(exec -a "$MARK" sleep 600) & exec true' &)
"""


@pytest.fixture
def mark():
    """A word that only this test's processes carry; also some ten minutes for `sleep`."""
    found = f"600.{uuid.uuid4().int}"
    yield found
    left = running(found)
    kill(*(number for _, number in left))
    assert left == []


def family(mark, then):
    """A shell that starts three processes, and does `then`."""
    return ["/bin/bash", "-c", f"{FAMILY}\n{then}", mark], ENVIRONMENT | {"MARK": mark}


def started(mark):
    """Whether the shell and its three processes are there."""
    return awaited(lambda: sum(name == mark for name, _ in running(mark)) == 3)


@pytest.mark.parametrize("code", [0, 1, 77])
def test_a_command_s_exit_code_is_answered(code):
    assert run(["/bin/sh", "-c", f"exit {code}"], ENVIRONMENT, 10) == code


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_command_killed_by_a_signal_answers_as_a_shell_does(number):
    assert run(["/bin/sh", "-c", f"kill -{number} $$"], ENVIRONMENT, 10) == 128 + number


def test_a_command_steps_back_behind_those_who_answer(tmp_path):
    assert run(["/bin/sh", "-c", f"nice > {tmp_path}/seen"], ENVIRONMENT, 10) == 0
    assert int((tmp_path / "seen").read_text()) == os.nice(0) + 5
    grouped = "f=/proc/self/autogroup; while [ -e $f ] && ! grep -q 'nice 5' $f; do sleep 0.02; done"
    assert run(["/bin/sh", "-c", grouped], ENVIRONMENT, 10) == 0


def test_a_command_gets_the_environment_and_nothing_else(tmp_path):
    assert run(["/bin/sh", "-c", f"env > {tmp_path}/seen"], {"ONLY": "this"}, 10) == 0
    names = {line.partition("=")[0] for line in (tmp_path / "seen").read_text().splitlines()}
    assert names <= {"ONLY", "PWD", "LC_CTYPE", "_"}


def test_past_the_deadline_nothing_is_left(mark, tmp_path):
    command, environment = family(mark, f"touch {tmp_path}/started; wait")
    for deadline in (0.5, 2, 8, 32):
        with pytest.raises(TimeoutError):
            run(command, environment, deadline)
        assert running(mark) == []
        if (tmp_path / "started").exists():
            break
    assert (tmp_path / "started").exists()


def test_after_the_command_nothing_is_left(mark, tmp_path):
    os.mkfifo(tmp_path / "go")
    command, environment = family(mark, f"read line < {tmp_path}/go; exit 3")
    with ThreadPoolExecutor(1) as threads:
        code = threads.submit(run, command, environment, 60)
        assert started(mark)
        (tmp_path / "go").write_text("on\n")
        assert code.result() == 3
    assert running(mark) == []


def test_a_command_that_ignores_signals_ends_too(mark):
    command, environment = family(mark, "trap '' TERM INT HUP; wait")
    process = ReapedProcess(command, environment)
    assert started(mark)
    process.end()
    assert running(mark) == []


def test_the_end_may_come_twice(mark):
    process = ReapedProcess(*family(mark, "wait"))
    assert not process.ends(0)
    assert process.end() == process.end()
    assert process.ends(0)
    assert running(mark) == []


def test_a_guard_that_was_killed_leaves_nothing(mark):
    """The kernel signals its command; the rest of the process group ends with it."""
    command = ["/bin/bash", "-c", f"exec -a {mark} sleep 600 & wait", mark]
    process = ReapedProcess(command, ENVIRONMENT)
    assert awaited(lambda: mark in [name for name, _ in running(mark)])
    (reaper,) = [number for name, number in running(mark) if name == "python"]
    kill(reaper)
    process.end()
    assert gone(mark)


def test_a_guard_that_does_not_answer_is_ended(mark):
    command = ["/bin/bash", "-c", f"exec -a {mark} sleep 600 & wait", mark]
    process = ReapedProcess(command, ENVIRONMENT)
    assert awaited(lambda: mark in [name for name, _ in running(mark)])
    (reaper,) = [number for name, number in running(mark) if name == "python"]
    kill(reaper, how=signal.SIGSTOP)
    process.end()
    assert gone(mark)


PARENT = """
import os, sys
from service.conversion.libreoffice.reaped_process import ReapedProcess
process = ReapedProcess(sys.argv[1:], dict(os.environ))
process.ends(600)
"""


def test_everything_ends_with_a_killed_parent(mark):
    command, environment = family(mark, "wait")
    parent = subprocess.Popen([sys.executable, "-c", PARENT, *command], env=os.environ | environment)
    assert started(mark)
    there = [number for _, number in running(mark)]
    parent.kill()
    parent.wait()
    assert gone(mark)
    assert awaited(lambda: not any(map(stat, there)))


def test_a_command_ends_where_parent_and_guard_are_killed_at_once(mark):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, "/bin/sleep", mark])
    assert awaited(lambda: "sleep" in [name for name, _ in running(mark)])
    (reaper,) = [number for name, number in running(mark) if name == "python" and number != parent.pid]
    kill(reaper, parent.pid, how=signal.SIGSTOP)
    kill(reaper, parent.pid)
    parent.wait()
    assert gone(mark)


def test_orphans_that_end_are_reaped_while_the_command_runs(mark, tmp_path):
    """As LibreOffice leaves its gpg to the reaper."""
    script = f"for _ in 1 2 3 4 5; do (true &) ; done; touch {tmp_path}/done; sleep 600; exit"
    process = ReapedProcess(["/bin/bash", "-c", script, mark], ENVIRONMENT)
    try:
        assert awaited((tmp_path / "done").exists)
        (reaper,) = [number for name, number in running(mark) if name == "python"]
        left = awaited(lambda: len(below(reaper)) == 3) or {each: stat(each) for each in below(reaper)}
    finally:
        process.end()
    assert left is True  # the reaper, the shell, and its sleep
