"""What records are found by; the texts of earlier records are read from their files later."""

import sqlalchemy as sa
from alembic import op

revision = "r0012_record_search"
down_revision = "r0011_audit"

_NAME = "record_search"
_ROWS = """
INSERT INTO record_search
    (record, newest, imported, name, name_order, text, tenant, form, year, id, version, created, warnings)
SELECT key,
    NOT EXISTS (SELECT 1 FROM records o WHERE o.tenant = r.tenant AND o.form = r.form AND o.year = r.year
        AND o.id = r.id AND o.version > r.version),
    EXISTS (SELECT 1 FROM files f WHERE f.record = r.key AND f.part = 'original'),
    '', '', lower(id), tenant, form, year, id, version, created, warnings
FROM records r ORDER BY created, key
"""
_FTS = """
CREATE VIRTUAL TABLE record_texts USING fts5(text, content='', tokenize='trigram case_sensitive 1');

CREATE TRIGGER record_search_added AFTER INSERT ON record_search BEGIN
    INSERT INTO record_texts(rowid, text) VALUES (new.number, new.text);
END;

CREATE TRIGGER record_search_removed AFTER DELETE ON record_search BEGIN
    INSERT INTO record_texts(record_texts, rowid, text) VALUES ('delete', old.number, old.text);
END;

CREATE TRIGGER record_search_changed AFTER UPDATE OF text ON record_search BEGIN
    INSERT INTO record_texts(record_texts, rowid, text) VALUES ('delete', old.number, old.text);
    INSERT INTO record_texts(rowid, text) VALUES (new.number, new.text);
END;

INSERT INTO record_texts(rowid, text) SELECT number, text FROM record_search
"""
#: Trigrams of Chinese need a server that knows letters: with the locale C it finds none.
_TRIGRAMS = "SELECT array_length(show_trgm('云泽县'), 1)"
_GIN = "CREATE INDEX ix_record_search_text ON record_search USING gin (text gin_trgm_ops)"


def upgrade() -> None:
    """Adds the table, a row for each record, and the index of the texts."""
    _make_table()
    op.execute(_ROWS)
    for names in (
        ("tenant", "year", "form", "id", "version"),
        ("tenant", "created", "number"),
        ("tenant", "name_order", "number"),
    ):
        op.create_index(f"ix_{_NAME}_{'_'.join(names)}", _NAME, names)
    unread = sa.text("submitter IS NULL")
    op.create_index(f"ix_{_NAME}_unread", _NAME, ["number"], sqlite_where=unread, postgresql_where=unread)
    {"sqlite": _index_in_sqlite, "postgresql": _index_in_postgresql}[op.get_bind().dialect.name]()


def _make_table() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        _NAME,
        sa.Column("number", number, nullable=False),
        sa.Column("record", sa.String(36), nullable=False),
        sa.Column("tenant", _plain(100), nullable=False),
        sa.Column("form", _plain(100), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("id", _plain(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("newest", sa.Boolean, nullable=False),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("warnings", sa.Integer, nullable=False),
        sa.Column("imported", sa.Boolean, nullable=False),
        sa.Column("pages", sa.Integer),
        sa.Column("submitter", text),
        sa.Column("name", text, nullable=False),
        sa.Column("name_order", _plain(80), nullable=False),
        sa.Column("text", text, nullable=False),
        sa.PrimaryKeyConstraint("number", name=f"pk_{_NAME}"),
        sa.ForeignKeyConstraint(["record"], ["records.key"], name=f"fk_{_NAME}_record", ondelete="CASCADE"),
        sa.UniqueConstraint("record", name=f"uq_{_NAME}_record"),
    )


def _plain(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _index_in_sqlite() -> None:
    """An index of trigrams (sqlite.org/fts5.html, 4.3.4) that holds no text, and triggers that keep it."""
    for statement in _FTS.split(";\n\n"):
        op.execute(statement)


def _index_in_postgresql() -> None:
    """An index of trigrams where the server has them; without it the table is scanned."""
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            if connection.execute(sa.text(_TRIGRAMS)).scalar():
                connection.execute(sa.text(_GIN))
    except sa.exc.DBAPIError:  # the server lacks it, or the user may not
        pass
