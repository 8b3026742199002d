"""The table of keys, in the archive's database."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from service.archive.record_tables import METADATA, Moment, plain

#: A key's row stays for ever: a service that has ever had a key never opens again. `scopes` are separated by
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
