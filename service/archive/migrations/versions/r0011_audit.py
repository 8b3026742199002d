"""The audit log, whose rows nobody changes or deletes."""

import sqlalchemy as sa
from alembic import op

revision = "r0011_audit"
down_revision = "r0010_given_ids"

_REFUSED = "audit rows are never changed or deleted"


def _plain(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table, and the triggers that refuse changes."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("time", sa.String(27), nullable=False),
        sa.Column("who", _plain(200), nullable=False),
        sa.Column("origin", _plain(100), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("tenant", _plain(100), nullable=False),
        sa.Column("form", _plain(100)),
        sa.Column("year", sa.Integer),
        sa.Column("id", _plain(200)),
        sa.Column("version", sa.Integer),
        sa.Column("record", sa.String(36)),
        sa.Column("manifest", sa.String(64)),
        sa.Column("batch", sa.String(32)),
        sa.Column("detail", _plain(200)),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_index("ix_audit_tenant_seq", "audit", ["tenant", "seq"])
    op.create_index("ix_audit_record", "audit", ["record"])
    for statement in _postgresql() if op.get_bind().dialect.name == "postgresql" else _sqlite():
        op.execute(statement)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        for act in ("UPDATE", "DELETE")
    ]


def _postgresql() -> list[str]:
    return [
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    ]
