"""What a converter process is to the pool: start, stop, healthy, one document at a time; its failures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True)
class Setup:
    """What a worker starts with: LibreOffice's command, the folder for its own one, the fonts file, and the
    Python that has python3-uno."""

    soffice: str
    root: Path
    fonts: Path
    python: str


@dataclass(frozen=True)
class Converted:
    """A PDF as LibreOffice wrote it, an open file whose name is gone, and the seconds that each step took."""

    pdf: BinaryIO
    steps: dict[str, float]


class WorkerLost(Exception):
    """The process died, or lost what it needs; the document may be tried with another."""


class WorkerHung(WorkerLost):
    """The process did not answer in time."""


class Worker(Protocol):
    """What the pool needs of a converter process."""

    def start(self, seconds: float) -> None:
        """Makes it ready within `seconds`. Raises ConversionFault or one of its kinds."""

    def stop(self) -> None:
        """Ends it and removes all that it used; may be called at any time, more than once."""

    def healthy(self) -> bool:
        """Whether it can take a document."""

    def convert(self, docx: bytes, seconds: float) -> Converted:
        """The PDF of a .docx within `seconds`. Raises WorkerHung, WorkerLost, or ConversionFault."""

    def settle(self, seconds: float) -> bool:
        """Whether it is done with its last document within `seconds`."""

    def memory(self) -> int:
        """The bytes of memory it holds."""
