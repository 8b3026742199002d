"""What makes a PDF of a .docx, as hashes: each changed part changes its own."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sys
from importlib.metadata import packages_distributions

import pytest

from service.config import Settings
from service.conversion import engine
from service.conversion.fonts.face_table import TABLE
from service.conversion.pool import address
from tests.helpers import ROOT

FACES = ROOT / "service" / "conversion" / "faces"
LINE = "LibreOffice 7.4.7.2 40(Build:2)"


@pytest.fixture
def office(tmp_path):
    """The folder of a LibreOffice as packages install it, with few files."""
    program, registry = tmp_path / "office" / "program", tmp_path / "office" / "share" / "registry"
    program.mkdir(parents=True)
    registry.mkdir(parents=True)
    for name in ("soffice", "soffice.bin", "libswlo.so"):
        (program / name).write_bytes(b"#!/bin/sh\n")
        (program / name).chmod(0o755)
    (program / "versionrc").write_text("buildid=40(Build:2)\n")
    (registry / "main.xcd").write_text("<oor:data/>")
    return tmp_path / "office"


def hashes(office, line=LINE, uno=True, **values):
    values = {"KEXIE_SOFFICE": str(office / "program" / "soffice"), **values}
    return engine.engine(Settings.from_env(values), line, uno=uno)


def later(path, content):
    """Writes a file that another build has at that place."""
    path.write_text(content)
    os.utime(path, (1_700_000_000, 1_700_000_000))


def differing(one, other):
    return {name for name in one if one[name] != other[name]}


@pytest.mark.parametrize(
    "name, content",
    [
        ("program/versionrc", "buildid=41(Build:2)\n"),
        ("program/libswlo.so", "#!/bin/sh\n"),
        ("program/libnew.so", ""),
        ("share/registry/main.xcd", "<oor:data/>"),
    ],
)
def test_a_file_of_another_build_of_libreoffice_changes_its_hash(office, name, content):
    before = hashes(office)
    later(office / name, content)
    assert differing(before, hashes(office)) == {"libreoffice"}


def test_another_version_or_way_of_running_libreoffice_changes_its_hash_and_a_faithful_copy_does_not(
    office, tmp_path
):
    before = hashes(office)
    assert differing(before, hashes(office, "LibreOffice 25.8.1.1")) == {"libreoffice"}
    assert differing(before, hashes(office, uno=False)) == {"libreoffice"}
    shutil.copytree(office, tmp_path / "copy")
    assert hashes(tmp_path / "copy") == before


def test_a_script_in_place_of_libreoffice_counts_by_its_content(office, tmp_path):
    scripts = {}
    for text in ("exec soffice", "exec soffice --other"):
        (tmp_path / text / "program").mkdir(parents=True)
        (tmp_path / text / "program" / "soffice").write_text(text)
        (tmp_path / text / "program" / "soffice").chmod(0o755)
        scripts[text] = hashes(tmp_path / text)["libreoffice"]
    assert len({*scripts.values(), hashes(office)["libreoffice"]}) == 3


def test_a_changed_font_and_a_changed_table_of_faces_change_the_hash_of_fonts(office, tmp_path):
    folders = [tmp_path / name for name in ("a", "b", "c", "d")]
    for folder in folders:
        folder.mkdir()
        shutil.copy(FACES / "KexieBox.ttf", folder)
    with (folders[2] / "KexieBox.ttf").open("ab") as font:
        font.write(b"\0")
    (folders[3] / TABLE).write_text(json.dumps([{"official": "隶书", "stand_ins": ["Kexie Box"]}]))
    one, same, other, table = (hashes(office, KEXIE_FONT_DIRS=str(folder)) for folder in folders)
    assert one == same
    assert differing(one, other) == differing(one, table) == differing(one, hashes(office)) == {"fonts"}


def test_a_changed_step_of_the_conversion_changes_the_hash_of_steps_and_the_pool_does_not(tmp_path):
    made = []
    for number, changed in enumerate((None, "conversion/pool/server.py", "conversion/pdf/finish_pdf.py")):
        for step in ("conversion", "wordml"):
            copied = tmp_path / str(number) / step
            shutil.copytree(ROOT / "service" / step, copied, ignore=shutil.ignore_patterns("*.ttf", "*.pyc"))
        if changed:
            with (tmp_path / str(number) / changed).open("a") as module:
                module.write("# changed\n")
        made.append(engine.steps(tmp_path / str(number)))
    assert made[0] == made[1] == engine.steps() != made[2]


def imported(path):
    """The modules that a module imports, and the names that it takes from them, dotted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}" for each in node.names)


def test_the_steps_are_whole_they_import_nothing_that_is_left_out_but_the_pool_and_every_package_is_named():
    service = ROOT / "service"
    steps = [
        path
        for step in ("conversion", "wordml")
        for path in (service / step).rglob("*.py")
        if not path.relative_to(service).as_posix().startswith(engine.NO_STEPS)
        and path.name != "uno_driver.py"  # under the system's Python, on LibreOffice's own module
    ]
    names = {name for path in steps for name in imported(path)}
    left_out = [f"service.{name.removesuffix('.py').replace('/', '.')}" for name in engine.NO_STEPS[1:]]
    assert [name for name in names if name.startswith(tuple(left_out))] == []
    foreign = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    known = packages_distributions()
    ours = {"service", "schemas", "__future__"}
    assert {package for name in foreign - ours for package in known[name]} == set(engine.LIBRARIES)


def test_another_build_of_libreoffice_has_a_pool_of_its_own(office):
    settings = Settings.from_env({"KEXIE_SOFFICE": str(office / "program" / "soffice")})
    before = address.of(settings)
    assert address.of(settings) == before
    later(office / "program" / "soffice.bin", "#!/bin/bash\n")
    assert address.of(settings) != before
