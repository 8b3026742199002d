"""The documents among a batch's items."""

import sqlalchemy as sa
from alembic import op

revision = "r0009_documents"
down_revision = "r0008_drafts"


def upgrade() -> None:
    """Adds the column of their names."""
    op.add_column("items", sa.Column("document", sa.Text))
