"""Who set each retention period, and when; which changes of periods were the first settings."""

import sqlalchemy as sa
from alembic import op

revision = "r0020_period_setters"
down_revision = "r0019_audit_by_id"

LOGGED = (("changed", "time"), ("who", "who"))
LAST_SET = """
UPDATE retention_periods SET {column} = (
  SELECT audit.{logged} FROM audit
  WHERE audit.action = 'retention_set' AND audit.result = 'ok'
    AND audit.form = retention_periods.form AND COALESCE(audit.year, 0) = retention_periods.year
  ORDER BY audit.seq DESC LIMIT 1
)"""


def upgrade() -> None:
    """Adds the columns; who set the periods there are, and when, is taken from the audit log."""
    op.add_column("retention_periods", sa.Column("changed", sa.String(27)))
    op.add_column("retention_periods", sa.Column("who", sa.Text))
    for column, logged in LOGGED:
        op.execute(LAST_SET.format(column=column, logged=logged))
    op.add_column("period_changes", sa.Column("first", sa.Boolean, nullable=False, server_default=sa.false()))
