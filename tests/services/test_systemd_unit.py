"""The unit of systemd that the service brings."""

from __future__ import annotations

import subprocess

from tests.helpers import ROOT

MOST_EXPOSED = 30  # tenths of the exposure level, which goes to 10.0


def test_the_unit_exposes_little():
    found = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            f"--threshold={MOST_EXPOSED}",
            ROOT / "deploy" / "kexie-forms.service",
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert found.returncode == 0, found.stdout + found.stderr
