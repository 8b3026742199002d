"""The alert rules that the service brings, tried by Prometheus's own tool."""

from __future__ import annotations

import subprocess

import pytest

from tests.helpers import ROOT


@pytest.mark.parametrize(
    "command", [("check", "config", "prometheus.yml"), ("test", "rules", "alerts.test.yml")]
)
def test_promtool_accepts_the_rules_and_each_fires(command):
    done = subprocess.run(
        ["promtool", *command],
        cwd=ROOT / "deploy" / "monitoring",
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
