"""Hand-over over the routes: what is said beforehand, the package and the bag as zips, the report."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import itertools
import json
import os
import re
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from service.access import ApiKeys
from service.archive.additions import add_file
from service.archive.additions.addition import PDF, SEALED
from service.audit.audit_search import Wanted, rows
from service.audit.event import process_actor
from service.handover.package_check import check
from service.handover.received_zip import unpacked
from service.retention import destruction_list, holds, periods
from service.retention.periods import Period
from service.web.api.keeping import handover
from service.web.http import verification_deadline
from service.web.schemas import handover as handover_schemas
from tests.helpers.archive import Tamper, entry, numbered

V1 = "/api/v1/records"
CLASSED = {"fonds": "X043", "department": "科普部", "secrecy": "公开"}
SCOPES = ("archive:read", "archive:write", "admin")


@pytest.fixture
def ask(app, archive):
    keys = ApiKeys(archive.engine)
    made = {tenant: keys.add(tenant, SCOPES)[1] for tenant in ("云泽县", "望川县")}
    client = app.test_client()

    def asked(method, path, tenant="云泽县", **more):
        return client.open(path, method=method, headers={"X-API-Key": made[tenant]}, **more)

    return asked


@pytest.fixture
def kept(archive):
    """Three records of a tenant: on hold, kept for 10 years, neither; and one of another."""
    held, short, usual = (
        archive.add(numbered(number, id, tenant="云泽县", year=year))
        for number, (id, year) in enumerate((("held", 2021), ("short", 2020), ("usual", 2021)))
    )
    archive.add(numbered(9, "theirs", tenant="望川县"))
    with archive.writing() as connection:
        periods.set_period(connection, Period("annex2", 2020, 10), process_actor(), "纪要")
        holds.hold(connection, held, "审计", process_actor())
    return held, short, usual


def names_and_list(answer, folder):
    with zipfile.ZipFile(io.BytesIO(answer.data)) as pack:
        assert pack.testzip() is None
        names = pack.namelist()
        return names, pack.read(f"{folder}/data/移交目录.csv").decode("utf-8-sig") if "移交" in folder else ""


def left(app):
    return list(app.config["KEXIE_SETTINGS"].archive.glob(".download-*"))


def test_the_package_holds_what_was_foreseen(app, ask, kept, tmp_path):
    seen = ask("GET", f"{V1}/handover").json
    assert seen["items"] == 3
    assert (seen["held"], seen["short"], seen["left_out"]) == (["held"], ["short"], 0)
    assert seen["held_items"] == [{"form": "annex2", "year": 2021, "id": "held"}]
    assert seen["unnamed"] == ["short", "held", "usual"]
    whole = ask("POST", f"{V1}/handover", json=CLASSED)
    assert whole.status_code == 200, whole.json
    names, table = names_and_list(whole, "移交包")
    assert [row["文件编号"] for row in csv.DictReader(table.splitlines())] == ["short", "held", "usual"]
    assert "移交包/manifest-sha256.txt" in names
    with zipfile.ZipFile(io.BytesIO(whole.data)) as pack:
        pack.extractall(tmp_path)
    for listed in ("tagmanifest", "manifest"):
        checked = subprocess.run(["sha256sum", "-c", f"{listed}-sha256.txt"], cwd=tmp_path / "移交包")
        assert checked.returncode == 0, listed
    with unpacked(io.BytesIO(whole.data), tmp_path) as folder:
        assert (found := check(folder)).faults == []
    assert found.items == 3
    whole.close()
    assert left(app) == []
    usual = ask("POST", f"{V1}/handover", json={**CLASSED, "usual": True, "period": "永久"})
    _, table = names_and_list(usual, "移交包")
    assert [row["文件编号"] for row in csv.DictReader(table.splitlines())] == ["usual"]


def test_earlier_packages_are_named_to_all_and_who_made_them_to_those_who_may_see_the_log(
    app, ask, kept, archive
):
    made = ask("POST", f"{V1}/handover", json={**CLASSED, "ids": ["usual"]})
    with zipfile.ZipFile(io.BytesIO(made.data)) as pack:
        package = hashlib.sha256(pack.read("移交包/tagmanifest-sha256.txt")).hexdigest()
    (seen,) = ask("GET", f"{V1}/handover").json["earlier"]
    classed = {"department": "科普部", "secrecy": "公开", "items": 1, "tagmanifest": package}
    assert {name: seen[name] for name in classed} == classed
    assert seen["who"].startswith("key:")
    page = ask("GET", "/records/handover?form=annex2").text
    assert f"密钥 {seen['who'].removeprefix('key:')}" in page
    reader = {"X-API-Key": ApiKeys(archive.engine).add("云泽县", ("archive:read",))[1]}
    client = app.test_client()
    (for_reader,) = client.get(f"{V1}/handover", headers=reader).json["earlier"]
    assert for_reader == {**seen, "who": ""}
    shown = client.get("/records/handover?form=annex2", headers=reader).text
    assert (package in shown, "密钥 " in shown) == (True, False)
    refused = ask("POST", f"{V1}/handover", json={**CLASSED, "secrecy": "内部"})
    assert (refused.status_code, "密级 公开 → 内部" in refused.json["detail"]) == (400, True)
    assert ask("GET", f"{V1}/handover", "望川县").json["earlier"] == []


def test_of_many_ids_the_first_are_listed_beside_their_number(ask, kept, monkeypatch):
    monkeypatch.setattr(handover_schemas, "LISTED", 2)
    seen = ask("GET", f"{V1}/handover").json
    assert (seen["unnamed"], seen["unnamed_count"]) == (["short", "held"], 3)
    assert (seen["held"], seen["held_count"], seen["short_count"]) == (["held"], 1, 1)


@pytest.mark.usefixtures("kept")
def test_what_an_open_destruction_list_names_is_said(ask, archive):
    archive.add(entry("old", created=datetime(2010, 3, 1, tzinfo=UTC), tenant="云泽县", year=2009))
    with archive.writing() as connection:
        periods.set_period(connection, Period("annex2", 2009, 15), process_actor(), "纪要")
    archive.add(entry("theirs", created=datetime(2010, 3, 1, tzinfo=UTC), tenant="望川县", year=2009))
    archive.add(numbered(7, "theirs", tenant="云泽县", year=2009))
    destruction_list.propose(archive, process_actor(), tenant="望川县")
    assert ask("GET", f"{V1}/handover").json["proposed"] == []
    proposed = destruction_list.propose(archive, process_actor(), tenant="云泽县")
    seen = ask("GET", f"{V1}/handover").json
    assert (seen["proposed"], seen["proposed_count"]) == (["old"], 1)
    assert seen["proposed_items"] == [{"form": "annex2", "year": 2009, "id": "old"}]
    assert "其中 1 件在未执行的销毁清册中" in ask("GET", "/records/handover?form=annex2").text
    with archive.writing() as connection:
        periods.set_period(connection, Period("annex2", 2009, 10), process_actor(), "纪要")
    usual = ask("GET", f"{V1}/handover?usual=true").json
    assert (usual["proposed"], "old" in usual["short"]) == ([], True)
    with archive.writing() as connection:
        destruction_list.withdraw(connection, proposed.id, process_actor())
    assert ask("GET", f"{V1}/handover").json["proposed"] == []


def test_the_bag_holds_the_records_of_the_tenant(app, ask, kept):
    abandoned, running = (app.config["KEXIE_SETTINGS"].archive / f".download-{name}" for name in "ab")
    for folder in (abandoned, running):
        folder.mkdir()
    os.utime(abandoned, (0, 0))
    names, _ = names_and_list(ask("GET", f"{V1}/bag?year=2020"), "归档包")
    assert [name for name in names if name.endswith("payload.json") or name.endswith("报文.json")]
    assert not [name for name in names if "theirs" in name or "held" in name]
    assert (abandoned.exists(), running.exists()) == (False, True)
    assert app.config["KEXIE_ARCHIVE_HANDLE"].event_queue.flush()
    with app.config["KEXIE_ARCHIVE_HANDLE"].archive().reading() as connection:
        assert [row["year"] for row in rows(connection, Wanted(action="export"))][-1:] == [2020]


def test_what_is_missing_too_much_or_changed_makes_no_package(app, ask, kept, archive, monkeypatch):
    refused = ask("POST", f"{V1}/handover", json={})
    assert (refused.status_code, "全宗号" in refused.json["detail"]) == (400, True)
    assert "--fonds" not in refused.json["detail"]
    lacking = ask("GET", f"{V1}/handover?ids=usual,nobody")
    assert (lacking.status_code, "nobody" in lacking.json["detail"]) == (400, True)
    assert ask("POST", f"{V1}/handover", json={**CLASSED, "ids": 1}).status_code == 422
    monkeypatch.setattr(handover, "AT_ONCE", 1)
    for method, path in (("POST", "handover"), ("GET", "bag")):
        answer = ask(method, f"{V1}/{path}", **({"json": CLASSED} if method == "POST" else {}))
        assert (answer.status_code, "最多下载 1 件" in answer.json["detail"]) == (400, True)
    Tamper(archive).write(kept[2].files["docx"].sha256, b"PK")
    assert ask("POST", f"{V1}/handover", json={**CLASSED, "ids": ["usual"]}).status_code == 500
    assert left(app) == []


def test_the_report_names_faults_of_the_tenant_alone(ask, kept, archive):
    report = ask("GET", f"{V1}/properties").json
    assert [each["name"] for each in report["properties"]] == ["真实性", "完整性", "可用性", "安全性"]
    Tamper(archive).write(kept[0].files["docx"].sha256, b"PK")
    assert [each["id"] for each in ask("GET", f"{V1}/properties").json["faults"]] == ["held"]
    (row,) = ask("GET", "/api/v1/audit?action=verify&limit=1").json["rows"]
    assert row["detail"].startswith("report records=4 faults=1 audit=")
    assert ask("GET", f"{V1}/properties", "望川县").json["faults"] == []
    assert ask("GET", f"{V1}/properties", "望川县").json["result"] == "failed"


def test_an_addition_that_the_log_lacks_is_named_to_its_tenant_alone(app, ask, kept, archive):
    for record in kept[:2]:
        add_file.add(archive, record, SEALED, b"%PDF", PDF, {}, process_actor())
    unlogged = f"DELETE FROM audit WHERE action = 'seal' OR record = '{kept[1].key}'"
    with closing(sqlite3.connect(app.config["KEXIE_SETTINGS"].archive / "index.sqlite")) as edited, edited:
        edited.execute("DROP TRIGGER audit_no_delete")
        edited.execute(unlogged)
        edited.execute("DELETE FROM records WHERE key = ?", [kept[1].key])  # whose it was is not known
    named = [
        (each["code"], each["id"], each["file"]) for each in ask("GET", f"{V1}/properties").json["faults"]
    ]
    assert ("addition_unlogged", "held", "盖章件-1.pdf") in named
    report = ask("GET", f"{V1}/properties", "望川县")
    assert report.json["result"] == "failed"
    assert kept[0].key not in report.text
    assert kept[1].key not in report.text


def test_a_verification_that_takes_too_long_is_given_up(app, ask, kept, monkeypatch):
    hours = itertools.count(step=3600)
    monkeypatch.setattr(verification_deadline, "time", SimpleNamespace(monotonic=lambda: next(hours)))
    answer = ask("GET", f"{V1}/properties")
    assert (answer.status_code, "没有核对完" in answer.json["detail"]) == (503, True)


def test_who_belongs_to_no_tenant_sees_that_records_of_tenants_are_not_there(app, archive, kept):
    key = ApiKeys(archive.engine).add("", ("archive:read", "audit:read"))[1]
    said = "这里只有不属于租户的档案，各租户的不在其中"
    for address in ("/records?name=望川", "/records", "/records/handover?form=annex2", "/audit?id=usual"):
        page = app.test_client().get(address, headers={"X-API-Key": key})
        assert (page.status_code, said in page.text) == (200, True), address


def test_nothing_of_tenants_is_said_where_there_are_none(app, archive):
    archive.add(numbered(1, "a"))
    for address in ("/records?name=望川", "/records/handover?form=annex2"):
        assert "租户" not in app.test_client().get(address).text


def test_the_page_says_what_is_usually_not_handed_over_before_it_makes_anything(app, ask, kept):
    page = ask("GET", "/records/handover").text
    assert "下载移交包" not in page
    seen = ask("GET", "/records/handover?form=annex2&year=").text
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", seen)).split())
    for words in (
        "不需要档案： kexie-forms verify --package FILE.zip",
        "将移交 3 件",
        "其中 1 件已冻结（在包内；勾选“不含冻结的和保管期限不超过 10 年的”则不含）： annex2 2021 held",
        "不超过 10 年的”则不含）： annex2 2020 short",
        "下载移交包",
    ):
        assert words in shown, words
    assert "1 件已冻结，不移交：" in ask("GET", "/records/handover?form=annex2&usual=true").text
    posted = ask("POST", "/records/handover?form=annex2&usual=true", data={"do": "package", **CLASSED})
    _, table = names_and_list(posted, "移交包")
    assert [row["文件编号"] for row in csv.DictReader(table.splitlines())] == ["usual"]
    wrong = ask("POST", "/records/handover?form=annex2", data={"do": "package", "fonds": "x"})
    assert (wrong.status_code, "全宗号" in wrong.text, "KEXIE_FONDS" in wrong.text) == (400, True, False)
    assert "theirs" not in seen
    assert json.loads(ask("POST", "/records/handover", data={"do": "json"}).data)["result"]
    assert ask("GET", "/records/handover?lang=en&year=2021").status_code == 200
