"""The house keeps its order: imports point down, and lists that must agree do."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from schemas.faults import MESSAGES
from service import catalog, errors
from service.archive.record import PARTS
from service.web.pages import archive_messages, messages

ROOT = Path(__file__).parent.parent
# From the ground up: a room imports only from rooms before it, or from its own.
ROOMS = [
    "schemas",
    "errors",
    "aside",
    "config",
    "wordcount",
    "publication",
    "catalog",
    "wordml",
    "submission",
    "context",
    "rendering",
    "extraction",
    "layout",
    "conversion",
    "legibility",
    "carried",
    "proof",
    "examination",
    "pipeline",
    "lint",
    "editions",
    "archive",
    "batch",
    "access",
    "doctor",
    "web",
    "cli",
]


def room(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] if parts[0] == "schemas" else parts[1]


def imported(path):
    """The rooms and outside packages that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            yield parts[1] if parts[0] == "service" else parts[0]


MODULES = [
    path
    for folder in ("schemas", "service")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path != ROOT / "service" / "__init__.py"
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    here = ROOMS.index(room(path))
    above = [name for name in imported(path) if name in ROOMS and ROOMS.index(name) > here]
    assert above == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_outside_packages_stay_in_their_room(path):
    owners = {
        "docxtpl": "rendering",
        "alembic": "archive",
        "bagit": "archive",
        "obstore": "archive",
        "joserfc": "access",
        "flask": "web",
        "gunicorn": "web",
        "limits": "web",
        "structlog": "web",
        "click": "cli",
        "pikepdf": "conversion",
        "pypdfium2": "conversion",
        "PIL": "conversion",
        "uharfbuzz": "conversion",
        "openpyxl": "batch",
    }
    strays = [name for name in imported(path) if name in owners and owners[name] != room(path)]
    assert strays == []


def test_every_edition_has_its_template_samples_and_readme_row():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for edition in catalog.editions():
        assert edition.template_path.is_file()
        assert edition.sample("minimal")
        assert edition.sample("full")
        assert f"`{edition.form}`" in readme


def test_every_property_carries_its_official_label():
    def properties(schema):
        for name, inner in schema.get("properties", {}).items():
            yield name, inner
            yield from properties(inner)
            yield from properties(inner.get("items", {}))

    for edition in catalog.editions():
        schema = edition.json_schema()
        assert schema["additionalProperties"] is False
        assert [name for name, inner in properties(schema) if not inner.get("title")] == []


def test_every_error_is_drawn_in_the_tree():
    def below(kind):
        return [kind, *(found for child in kind.__subclasses__() for found in below(child))]

    for kind in below(errors.KexieError):
        if kind is not errors.PayloadError:
            line = next(line for line in errors.__doc__.splitlines() if f" {kind.__name__} " in f" {line} ")
            assert f"{kind.exit_code}  {kind.status}  {kind.code}" in line


def test_every_fault_speaks_both_languages():
    for zh, en in MESSAGES.values():
        assert zh.endswith("。")
        assert en.endswith(".")


@pytest.mark.parametrize("name", ["conversion", "archive", "batch", "access", "web", "web/static/app"])
def test_every_module_of_a_large_room_is_in_its_plan(name):
    plan = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    _, _, plan = plan.partition(
        f"\nInside `service/{name}/`" if name != "web/static/app" else "`static/app/`,"
    )
    plan = re.split(r"\nInside |\nVendored", plan)[0]
    paths = [*(ROOT / "service" / name).glob("*.py"), *(ROOT / "service" / name).glob("*.js")]
    assert [path.name for path in paths if path.stem != "__init__" and f"`{path.stem}`" not in plan] == []


def test_every_word_of_the_pages_has_one_meaning_and_is_used():
    assert set(messages.FORM) & set(archive_messages.ARCHIVE) == set()
    web = ROOT / "service" / "web"
    sources = [*web.glob("static/app/*.js"), *web.glob("templates/kexie/*.html"), *web.glob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in sources if "words" not in path.name]
    used = set(re.findall(r"\w+", "\n".join(texts)))
    asked = set(re.findall(r'\b(?:word\("|w\.)(\w+)', "\n".join(texts)))
    assert asked - set(messages.FORM | archive_messages.ARCHIVE) == set()
    named_by_part = {f"part_{part}" for part in (*PARTS, "manifest")}
    assert [key for key in messages.FORM | archive_messages.ARCHIVE if key not in used | named_by_part] == []


def test_the_colours_of_a_portal_are_the_same_everywhere():
    pages = ROOT / "service" / "web" / "static"
    listed = {}
    for path in (pages / "kexie-form.js", pages / "app" / "host.js"):
        found = re.search(r"const THEME = \[(.*?)\]", path.read_text(encoding="utf-8"), re.DOTALL)
        listed[path.name] = set(re.findall(r'"([a-z-]+)"', found[1])) | {"scheme"}
    listed["comment"] = set(
        re.findall(r"--kexie-([a-z-]+)", (pages / "kexie-form.js").read_text("utf-8").partition("*/")[0])
    )
    guide = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    listed["docs"] = set(re.findall(r"--kexie-([a-z-]+)", guide))
    assert len(set(map(frozenset, listed.values()))) == 1, listed
