"""The tables of batches: jobs and their items, in the archive's database."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from service.archive.record_tables import METADATA

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up only an INTEGER

# The states of jobs and items.
LOADING, RUNNING, FINISHED, CANCELLED = "loading", "running", "finished", "cancelled"
QUEUED, DONE, FAILED = "queued", "done", "failed"

#: The `formats` of jobs that import or regenerate, which only this machine can process.
IMPORT, REGENERATE = "import", "regenerate"
HERE = (IMPORT, REGENERATE)

#: Times are seconds since 1970 (UTC). `key` names a job; the same input and options have the same key.
#: `columns` is JSON: letter and heading of each field's column, by sheet; null unless the input is a sheet.
#: Batches over HTTP have `public` (the unguessable name in URLs), `input` (its format), and the `form` and
#: `year` given with it. `ended` is null while items are open. The items of a cancelled job are cancelled too,
#: unless they were done or failed before.
jobs = Table(
    "jobs",
    METADATA,
    Column("id", _NUMBER, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("sha256", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("formats", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created", Float(53), nullable=False),
    Column("total", Integer),
    Column("columns", Text),
    Column("public", String(32)),
    Column("input", String(8)),
    Column("form", Text),
    Column("year", Integer),
    Column("ended", Float(53)),
    Index(None, "public", unique=True),
)

#: The uploaded sheets of batches over HTTP, in pieces, from which the workbook of failed rows is made.
sheets = Table(
    "sheets",
    METADATA,
    Column("job", _NUMBER, ForeignKey("jobs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("piece", LargeBinary, nullable=False),
)

#: `due` is when the item may be claimed: at once, after a back-off, or when its lease expires; it is null
#: once the item is done or failed. `faults` counts transient errors and crashes, `attempts` counts claims,
#: `sent` is when its id was last sent to the broker. `errors` holds the report of a done item. `payload` is
#: null once it is archived, and for items that the reader refused.
items = Table(
    "items",
    METADATA,
    Column("id", _NUMBER, primary_key=True),
    Column("job", _NUMBER, ForeignKey("jobs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("form", Text),
    Column("year", Integer),
    Column("submitter", Text),
    Column("payload", LargeBinary),
    Column("state", String(16), nullable=False),
    Column("due", Float(53)),
    Column("sent", Float(53)),
    Column("worker", Text),
    Column("heartbeat", Float(53)),
    Column("attempts", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    Column("first_claimed", Float(53)),
    Column("errors", Text),
    Column("record", String(64)),
    UniqueConstraint("job", "position"),
    Index(None, "job", "due"),
    Index(None, "job", "state"),
    Index(None, "sent"),
    Index(None, "job", "submitter", "form", "year"),
)

#: The webhooks of batches. `address` is the URL of the batch as its caller saw it. `message` is the id of the
#: message, the same for each try; `body` is null until the batch has ended; `due` is when the message is to
#: be sent; `said` is the result of the last try.
webhooks = Table(
    "webhooks",
    METADATA,
    Column("id", _NUMBER, primary_key=True),
    Column("job", _NUMBER, ForeignKey("jobs.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("message", String(40), nullable=False),
    Column("body", Text),
    Column("due", Float(53), index=True),
    Column("tries", Integer, nullable=False),
    Column("said", Text),
    UniqueConstraint("job", "url"),
)
