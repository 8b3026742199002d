"""The table of API keys in the archive's database."""

from sqlalchemy import Column, String, Table, Text

from service.database.column_types import METADATA, Moment, plain

#: Rows are never deleted: once a key has existed, authentication stays required. `scopes` are separated by
#: spaces, `sha256` is the hash of the secret.
KEYS = Table(
    "keys",
    METADATA,
    Column("id", String(12), primary_key=True),
    Column("tenant", plain(100), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment),
    Column("revoked", Moment),
)
