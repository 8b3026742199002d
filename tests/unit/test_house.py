"""The code keeps its order: imports point down, and lists that must agree do."""

from __future__ import annotations

import ast
import graphlib
import re
from collections import Counter

import pytest

from schemas.field_faults import MESSAGES
from service import catalog, errors
from service.archive.additions.addition import SIGNED
from service.archive.record import PARTS
from service.web.pages.messages import MESSAGES as WORDS
from service.web.schemas.embed_tokens import EmbedTokenRequestSchema
from tests.helpers import ROOT

EMBEDDING = ROOT / "docs" / "guide" / "embedding.md"

# From the ground up: a module imports only from rooms before its own, or from its own. A room is a folder, a
# module that lies in `service/` itself, or a module beside its folder's rooms.
ROOMS = [
    "schemas",
    "service.version",
    "service.errors",
    "service.atomic_file",
    "service.processes",
    "service.config",
    "service.processes.open_files",
    "service.outbound_http",
    "service.wordcount",
    "service.object_cache",
    "service.zip_directory",
    "service.wordml",
    "service.rendering",
    "service.template_tags",
    "service.forms",
    "service.catalog",
    "service.payload_json",
    "service.payload_files",
    "service.submission",
    "service.answers",
    "service.portal_rules",
    "service.character_notices",
    "service.template_context",
    "service.extraction.displayed",
    "service.extraction",
    "service.layout",
    "service.conversion.conversion_errors",
    "service.conversion.unsupported_formats",
    "service.conversion.file_kind",
    "service.conversion.docx_check",
    "service.conversion.pdf",
    "service.conversion.fonts",
    "service.conversion.libreoffice",
    "service.conversion.pool",
    "service.conversion",
    "service.signatures",
    "service.glyph_warnings",
    "service.document_data",
    "service.roundtrip",
    "service.filled_form",
    "service.blank_forms",
    "service.field_places",
    "service.pipeline",
    "service.lint",
    "service.editions",
    "service.form_authoring",
    "service.form_authoring.drafts",
    "service.form_changes",
    "service.database",
    "service.audit",
    "service.archive",
    "service.sealed_copies",
    "service.batch.inputs",
    "service.batch.documents",
    "service.batch.sheets",
    "service.batch.jobs",
    "service.batch.workers",
    "service.batch.hosted",
    "service.batch",
    "service.regeneration",
    "service.record_lists",
    "service.access",
    "service.drafts",
    "service.doctor",
    "service.web.controls",
    "service.web.http",
    "service.retention",
    "service.handover",
    "service.record_history",
    "service.record_comparison",
    "service.four_properties",
    "service.web.schemas",
    "service.web.openapi",
    "service.web.api",
    "service.web.pages",
    "service.web.pages.administration",
    "service.web",
    "service.cli",
]


def module(path):
    """The dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(name):
    """The room of a module of ours, by the longest name that fits; None for another package's."""
    found = [place for place in ROOMS if f"{name}.".startswith(f"{place}.")]
    return max(found, key=len, default=None)


def imported(path):
    """The full names that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = [
    path
    for folder in ("schemas", "service")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path != ROOT / "service" / "__init__.py"
]


def test_imports_point_down():
    wrong = []
    for path in MODULES:
        here = ROOMS.index(room(module(path)))
        found = {name for name in imported(path) if room(name) and ROOMS.index(room(name)) > here}
        wrong += [f"{module(path)} imports {name}" for name in sorted(found)]
    assert wrong == []


def test_no_modules_import_each_other():
    names = {module(path) for path in MODULES}
    graph = {}
    for path in MODULES:
        ours = {name if name in names else name.rpartition(".")[0] for name in imported(path)}
        graph[module(path)] = (ours & names) - {module(path)}
    list(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError


def test_no_folder_holds_more_than_twenty_modules():
    top = [ROOT / name for name in ("service", "schemas", "tests", "benchmarks", "samples")]
    modules = [path for folder in top for kind in ("*.py", "*.js") for path in folder.rglob(kind)]
    folders = Counter(path.parent for path in modules if path.name != "__init__.py")
    assert {str(folder): count for folder, count in folders.items() if count > 20} == {}


def test_tests_lie_in_their_rooms_and_import_no_other_test():
    tests = ROOT / "tests"
    kinds = {"unit", "libreoffice", "services", "browser"}
    inside = [path.relative_to(tests) for path in tests.rglob("test_*.py")]
    assert [str(path) for path in inside if path.parts[0] not in kinds] == []
    imports = {str(path.relative_to(ROOT)): list(imported(path)) for path in tests.rglob("*.py")}
    prefixes = tuple(f"tests.{kind}." for kind in kinds)
    assert [
        (path, name) for path, names in imports.items() for name in names if name.startswith(prefixes)
    ] == []


def test_every_room_says_what_it_is_for():
    for path in (ROOT / "service").rglob("__init__.py"):
        first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
        assert first.endswith((".", "`")), path


def _listed(owner):
    return [owner] if isinstance(owner, str) else owner


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
        "pypdfium2": ("conversion", "signatures"),
        "PIL": ("conversion", "normal_pictures"),
        "uharfbuzz": "conversion",
        "openpyxl": ("batch", "regeneration", "record_lists"),
        "cryptography": ("drafts", "signatures"),
        "pyhanko": "signatures",
        "segno": ("web", "sealed_copies"),
    }
    here = module(path)
    strays = [
        name
        for name in imported(path)
        if (owner := owners.get(name.partition(".")[0]))
        and not f"{here}.".startswith(
            tuple(f"{room}.{place}." for room in ("service", "schemas") for place in _listed(owner))
        )
    ]
    assert strays == []


def test_every_edition_has_its_template_samples_and_readme_row():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for edition in catalog.editions():
        assert edition.template_path.is_file()
        assert edition.sample("minimal")
        assert edition.sample("full")
        assert f"`{edition.form}`" in readme


def test_no_form_is_named_in_the_service():
    names = re.compile(rf"\b({'|'.join({edition.form for edition in catalog.editions()})})\b")
    sources = [
        path for path in (ROOT / "service").rglob("*") if path.suffix in (".py", ".html", ".js", ".toml")
    ]
    texts = {path: path.read_text(encoding="utf-8") for path in sources if "swagger-ui" not in path.parts}
    assert [str(path) for path, text in texts.items() if names.search(text)] == []


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
        if kind is not errors.PayloadError and kind.__module__.startswith("service."):  # others are of tests
            line = next(line for line in errors.__doc__.splitlines() if f" {kind.__name__} " in f" {line} ")
            assert f"{kind.exit_code}  {kind.status}  {kind.code}" in line


def test_every_fault_speaks_both_languages():
    for zh, en in MESSAGES.values():
        assert zh.endswith("。")
        assert en.endswith(".")


def test_every_room_is_in_the_plan_in_order_of_import():
    plan = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = {path.parent.relative_to(ROOT) for path in [*MODULES, *(ROOT / "service").rglob("*.js")]}
    places = [
        f"{folder}/" for folder in folders if "migrations" not in folder.parts and folder.name != "swagger-ui"
    ]
    places += [
        str(path.relative_to(ROOT)) for path in (ROOT / "service").glob("*.py") if path.stem != "__init__"
    ]
    assert [place for place in places if f"`{place}`" not in plan] == []
    rows = re.findall(r"^\| `([\w/.]+)` \|", plan, re.MULTILINE)
    listed = [row.removesuffix("/").removesuffix(".py").replace("/", ".") for row in rows]
    assert [name for name in listed if name in ROOMS] == [name for name in ROOMS if name in listed]


def test_every_message_of_the_pages_has_both_languages_and_is_used():
    assert [key for key, text in WORDS.items() if not (text.zh and text.en)] == []
    web = ROOT / "service" / "web"
    sources = [*web.glob("static/app/**/*.js"), *web.glob("templates/kexie/*.html"), *web.rglob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in sources if "messages" not in path.name]
    used = set(re.findall(r"\w+", "\n".join(texts)))
    asked = set(re.findall(r'\b(?:word\("|w\.)(\w+)', "\n".join(texts)))
    assert asked - set(WORDS) == set()
    named_by_part = {f"part_{part}" for part in (*PARTS, "manifest", SIGNED)}
    assert [key for key in WORDS if key not in used | named_by_part] == []


def quoted(text, name):
    """The names in quotes in a list of a script."""
    return set(re.findall(r'"([a-z_-]+)"', re.search(rf"const {name} = \[(.*?)\];", text, re.DOTALL)[1]))


def test_the_colours_of_a_portal_are_the_same_everywhere():
    static = ROOT / "service" / "web" / "static"
    taken = (static / "app" / "form" / "portal" / "theme.js").read_text(encoding="utf-8")
    listed = {
        "element": quoted((static / "kexie-form" / "theme.js").read_text(encoding="utf-8"), "NAMES"),
        "form": quoted(taken, "COLOURS") | quoted(taken, "OTHERS") | {"scheme"},
        "docs": set(re.findall(r"--kexie-([a-z-]+)", EMBEDDING.read_text(encoding="utf-8"))),
    }
    assert len(set(map(frozenset, listed.values()))) == 1, listed


def test_the_guide_names_all_that_a_portal_may_use_of_the_element():
    static = ROOT / "service" / "web" / "static"
    element = (static / "kexie-form.js").read_text(encoding="utf-8")
    parts = "".join(path.read_text(encoding="utf-8") for path in (static / "app/form/portal").glob("*.js"))
    listed = re.search(r"observedAttributes = \[(.*?)\]", element)[1]
    in_address = re.search(r"const IN_ADDRESS = (.*?);\n\s*const FLAGS = (.*?);", element, re.DOTALL)
    found = {
        "attributes": re.findall(r'"([a-z-]+)"', listed)
        + [name.strip('"') for text in in_address.groups() for name in re.findall(r'("?[a-z-]+"?):', text)],
        "methods": re.findall(r"^    (?:async )?([a-z]+)\(\w*\) \{", element, re.MULTILINE),
        "events": [name for name in re.findall(r'"(kexie-[a-z]+)"', element) if name != "kexie-form"],
        "reasons": [*re.findall(r'(?:#report|new Refusal)\("([a-z]+)"', element + parts), "closed", "failed"],
        "token": list(EmbedTokenRequestSchema().fields),
    }
    assert all(len(names) > 3 for names in found.values()), found
    guide = EMBEDDING.read_text(encoding="utf-8").partition("\n## English")[0]
    named = set(re.findall(r"`([a-z_-]+)(?:\([a-z]*\))?`", guide))
    assert {kind: set(names) - named for kind, names in found.items()} == {kind: set() for kind in found}


def test_names_avoid_private_jargon():
    avoided = {"told", "tell", "tells", "befell", "patience", "trouble", "desk", "hand", "keeper", "courier"}
    avoided |= {"crew", "guard", "strikes", "gate", "mend", "shelf", "aside"}
    found = []
    for path in MODULES:
        definitions = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        for name in [path.stem, *(node.name for node in definitions if isinstance(node, kinds))]:
            words = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower().split("_")
            if avoided & set(words):
                found.append(f"{module(path)}: {name}")
    assert found == []
