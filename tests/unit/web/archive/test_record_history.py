"""Pages and routes say who archived a record, and of a destroyed one when, by whom and by which list."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from html import unescape

import pytest

from service.access import ApiKeys
from service.audit import audit_chain, audit_search
from service.audit.audit_search import Wanted
from service.audit.event import Actor, Event, on_record
from service.retention import destruction_list, holds, periods
from service.retention.destroy import destroy
from service.retention.periods import Period
from tests.helpers.application import application
from tests.helpers.archive import entry, numbered
from tests.helpers.batch import failed_item

TENANT, BATCH = "云泽县", "c0ffee" * 5
PROBLEMS = {"Accept": "text/html, application/problem+json"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with application(tmp_path_factory.mktemp("history")) as app:
        yield app


@pytest.fixture(scope="module")
def archive(app):
    return app.config["KEXIE_ARCHIVE_HANDLE"].archive()


@pytest.fixture(scope="module")
def key(archive):
    return ApiKeys(archive.engine).add(TENANT, ("archive:read", "archive:destroy"), "档案室张")


@pytest.fixture(scope="module")
def get(app, key):
    client = app.test_client()
    return lambda path, **more: client.get(path, headers={"X-API-Key": key[1], **more})


@pytest.fixture(scope="module")
def destroyed(archive, key):
    """A destroyed record and the id of its list."""
    created = datetime(2010, 12, 31, 17, tzinfo=UTC)
    gone = archive.add(entry("旧", tenant=TENANT, created=created, files={"docx": b"PK old"}))
    with archive.writing() as connection:
        periods.set_period(connection, Period("annex2", 0, 10), Actor("user:root", "host"), "纪要")
    return gone, destroy_due(archive, key)


def destroy_due(archive, key):
    """Destroys what is due; the id of the list."""
    one, two = Actor(f"key:{key[0].id}", "-"), Actor("user:root", "host")
    listed = destruction_list.propose(archive, one, "鉴定会纪要3号", tenant=TENANT)
    destroy(archive, listed.id, len(listed.entries), two, second_person=True)
    return listed.id


def shown(response):
    return " ".join(unescape(re.sub("<[^>]+>", " ", response.text)).split())


def test_the_page_of_a_record_says_who_archived_it_and_who_sent_its_batch(archive, key, get):
    who = f"key:{key[0].id}"
    plain = archive.add(numbered(1, "甲", tenant=TENANT), actor=Actor(who, "-"))
    with archive.writing() as connection:
        audit_chain.note(connection, Event(Actor(who, "-"), "batch", TENANT, batch=BATCH))
    batched = archive.add(numbered(2, "乙", tenant=TENANT), actor=Actor("worker:kexie", "host", BATCH))
    with archive.writing() as connection:
        holds.hold(connection, plain, "云财审〔2031〕7号", Actor(who, "-"))
    named = f"密钥 {key[0].id}“档案室张”"
    page = shown(get(f"/records/{plain.key}"))
    assert f"归档人： {named}" in page
    assert f"已冻结，不得销毁 （依据：云财审〔2031〕7号；{named}）" in page
    page = shown(get(f"/records/{batched.key}"))
    assert f"归档人： 批次处理程序 · 批次 c0ffeec0 · 提交人： {named}" in page
    page = shown(get(f"/records/{plain.key}/retention"))
    assert f"谁可以销毁 目前不得销毁： 已冻结（{named}，北京时间 20" in page
    assert "没有档号，尚未移交。" in page
    assert "到期后方可" not in page  # kept for good
    retention = get(f"/api/v1/records/{plain.key}/retention").json
    assert [each["code"] for each in retention["barred_by"]] == ["hold", "permanent"]
    assert "，依据：云财审〔2031〕7号）" in retention["barred_by"][0]["message"]
    assert (retention["lifted_holds"], retention["destruction_lists"]) == ([], [])
    page = shown(get(f"/records/{plain.key}/retention?lang=en"))
    assert "Who may destroy May not be destroyed now: on hold (" in page
    assert f"; kept for good key {key[0].id} '档案室张'" in page


def test_a_destroyed_record_says_how_it_was_destroyed(destroyed, get, key):
    gone, listed = destroyed
    for headers in ({}, PROBLEMS):
        response = get(f"/records/{gone.key}", **headers)
        assert response.status_code == 410
        page = shown(response)
        assert re.search(
            r"保管期限 10 年 · 服务器上的用户 root 设定于 \d{4}-\d\d-\d\d \d\d:\d\d · 依据 纪要", page
        )
        for text in ("编号 旧", "已销毁", listed, "鉴定会纪要3号", "档案室张", "服务器上的用户 root"):
            assert text in page, text
        assert gone.files["docx"].sha256 in response.text.replace("<wbr>", "")
        assert gone.manifest in response.text.replace("<wbr>", "")
    assert "Destroyed" in shown(get(f"/records/{gone.key}?lang=en"))
    assert f'href="/records/{gone.key}"' in get(f"/records/destructions/{listed}").text


def test_a_search_names_it(app, archive, destroyed, get):
    gone, listed = destroyed
    for query in ("id=旧", f"id={gone.key}", f"text={gone.manifest}"):
        page = get(f"/records?{query}")
        assert (
            "没有符合条件的档案。 另有 1 条已销毁的档案符合： 编号“旧”（annex2 2021）第 1 版已于 20"
            in shown(page)
        ), query
        assert f'href="/records/{gone.key}"' in page.text
    (found,) = get(f"/api/v1/records?holding={gone.key}").json["destroyed"]
    assert (found["id"], found["list"]) == ("旧", listed)
    assert get(found["list_url"]).json["id"] == listed
    assert get("/api/v1/records?form=annex9").json == {"records": [], "next": None}
    archive.add(numbered(5, "陈旧", tenant=TENANT))
    page = get("/records?text=旧")
    assert "陈旧" in shown(page)
    assert "另有 1 条已销毁的档案符合： 编号“旧”（annex2 2021）第 1 版已于 20" in shown(page)
    found = get("/api/v1/records?text=旧").json
    assert [[each["id"] for each in found[name]] for name in ("records", "destroyed")] == [["陈旧"], ["旧"]]
    assert "destroyed" not in get(f"/api/v1/records?text=旧&after={found['records'][0]['key']}").json
    (found,) = get("/api/v1/records?form=annex2&year=2021&to=2020-01-01").json["destroyed"]
    assert found["id"] == "旧"
    query = "year=2021&name=望川"
    assert get(f"/api/v1/records?{query}").json == {"records": [], "next": None, "destroyed_unnamed": 1}
    said = "已销毁的档案不留名称，不能按名称查；符合其余条件的有 1 条，见销毁清册。"
    assert f"没有符合条件的档案。 {said}" in shown(get(f"/records?{query}"))
    assert "are in the destruction lists (1)." in shown(get(f"/records?lang=en&{query}"))
    for query, records in (("name=望川", []), ("text=陈", ["陈旧"])):
        found = get(f"/api/v1/records?{query}").json
        assert ([each["id"] for each in found["records"]], found["destroyed_unnamed"]) == (records, 1)
        said = "已销毁的档案不留名称，不能按名称查；有 1 条，见销毁清册。"
        page = get(f"/records?{query}")
        assert f"{said} 销毁清册" in shown(page)
        assert 'href="/records/retention#lists-title"' in page.text
        assert "see the destruction lists (1)." in shown(get(f"/records?lang=en&{query}"))
    other = {"X-API-Key": ApiKeys(archive.engine).add("他县", ("archive:read",))[1]}
    for path in (
        "/records?id=旧",
        "/api/v1/records?id=旧",
        "/records?year=2021&name=望川",
        "/records?name=望川",
    ):
        text = app.test_client().get(path, headers=other).text
        assert (listed in text, "不留名称" in text) == (False, False)


@pytest.mark.parametrize("path", ["", "/docx", "/retention", "/sealed", "/verify"])
def test_a_route_of_a_destroyed_record_answers_410(app, archive, destroyed, get, path):
    gone, listed = destroyed
    response = get(f"/api/v1/records/{gone.key}{path}")
    assert (response.status_code, response.json["code"]) == (410, "record_destroyed")
    assert f"按销毁清册 {listed} 销毁，执行：服务器上的用户 root" in response.json["detail"]
    assert app.config["KEXIE_ARCHIVE_HANDLE"].event_queue.flush()
    with archive.reading() as connection:
        (logged,) = audit_search.latest(connection, Wanted(record=gone.key), None, 1)
    assert logged["result"] == "record_destroyed"


def test_a_search_by_an_id_that_failed_in_a_batch_names_the_batch(archive, get):
    failed_item(archive, "3201-0099", TENANT, BATCH)
    failed_item(archive, "3201-0098", "云湖县", "0" * 32)
    page = get("/records?id=3201-0099")
    said = f"1970-01-01 08:00 的批次 {BATCH} 中有编号“3201-0099”（云泽县科学技术协会），未成功。"
    assert f"没有符合条件的档案。 {said} 查看批次 案例名称 ：必填。" in shown(page)
    assert said in shown(get("/records?name=云泽县"))
    (failed,) = get("/api/v1/records?name=云泽县").json["failed"]
    assert (failed["id"], failed["errors"]) == ("3201-0099", ["案例名称：必填。"])
    assert f'href="/batches/{BATCH}"' in page.text
    assert get(f"/batches/{BATCH}").status_code == 200
    for query in ("id=3201-0098", "id=3201-0099&year=2022", "id=3201-0099&state=sealed"):
        assert "未成功" not in get(f"/records?{query}").text, query
        assert f"此密钥只看得到租户“{TENANT}”的档案" in shown(get(f"/records?{query}")), query
    (found,) = get("/api/v1/records?id=3201-0099").json["failed"]
    assert (found["batch"], found["errors"], found["form"]) == (BATCH, ["案例名称：必填。"], "annex3")
    assert get(found["url"]).json["id"] == BATCH
    assert "failed" not in get("/api/v1/records?id=3201-0098").json
    archive.add(numbered(7, "3201-0099", tenant=TENANT, form="annex3"))
    page = shown(get("/records?id=3201-0099"))
    assert ("未成功" in page, "此密钥只看得到" in page) == (False, False)


def test_a_submission_that_is_archived_again_is_shown_though_one_of_its_key_was_destroyed(
    app, archive, destroyed, get, key
):
    made = {"tenant": TENANT, "files": {"docx": b"PK again"}}
    gone = archive.add(entry("又", created=datetime(2011, 12, 31, 17, tzinfo=UTC), **made))
    destroy_due(archive, key)
    assert get(f"/records/{gone.key}").status_code == 410
    again = archive.add(entry("又", **made))
    assert again.key == gone.key
    page = get(f"/records/{again.key}")
    assert (page.status_code, "归档人：" in shown(page)) == (200, True)
    assert get(f"/api/v1/records/{again.key}/docx").data == b"PK again"


def test_a_file_of_it_is_recognised(app, archive, destroyed, key):
    gone, listed = destroyed
    client, credential = app.test_client(), {"X-API-Key": key[1]}

    def identified(path, content=b"PK old", headers=credential):
        return client.post(path, data={"file": (io.BytesIO(content), "文件")}, headers=headers)

    found = identified("/api/v1/identify").json
    assert (found["result"], found["record"], found["part"]) == ("destroyed", None, "docx")
    assert (found["destroyed"]["key"], found["destroyed"]["list"]) == (gone.key, listed)
    assert "与档案“旧”第 1 版的“Word 文书”完全相同，一个字节也不差。这条档案已于 20" in found["explanation"]
    assert f"按销毁清册 {listed} 销毁。" in found["explanation"]
    page = identified("/records/identify")
    assert re.findall(r'<span class="state (\w*)">(.*?)</span></h2>', page.text) == [
        ("doubtful", "是已销毁档案的文件")
    ]
    assert f'href="/records/{gone.key}"' in page.text
    assert f'href="/records/destructions/{listed}"' in page.text
    other = {"X-API-Key": ApiKeys(archive.engine).add("云湖县", ("archive:read",))[1]}
    assert identified("/api/v1/identify", headers=other).json["result"] == "unknown"
    assert identified("/api/v1/identify", b"PK older").json["result"] == "unknown"


def test_pages_say_that_their_times_are_those_of_china(archive, get):
    record = archive.add(numbered(3, "时", tenant=TENANT))
    for path in ("/records?id=时", f"/records/{record.key}"):
        page = get(path)
        assert '<time datetime="2021-03-09T08:00:00.123456Z">2021-03-09 16:00</time>' in page.text
        assert "本页的时间均为北京时间。" in page.text


def test_without_the_permission_to_archive_pages_say_what_needs_it(archive, get):
    record = archive.add(numbered(4, "读", tenant=TENANT))
    page = get(f"/records/{record.key}")
    assert "存入盖章件，须用有“归档和提交批次”权限的访问密钥。" in page.text
    assert "修改成新的一版，须用有“归档和提交批次”权限的访问密钥。" in page.text
    assert 'id="load"' not in page.text
    assert ('id="sealed-form"' in page.text, f"/records/{record.key}/cover" in page.text) == (False, True)
    page = get("/records/handover?form=annex2").text
    assert "生成移交包会编定档号，须用有“归档和提交批次”权限的访问密钥。" in page
    assert "四性检测报告须用有" in page


def test_other_tenants_learn_nothing_of_it(app, archive, destroyed):
    other = ApiKeys(archive.engine).add("望川县", ("archive:read",))[1]
    for path in ("/records/", "/api/v1/records/"):
        response = app.test_client().get(f"{path}{destroyed[0].key}", headers={"X-API-Key": other})
        assert response.status_code == 404


@pytest.mark.usefixtures("destroyed")
def test_the_pages_of_a_record_say_who_archived_each_version_and_took_it_out(app, archive, get, key):
    made = {"tenant": TENANT, "created": datetime(2011, 12, 31, 17, tzinfo=UTC)}
    for name in ("张", "李"):
        record = archive.add(
            entry("丙", files={"docx": name.encode()}, **made), actor=Actor(f"user:{name}", "host")
        )
    first = archive.versions(record, 2)[1]
    with archive.writing() as connection:
        audit_chain.note(
            connection, Event(Actor("user:王", "host"), "download", **on_record(first), detail="docx")
        )
    page = shown(get(f"/records/{record.key}"))
    for version, name in ((2, "李"), (1, "张")):
        assert re.search(f"第 {version} 版 2012-01-01 01:00(:00)? 服务器上的用户 {name}", page)
    sees = {"X-API-Key": ApiKeys(archive.engine).add(TENANT, ("archive:read", "audit:read"))[1]}
    taken = "服务器上的用户 王 · 第 1 版 下载：Word 文书"
    assert "谁取出过" not in page
    assert taken in shown(app.test_client().get(f"/records/{record.key}", headers=sees))
    destroy_due(archive, key)
    page = shown(get(f"/records/{record.key}"))
    assert ("归档人： 服务器上的用户 李" in page, "谁取出过" in page) == (True, False)
    assert taken in shown(app.test_client().get(f"/records/{record.key}", headers=sees))
