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

from tests.helpers import ROOT
from tests.helpers.documentation import blocks

CLIENT = ROOT / "samples" / "clients"
PACKAGES = (ROOT / "deploy" / "apt-packages.txt").read_text("utf-8").split("\n", 1)[1].split()


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
        subprocess.run(command, cwd=CLIENT, check=True, capture_output=True, timeout=60)
    first, second = (next((tmp_path / folder).iterdir()) for folder in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert first.name == f"kexie_forms_client-{version}-py3-none-any.whl"
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


def test_a_release_overwrites_nothing(build, tmp_path):
    (tmp_path / "kept").touch()
    with pytest.raises(SystemExit, match="kept"):
        build.main(tmp_path)


def test_the_page_installs_all_system_packages_that_the_service_needs():
    (block,) = blocks(ROOT / "docs" / "guide" / "releases.md", "sh")
    command = block.text.replace("\\\n", " ").splitlines()[0]
    assert command.split() == ["apt-get", "install", "--no-install-recommends", *PACKAGES]
