"""Erasure of records: their rows in every table, then the objects that nobody names any more."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import OperationalError

from service.archive import Archive, index
from service.archive.additions import addition_table
from service.archive.additions.addition_table import ADDITIONS
from service.archive.additions.signing_queue import SIGNINGS
from service.archive.database import database_errors
from service.archive.record_tables import FILES, RECORDS
from service.archive.search.search_table import SEARCH, TEXT_INDEX
from service.batch.jobs.job_tables import CANCELLED, DONE, FAILED, items, jobs, sheets, webhooks
from service.drafts.draft_table import DRAFTS
from service.retention.retention_tables import DOOMED
from service.web.http.idempotency_store import ANSWERS

_AT_ONCE = 500
_OPTIMIZE = f"INSERT INTO {TEXT_INDEX}({TEXT_INDEX}) VALUES ('optimize')"  # noqa: S608 - a constant
_SUBMISSION = ("tenant", "form", "year", "id")
_BOUND = tuple(f"of_{name}" for name in _SUBMISSION)
_ENDED = (DONE, FAILED, CANCELLED)
_EMPTY: dict[Any, None] = {
    items.c[name]: None for name in ("payload", "errors", "warnings", "remarks", "document")
}
#: The ended items of a submission's id; of documents that were refused, form and year may not be known.
_OF_SUBMISSION = and_(
    or_(items.c.form == bindparam("of_form"), items.c.form.is_(None)),
    or_(items.c.year == bindparam("of_year"), items.c.year.is_(None)),
    items.c.submitter == bindparam("of_id"),
    items.c.job.in_(select(jobs.c.id).where(jobs.c.tenant == bindparam("of_tenant"))),
    or_(*(items.c.state == state for state in _ENDED)),  # executemany takes no `in_`
)
_EMPTY_ITEMS = update(items).where(_OF_SUBMISSION).values(_EMPTY)
_DELETE_SHEETS = delete(sheets).where(sheets.c.job.in_(select(items.c.job).where(_OF_SUBMISSION)))


def erase(connection: Connection, entries: Sequence[dict[str, Any]]) -> None:
    """Deletes the rows of listed records, and what batches and stored answers hold of their submissions."""
    for start in range(0, len(entries), _AT_ONCE):
        piece = entries[start : start + _AT_ONCE]
        keys = [entry["record"] for entry in piece]
        _doom(connection, piece)
        _empty_items(connection, piece)
        for column in (FILES.c.record, ADDITIONS.c.record, SIGNINGS.c.record, SEARCH.c.record):
            connection.execute(delete(column.table).where(column.in_(keys)))
        connection.execute(delete(RECORDS).where(RECORDS.c.key.in_(keys)))
        answered = ANSWERS.c.tenant.in_({entry["tenant"] for entry in piece}) & ANSWERS.c.status.is_not(None)
        connection.execute(delete(ANSWERS).where(answered))


def _empty_items(connection: Connection, entries: Sequence[dict[str, Any]]) -> None:
    """Empties the items of submissions and deletes the sheets that these were in, refused ones too.

    The items of regenerated records are named by their keys.
    """
    keys = [entry["record"] for entry in entries]
    connection.execute(update(items).where(items.c.submitter.in_(keys)).values(_EMPTY))
    submissions = {tuple(entry[name] for name in _SUBMISSION) for entry in entries}
    values = [dict(zip(_BOUND, each, strict=True)) for each in submissions]
    connection.execute(_DELETE_SHEETS, values)
    connection.execute(_EMPTY_ITEMS, values)


def erase_tenant(connection: Connection, tenant: str) -> None:
    """Deletes what a tenant has beside its records: batches, drafts, stored answers."""
    of = select(jobs.c.id).where(jobs.c.tenant == tenant)
    for table in (sheets, webhooks, items):
        connection.execute(delete(table).where(table.c.job.in_(of)))
    connection.execute(delete(jobs).where(jobs.c.tenant == tenant))
    connection.execute(delete(DRAFTS).where(DRAFTS.c.tenant == tenant))
    connection.execute(delete(ANSWERS).where(ANSWERS.c.tenant == tenant))


def _doom(connection: Connection, entries: Sequence[dict[str, Any]]) -> None:
    """Notes the objects of records, which are deleted once the rows are gone."""
    digests = {entry["manifest"] for entry in entries}
    digests |= {digest for entry in entries for digest, _ in entry["files"].values()}
    known = set(connection.scalars(select(DOOMED.c.sha256).where(DOOMED.c.sha256.in_(digests))))
    if digests - known:
        connection.execute(insert(DOOMED), [{"sha256": digest} for digest in sorted(digests - known)])


def delete_objects(archive: Archive) -> int:
    """Deletes noted objects, also those of an interrupted run, unless a record names them; returns how many.

    Each is looked up and deleted in one transaction, so that no record is added between.
    """
    deleted = 0
    while True:
        with archive.writing() as connection:
            index.lock_all(connection)
            digests = connection.scalars(select(DOOMED.c.sha256).limit(_AT_ONCE)).all()
            for digest in digests:
                if not addition_table.is_named(connection, digest):
                    archive.objects.delete(digest)
                    deleted += 1
            connection.execute(delete(DOOMED).where(DOOMED.c.sha256.in_(digests)))
        if len(digests) < _AT_ONCE:
            return deleted


def leave_no_trace(archive: Archive) -> None:
    """Rewrites an SQLite file without what was deleted; a PostgreSQL server's own vacuum does that.

    Raises ArchiveUnavailable, as where the disk has no room for it or a reader keeps the file's log.
    """
    if archive.engine.dialect.name != "sqlite":
        return
    with database_errors(archive.engine.url), archive.engine.connect() as connection:
        cursor = connection.connection.cursor()
        for statement in (_OPTIMIZE, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            try:
                row = cursor.execute(statement).fetchone()
            except sqlite3.OperationalError as error:
                raise OperationalError(statement, None, error) from error
        cursor.close()
        if row[0]:  # of the checkpoint: others read what was before
            raise OperationalError(statement, None, sqlite3.OperationalError("database is locked"))
