"""The reason of a destruction, and the title of each record that is destroyed."""

import sqlalchemy as sa
from alembic import op

revision = "r0016_destruction_register"
down_revision = "r0015_archival_codes"


def upgrade() -> None:
    """Adds the columns: lists from before have no reason, and their records the names of their forms."""
    op.add_column("destruction_lists", sa.Column("reason", sa.Text, nullable=False, server_default=""))
    op.add_column("destruction_entries", sa.Column("title", sa.Text))
