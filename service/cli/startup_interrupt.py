"""Ends the process without a traceback on Ctrl-C while modules are imported."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130  # exit code of shells for SIGINT


@contextmanager
def ends_quietly() -> Iterator[None]:
    """Exits at once on Ctrl-C: nothing is running yet that needs cleaning up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
