"""SM3 beside SHA-256 in manifests: written where set, verified, and refused where OpenSSL lacks it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from service import doctor
from service.archive import Archive, sm3
from service.cli import main
from service.config import Settings
from service.errors import UsageError
from tests.helpers.archive import Tamper, faults, numbered

# GB/T 32905-2016, appendix A
STANDARD = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}


@pytest.fixture
def settings(tmp_path):
    return Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive"), "KEXIE_SM3": "1"})


@pytest.fixture
def missing(monkeypatch):
    """An OpenSSL without SM3."""
    monkeypatch.setattr(sm3, "_NAME", "no-such-hash")


def test_the_digests_are_those_of_the_standard():
    for content, digest in STANDARD.items():
        assert sm3.sm3([content[:1], content[1:]]) == digest


def test_manifests_have_it_where_set_and_verify_checks_it(settings):
    with Archive.open(settings) as archive:
        record = archive.add(numbered(1))
        (payload, docx) = archive.manifest(record)["files"]
        assert payload["sm3"] == sm3.sm3([b"{}"])
        assert docx["sm3"] == sm3.sm3([archive.read(record, "docx")])
        assert faults(archive) == archive.verify_record(record) == []


def test_without_the_setting_manifests_are_as_before(tmp_path):
    with Archive.open(Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path)})) as archive:
        assert all("sm3" not in file for file in archive.manifest(archive.add(numbered(1)))["files"])


def test_a_file_that_is_not_the_manifests_by_sm3_is_found(settings, monkeypatch):
    with Archive.open(settings) as archive:
        with monkeypatch.context() as forging:
            forging.setattr("service.archive.manifest.sm3", lambda content: "0" * 64)
            record = archive.add(numbered(1))
        found = [(fault.code, fault.file) for fault in faults(archive)]
        assert sorted(found) == [("sm3_differs", "报文.json"), ("sm3_differs", "申报书.docx")]
        Tamper(archive).delete(record.files["docx"].sha256)
        codes = sorted((fault.code, fault.file) for fault in archive.verify_record(record))
        assert codes == [("object_missing", "申报书.docx"), ("sm3_differs", "报文.json")]


def test_a_manifest_that_cannot_be_checked_here_is_a_fault_that_says_so(settings, missing, monkeypatch):
    plain = Settings.from_env({"KEXIE_ARCHIVE": str(settings.archive)})
    with monkeypatch.context() as there:
        there.setattr(sm3, "_NAME", "sm3")
        with Archive.open(settings) as archive:
            archive.add(numbered(1))
    with Archive.open(plain) as archive:
        assert {fault.code for fault in faults(archive)} == {"sm3_unchecked"}


def test_set_where_openssl_lacks_it_nothing_starts(settings, missing, tmp_path):
    with pytest.raises(UsageError, match="不支持 SM3"):
        Archive.open(settings)
    environment = {"KEXIE_ARCHIVE": str(tmp_path / "archive"), "KEXIE_SM3": "1"}
    for command in ("serve", "records"):
        done = CliRunner(env=environment).invoke(
            main, [command, "--json"] if command == "records" else [command]
        )
        assert (done.exit_code, "KEXIE_SM3" in done.output) == (2, True), done.output


def test_doctor_says_whether_it_is_there(settings, monkeypatch):
    def found():
        return next(check for check in doctor.examine(settings) if check.name == "SM3")

    assert (found().ok, found().needed) == (True, True)
    monkeypatch.setattr(sm3, "_NAME", "no-such-hash")
    assert (found().ok, found().exit_code) == (False, 2)
    assert "OpenSSL 不支持" in found().detail
