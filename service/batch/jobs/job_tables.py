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

# A job's states, and an item's.
LOADING, RUNNING, FINISHED, CANCELLED = "loading", "running", "finished", "cancelled"
QUEUED, DONE, FAILED = "queued", "done", "failed"

#: What stands in the place of a job's formats where its work is another, which no other machine can do.
IMPORT, REGENERATE = "import", "regenerate"
HERE = (IMPORT, REGENERATE)

#: Times are seconds since 1970 (UTC). `key` names a job; the same input and options have the same key.
#: `columns` tells the letter and heading of each field's column, by sheet; null for what is no sheet.
#: What came over HTTP has `public`, its name in addresses, which nobody can guess; `input`, the format it
#: came in; the `form` and `year` it was read with. `ended` is null until no item of the job needs work. An
#: item of a cancelled job is cancelled too, unless it was done or failed before.
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

#: The sheets that batches over HTTP came as, in pieces, for the marked sheet of what failed.
sheets = Table(
    "sheets",
    METADATA,
    Column("job", _NUMBER, ForeignKey("jobs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("piece", LargeBinary, nullable=False),
)

#: `due` is when anyone may claim the item: at once, after a back-off, or at the end of a running item's
#: lease; it is null for good once the item is done or failed. `faults` counts what befell the item without
#: being its own fault, `attempts` the claims, `sent` is when its number last went to the broker. `errors` of
#: an item that is done is what the work tells of it. `payload` is null once it is archived, and for what the
#: reader of the input refused.
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

#: Who is told of a batch's end (`hooks`). `address` is the batch's, as its caller saw it. `message` is the id
#: of the message, the same at each try; `body` what it says, null until there is something to say; `due` when
#: it is to be sent; `said` how the last try ended.
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
