"""The tables of the index: records, their files, and legal holds."""

import sqlalchemy as sa

from service.archive.record import ID_MAXIMUM, TENANT_MAXIMUM
from service.database.column_types import METADATA, Moment, plain

RECORDS = sa.Table(
    "records",
    METADATA,
    sa.Column("key", sa.String(36), primary_key=True),
    sa.Column("tenant", plain(TENANT_MAXIMUM), nullable=False),
    sa.Column("form", plain(100), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("id", plain(ID_MAXIMUM), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("edition_hash", sa.String(64), nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("manifest", sa.String(64), nullable=False),
    sa.Column("warnings", sa.Integer, nullable=False),
    sa.UniqueConstraint("tenant", "form", "year", "id", "version"),
    sa.Index(None, "manifest"),
)

FILES = sa.Table(
    "files",
    METADATA,
    sa.Column("record", sa.ForeignKey(RECORDS.c.key), primary_key=True),
    sa.Column("part", sa.String(20), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Index(None, "sha256"),
)

#: A hold is on all versions of a submission.
HOLDS = sa.Table(
    "holds",
    METADATA,
    sa.Column("tenant", plain(100), primary_key=True),
    sa.Column("form", plain(100), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", plain(200), primary_key=True),
    sa.Column("since", Moment, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
