"""Checkpoints of the audit log: number and hash of its last row, kept in a file outside the archive."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from service.atomic_file import atomic_write
from service.database.column_types import iso
from service.errors import UsageError


@dataclass(frozen=True)
class Checkpoint:
    """The number and hash of the last row at a time (UTC, ISO 8601)."""

    seq: int
    hash: str
    time: str

    @classmethod
    def now(cls, seq: int, hash: str) -> "Checkpoint":
        """One of this moment."""
        return cls(seq, hash, iso(datetime.now(UTC)))


def read(file: Path) -> list[Checkpoint]:
    """The checkpoints in a file, a line each; none if it is not there yet. Raises UsageError, OSError."""
    if not file.exists():
        return []
    try:
        return [Checkpoint(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"“{file}”不是检查点文件，请检查文件名。",
            f"'{file}' is no file of checkpoints: check its name.",
        ) from error


def add(file: Path, new: Checkpoint) -> None:
    """Adds a checkpoint to a file, unless its last one is of the same row. Raises as `read`."""
    known = read(file)
    if known and known[-1].seq == new.seq:
        return
    with atomic_write(file) as written:
        for each in (*known, new):
            written.write(f"{json.dumps(asdict(each))}\n".encode())
