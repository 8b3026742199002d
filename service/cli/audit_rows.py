"""What the audit log says of a command."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from service.archive import Archive
from service.audit import audit_chain, record_rows
from service.audit.event import BEGUN, OK, Event, process_actor
from service.cli.terminal import echo
from service.errors import ArchiveUnwritable, KexieError


@contextlib.contextmanager
def audited(archive: Archive, action: str, *, long: bool = False, **fields: Any) -> Iterator[dict[str, Any]]:
    """Logs what the user of this process does in the block, and how it ends; with `long`, its begin too.

    Yields the fields of the last row, to be completed.
    """
    if long:
        _append(archive, Event(process_actor(), action, **fields, result=BEGUN))
    last = {**fields, "result": OK}
    try:
        yield last
    except KexieError as error:
        _append(archive, Event(process_actor(), action, **{**last, "result": error.code}))
        raise
    except BrokenPipeError:  # who reads the output has seen enough
        _append(archive, Event(process_actor(), action, **last))
        raise
    _append(archive, Event(process_actor(), action, **last))


@contextlib.contextmanager
def refusal_audited(archive: Archive, action: str, **fields: Any) -> Iterator[None]:
    """Logs an act that fails in the block, of those that are logged with what they do."""
    try:
        yield
    except KexieError as error:
        _append(archive, Event(process_actor(), action, **fields, result=error.code))
        raise


def logged_of_each(archive: Archive, keys: Sequence[str], action: str, detail: str) -> None:
    """Logs an act of this user on many records, within `audited`, which says if it cannot be logged."""
    with contextlib.suppress(ArchiveUnwritable):
        record_rows.append(archive.writing, archive.each(keys), process_actor(), action, detail=detail)


def _append(archive: Archive, event: Event) -> None:
    """Appends a row; an archive that cannot be written, as on a DVD, can be read without."""
    try:
        with archive.writing() as connection:
            audit_chain.append(connection, [event])
    except ArchiveUnwritable:
        echo("档案只读，未记入审计日志 / the archive is read-only: not in the audit log", err=True)
