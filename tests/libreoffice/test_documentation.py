"""Every block of the README and the guide runs as it is printed, against a real service."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import subprocess
import sys
import zipfile
from itertools import pairwise

import pytest

from service.config import Settings
from tests.helpers import ROOT
from tests.helpers.documentation import PAGES, PRINTED, blocks, checkout, run_shell
from tests.helpers.serve import served

MAGIC = {"pdf": b"%PDF-", "docx": b"PK", "xlsx": b"PK", "zip": b"PK", "png": b"\x89PNG", "json": b"{"}


def pages(kind):
    """The pages with blocks of that kind which no mark leaves to another test.

    The English README has the commands of the Chinese one.
    """
    chosen = [page for page in PAGES if page.name != "README.en.md"]
    found = [page for page in chosen if any(not each.marked for each in blocks(page, kind))]
    return pytest.mark.parametrize("page", found, ids=lambda page: str(page.relative_to(ROOT)))


def agrees(printed, real):
    """Whether what a page prints is what came; `…` stands for anything."""
    if isinstance(printed, dict) and isinstance(real, dict):
        return printed.keys() == real.keys() and all(agrees(printed[key], real[key]) for key in printed)
    if isinstance(printed, list) and isinstance(real, list):
        return len(printed) == len(real) and all(map(agrees, printed, real))
    return printed in ("…", real)


def batch_was_followed_to_its_end(folder, printed):
    assert any("event: finished" in each for each in printed)
    with zipfile.ZipFile(folder / "documents.zip") as packed:
        pattern = re.compile("2021/annex3/batch-3( [^/]+)?/申报书.pdf")
        assert any(map(pattern.fullmatch, packed.namelist()))


def embed_token_was_issued(folder, printed):
    assert json.loads(printed[-1])["url"].startswith("/embed/annex3/2021?token=")


def archive_was_verified(folder, printed):
    report = json.loads((folder / "var" / "report" / "regeneration.json").read_text(encoding="utf-8"))
    assert {record["state"] for record in report["records"]} == {"identical"}
    assert (folder / "var" / "bag" / "bagit.txt").is_file()


RESULTS = {
    "portal.md": batch_was_followed_to_its_end,
    "keys.md": embed_token_was_issued,
    "archivists.md": archive_was_verified,
}


def settings_in(folder):
    """Settings of the service and of the commands: an archive and a temporary folder of their own."""
    (folder / "temporary").mkdir()
    return Settings.from_env(
        {
            "KEXIE_TEMP_DIR": str(folder / "temporary"),
            "KEXIE_ARCHIVE": str(folder / "archive"),
            "KEXIE_SECRET": "s" * 32,
            "KEXIE_LOG_LEVEL": "ERROR",
            "KEXIE_CONVERTERS": "1",
        }
    )


@pytest.fixture(scope="module")
def service_of(tmp_path_factory):
    """For a page's commands: service, settings, checkout. Pages whose commands add keys have their own."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def started(keys):
            folder = tmp_path_factory.mktemp("keys" if keys else "open")
            settings = settings_in(folder)
            service = stack.enter_context(served(settings, folder / "log", "--workers", "1"))
            return service, settings, checkout(folder / "checkout")

        yield lambda commands: started("keys add" in commands)


@pages("sh")
def test_the_commands_run_as_printed(page, service_of):
    parts = [each for each in blocks(page, "sh") if not each.marked]
    commands = "".join(part.text for part in parts)
    service, settings, folder = service_of(commands)
    printed = run_shell(parts, folder, service.url, settings.as_env())
    for name, ending in set(re.findall(r" -o ([\w.-]+\.(\w+))", commands)):
        assert (folder / name).read_bytes().startswith(MAGIC[ending]), name
    every = blocks(page)
    for before, block in pairwise(every):
        if block.mark == PRINTED:
            body = re.search(r"^\{.*\}$", printed[parts.index(before)], re.MULTILINE | re.DOTALL)
            assert agrees(json.loads(block.text), json.loads(body[0]))
    RESULTS.get(page.name, lambda folder, printed: None)(folder, printed)


@pages("python")
def test_the_python_code_runs_as_printed(page, tmp_path):
    texts = [
        block.text.replace("/var/lib/", f"{tmp_path}/")
        for block in blocks(page, "python")
        if not block.marked
    ]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"for text in {texts!r}: exec(text, {{}})"],
        cwd=checkout(tmp_path / "checkout"),
        env={**os.environ, **settings_in(tmp_path).as_env()},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
