"""The commands on sealed copies and signatures."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from service.archive import Archive
from service.cli import main
from service.config import Settings
from tests.helpers import signatures as made
from tests.helpers.archive import entry
from tests.helpers.pictures import scanned

PDF = made.blank_pdf("3201-0001")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "archive"


@pytest.fixture
def record(folder):
    with Archive.open(Settings.from_env({}), folder) as archive:
        return archive.add(entry(files={"payload": b"{}", "docx": b"PK", "pdf": PDF}))


@pytest.fixture
def run(folder, tmp_path, monkeypatch):
    """Runs a command on the archive; returns its exit code and output."""
    key = tmp_path / "seal.p12"
    key.write_bytes(made.identity().pkcs12("secret", made.authority()))
    monkeypatch.setenv("KEXIE_SIGN_KEY", str(key))
    monkeypatch.setenv("KEXIE_SIGN_PASSPHRASE", "secret")
    monkeypatch.setenv("KEXIE_TRUST", str(made.trust(tmp_path, made.authority())))

    def ended(*words):
        done = CliRunner().invoke(main, [*map(str, words), "--archive", str(folder)])
        return done.exit_code, done.output

    return ended


def test_a_copy_is_added_listed_and_written(run, record, tmp_path):
    file, out = tmp_path / "sealed.pdf", tmp_path / "out.pdf"
    file.write_bytes(made.signed(PDF))
    code, said = run("sealed", "add", record.key, file)
    assert (code, "有效 / Valid\t云泽县科协公章，云泽县科学技术协会" in said) == (0, True), said
    code, listed = run("sealed", "list", record.key, "--json")
    (copy,) = json.loads(listed)
    assert (copy["name"], copy["result"]["verdict"], copy["number"]) == ("盖章件-1.pdf", "valid", 1)
    assert (copy["added_by"].startswith("user:"), copy["added_by_name"]) == (True, "")
    said = run("sealed", "list", record.id)[1]
    assert "\t服务器上的用户 " in said
    assert f"SHA-256 {copy['sha256']}" in said
    assert "+08:00" in said
    assert "早已存入" in run("sealed", "add", record.key, file)[1]
    assert run("sealed", "get", record.key, 1, "-o", out)[0] == 0
    assert out.read_bytes() == file.read_bytes()
    file.write_bytes(made.signed(file.read_bytes(), field="Seal2"))
    for words in (("sealed", "add", record.key, file), ("records", "identify", file)):
        assert "此后文件中又加了别的签名或信息，属于允许的添加。 / Further" in run(*words)[1]
    file.write_bytes(b"PK")
    code, said = run("sealed", "add", record.key, file)
    assert (code, "须是 PDF" in said) == (3, True)
    assert run("sealed", "get", record.key, 9)[0] == 2


def test_a_file_that_another_record_has_is_added_with_a_notice(run, record, folder, tmp_path):
    with Archive.open(Settings.from_env({}), folder) as archive:
        other = archive.add(entry("另一条"))
        archive.add(entry("他人的", tenant="望川县"))
    file = tmp_path / "scan.png"
    file.write_bytes(scanned())
    for id in (other.id, "他人的"):
        assert "同一个文件" not in run("sealed", "add", id, file)[1]
    code, said = run("sealed", "add", record.key, file)
    assert (code, "“另一条”第 1 版中，请核对是否存错。" in said, other.key in said) == (0, True, True)
    assert "他人的" not in said
    assert "同一个文件也存在" in run("records", "show", record.key)[1]
    (copy,) = json.loads(run("sealed", "list", record.key, "--json")[1])
    assert [each["id"] for each in copy["also_in"]] == ["另一条"]


def test_records_are_signed(run, record, tmp_path):
    out = tmp_path / "out.pdf"
    assert run("records", "get", record.key, "signed", "-o", out)[0] == 2
    assert run("sign")[1].startswith("已签 0 份，未成 0 份")
    assert run("sign", "--all")[1].startswith("已签 1 份，未成 0 份")
    assert run("records", "get", record.key, "signed", "-o", out)[0] == 0
    assert out.read_bytes().startswith(PDF)
    assert "0 处错误" in run("verify")[1]
    assert "\tsign\t" in run("audit", "--action", "sign")[1]


def test_a_key_that_cannot_be_used_ends_with_its_code(run, record, monkeypatch):
    monkeypatch.setenv("KEXIE_SIGN_PASSPHRASE", "wrong")
    code, said = run("sign", "--all")
    assert (code, "PKCS#12" in said) == (6, True)
