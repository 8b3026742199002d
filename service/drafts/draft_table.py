"""The table of drafts in the archive's database."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from service.database.column_types import METADATA, Moment, plain

#: `sha256` is the hash of the secret, `content` encrypted with a key made of it; NULL once the draft expired.
DRAFTS = Table(
    "drafts",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("tenant", plain(100), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary),
    Index(None, "tenant"),
    Index(None, "expires"),
)
