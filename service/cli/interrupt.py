"""Ctrl-C while modules are imported: the process ends at once, without a traceback."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130  # as shells say of SIGINT


@contextmanager
def ends_quietly() -> Iterator[None]:
    """Nothing has begun yet, so nothing needs to be cleaned up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
