"""The documentation agrees with itself and with the code: links, paths, blocks, lengths."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import tomllib

import pytest
from click.testing import CliRunner

from service.cli import main
from service.config import Settings
from service.web import create_app
from tests.helpers import ROOT
from tests.helpers.documentation import ADDRESS, PAGES, PRINTED, blocks

READMES = [ROOT / "README.md", ROOT / "README.en.md"]
EVERY = [*READMES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUN = {"sh", "python"}  # by tests/libreoffice/test_documentation.py
READ = {"html", "json", "ini", "text"}  # here


def each_page(pages):
    return pytest.mark.parametrize("page", pages, ids=lambda page: str(page.relative_to(ROOT)))


def anchors(page):
    """The anchors of a page's headings, as GitHub and the site make them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page(READMES)
def test_a_readme_is_short_and_in_one_language(page):
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 160
    assert "```sh\nmake run " in text
    assert "\nmake test " in text


def test_both_readmes_have_the_same_parts():
    chinese, english = ([(each.kind, each.mark) for each in blocks(page)] for page in READMES)
    assert chinese == english


def test_both_readmes_have_the_same_commands():
    def commands(page):
        text = "".join(each.text for each in blocks(page, "sh")).replace(" -H 'Accept-Language: en'", "")
        return [re.sub(r" +#.*", "", line) for line in text.splitlines()]

    assert commands(READMES[0]) == commands(READMES[1])


@pytest.mark.parametrize(
    "block",
    [each for page in PAGES for each in blocks(page, "html") if not each.marked],
    ids=lambda block: block.page.name,
)
def test_the_markup_loads_the_element_and_uses_its_attributes(block):
    (script,) = re.findall(r'<script src="([^"]+)"', block.text)
    (attributes,) = re.findall(r"<kexie-form ([^>]+)>", block.text)
    element = create_app().test_client().get(script.removeprefix(ADDRESS), buffered=True)
    assert (element.status_code, element.mimetype) == (200, "text/javascript")
    for name in re.findall(r"(\w+)=", attributes):
        assert f'"{name}"' in element.text, name


@each_page(EVERY)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            path, _, anchor = target.partition("#")
            found = page if not path else (page.parent / path).resolve()
            assert found.exists(), target
            assert not anchor or anchor in anchors(found), target


@each_page(EVERY)
def test_every_path_that_is_named_exists(page):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"(?<![\w/.])((?:service|schemas|tests|benchmarks|deploy|docs)/[\w./-]*\w/?)", text)
    missing = [path for path in named if not (ROOT / path).exists()]
    examples = {"schemas/annex4.py", "schemas/visit.py"}  # of new forms
    assert [path for path in missing if path not in examples] == []


@each_page(PAGES)
def test_every_block_is_run_or_read_or_says_why_not(page):
    for block in blocks(page):
        if block.marked:
            _, _, reason = block.mark.partition(" ")
            path = reason.removeprefix("by ")
            if path != reason:
                assert page.name in (ROOT / path).read_text(encoding="utf-8"), block
        else:
            assert block.kind in RUN | READ, block
        if block.kind == "json":
            assert json.loads(block.text), block
            assert block.mark in ("", PRINTED), block


@each_page([page for page in PAGES if blocks(page, "ini")])
def test_settings_in_files_are_settings_of_the_service(page):
    for block in blocks(page, "ini"):
        Settings.from_env(dict(line.split("=", 1) for line in block.text.splitlines()))


UNIT = ROOT / "deploy" / "kexie-forms.service"


def test_the_systemd_unit_starts_the_service_with_its_settings():
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str
    unit.read_string(UNIT.read_text(encoding="utf-8"))
    service = unit["Service"]
    given = dict(each.split("=", 1) for each in shlex.split(service["Environment"]))
    Settings.from_env({name: value for name, value in given.items() if name.startswith("KEXIE_")})
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.endswith("/kexie-forms")
    assert CliRunner().invoke(main, [*arguments, "--help"]).exit_code == 0
    assert service["KillMode"] == "mixed"
    assert service["UMask"] == "0077"


def test_every_fence_is_closed_and_has_a_kind():
    for page in EVERY:
        fences = re.findall(r"^ *```(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(fences) % 2 == 0, page
        assert all(kind for kind in fences[::2]), page
        assert not any(fences[1::2]), page


def test_both_readmes_are_in_the_source_distribution():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert {f"/{page.name}" for page in READMES} <= set(included)
    assert project["project"]["readme"] == "README.md"
