"""What a process of tests makes once, though each test has an application and an archive of its own."""

from __future__ import annotations

from collections.abc import Callable

import jinja2
import sqlalchemy
from flask import Flask
from werkzeug.routing import Rule

from service.archive import migrations

#: The tables of the index of texts are made with it.
_SCHEMA = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND NOT name GLOB 'record_texts_*'"


class CompiledTemplates(jinja2.BytecodeCache):
    """Keeps what the pages' templates are compiled to, for all applications of a process."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Gives the code of the bucket's template."""
        if bucket.key in self._codes:
            bucket.bytecode_from_string(self._codes[bucket.key])

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keeps the code of the bucket's template."""
        self._codes[bucket.key] = bucket.bytecode_to_string()


def _build_urls_once() -> None:
    """Compiles what builds the URLs of a route for the first application only."""
    compiled: dict[object, Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def kept(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = kept  # type: ignore[assignment, method-assign]


def _migrate_once() -> None:
    """Gives new SQLite archives the tables that the migrations made for the first."""
    statements: list[str] = []
    upgrade = migrations.upgrade

    def kept(connection: sqlalchemy.Connection) -> None:
        if connection.dialect.name != "sqlite" or migrations.has_any(connection):
            return upgrade(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)
        if not statements:
            upgrade(connection)
            statements.extend(connection.exec_driver_sql(_SCHEMA).scalars())
            statements.append(f"INSERT INTO alembic_version VALUES ('{migrations.HEAD}')")
        return None

    migrations.upgrade = kept


def install() -> None:
    """Keeps compiled templates, routes and migrated tables for the tests of this process."""
    Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
    _build_urls_once()
    _migrate_once()
