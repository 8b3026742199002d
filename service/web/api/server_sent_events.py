"""Server-sent events: a batch's progress, in streams of 20 seconds after which the client reconnects.

The limit frees the server thread and keeps proxies from cutting long responses.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from service.batch.hosted.http_batch import HttpBatch

_STREAM_SECONDS = 20.0  # duration of one response
_HEARTBEAT = 5.0  # seconds
_POLL = 0.5  # minimum seconds between queries
_POLL_BACKOFF = 20  # minimum pause as a multiple of a query's duration
_RETRY_MS, _RETRY_BUSY_MS = 1_000, 5_000  # delay before the client reconnects

Report = Callable[[HttpBatch], Any]  # a batch as JSON


def id_of(batch: HttpBatch) -> str:
    """The event id of a batch's progress; it changes with the progress."""
    return f"{batch.counts.ended}-{batch.state}{'' if batch.ended is None else '-end'}"


def once(batch: HttpBatch, report: Report) -> Iterator[bytes]:
    """One event, for a client beyond the limit of listeners, which polls instead."""
    yield _retry(_RETRY_BUSY_MS)
    yield _event(batch, report)


def stream(
    look: Callable[[], HttpBatch], report: Report, last: str, wait: Callable[[float], bool]
) -> Iterator[bytes]:
    """Yields an event for each change since the event `last`, finally `finished`.

    `wait(seconds)` returns True once the service is stopping.
    """
    yield _retry(_RETRY_MS)
    until = time.monotonic() + _STREAM_SECONDS
    spoke = time.monotonic()
    while True:
        began = time.monotonic()
        batch = look()
        rest = max(_POLL, _POLL_BACKOFF * (time.monotonic() - began))
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
