"""The answers to requests with an Idempotency-Key."""

import sqlalchemy as sa
from alembic import op

revision = "r0005_answers"
down_revision = "r0004_portal"


def upgrade() -> None:
    """Makes the table of answers."""
    sorted_text = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")
    op.create_table(
        "answers",
        sa.Column("tenant", sorted_text, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("claim", sa.String(32), nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("lease", sa.String(27), nullable=False),
        sa.Column("expires", sa.String(27), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.Text),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("tenant", "key", name="pk_answers"),
    )
    op.create_index("ix_answers_expires", "answers", ["expires"])
