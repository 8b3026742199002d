"""The index by which the rows of a record's versions are found in the audit log."""

from alembic import op

revision = "r0019_audit_by_id"
down_revision = "r0018_retention_changes"


def upgrade() -> None:
    """Makes the index."""
    op.create_index("ix_audit_id_tenant_seq", "audit", ["id", "tenant", "seq"])
