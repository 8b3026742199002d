"""What Ctrl-C and SIGTERM ask for: first to finish what runs, then to end at once."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

_LOOK = 0.1  # seconds


class StopRequest:
    """Whether a signal asked to stop, and which was the first; a second one does not wait for what runs."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.now = threading.Event()
        self.signal = 0

    def __call__(self, number: int, _: object = None) -> None:
        """A signal has come."""
        (self.now if self.asked.is_set() else self.asked).set()
        self.signal = self.signal or number

    def end(self, stop: Callable[[], None], kill: Callable[[], None]) -> None:
        """Calls `stop`, which takes its time; `kill` where a signal does not let it."""
        stopping = threading.Thread(target=stop, daemon=True)
        stopping.start()
        while stopping.is_alive():
            stopping.join(_LOOK)
            if self.now.is_set():
                kill()


@contextlib.contextmanager
def on_signals() -> Iterator[StopRequest]:
    """What Ctrl-C and SIGTERM ask for, in the block."""
    stop = StopRequest()
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
