"""What is added to records after they were archived, and the records that the service is to sign."""

import sqlalchemy as sa
from alembic import op

revision = "r0013_additions"
down_revision = "r0012_record_search"


def upgrade() -> None:
    """Makes both tables."""
    op.create_table(
        "additions",
        sa.Column("record", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("added", sa.String(27), nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("statement", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("record", "kind", "number", name="pk_additions"),
        sa.ForeignKeyConstraint(["record"], ["records.key"], name="fk_additions_record"),
    )
    op.create_index("ix_additions_sha256", "additions", ["sha256"])
    op.create_index("ix_additions_statement", "additions", ["statement"])
    op.create_table(
        "signings",
        sa.Column("record", sa.String(36), nullable=False),
        sa.Column("due", sa.String(27), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("record", name="pk_signings"),
        sa.ForeignKeyConstraint(["record"], ["records.key"], name="fk_signings_record"),
    )
    op.create_index("ix_signings_due", "signings", ["due"])
