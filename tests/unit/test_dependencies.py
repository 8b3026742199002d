"""What the service imports is declared in pyproject.toml, and what it ships names its types."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import service
from tests.helpers import ROOT

_OF_LIBREOFFICE = {"uno", "com"}  # python3-uno, of the system's Python
_OURS = {"service", "schemas"}


def plain(name):
    """A distribution's name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def imported():
    """The outside packages that the service imports."""
    for folder in _OURS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    yield from (alias.name.partition(".")[0] for alias in node.names)
                if isinstance(node, ast.ImportFrom):
                    yield node.module.partition(".")[0]


def test_every_imported_package_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = [line for lines in project["optional-dependencies"].values() for line in lines]
    declared = {plain(re.match(r"[\w.-]+", line)[0]) for line in [*project["dependencies"], *optional]}
    known = packages_distributions()
    outside = set(imported()) - set(sys.stdlib_module_names) - _OURS - _OF_LIBREOFFICE
    assert {"marshmallow", "flask", "sqlalchemy"} <= outside
    missing = {name for name in outside if not declared & {plain(each) for each in known[name]}}
    assert missing == set()


def test_what_the_package_offers_is_imported_at_first_use():
    for name in service.__all__:
        assert name not in vars(service)
        assert getattr(service, name).__module__.startswith("service.")
    for folder in _OURS:
        assert (ROOT / folder / "py.typed").is_file()
