"""The remarks on a batch's items, and whether a job takes complete items only."""

import sqlalchemy as sa
from alembic import op

revision = "r0007_remarks"
down_revision = "r0006_warnings"


def upgrade() -> None:
    """Adds both columns."""
    op.add_column("items", sa.Column("remarks", sa.Text))
    op.add_column("jobs", sa.Column("complete", sa.Boolean))
