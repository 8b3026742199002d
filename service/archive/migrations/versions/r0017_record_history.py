"""Indexes by which the history of a record is found: who submitted its batch, which list destroyed it."""

from alembic import op

revision = "r0017_record_history"
down_revision = "r0016_destruction_register"


def upgrade() -> None:
    """Makes the indexes."""
    op.create_index("ix_audit_batch_action", "audit", ["batch", "action"])
    op.create_index("ix_destruction_entries_record", "destruction_entries", ["record"])
