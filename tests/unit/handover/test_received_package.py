"""A package that was received: what is checked, each fault with its file, and zips that would do harm."""

from __future__ import annotations

import json
import os
import shutil
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import bagit
import pytest

from service.archive import Archive, sm3
from service.config import Settings
from service.handover import package_check, records_package
from service.handover.classification import Classification
from tests.helpers.archive import entry

CODE = "X043-WS·2021-Y-0001"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A package of two submissions, one with two versions."""
    folder = tmp_path_factory.mktemp("made")
    settings = replace(Settings.from_env(), sm3=sm3.available(), archive=folder / "kept")
    with Archive.open(settings) as archive:
        for id, payload in (("a", b"{}"), ("a", b'{"more": 1}'), ("b", b"{}")):
            archive.add(entry(id, files={"payload": payload, "docx": b"PK" + payload}))
        records_package.export(archive, folder / "package", Classification("X043", "科普部", "", "公开"))
    return folder / "package"


@pytest.fixture
def unpacking(place, monkeypatch):
    """The folder where zips are unpacked."""
    (folder := place / "temporary").mkdir()
    monkeypatch.setenv("KEXIE_TEMP_DIR", str(folder))
    return folder


@pytest.fixture
def package(made, place):
    return Path(shutil.copytree(made, place / "package"))


def zipped(folder, file):
    with zipfile.ZipFile(file, "w") as pack:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                pack.write(path, Path("移交包", path.relative_to(folder)))
    return file


def faults(run, package):
    done = run("verify", "--package", package, "--json")
    found = json.loads(done.stdout)["faults"]
    assert done.exit_code == (6 if found else 0)
    return {(each["code"], each["file"]) for each in found}


def test_what_was_checked_of_a_sound_package_is_said(run, package, place, unpacking):
    done = run("verify", "--package", zipped(package, place / "p.zip"))
    assert done.exit_code == 0, done.output
    files = sum(path.is_file() for path in (package / "data").rglob("*"))
    described = files - 6  # list, schema, notes, register, the metadata of two items
    hashed = 6 if sm3.available() else 0
    for words in (
        f"包的清单（bagit）：{files} 个文件",
        "元数据方案（XSD）：2 件",
        f"元数据中的校验值：{described} 个文件，SHA-256 {described} 个、SM3 {hashed} 个",
        "件数 2，",
        "0 处错误",
    ):
        assert words in done.output, done.output
    assert faults(run, package) == set()
    assert not list(unpacking.iterdir())
    misplaced = run("verify", "--package", package, "--report", "r.json")
    assert (misplaced.exit_code, "--package 核对收到的包" in misplaced.output) == (2, True)


def test_a_bag_without_manifest_is_no_bag_whatever_its_numbers(run, package):
    (package / "manifest-sha256.txt").unlink()
    codes = {code for code, _ in faults(run, package)}
    assert ("not_a_bag" in codes, "oxum_differs" in codes) == (True, False)


def test_each_fault_is_named_with_its_file(run, package):
    data, item = package / "data", package / "data" / CODE
    (item / "报文.json").write_bytes(b"[]")
    (item / "v1" / "manifest.json").unlink()
    (item / "more.txt").write_bytes(b"more")
    found = faults(run, package)
    assert ("oxum_differs", "bag-info.txt") in found
    assert {
        ("file_missing", f"data/{CODE}/v1/manifest.json"),
        ("file_unexpected", f"data/{CODE}/more.txt"),
        ("described_missing", f"data/{CODE}/v1/manifest.json"),
        ("not_described", f"data/{CODE}/more.txt"),
        ("sha256_differs", f"data/{CODE}/报文.json"),
        ("count_differs", "data/说明.txt"),
    } <= found
    assert all(file.startswith("data/") for _, file in found - {("oxum_differs", "bag-info.txt")})
    (data / "移交目录.csv").unlink()
    (data / "元数据方案.xsd").unlink()
    assert {("list_unreadable", "data/移交目录.csv"), ("schema_missing", "data/元数据方案.xsd")} <= faults(
        run, package
    )


def test_a_changed_file_is_named_by_the_bag(run, package):
    path = package / "data" / CODE / "报文.json"
    path.write_bytes(b"x" * path.stat().st_size)
    expected = {("hash_differs", f"data/{CODE}/报文.json"), ("sha256_differs", f"data/{CODE}/报文.json")}
    assert faults(run, package) - {("sm3_differs", f"data/{CODE}/报文.json")} == expected


def test_what_a_new_manifest_would_hide_is_found_by_metadata_and_list(run, package):
    data = package / "data"
    other, metadata = "X043-WS·2021-Y-0002", data / CODE / "元数据.xml"
    text = metadata.read_text("utf-8")
    metadata.write_text(text.replace("<密级>公开", "<密级>不知道"), "utf-8")
    shutil.move(data / other, data / "elsewhere")
    bagit.Bag(str(package)).save(manifests=True)
    named = faults(run, package)
    assert named == {
        ("metadata_invalid", f"data/{CODE}/元数据.xml"),
        ("metadata_missing", f"data/{other}/元数据.xml"),
        ("not_in_list", "data/elsewhere"),
        ("code_differs", "data/elsewhere/元数据.xml"),
        ("count_differs", "data/说明.txt"),
    }
    metadata.write_text('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "utf-8")
    done = run("verify", "--package", package)
    assert "✗ metadata_invalid" in done.output
    assert "root:" not in done.output


def test_a_manifest_of_hashes_that_bagit_cannot_compute_is_a_fault(run, package):
    (package / "manifest-shake_128.txt").write_text("00  data/说明.txt\n", "utf-8")
    assert ("not_a_bag", "") in faults(run, package)


def test_links_of_a_folder_are_not_followed_and_pipes_not_read(run, package, place):
    (package / "data" / CODE / "link.txt").symlink_to(place)
    os.mkfifo(package / "data" / "pipe")
    assert faults(run, package) == {("not_a_file", f"data/{CODE}/link.txt"), ("not_a_file", "data/pipe")}


def test_what_lies_beside_the_payload_or_the_bag_is_named(run, package, place, unpacking):
    (package / "more.exe").write_bytes(b"more")
    (package / "folder").mkdir()
    (package / "folder" / "more.exe").write_bytes(b"more")
    with zipfile.ZipFile(zipped(package, place / "p.zip"), "a") as pack:
        pack.writestr("beside/more.exe", b"more")
    assert faults(run, place / "p.zip") == {
        ("file_unexpected", "more.exe"),
        ("file_unexpected", "folder/more.exe"),
        ("not_described", "../beside"),
    }


def test_a_list_that_is_very_long_or_names_folders_that_no_disk_takes_is_a_fault(run, package, monkeypatch):
    file, long = package / "data" / "移交目录.csv", "长" * 100
    with file.open("a", encoding="utf-8") as table:
        table.write(",".join([long] * 16) + "\n")
    assert ("metadata_missing", f"data/{long}/元数据.xml") in faults(run, package)
    monkeypatch.setattr(package_check, "_MOST_ITEMS", 2)
    assert ("list_unreadable", "data/移交目录.csv") in faults(run, package)


def link(pack):
    info = zipfile.ZipInfo("移交包/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    pack.writestr(info, "/etc/passwd")


def bomb(pack):
    pack.writestr("移交包/data/zeros", bytes(65 * 1024**2), zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (lambda pack: pack.writestr("移交包/../../out.txt", "x"), "的路径指向包外"),
        (lambda pack: pack.writestr("/out.txt", "x"), "的路径指向包外"),
        (lambda pack: [pack.writestr(name, "x") for name in ("包/a", "包/a/b")], "在一个文件之下"),
        (lambda pack: pack.writestr(f"包/{'长' * 100}", "x"), "的名称太长"),
        (lambda pack: pack.writestr("a/" * 30_000 + "a", "x"), "的名称太长"),
        (lambda pack: pack.writestr("包/a", "x", zipfile.ZIP_LZMA), "的压缩方法不支持"),
        (link, "是链接"),
        (bomb, "不像正常的包"),
    ],
    ids=["parent", "absolute", "below", "long", "deep", "lzma", "link", "bomb"],
)
def test_a_zip_that_may_do_harm_is_not_unpacked(run, place, unpacking, fill, words):
    with zipfile.ZipFile(place / "p.zip", "w") as pack:
        fill(pack)
    done = run("verify", "--package", "p.zip")
    assert (done.exit_code, words in done.output, "没有解开这个包" in done.output) == (6, True, True), (
        done.output
    )
    assert not (place.parent / "out.txt").exists()
    assert not list(unpacking.iterdir())


def test_what_is_no_zip_or_no_package_is_refused(run, place):
    (place / "p.zip").write_bytes(b"no zip")
    assert "不是 zip，或已损坏" in (done := run("verify", "--package", "p.zip")).output
    (place / "empty").mkdir()
    assert ("not_a_bag", "") in faults(run, place / "empty")
    assert (done.exit_code, run("verify", "--package", "nothing.zip").exit_code) == (6, 2)
