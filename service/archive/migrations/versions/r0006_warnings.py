"""The warnings of a batch's items."""

import sqlalchemy as sa
from alembic import op

revision = "r0006_warnings"
down_revision = "r0005_answers"


def upgrade() -> None:
    """Adds the column of warnings."""
    op.add_column("items", sa.Column("warnings", sa.Text))
