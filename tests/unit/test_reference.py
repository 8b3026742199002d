"""The pages of docs/reference/ are those that deploy/make-reference writes."""

from __future__ import annotations

import subprocess
import sys

from tests.helpers import ROOT


def test_the_reference_is_up_to_date(tmp_path):
    subprocess.run([sys.executable, ROOT / "deploy" / "make-reference", tmp_path], check=True, cwd=ROOT)
    made = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert set(made) == {"settings.md", "errors.md", "command-line.md", "http.md"}
    for name, text in made.items():
        assert (ROOT / "docs" / "reference" / name).read_text("utf-8") == text, "run deploy/make-reference"
