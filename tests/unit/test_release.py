"""What a release consists of: the client as a package, the SBOM, the list of system packages to install."""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile

import pytest

import service
from service import errors, version
from service.rendering import load_template
from tests.helpers import ROOT
from tests.helpers.documentation import blocks


def read(name):
    return (ROOT / name).read_text("utf-8")


CLIENT = ROOT / "samples" / "clients"
PACKAGES = read("deploy/apt-packages.txt").split("\n", 1)[1].split()
PROJECT = tomllib.loads(read("pyproject.toml"))
VERSION = PROJECT["project"]["version"]


def test_all_files_name_the_version():
    written = re.sub(r"rc(\d+)$", r"-rc.\1", VERSION)  # PEP 440 as SemVer
    headings = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert headings[:2] == ["Unreleased", written]
    assert version.VERSION == VERSION
    assert f"image: kexie-forms:${{KEXIE_VERSION:-{VERSION}}}\n" in read("deploy/compose.yaml")
    minor = ".".join(VERSION.split(".")[:2])
    assert f"（现为 {minor}）" in read("SECURITY.md")
    assert f"({minor} now)" in read("SECURITY.md")
    for page in ("README.md", "README.en.md", "docs/guide/releases.md"):
        assert written in read(page), page


def test_the_page_promises_what_python_exports():
    (row,) = re.findall(r"^\| Python：(.+?) \|", read("docs/guide/releases.md"), re.MULTILINE)
    names, _ = row.split("（`service.__all__`）")
    assert set(re.findall(r"`(\w+)`", names)) - {"service"} == set(service.__all__)
    assert callable(load_template)
    assert issubclass(errors.InvalidPayload, errors.KexieError)


@pytest.fixture(scope="module")
def build():
    """The module `deploy/build-release`."""
    loader = importlib.machinery.SourceFileLoader("build_release", str(ROOT / "deploy" / "build-release"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def test_the_client_is_a_typed_package_with_the_services_version_and_the_same_bytes_twice(tmp_path):
    for folder in ("first", "second"):
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / folder]
        subprocess.run(command, cwd=CLIENT, check=True, capture_output=True, timeout=300)
    first, second = (next((tmp_path / folder).iterdir()) for folder in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    assert first.name == f"kexie_forms_client-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(first) as wheel:
        copied = (CLIENT / "kexie_forms_client.py").read_bytes()
        assert wheel.read("kexie_forms_client/__init__.py") == copied
        assert "kexie_forms_client/py.typed" in wheel.namelist()


def test_the_bill_of_materials_has_what_no_registry_installs(build):
    found = {each["name"]: each for each in build.brought_along(ROOT)}
    assert re.fullmatch(r"pkg:npm/swagger-ui-dist@\d+\.\d+\.\d+", found["swagger-ui-dist"]["purl"])
    faces = {path.name: path for path in (ROOT / "service" / "conversion" / "faces").glob("*.ttf")}
    assert found.keys() - {"swagger-ui-dist"} == faces.keys()
    for name, path in faces.items():
        (given,) = found[name]["hashes"]
        assert given == {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}


def test_the_source_package_takes_names_of_the_top_folder_only():
    names = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    for name in names:  # without the slash, tests/unit/schemas is `schemas` too
        assert name.startswith("/")
        assert (ROOT / name[1:]).exists(), name


def test_a_release_overwrites_nothing(build, tmp_path):
    (tmp_path / "kept").touch()
    with pytest.raises(SystemExit, match="kept"):
        build.main(tmp_path)


def test_the_page_installs_all_system_packages_that_the_service_needs():
    (block,) = blocks(ROOT / "docs" / "guide" / "releases.md", "sh")
    command = block.text.replace("\\\n", " ").splitlines()[0]
    assert command.split() == ["apt-get", "install", "--no-install-recommends", *PACKAGES]
