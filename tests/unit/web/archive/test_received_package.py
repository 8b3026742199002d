"""A package is checked over the route and on the page: what is in it, what is wrong; nothing of it stays."""

from __future__ import annotations

import html
import io
import os
import re
import zipfile
from unittest import mock

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from service.access import ApiKeys
from service.audit.audit_search import Wanted, rows
from service.conversion.libreoffice import python_worker
from tests.helpers.archive import numbered

ROUTE = "/api/v1/records/handover/check"
CLASSED = {"fonds": "X043", "department": "科普部", "secrecy": "公开"}


@pytest.fixture
def ask(app, archive):
    scopes = ("archive:read", "archive:write", "audit:read")
    key = ApiKeys(archive.engine).add("云泽县", scopes)[1]
    client = app.test_client()

    def asked(method, path, **more):
        with client.open(path, method=method, headers={"X-API-Key": key}, **more) as answer:
            answer.get_data()
            return answer

    return asked


@pytest.fixture
def package(ask, archive):
    """The bytes of a package with two submissions."""
    for number, id in enumerate(("a", "b")):
        archive.add(numbered(number, id, tenant="云泽县"))
    made = ask("POST", "/api/v1/records/handover", json=CLASSED)
    assert made.status_code == 200, made.json
    return made.data


def sent(content, name="移交包.zip", **more):
    """A form with the package; encoded here, as the client leaves the file of a large one open."""
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(content), name), **more})
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def changed(package, part, content):
    """The package with another content of the file whose name ends with `part`; without it for None."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            if not entry.filename.endswith(part):
                new.writestr(entry.filename, old.read(entry))
            elif content is not None:
                new.writestr(entry.filename, content)
    return made.getvalue()


def words(page):
    return " ".join(html.unescape(re.sub(r"<wbr>", "", re.sub(r"<(?!wbr)[^>]+>", " ", page))).split())


def test_a_whole_package_is_valid_and_its_hash_is_that_of_the_log(app, ask, archive, package):
    answer = ask("POST", ROUTE, **sent(package))
    assert answer.status_code == 200, answer.json
    found = answer.json
    assert (found["valid"], found["items"], found["faults"], found["own_schema"]) == (True, 2, [], True)
    assert found["files"] == found["sha256"] > 0
    assert app.config["KEXIE_ARCHIVE_HANDLE"].event_queue.flush()
    with archive.reading() as connection:
        log = list(rows(connection, Wanted()))
    made = next(row["detail"] for row in log if row["action"] == "export" and row["record"] is None)
    assert f"tagmanifest={found['tagmanifest']}" in made
    checked = next(row for row in log if row["action"] == "verify")
    assert checked["detail"] == f"package tagmanifest={found['tagmanifest']} items=2 faults=0"
    assert list(app.config["KEXIE_SETTINGS"].temp_dir.glob("package-*")) == []
    page = ask("POST", "/records/handover", **sent(package, do="check"))
    shown = words(page.text)
    said = "这个包完整，符合方案" in shown, "移交包.zip" in shown, found["tagmanifest"] in shown
    assert (page.status_code, *said) == (200, True, True, True)
    assert f"/audit?sha256={found['tagmanifest']}" in page.text


def test_what_is_wrong_is_named_with_its_file(ask, package):
    other = changed(changed(package, "移交登记表.docx", None), "移交目录.csv", b"x")
    found = ask("POST", ROUTE, **sent(other)).json
    named = {(each["code"], each["file"].rsplit("/", 1)[-1]) for each in found["faults"]}
    named_all = {("file_missing", "移交登记表.docx"), ("not_in_list", "X043-WS·2021-Y-0001")} <= named
    assert (found["valid"], named_all) == (False, True), named
    assert found["faults_count"] == len(found["faults"])
    shown = words(ask("POST", "/records/handover", **sent(other, do="check")).text)
    assert f"这个包有 {found['faults_count']} 处错误" in shown
    assert "data/移交登记表.docx 包的清单中有，包里没有" in shown


def test_a_bag_is_said_to_be_no_package(ask, package):
    bag = ask("GET", "/api/v1/records/bag")
    found = ask("POST", ROUTE, **sent(bag.data)).json
    assert [each["code"] for each in found["faults"]] == ["not_a_package"]
    assert found["in_bag"] > 2


def test_of_many_faults_the_first_are_listed_beside_their_number(ask, package):
    made = io.BytesIO(package)
    with zipfile.ZipFile(made, "a") as more:
        for number in range(60):
            more.writestr(f"移交包/data/more-{number}.txt", "x")
    found = ask("POST", ROUTE, **sent(made.getvalue())).json
    assert (found["faults_count"] >= 60, len(found["faults"])) == (True, 50)
    shown = words(ask("POST", "/records/handover", **sent(made.getvalue(), do="check")).text)
    assert f"另有 {found['faults_count'] - 50} 处" in shown


def zeros():
    """A zip that unpacks to more than 64 MiB, and 10 times its bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as pack:
        pack.writestr("移交包/data/random", os.urandom(8 * 1024**2))
        pack.writestr("移交包/data/zeros", bytes(72 * 1024**2), zipfile.ZIP_DEFLATED)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "said"), [(b"no zip", "不是 zip"), (zeros(), "不像正常的包")], ids=["no zip", "bomb"]
)
def test_what_cannot_be_unpacked_is_refused_on_the_page_too(app, ask, content, said):
    answer = ask("POST", ROUTE, **sent(content))
    assert (answer.status_code, answer.json["code"]) == (422, "unreadable_package")
    assert said in answer.json["detail"]
    page = ask("POST", "/records/handover", **sent(content, do="check"))
    assert (page.status_code, said in page.text, 'id="checked"' in page.text) == (422, True, False)
    assert list(app.config["KEXIE_SETTINGS"].temp_dir.glob("package-*")) == []


MARK = "\N{COMBINING ACUTE ACCENT}"
UTF_8 = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def bag(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(f"移交包/{name}", content)
    return made.getvalue()


def bagged(package, name, content):
    return changed(package, f"data/{name}", content)


@pytest.mark.parametrize(
    "made",
    [
        lambda _: bag(**{"bagit.txt": UTF_8.replace("UTF-8", "bz2_codec"), "bag-info.txt": b"BZh91AY"}),
        lambda _: bag(**{"bagit.txt": UTF_8.replace("UTF-8", "zlib_codec"), "bag-info.txt": b"x"}),
        lambda _: bag(**{"bagit.txt": UTF_8, "manifest-sha256.txt": f"{'0' * 64}  data/{MARK * 40_000}\n"}),
        lambda _: bag(**{"bagit.txt": UTF_8, "manifest-sha256.txt": f"{'0' * 64}  data{'/a' * 100_000}\n"}),
        lambda _: bag(**{"bagit.txt": UTF_8 * 2}),
        lambda _: bag(**{"bagit.txt": UTF_8, "bag-info.txt/a": "x"}),
        lambda package: bagged(package, "移交目录.csv", "目录,档号\n" + "," * 20_000_000),
        lambda package: bagged(package, "移交目录.csv", "目录,档号\n" + "\n" * 10_000_000),
        lambda package: bagged(package, "说明.txt", "件数：1\n" * 2_000_000),
        lambda package: changed(package, "元数据.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        lambda package: changed(package, "0001/元数据.xml", b"<a>" + b"<b/>" * 300_000 + b"</a>"),
    ],
    ids=["bz2", "zlib", "marks", "deep", "twice", "folder", "commas", "lines", "notes", "entity", "elements"],
)
def test_a_hostile_package_has_faults_and_harms_nothing(app, ask, package, made):
    answer = ask("POST", ROUTE, **sent(made(package)))
    assert answer.status_code == 200, answer.json
    assert (answer.json["valid"], answer.json["faults_count"] > 0) == (False, True)
    assert len(answer.data) < 60_000
    assert "/tmp" not in answer.text
    assert not list(app.config["KEXIE_SETTINGS"].temp_dir.iterdir())


def test_sizes_that_are_no_numbers_of_a_file_are_faults(ask, package):
    with zipfile.ZipFile(io.BytesIO(package)) as pack:
        (name,) = (each for each in pack.namelist() if each.endswith("0001/元数据.xml"))
        metadata = pack.read(name).decode()
    size = re.search("(?<=<计算机文件大小>)[0-9]+", metadata)
    other = metadata[: size.start()] + "9" * 5_000 + metadata[size.end() :]
    found = ask("POST", ROUTE, **sent(changed(package, "0001/元数据.xml", other.encode()))).json
    assert "size_differs" in [each["code"] for each in found["faults"]]


def test_what_is_no_bag_and_a_package_of_nothing_are_not_valid(ask, package):
    found = ask("POST", ROUTE, **sent(bag(**{"a.txt": "x"}))).json
    assert [(each["code"], each["detail"]) for each in found["faults"]] == [("not_a_bag", "")]
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            if "WS·" not in entry.filename and not entry.filename.endswith("tagmanifest-sha256.txt"):
                new.writestr(entry.filename, old.read(entry))
    codes = {each["code"] for each in ask("POST", ROUTE, **sent(made.getvalue())).json["faults"]}
    assert codes >= {"no_items", "tagmanifest_missing"}


def test_a_wrong_address_is_refused_before_anything_is_checked(ask, package):
    answer = ask("POST", "/records/handover?period=long", **sent(package, do="check"))
    assert (answer.status_code, "保管期限" in answer.text) == (400, True)


def test_a_missing_file_a_missing_scope_and_a_long_check_are_refused(app, ask, archive, package, monkeypatch):
    page = ask("POST", "/records/handover", data={"do": "check"})
    assert (page.status_code, "请选择要核对的移交包" in page.text) == (400, True)
    other = ApiKeys(archive.engine).add("云泽县", ["generate"])[1]
    answer = app.test_client().post(ROUTE, headers={"X-API-Key": other}, **sent(package))
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    monkeypatch.setattr(python_worker, "answer", mock.Mock(side_effect=TimeoutError))
    answer = ask("POST", ROUTE, **sent(package))
    assert (answer.status_code, answer.json["code"]) == (503, "package_timeout")
    page = ask("POST", "/records/handover", **sent(package, do="check"))
    assert (page.status_code, "请管理员在服务器上用命令核对" in page.text) == (503, True)
