"""Keys before a service of several processes: to whom it is open, and that each process sees a change."""

from __future__ import annotations

import dataclasses
import json

import pytest
from click.testing import CliRunner

from service import doctor
from service.cli import main
from tests.helpers.libreoffice import FakeDriver
from tests.helpers.processes import awaited
from tests.helpers.serve import served

VALIDATE = "/api/v1/forms/annex3/2021/validate"


def asked(served, key=None):
    """The status of an answer."""
    headers = {"X-API-Key": key} if key else {}
    return served.http.post(VALIDATE, json={}, headers=headers).status_code


@pytest.fixture
def place(settings, tmp_path):
    driver = FakeDriver(tmp_path, b"")  # no document is asked for
    return dataclasses.replace(settings, archive=tmp_path / "archive", **driver.fields)


def keys(place, *arguments):
    done = CliRunner(env=place.as_env()).invoke(main, ["keys", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_every_process_learns_of_a_key_and_of_its_end(place, tmp_path):
    def always(status, key=None):
        return lambda: all(asked(service, key) == status for _ in range(20))

    with served(place, tmp_path / "log", "--workers", "2") as service:
        assert awaited(always(200))
        assert not place.archive.exists()
        made = keys(place, "add", "--tenant", "云泽县", "--scope", "generate")
        assert awaited(always(401))
        assert always(200, made["key"])()
        keys(place, "revoke", made["id"])
        assert awaited(always(401, made["key"]))
    said = (tmp_path / "log").read_text()
    assert "还没有密钥，只对本机开放 / no keys yet: open to this machine only" in said
    assert made["key"][-64:] not in said


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "kexie.example", "127.0.0.1.example"])
def test_without_a_key_no_other_machine_is_served(place, host):
    done = CliRunner(env=place.as_env()).invoke(main, ["serve", "--host", host, "--port", "0"])
    assert done.exit_code == 2
    assert "kexie-forms keys add --tenant" in done.stderr
    assert "KEXIE_OPEN=1" in done.stderr


def test_a_service_that_is_reported_to_be_open_says_so(place, tmp_path):
    opened = dataclasses.replace(place, open=True)
    with served(opened, tmp_path / "log", "--host", "0.0.0.0") as service:
        assert asked(service) == 200
    assert "KEXIE_OPEN=1 and no keys: open to all who reach this port" in (tmp_path / "log").read_text()


def test_with_a_key_other_machines_are_served(place, tmp_path):
    made = keys(place, "add", "--tenant", "云泽县", "--scope", "generate")
    with served(place, tmp_path / "log", "--host", "0.0.0.0") as service:
        assert (asked(service), asked(service, made["key"])) == (401, 200)
    assert "callers need a key" in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("secret", "ok", "message"),
    [(None, False, "not set"), ("x" * 31, False, "31 bytes, too few"), ("x" * 32, True, "set")],
)
def test_doctor_reports_of_keys_and_of_a_short_secret(place, secret, ok, message):
    def found():
        return {
            finding.name: finding for finding in doctor.examine(dataclasses.replace(place, secret=secret))
        }

    assert (found()["KEXIE_SECRET"].ok, message in found()["KEXIE_SECRET"].detail) == (ok, True)
    assert "open to this machine only" in found()["密钥 / keys"].detail
    assert not place.archive.exists()
    keys(place, "add", "--tenant", "云泽县", "--scope", "generate")
    assert found()["密钥 / keys"].ok
    assert secret is None or secret not in str(found())
