"""Why holds were lifted and periods changed."""

import sqlalchemy as sa
from alembic import op

revision = "r0018_retention_changes"
down_revision = "r0017_record_history"


def _plain(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the tables: what was lifted or changed before is in the audit log alone."""
    op.create_table(
        "lifted_holds",
        sa.Column("tenant", _plain(100), nullable=False),
        sa.Column("form", _plain(100), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("id", _plain(200), nullable=False),
        sa.Column("since", sa.String(27), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("lifted", sa.String(27), nullable=False),
        sa.Column("lifted_by", sa.Text, nullable=False),
        sa.Column("lifted_because", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "form", "year", "id", "since", name="pk_lifted_holds"),
    )
    op.create_table(
        "period_changes",
        sa.Column("form", _plain(100), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("changed", sa.String(27), nullable=False),
        sa.Column("before", sa.Integer),
        sa.Column("years", sa.Integer),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("form", "year", "changed", name="pk_period_changes"),
    )
