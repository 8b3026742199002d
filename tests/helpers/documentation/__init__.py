"""The fenced blocks of the documentation, and a folder in which its shell blocks run as printed."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.helpers import ROOT

PAGES = [
    *(ROOT / "README.md", ROOT / "README.en.md", ROOT / "docs" / "develop" / "adding-a-form.md"),
    *sorted((ROOT / "docs" / "guide").glob("*.md")),
]
ADDRESS = "http://127.0.0.1:8000"  # of the service, as the pages print it
PRINTED = "printed by the block above"
_FENCE = re.compile(
    r"(?:^ *<!-- (?P<mark>.*?) -->\n)?"
    r'^(?P<indent> *)```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^(?P=indent)```$',
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, title and text, and the comment above it."""

    page: Path
    kind: str
    title: str
    text: str
    mark: str

    @property
    def marked(self) -> bool:
        """True where a mark says that another test runs the block, or why none does."""
        return self.mark.startswith(("run by ", "not run: "))

    def __str__(self) -> str:
        return f"{self.page.name}: {self.kind} {self.text[:40]!r}"


def blocks(page: Path, kind: str | None = None, title: str | None = None) -> list[Block]:
    """The blocks of a page in their order, or those of a kind and title."""
    found = []
    for match in _FENCE.finditer(page.read_text(encoding="utf-8")):
        text = re.sub(f"^{match['indent']}", "", match["text"], flags=re.MULTILINE)
        found.append(Block(page, match["kind"], match["title"] or "", text, match["mark"] or ""))
    return [each for each in found if kind in (None, each.kind) and title in (None, each.title)]


def checkout(folder: Path) -> Path:
    """A folder like a checkout (its packages are the installed ones); `make` prints what it would run."""
    folder.mkdir()
    for path in ROOT.iterdir():
        if not path.name.startswith(".") and path.name not in ("out", "var", "service", "schemas"):
            (folder / path.name).symlink_to(path)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (folder / "programs").mkdir()
    make = folder / "programs" / "make"
    make.write_text(f'#!/bin/sh\nexec /usr/bin/make -n -C {ROOT} "$@"\n')
    make.chmod(0o755)
    return folder


def run_shell(
    parts: Sequence[Block], folder: Path, address: str, environment: Mapping[str, str], seconds: float = 500
) -> list[str]:
    """What each of these blocks prints, run one after another by one shell that stops at the first error.

    It runs on one core, so that its commands start one worker process each.
    """
    between = "-- next block --"
    script = f"\necho '{between}'\n".join(part.text for part in parts).replace(ADDRESS, address)
    path = f"{folder}/programs:{Path(sys.executable).parent}:{os.environ['PATH']}"
    core = random.choice(list(os.sched_getaffinity(0)))
    done = subprocess.run(
        ["taskset", "--cpu-list", str(core), "bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **environment, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split(f"{between}\n")
