"""Interface between the pool and a converter process, and its failures."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from service.conversion.libreoffice.sandbox import Sandbox


@dataclass(frozen=True)
class Setup:
    """A worker's configuration: LibreOffice, parent folder, fonts file, Python with python3-uno, box."""

    soffice: str
    root: Path
    fonts: Path
    python: str
    sandbox: Sandbox


@dataclass(frozen=True)
class Converted:
    """A PDF as LibreOffice wrote it, as an open unlinked file, and the seconds of each step."""

    pdf: BinaryIO
    steps: dict[str, float]


class WorkerLost(Exception):
    """The process died or lost its folder; the document may be retried with another."""


class WorkerHung(WorkerLost):
    """The process did not answer in time."""


class Worker(Protocol):
    """A converter process for one document at a time."""

    def start(self, seconds: float) -> None:
        """Starts the process within `seconds`. Raises ConversionFault or a subclass."""

    def stop(self) -> None:
        """Ends the process and removes its files; may be called at any time, repeatedly."""

    def healthy(self) -> bool:
        """Whether the process can take a document."""

    def convert(self, docx: bytes, seconds: float) -> Converted:
        """Converts a .docx within `seconds`. Raises WorkerHung, WorkerLost, or ConversionFault."""

    def settle(self, seconds: float) -> bool:
        """Whether the process has closed its last document within `seconds`."""

    def memory(self) -> int:
        """The resident memory in bytes."""
