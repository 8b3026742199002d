"""The table by which records are found: one row per record, narrow enough to be scanned."""

import sqlalchemy as sa

from service.archive.record import ID_MAXIMUM, TENANT_MAXIMUM
from service.archive.record_tables import RECORDS
from service.database.column_types import METADATA, Moment, plain

#: SQLite's index of the column `text` (FTS5, trigrams), which triggers keep; PostgreSQL has one of pg_trgm.
TEXT_INDEX = "record_texts"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts up only an INTEGER
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

#: `submitter` is null until the payload is read, which is later for records of earlier versions of the
#: service. `name` is the submitter and `text` all that a record is found by, both as `search_text.folded`;
#: `name_order` sorts names. `pages` are those of the PDF; null without one.
SEARCH = sa.Table(
    "record_search",
    METADATA,
    sa.Column("number", _NUMBER, primary_key=True),
    sa.Column("record", sa.ForeignKey(RECORDS.c.key, ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("tenant", plain(TENANT_MAXIMUM), nullable=False),
    sa.Column("form", plain(100), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("id", plain(ID_MAXIMUM), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("newest", sa.Boolean, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("warnings", sa.Integer, nullable=False),
    sa.Column("imported", sa.Boolean, nullable=False),
    sa.Column("pages", sa.Integer),
    sa.Column("submitter", _TEXT),
    sa.Column("name", _TEXT, nullable=False),
    sa.Column("name_order", plain(80), nullable=False),
    sa.Column("text", _TEXT, nullable=False),
    sa.Index(None, "tenant", "year", "form", "id", "version"),
    sa.Index(None, "tenant", "created", "number"),
    sa.Index(None, "tenant", "name_order", "number"),
    # Its migration adds an index of what is unread: named here, it would import both dialects.
)
