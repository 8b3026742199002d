"""The files of deploy/ agree with the service: settings, secrets, commands, metrics."""

from __future__ import annotations

import json
import re
import shlex
import subprocess

import pytest
import yaml
from click.testing import CliRunner

from service import create_app
from service.cli import main
from service.config import SETTINGS, Settings
from service.conversion.pool.metrics import Metrics
from service.web.http import prometheus
from service.web.http.request_metrics import RequestMetrics
from tests.helpers import ROOT
from tests.helpers.documentation import blocks

DEPLOY = ROOT / "deploy"
MONITORING = DEPLOY / "monitoring"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
OURS = ["web", "worker"]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory):
    """The folder of secrets that deploy/compose/make-secrets makes."""
    folder = tmp_path_factory.mktemp("deployment") / "secrets"
    subprocess.run([DEPLOY / "compose" / "make-secrets", folder], check=True, timeout=300)
    return folder


def settings_of(lines):
    return {
        name: value for name, value in (line.split("=", 1) for line in lines) if name.startswith("KEXIE_")
    }


def test_compose_starts_the_service_with_its_settings(secrets):
    made = settings_of((secrets / "kexie.env").read_text().splitlines())
    for name in OURS:
        service = COMPOSE["services"][name]
        given = {
            key: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value)
            for key, value in service["environment"].items()
            if key.startswith("KEXIE_")
        }
        assert not made.keys() & given.keys()
        read = Settings.from_env(given | made)
        assert read.database_url.startswith("postgresql://kexie:")
        assert len(read.secret) >= 32
        assert CliRunner().invoke(main, [*service["command"], "--help"]).exit_code == 0


def test_no_secret_is_in_compose_and_each_is_a_file_that_is_made_once(secrets):
    assert {each["file"].rpartition("/")[2] for each in COMPOSE["secrets"].values()} == {
        path.name for path in secrets.iterdir()
    }
    hidden = {each.name for each in SETTINGS if each.secret}
    shown = {key for each in COMPOSE["services"].values() for key in each.get("environment", ())}
    assert hidden & shown == {"KEXIE_OBJECTS_URL"}  # a bucket, without its keys
    assert not {name for name in shown if re.search("PASSWORD$|SECRET", name)}
    before = {path.name: path.read_text() for path in secrets.iterdir()}
    subprocess.run(
        [DEPLOY / "compose" / "make-secrets", secrets], check=True, capture_output=True, timeout=300
    )
    assert {path.name: path.read_text() for path in secrets.iterdir()} == before
    assert secrets.stat().st_mode & 0o077 == 0


def test_every_service_has_a_memory_limit_and_restarts():
    for name, service in COMPOSE["services"].items():
        assert service["restart"] == "unless-stopped", name
        assert service["mem_limit"], name
        assert "healthcheck" in service or "build" in service, name


def test_nginx_sets_the_same_headers_and_limits_everywhere():
    def directives(text):
        found = re.findall(
            r"^\s*((?:proxy_set_header \S+|client_max_body_size|proxy_read_timeout) .*);$", text, re.M
        )
        return {each for each in found if "Prefix" not in each}

    (block,) = blocks(ROOT / "docs" / "guide" / "deployment.md", "nginx")
    compose = (DEPLOY / "compose" / "nginx.conf").read_text("utf-8")
    assert directives(compose) == directives(block.text)
    assert 'proxy_set_header X-Forwarded-Prefix "";' in compose


def test_each_deadline_of_the_deployment_is_longer_than_the_longest_request():
    unit = (DEPLOY / "kexie-forms.service").read_text("utf-8")
    proxy = (DEPLOY / "compose" / "nginx.conf").read_text("utf-8")
    seconds = [
        *re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.M),
        *re.findall(r"proxy_read_timeout (\d+)s;", proxy),
        COMPOSE["services"]["web"]["stop_grace_period"].removesuffix("s"),
    ]
    assert len(seconds) == 3
    assert min(map(int, seconds)) > Settings.from_env({}).longest_request


def test_the_units_drop_in_runs_the_worker():
    text = (DEPLOY / "kexie-forms-worker.conf").read_text("utf-8")
    *_, command = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    _, *arguments = shlex.split(command)
    assert CliRunner().invoke(main, [*arguments, "--help"]).exit_code == 0
    sample = (DEPLOY / "service.env").read_text("utf-8").splitlines()
    lines = [line.removeprefix("#") for line in sample if re.match(r"#?[A-Z_]+=", line)]
    named = settings_of(lines)
    Settings.from_env(named)
    assert {each.name for each in SETTINGS if each.secret} <= named.keys()


@pytest.fixture(scope="module")
def metrics():
    """The names of the samples of /metrics."""
    counts, traffic = Metrics(), RequestMetrics()
    counts.document("converted")
    counts.restart("died")
    counts.proof("failed")
    counts.step("convert", 1.0)
    traffic.began()
    traffic.answered("/", "GET", 200, 0.1)
    lines = prometheus.text(counts.snapshot(), traffic).decode().splitlines()
    return {re.match(r"\w+", line)[0] for line in lines if not line.startswith("#")}


def named(text):
    return set(re.findall(r"\bkexie_\w+", text))


def test_the_metrics_of_dashboard_and_alerts_exist(metrics):
    rules = yaml.safe_load((MONITORING / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    assert len(rules) == 5
    board = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))
    asked = [rule["expr"] for rule in rules] + [
        target["expr"] for panel in board["panels"] for target in panel["targets"]
    ]
    used = named("\n".join(asked))
    assert used - metrics == set()
    assert metrics - used <= {"kexie_http_request_seconds_count", "kexie_http_request_seconds_sum"}
    assert "text/plain" in create_app().test_client().get("/metrics").content_type
