"""The jobs of batches, and their items."""

import sqlalchemy as sa
from alembic import op

revision = "r0002_batches"
down_revision = "r0001_records"


def upgrade() -> None:
    """Makes the tables of batches."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "jobs",
        sa.Column("id", number, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("formats", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("total", sa.Integer),
        sa.Column("columns", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
    )
    op.create_table(
        "items",
        sa.Column("id", number, nullable=False),
        sa.Column("job", number, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("form", sa.Text),
        sa.Column("year", sa.Integer),
        sa.Column("submitter", sa.Text),
        sa.Column("payload", sa.LargeBinary),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due", sa.Float(53)),
        sa.Column("sent", sa.Float(53)),
        sa.Column("worker", sa.Text),
        sa.Column("heartbeat", sa.Float(53)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("faults", sa.Integer, nullable=False),
        sa.Column("first_claimed", sa.Float(53)),
        sa.Column("errors", sa.Text),
        sa.Column("record", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("job", "position", name="uq_items_job_position"),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_items_job"),
    )
    for columns in (["job", "due"], ["job", "state"], ["sent"], ["job", "submitter", "form", "year"]):
        op.create_index(f"ix_items_{'_'.join(columns)}", "items", columns)
