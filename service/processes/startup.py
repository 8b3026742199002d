"""Start of a process: imports without garbage collection, and Ctrl-C meanwhile.

The collector takes a quarter of the time of large imports and most of that of the exit, and frees nothing.
As a program, `python -m service.processes.startup MODULE` runs the `main` of a module so imported.
"""

import gc
import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130  # exit code of shells for SIGINT


def command(module: str) -> tuple[str, ...]:
    """The command that runs the `main` of a module of ours in a new process."""
    return (sys.executable, "-P", "-m", __name__, module)


@contextmanager
def importing() -> Iterator[None]:
    """For imports alone. Exits at once on Ctrl-C: nothing is running yet that needs cleaning up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()
        signal.signal(signal.SIGINT, before)


if __name__ == "__main__":
    with importing():
        program = importlib.import_module(sys.argv.pop(1))
    program.main()
