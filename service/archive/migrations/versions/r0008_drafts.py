"""Drafts of forms, saved on the server by a secret link."""

import sqlalchemy as sa
from alembic import op

revision = "r0008_drafts"
down_revision = "r0007_remarks"


def upgrade() -> None:
    """Makes the table of drafts."""
    sorted_text = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("tenant", sorted_text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("saved", sa.String(27), nullable=False),
        sa.Column("expires", sa.String(27), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_tenant", "drafts", ["tenant"])
    op.create_index("ix_drafts_expires", "drafts", ["expires"])
