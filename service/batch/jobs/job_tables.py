"""The tables of batches: jobs and their items, in the archive's database."""

import sqlalchemy as sa

from service.database.column_types import METADATA

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts up only an INTEGER

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
#: unless they were done or failed before. `complete`: whether incomplete items are refused; null is false.
jobs = sa.Table(
    "jobs",
    METADATA,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("formats", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("created", sa.Float(53), nullable=False),
    sa.Column("total", sa.Integer),
    sa.Column("columns", sa.Text),
    sa.Column("public", sa.String(32)),
    sa.Column("input", sa.String(8)),
    sa.Column("form", sa.Text),
    sa.Column("year", sa.Integer),
    sa.Column("ended", sa.Float(53)),
    sa.Column("complete", sa.Boolean),
    sa.Index(None, "public", unique=True),
)

#: The uploaded sheets of batches over HTTP, in pieces, from which the workbook of failed rows is made.
sheets = sa.Table(
    "sheets",
    METADATA,
    sa.Column("job", _NUMBER, sa.ForeignKey("jobs.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("piece", sa.LargeBinary, nullable=False),
)

#: `due` is when the item may be claimed: at once, after a back-off, or when its lease expires; it is null
#: once the item is done or failed. `faults` counts transient errors and crashes, `attempts` counts claims,
#: `sent` is when its id was last sent to the broker. `errors` holds the report of a done item. `payload` is
#: null once it is archived, and for items that the reader refused. `warnings` are those of the reader
#: and, once it is done, the notices of its payload; `remarks` the advice on the payload and what it lacks.
#: `document` is the name of a file to be read, which is in `payload` then; null for data. `id_given` is false
#: if the id is only the name of the item's file.
items = sa.Table(
    "items",
    METADATA,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("job", _NUMBER, sa.ForeignKey("jobs.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("form", sa.Text),
    sa.Column("year", sa.Integer),
    sa.Column("submitter", sa.Text),
    sa.Column("payload", sa.LargeBinary),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("due", sa.Float(53)),
    sa.Column("sent", sa.Float(53)),
    sa.Column("worker", sa.Text),
    sa.Column("heartbeat", sa.Float(53)),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("faults", sa.Integer, nullable=False),
    sa.Column("first_claimed", sa.Float(53)),
    sa.Column("errors", sa.Text),
    sa.Column("record", sa.String(64)),
    sa.Column("warnings", sa.Text),
    sa.Column("remarks", sa.Text),
    sa.Column("document", sa.Text),
    sa.Column("id_given", sa.Boolean),
    sa.UniqueConstraint("job", "position"),
    sa.Index(None, "job", "due"),
    sa.Index(None, "job", "state"),
    sa.Index(None, "sent"),
    sa.Index(None, "job", "submitter", "form", "year"),
)

#: The webhooks of batches. `address` is the URL of the batch as its caller saw it. `message` is the id of the
#: message, the same for each try; `body` is null until the batch has ended; `due` is when the message is to
#: be sent; `said` is the result of the last try.
webhooks = sa.Table(
    "webhooks",
    METADATA,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("job", _NUMBER, sa.ForeignKey("jobs.id"), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("message", sa.String(40), nullable=False),
    sa.Column("body", sa.Text),
    sa.Column("due", sa.Float(53), index=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("said", sa.Text),
    sa.UniqueConstraint("job", "url"),
)
