"""A package is checked over the route and on the page: what is in it, what is wrong; nothing of it stays."""

from __future__ import annotations

import html
import io
import itertools
import re
import zipfile
from types import SimpleNamespace

import pytest

from service.access import ApiKeys
from service.audit.audit_search import Wanted, rows
from service.web.http import verification_deadline
from tests.helpers.application import application
from tests.helpers.archive import numbered

ROUTE = "/api/v1/records/handover/check"
CLASSED = {"fonds": "X043", "department": "科普部", "secrecy": "公开"}


@pytest.fixture
def app(tmp_path):
    with application(tmp_path) as made:
        yield made


@pytest.fixture
def archive(app):
    return app.config["KEXIE_ARCHIVE_HANDLE"].archive()


@pytest.fixture
def ask(app, archive):
    scopes = ("archive:read", "archive:write", "audit:read")
    key = ApiKeys(archive.engine).add("云泽县", scopes)[1]
    client = app.test_client()

    def asked(method, path, **more):
        return client.open(path, method=method, headers={"X-API-Key": key}, **more)

    return asked


@pytest.fixture
def package(ask, archive):
    """The bytes of a package with two submissions."""
    for number, id in enumerate(("a", "b")):
        archive.add(numbered(number, id, tenant="云泽县"))
    made = ask("POST", "/api/v1/records/handover", json=CLASSED)
    assert made.status_code == 200, made.json
    content = made.data
    made.close()
    return content


def sent(content, name="移交包.zip", **more):
    return {"data": {"file": (io.BytesIO(content), name), **more}}


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
    bag.close()
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
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("移交包/data/zeros", bytes(65 * 1024**2))
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


def test_a_missing_file_a_missing_scope_and_a_long_check_are_refused(app, ask, archive, package, monkeypatch):
    page = ask("POST", "/records/handover", data={"do": "check"})
    assert (page.status_code, "请选择要核对的移交包" in page.text) == (400, True)
    other = ApiKeys(archive.engine).add("云泽县", ["generate"])[1]
    answer = app.test_client().post(ROUTE, headers={"X-API-Key": other}, **sent(package))
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    hours = itertools.count(step=3600)
    monkeypatch.setattr(verification_deadline, "time", SimpleNamespace(monotonic=lambda: next(hours)))
    answer = ask("POST", ROUTE, **sent(package))
    assert (answer.status_code, "kexie-forms verify --package" in answer.json["detail"]) == (503, True)
