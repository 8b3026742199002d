"""Outages: reports an unwritable archive at most every 30 s, and gives up after the grace period."""

import json
import sys
import time
from collections.abc import Callable

from service.errors import ArchiveFault, ArchiveUnavailable, Bilingual, KexieError

_EACH = 30.0  # seconds between lines for people
_OFTEN = 1.0  # seconds between a process's reports


def _inform_parent(text: Bilingual) -> None:
    print(json.dumps([text.zh, text.en]), flush=True)


class Outage:
    """A process's record of an outage: true while it lasts; raises its error after `timeout` seconds."""

    def __init__(self, timeout: float, report: Callable[[Bilingual], None] = _inform_parent) -> None:
        """`report` gets the error's text once a second; by default the parent does, on standard output."""
        self._timeout = timeout
        self._report = report
        self._since: float | None = None
        self._reported = -_OFTEN

    def __bool__(self) -> bool:
        return self._since is not None

    def occurred(self, error: KexieError) -> None:
        """Reports a failure. Raises the error after the timeout."""
        now = time.monotonic()
        if self._since is None:
            self._since = now
        if now - self._reported >= _OFTEN:
            self._reported = now
            self._report(error.text)
        if now - self._since > self._timeout:
            raise error

    def end(self) -> None:
        """Ends the outage: a write has succeeded."""
        self._since = None


class OutageReports:
    """The outages that worker processes report to their parent, shown to people every half minute."""

    def __init__(self) -> None:
        self._last = Bilingual("", "")
        self._shown = -_EACH

    def receive(self, line: bytes) -> None:
        """Shows a report that `Outage` wrote; ignores any other line."""
        try:
            text = Bilingual(*json.loads(line))
        except (ValueError, TypeError):
            return
        self.show(text)

    def show(self, text: Bilingual) -> None:
        """Shows a report, unless one was shown in the last half minute."""
        self._last = text
        if time.monotonic() - self._shown >= _EACH:
            self._shown = time.monotonic()
            print(
                f"暂停：{self._last.zh}已完成的不会丢失，可写后自动继续。\n"
                f"Waiting: {self._last.en} Finished items are kept; the batch continues once it can write.",
                file=sys.stderr,
                flush=True,
            )

    def final_error(self) -> ArchiveFault:
        """The error with which a batch ends after a worker has given up."""
        return ArchiveUnavailable(
            f"{self._last.zh}等待过久，已停止。已完成的都已归档，其余留待下次：处理后再执行同一命令。",
            f"{self._last.en} The outage lasted too long, so the batch stopped. Finished items are archived; "
            "fix the cause, then run the same command to do the rest.",
        )
