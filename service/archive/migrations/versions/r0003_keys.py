"""The keys of callers."""

import sqlalchemy as sa
from alembic import op

revision = "r0003_keys"
down_revision = "r0002_batches"


def upgrade() -> None:
    """Makes the table of keys."""
    op.create_table(
        "keys",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column(
            "tenant",
            sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("expires", sa.String(27)),
        sa.Column("revoked", sa.String(27)),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
    )
