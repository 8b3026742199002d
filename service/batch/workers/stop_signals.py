"""Shutdown by Ctrl-C and SIGTERM: the first signal lets running items finish, the second ends at once."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

_LOOK = 0.1  # seconds


class StopRequest:
    """Signal handler that records the first signal and whether a second one came."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.now = threading.Event()
        self.signal = 0

    def __call__(self, number: int, _: object = None) -> None:
        """Handles a signal."""
        (self.now if self.asked.is_set() else self.asked).set()
        self.signal = self.signal or number

    def end(self, stop: Callable[[], None], kill: Callable[[], None]) -> None:
        """Calls `stop`, which may take long, and `kill` when a second signal arrives."""
        stopping = threading.Thread(target=stop, daemon=True)
        stopping.start()
        while stopping.is_alive():
            stopping.join(_LOOK)
            if self.now.is_set():
                kill()


@contextlib.contextmanager
def on_signals() -> Iterator[StopRequest]:
    """Installs the handler for Ctrl-C and SIGTERM within the block."""
    stop = StopRequest()
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
