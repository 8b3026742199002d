"""Each migration only adds: processes of the version before go on reading and writing while it is run."""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from service.archive import migrations

VERSIONS = sorted(path.stem for path in migrations._VERSIONS.glob("r[0-9]*.py"))


def upgraded(engine, version):
    config = Config()
    config.set_main_option("script_location", str(migrations._VERSIONS.parent))
    script = ScriptDirectory.from_config(config)

    def steps(revision, _):
        return script._upgrade_revs(version, revision)

    with engine.begin() as connection, EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def tables(engine):
    """Each table's columns and its unique keys."""
    found = sa.inspect(engine)
    return {
        name: (
            {each["name"]: each for each in found.get_columns(name)},
            {tuple(each["column_names"]) for each in found.get_indexes(name) if each["unique"]}
            | {tuple(each["column_names"]) for each in found.get_unique_constraints(name)},
        )
        for name in found.get_table_names()
        if name != "alembic_version" and not name.startswith("record_search_")  # SQLite's own, of its index
    }


@pytest.fixture(scope="module")
def history():
    """The tables after each migration."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    found = {}
    for version in VERSIONS:
        upgraded(engine, version)
        found[version] = tables(engine)
    yield found
    engine.dispose()


@pytest.mark.parametrize(("before", "after"), list(itertools.pairwise(VERSIONS)))
def test_what_the_version_before_reads_and_writes_stays(history, before, after):
    old, new = history[before], history[after]
    for table, (columns, keys) in old.items():
        assert table in new
        new_columns, new_keys = new[table]
        assert keys <= new_keys, table
        assert all(set(key) - columns.keys() for key in new_keys - keys), (
            table
        )  # of new columns, blank in old rows
        for name, column in columns.items():
            kept = new_columns.get(name)
            assert kept, (table, name)
            assert (str(kept["type"]), kept["nullable"]) == (str(column["type"]), column["nullable"])
        for name in new_columns.keys() - columns.keys():
            added = new_columns[name]
            assert added["nullable"] or added["default"] is not None, (table, name)


def test_the_history_is_whole(history):
    assert list(history)[-1] == migrations.HEAD
    assert len(history[migrations.HEAD]) > len(history[VERSIONS[0]]) > 1
