"""The table of the audit log in the archive's database."""

import sqlalchemy as sa

from service.database.column_types import METADATA, plain

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Rows are only added, by `audit_chain`; triggers refuse the rest. `seq` counts from 1, `record` is a
#: record's key, `manifest` the SHA-256 of its manifest. `time` is text, which is hashed as stored.
AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("time", sa.String(27), nullable=False),
    sa.Column("who", plain(200), nullable=False),
    sa.Column("origin", plain(100), nullable=False),
    sa.Column("action", sa.String(20), nullable=False),
    sa.Column("tenant", plain(100), nullable=False),
    sa.Column("form", plain(100)),
    sa.Column("year", sa.Integer),
    sa.Column("id", plain(200)),
    sa.Column("version", sa.Integer),
    sa.Column("record", sa.String(36)),
    sa.Column("manifest", sa.String(64)),
    sa.Column("batch", sa.String(32)),
    sa.Column("detail", plain(200)),
    sa.Column("result", sa.String(40), nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index(None, "tenant", "seq"),
    sa.Index(None, "record"),
    sa.Index(None, "batch", "action"),
    sa.Index(None, "id", "tenant", "seq"),
)

FIELDS = tuple(column.name for column in AUDIT.columns)
