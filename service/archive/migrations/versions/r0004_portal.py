"""Batches over HTTP: their names in addresses, the sheets they came as, and their webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "r0004_portal"
down_revision = "r0003_keys"


def upgrade() -> None:
    """Adds columns to the jobs, and makes the tables of their sheets and webhooks."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for name, kind in (
        ("public", sa.String(32)),
        ("input", sa.String(8)),
        ("form", sa.Text),
        ("year", sa.Integer),
        ("ended", sa.Float(53)),
    ):
        op.add_column("jobs", sa.Column(name, kind))
    op.create_index("ix_jobs_public", "jobs", ["public"], unique=True)
    op.create_table(
        "sheets",
        sa.Column("job", number, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("piece", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("job", "number", name="pk_sheets"),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_sheets_job"),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", number, nullable=False),
        sa.Column("job", number, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("message", sa.String(40), nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("due", sa.Float(53)),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("said", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        sa.UniqueConstraint("job", "url", name="uq_webhooks_job_url"),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_webhooks_job"),
    )
    op.create_index("ix_webhooks_due", "webhooks", ["due"])
