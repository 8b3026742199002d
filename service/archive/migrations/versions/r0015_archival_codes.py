"""Archival codes (档号) that were given to submissions."""

import sqlalchemy as sa
from alembic import op

revision = "r0015_archival_codes"
down_revision = "r0014_retention"


def _plain(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "archival_codes",
        sa.Column("series", _plain(100), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("tenant", _plain(100), nullable=False),
        sa.Column("form", _plain(100), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("id", _plain(200), nullable=False),
        sa.Column("given", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("series", "number", name="pk_archival_codes"),
    )
    columns = ["tenant", "form", "year", "id"]
    op.create_index("ix_archival_codes_tenant_form_year_id", "archival_codes", columns)
