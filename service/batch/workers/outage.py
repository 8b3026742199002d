"""An archive that cannot be written: told seldom, and borne for a while only."""

from __future__ import annotations

import json
import sys
import time

from service.errors import ArchiveFault, ArchiveUnavailable, Bilingual, KexieError

_EACH = 30.0  # seconds between lines for people
_OFTEN = 1.0  # seconds between a worker's lines for its parent


class Outage:
    """What keeps a worker from writing, since when, and how long it bears that."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._since: float | None = None
        self._told = -_OFTEN

    def __bool__(self) -> bool:
        return self._since is not None

    def met(self, error: KexieError) -> None:
        """It could not write, and the parent is told why. Raises the error once that has lasted too long."""
        now = time.monotonic()
        if self._since is None:
            self._since = now
        if now - self._told >= _OFTEN:
            self._told = now
            print(json.dumps([error.text.zh, error.text.en]), flush=True)
        if now - self._since > self._patience:
            raise error

    def over(self) -> None:
        """It could write again."""
        self._since = None


class OutageReports:
    """What worker processes tell their parent of it: for people, one line each half a minute."""

    def __init__(self) -> None:
        self._last: Bilingual | None = None
        self._said = -_EACH

    def hear(self, line: bytes) -> None:
        """Takes a worker's line; another line than `Trouble` writes is none of it."""
        try:
            self._last = Bilingual(*json.loads(line))
        except (ValueError, TypeError):
            return
        if time.monotonic() - self._said >= _EACH:
            self._said = time.monotonic()
            print(
                f"暂停：{self._last.zh}已完成的不会丢失，可写后自动继续。\n"
                f"Waiting: {self._last.en} What is done is kept; this goes on by itself once it can write.",
                file=sys.stderr,
                flush=True,
            )

    def end(self) -> ArchiveFault:
        """The error with which a batch ends after a worker has given up."""
        said = self._last or Bilingual("", "")
        return ArchiveUnavailable(
            f"{said.zh}等待过久，已停止。已完成的都已归档，其余留待下次：处理后再执行同一命令。",
            f"{said.en} It lasted too long, so this stopped. What is done is archived; "
            "once that is mended, the same command does the rest.",
        )
