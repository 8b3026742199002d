"""Records and their files."""

import sqlalchemy as sa
from alembic import op

revision = "r0001_records"
down_revision = None


def upgrade() -> None:
    """Makes the tables of the archive itself."""
    plain = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")
    long = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
    op.create_table(
        "records",
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("tenant", plain, nullable=False),
        sa.Column("form", plain, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("id", long, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("edition_hash", sa.String(64), nullable=False),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("manifest", sa.String(64), nullable=False),
        sa.Column("warnings", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_records"),
        sa.UniqueConstraint(
            "tenant", "form", "year", "id", "version", name="uq_records_tenant_form_year_id_version"
        ),
    )
    op.create_index("ix_records_manifest", "records", ["manifest"])
    op.create_table(
        "files",
        sa.Column("record", sa.String(36), nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("record", "part", name="pk_files"),
        sa.ForeignKeyConstraint(["record"], ["records.key"], name="fk_files_record"),
    )
    op.create_index("ix_files_sha256", "files", ["sha256"])
