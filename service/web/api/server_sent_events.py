"""Server-sent events: a batch's progress, in streams of 20 seconds after which the client reconnects.

So a listener holds a thread of the server only for a while, and a proxy in between ends no long answer.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from service.batch.hosted.http_batch import HttpBatch

_STAY = 20.0  # seconds of one answer
_HEARTBEAT = 5.0  # seconds between signs of life
_LOOK = 0.5  # seconds between looks at the table,
_REST = 20  # or so many times as long as one takes
_SOON, _LATER = 1_000, 5_000  # milliseconds before a client comes back

Report = Callable[[HttpBatch], Any]  # a batch as JSON


def id_of(batch: HttpBatch) -> str:
    """The id of the event that reports a batch's progress: it changes whenever the progress does."""
    return f"{batch.counts.ended}-{batch.state}{'' if batch.ended is None else '-end'}"


def once(batch: HttpBatch, report: Report) -> Iterator[bytes]:
    """One event, for a client that must come back: as many as may listen do so already."""
    yield _retry(_LATER)
    yield _event(batch, report)


def stream(
    look: Callable[[], HttpBatch], report: Report, last: str, wait: Callable[[float], bool]
) -> Iterator[bytes]:
    """An event for each change since the one whose id is `last`; the last of all is `finished`.

    `wait` waits so many seconds, and is true once the service ends.
    """
    yield _retry(_SOON)
    until = time.monotonic() + _STAY
    spoke = time.monotonic()
    while True:
        began = time.monotonic()
        batch = look()
        rest = max(_LOOK, _REST * (time.monotonic() - began))
        if id_of(batch) != last:
            last = id_of(batch)
            yield _event(batch, report)
            spoke = time.monotonic()
        elif time.monotonic() > spoke + _HEARTBEAT:
            yield b": \n\n"
            spoke = time.monotonic()
        if batch.ended is not None or time.monotonic() > until or wait(rest):
            return


def _retry(milliseconds: int) -> bytes:
    return f"retry: {milliseconds}\n\n".encode()


def _event(batch: HttpBatch, report: Report) -> bytes:
    name = "progress" if batch.ended is None else "finished"
    data = json.dumps(report(batch), ensure_ascii=False)
    return f"event: {name}\nid: {id_of(batch)}\ndata: {data}\n\n".encode("utf-8", "backslashreplace")
