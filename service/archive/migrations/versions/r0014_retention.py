"""Retention periods, holds, and destruction lists, which stay when their records are gone."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r0014_retention"
down_revision = "r0013_additions"


def _plain(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _submission() -> list[Any]:
    return [
        sa.Column("tenant", _plain(100), nullable=False),
        sa.Column("form", _plain(100), nullable=False),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("id", _plain(200), nullable=False),
    ]


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "retention_periods",
        sa.Column("form", _plain(100), nullable=False),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("years", sa.Integer),
        sa.PrimaryKeyConstraint("form", "year", name="pk_retention_periods"),
    )
    op.create_table(
        "holds",
        *_submission(),
        sa.Column("since", sa.String(27), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "form", "year", "id", name="pk_holds"),
    )
    op.create_table(
        "destruction_lists",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("tenant", _plain(100)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("proposed", sa.String(27), nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("ended", sa.String(27)),
        sa.Column("ended_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_destruction_lists"),
    )
    op.create_table(
        "destruction_entries",
        sa.Column("list", sa.String(12), nullable=False),
        sa.Column("record", sa.String(36), nullable=False),
        *_submission(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("manifest", sa.String(64), nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("due", sa.String(10)),
        sa.PrimaryKeyConstraint("list", "record", name="pk_destruction_entries"),
        sa.ForeignKeyConstraint(["list"], ["destruction_lists.id"], name="fk_destruction_entries_list"),
    )
    op.create_table(
        "doomed_objects",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_doomed_objects"),
    )
