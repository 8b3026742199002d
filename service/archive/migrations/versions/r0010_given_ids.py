"""Whether the id of a batch's item was given, or is only the name of its file."""

import sqlalchemy as sa
from alembic import op

revision = "r0010_given_ids"
down_revision = "r0009_documents"


def upgrade() -> None:
    """Adds the column; NULL of earlier items is given."""
    op.add_column("items", sa.Column("id_given", sa.Boolean))
