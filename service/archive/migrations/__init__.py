"""Migrations of the index, run by Alembic when an archive is opened."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from service.errors import ArchiveFault

_VERSIONS = Path(__file__).with_name("versions")
HEAD = max(path.stem for path in _VERSIONS.glob("r[0-9]*.py"))


def has_any(connection: Connection) -> bool:
    """Whether the database has the tables of an archive, of any version."""
    return inspect(connection).has_table("alembic_version")


def is_current(connection: Connection) -> bool:
    """Whether the database is of this version. Raises ArchiveFault if it is of a later one."""
    if not has_any(connection):
        return False
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version is not None and version > HEAD:
        raise ArchiveFault(
            f"档案索引由较新版本的 kexie-forms 建立（{version}，本版本只到 {HEAD}）。请升级 kexie-forms。",
            f"The archive's index is of a newer kexie-forms ({version}; this one supports {HEAD}). "
            "Upgrade kexie-forms.",
        )
    return version == HEAD


def upgrade(connection: Connection) -> None:
    """Runs the missing migrations in the caller's transaction; the caller holds the lock."""
    from alembic.config import Config  # takes 0.2 s, and an up-to-date archive needs none of it
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_VERSIONS.parent).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, context: object) -> object:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()
