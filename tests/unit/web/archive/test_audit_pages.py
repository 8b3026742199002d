"""The audit log for administrators: its route and page, with the rows of the caller's tenant alone."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime

import pytest

from service.access import ApiKeys
from service.archive import display_names
from service.audit import audit_chain
from service.audit.event import ACTIONS, Actor, Event, on_record
from service.submission import time_in_china
from tests.helpers.application import application
from tests.helpers.archive import entry, numbered


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with application(tmp_path_factory.mktemp("audit")) as app:
        archive = app.config["KEXIE_ARCHIVE_HANDLE"].archive()
        keys = ApiKeys(archive.engine)
        for tenant in ("云泽县", "望川县"):
            app.config[tenant] = keys.add(tenant, ("admin", "archive:read"))[1]
            for number in range(3):
                archive.add(numbered(number, f"{tenant}-{number}", tenant=tenant))
        yield app


@pytest.fixture
def get(app):
    client = app.test_client()
    return lambda path, tenant="云泽县", **more: client.get(
        path, headers={"X-API-Key": app.config[tenant]}, **more
    )


def shown(response):
    return html.unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def test_the_route_pages_through_the_rows_of_the_tenant(get):
    first = get("/api/v1/audit?limit=2&action=archive").json
    second = get(first["next"]).json
    ids = [row["id"] for row in (*first["rows"], *second["rows"])]
    assert ids == ["云泽县-2", "云泽县-1", "云泽县-0"]
    assert second["next"] is None
    assert get("/api/v1/audit?action=audit").json["rows"][0]["detail"] is None
    assert {row["tenant"] for row in get("/api/v1/audit", "望川县").json["rows"]} == {"望川县"}


@pytest.mark.parametrize(
    "query",
    [
        *("action=none", "from=yesterday", "from=0001-01-01", "to=0000-00-00", "to=9999-12-31"),
        *("after=x", "year=21", "limit=0"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(get, query):
    response = get(f"/api/v1/audit?{query}")
    assert (response.status_code, response.json["code"]) == (400, "usage")


def test_the_page_lists_acts_in_words_and_links_what_they_were_on(get):
    get("/api/v1/records/6f1f2b0e-6a44-5b0e-9d0e-3d2f3c1b7a55/pdf")
    page = get("/audit")
    text = shown(page)
    for word in ("服务器上的用户", "归档", "云泽县-0", "未成功：没有这条记录", "生成密钥"):
        assert word in text, word
    assert "望川县" not in text
    assert "/records/" in page.text
    english = shown(get("/audit?lang=en"))
    assert "archived" in english
    assert "failed: " in english


def test_the_page_is_filtered_and_paged(get):
    assert shown(get("/audit?action=archive&id=云泽县-1")).count("云泽县-1") == 1
    assert "没有符合条件的记录" in shown(get("/audit?to=2021-03-09"))
    assert shown(get("/audit?year=2021&form=annex2&id=云泽县-1")).count("云泽县-1") == 1
    assert "没有符合条件的记录" in shown(get("/audit?form=annex3&action=archive"))
    assert get("/audit?action=none").status_code == get("/audit?year=21").status_code == 400
    assert get("/audit?after=2").status_code == 200


@pytest.mark.parametrize(
    ("asked", "cause", "kept"),
    [
        ("who=审计", "没有编号或名称为“审计”的密钥", 'name="who" type="text" value="审计"'),
        ("year=21&id=甲", "“年度”应为四位数字", 'name="id" type="text" value="甲"'),
    ],
)
def test_a_wrong_filter_stays_in_the_form_with_what_is_wrong_and_the_navigation(app, get, asked, cause, kept):
    for accepted in ("text/html", "text/html, application/problem+json"):  # the page's own script
        headers = {"X-API-Key": app.config["云泽县"], "Accept": accepted}
        answer = app.test_client().get(f"/audit?{asked}", headers=headers)
        assert (answer.status_code, answer.mimetype) == (400, "text/html")
        (said,) = re.findall('role="alert">([^<]+)<', answer.text)
        assert cause in html.unescape(said)
        assert kept in answer.text
        assert '<span id="nav-admin"><a href="/audit" aria-current="page">审计日志</a></span>' in answer.text
        assert "没有符合条件的记录" not in answer.text
    assert get("/api/v1/audit?action=audit").json["rows"][0]["result"] == "usage"


@pytest.mark.parametrize(
    ("lang", "asked", "said"),
    [
        ("zh", "from=下周", "“从”应为日期或时间"),
        ("zh", "sha256=包", "“包或文件的校验值”应为校验值，或它的前 16 位以上"),
        ("en", "sha256=9f86", "Checksum of a package or file must be a hash, 16 or more of its first"),
    ],
)
def test_errors_name_the_labels_of_filters(get, lang, asked, said):
    assert said in shown(get(f"/audit?{asked}&lang={lang}"))
    name = asked.partition("=")[0]
    assert get(f"/api/v1/audit?{asked}").json["detail"].startswith(f"{name} ")


def test_the_hash_of_a_package_or_file_finds_who_made_or_added_it(app, get):
    archive, package, added = app.config["KEXIE_ARCHIVE_HANDLE"].archive(), "ab" * 32, "cd" * 32
    (record,) = archive.records(id="云泽县-1")
    events = [("export", f"profile=bagit tagmanifest={package}"), ("seal", f"sealed-1 {added}")]
    with archive.writing() as connection:
        for action, detail in events:
            actor = Actor("user:王", "host")
            audit_chain.note(connection, Event(actor, action, **on_record(record), detail=detail))
        other = Event(Actor("user:李", "host"), "export", "望川县", detail=events[0][1])
        audit_chain.note(connection, other)
    for digits in (package, package[:16], f" {package[:8].upper()} {package[8:]}"):
        (row,) = get("/api/v1/audit", query_string={"sha256": digits}).json["rows"]
        assert (row["action"], row["who"]) == ("export", "user:王")
    assert {row["record"] for row in get(f"/api/v1/audit?sha256={record.manifest}").json["rows"]} == {
        record.key
    }
    page = get(f"/audit?sha256={added}")
    assert f'添加盖章件：第 1 份盖章件，校验值 <span title="{added}">{added[:16]}…</span>' in page.text
    assert f'value="{added}"' in page.text
    assert "没有符合条件的记录" in shown(get(f"/audit?sha256={'ef' * 32}"))


def test_the_page_asks_for_a_key_and_takes_it_without_javascript(app):
    client = app.test_client()
    assert "云泽县" not in client.get("/audit").text
    posted = client.post("/audit", data={"key": app.config["云泽县"]})
    assert "云泽县-2" in posted.text


def test_the_page_has_details_in_words_origin_and_times_in_china(app, get):
    key = get("/api/v1/records").json["records"][0]["key"]
    get(f"/api/v1/records/{key}/docx")
    row = get(f"/api/v1/audit?record={key}&action=download").json["rows"][0]
    text = shown(get(f"/audit?record={key}"))
    assert "下载：Word 文书" in text
    assert "127.0.0.0/24" in text
    assert f"{time_in_china(datetime.fromisoformat(row['time'])):%Y-%m-%d %H:%M:%S}" in text
    assert "只列出一条档案的这一版的。 看这条档案 列出各版的" in " ".join(text.split())
    assert "云泽县-1" not in text
    assert "downloaded: Word document" in shown(get(f"/audit?record={key}&lang=en"))


@pytest.mark.parametrize(
    "detail, zh, en",
    [
        (
            f"sealed-2 {'0' * 64}",
            f"第 2 份盖章件，校验值 {'0' * 64}",
            f"sealed copy 2, hash {'0' * 64}",
        ),
        ("sealed-2", "第 2 份盖章件", "sealed copy 2"),
        (
            "records=3 faults=0 audit=9",
            "3 条记录，0 处错误，日志 9 行",
            "3 records, 0 faults, 9 rows of the log",
        ),
        ("10 years", "10 年", "10 years"),
        ("a1b2c3 records=1", "a1b2c3，1 条记录", "a1b2c3, 1 records"),
        (
            "b2 scopes=admin expires=never secret=c3",
            "b2，权限 admin，长期有效，密钥的校验值 c3",
            "b2, scopes admin, does not expire, hash of the secret c3",
        ),
        ("a1 whole_tenant records=1", "a1，整个租户，1 条记录", "a1, a tenant whole, 1 records"),
        (
            "report records=3 audit=9",
            "四性检测报告，3 条记录，日志 9 行",
            "report on the four properties, 3 records, 9 rows of the log",
        ),
        ("with=6f1f", "与记录 6f1f", "with record 6f1f"),
        (
            "same_file file=sealed-1 sha256=0a",
            "与存档的文件相同，第 1 份盖章件，文件的 SHA-256 为 0a",
            "the same as an archived file, sealed copy 1, file of SHA-256 0a",
        ),
        (
            "continued signatures=valid sha256=0a",
            "归档的 PDF，其后有添加，签名：有效，文件的 SHA-256 为 0a",
            "the archived PDF, continued, signatures: Valid, file of SHA-256 0a",
        ),
        (
            "continued signatures=none sha256=0a",
            "归档的 PDF，其后有添加，签名：没有，文件的 SHA-256 为 0a",
            "the archived PDF, continued, signatures: none, file of SHA-256 0a",
        ),
        ("sha256=0a", "文件的 SHA-256 为 0a", "file of SHA-256 0a"),
        ("an id", "an id", "an id"),
        ("0123456789ab", "0123456789ab", "0123456789ab"),
    ],
)
def test_details_are_in_words(detail, zh, en):
    found = display_names.detail(detail)
    assert (found.zh, found.en) == (zh, en)


@pytest.mark.parametrize(
    ("action", "detail", "zh", "en"),
    [
        ("read", "cbf85318c801", "查看：清册 cbf85318c801", "read: list cbf85318c801"),
        ("read", "pdf", "查看：PDF 文书", "read: PDF document"),
        (
            "deletion_proposed",
            "cbf85318c801 records=5",
            "提出销毁：清册 cbf85318c801，5 条记录",
            "proposed a deletion: list cbf85318c801, 5 records",
        ),
        ("key_revoked", "cbf85318c801", "撤销密钥：cbf85318c801", "revoked a key: cbf85318c801"),
    ],
)
def test_acts_on_destruction_lists_say_so(action, detail, zh, en):
    found = display_names.act(action, detail)
    assert (found.zh, found.en) == (zh, en)


def test_the_record_and_the_navigation_lead_to_the_log_for_administrators_alone(app, get):
    key = get("/api/v1/records").json["records"][0]["key"]
    page = get(f"/records/{key}").text
    assert 'href="/audit?form=annex2&amp;year=2021&amp;id=' in page
    assert '<span id="nav-admin"><a href="/audit">审计日志</a></span>' in page
    archive = app.config["KEXIE_ARCHIVE_HANDLE"].archive()
    reader = ApiKeys(archive.engine).add("云泽县", ("archive:read",))[1]
    for headers in ({"X-API-Key": reader}, {}):
        page = app.test_client().get(f"/records/{key}", headers=headers).text
        assert '<span id="nav-admin"></span>' in page
        assert "/audit?form=" not in page


def test_an_auditor_reads_proves_and_downloads_the_log_and_does_nothing_else(app, get):
    archive = app.config["KEXIE_ARCHIVE_HANDLE"].archive()
    secret = ApiKeys(archive.engine).add("云泽县", ("audit:read",), "审计局李")[1]
    client, headers = app.test_client(), {"X-API-Key": secret}
    rows = client.get("/api/v1/audit?action=archive", headers=headers).json["rows"]
    proof = client.get("/api/v1/audit/proof", headers=headers).json
    assert (proof["fault"], proof["rows"] >= rows[0]["seq"]) == (None, True)
    lines = client.get("/api/v1/audit/list?format=ndjson&action=archive", headers=headers).text.splitlines()
    assert [json.loads(line)["hash"] for line in lines] == [row["hash"] for row in reversed(rows)]
    assert client.get("/api/v1/audit/list", headers=headers).text.startswith("\ufeffseq,time (UTC),who")
    named = client.get("/api/v1/audit?who=审计局李", headers=headers).json["rows"]
    assert {row["who"].partition(":")[0] for row in named} == {"key"}
    assert len({row["who"] for row in named}) == 1
    assert "审计局李" in shown(client.get("/audit?who=审计局李", headers=headers))
    for path in ("/api/v1/audit?who=审计局", "/api/v1/audit/list?who=审计局", "/audit?who=审计局"):
        refused = client.get(path, headers=headers)
        said = refused.json["detail"] if refused.is_json else shown(refused)
        assert (refused.status_code, "没有编号或名称为“审计局”的密钥" in said) == (400, True)
    page = shown(client.get("/audit?verify=true", headers=headers))
    assert "链条完整" in page
    assert re.search("密钥 [0-9a-f]{12}“审计局李” 127.0.0.0/24 校验：日志 [0-9]+ 行", " ".join(page.split()))
    for path in ("/api/v1/records", "/metrics"):
        assert client.get(path, headers=headers).status_code == 403


def test_a_batch_is_shown_with_who_sent_it(app, get):
    archive = app.config["KEXIE_ARCHIVE_HANDLE"].archive()
    key, batch = ApiKeys(archive.engine).add("云泽县", ("generate",), "门户")[0], "c0ffee" * 5
    with archive.writing() as connection:
        audit_chain.note(connection, Event(Actor(f"key:{key.id}", "-"), "batch", "云泽县", batch=batch))
    archive.add(numbered(9, "成批的", tenant="云泽县"), actor=Actor("worker:kexie", "host", batch))
    text = " ".join(shown(get("/audit?id=成批的&action=archive")).split())
    assert f"批次处理程序 批次提交人：密钥 {key.id}“门户” host" in text
    (record,) = archive.records(id="成批的")
    assert f'/batches/{batch}"' in get(f"/records/{record.key}").text
    (row,) = get("/api/v1/audit?id=成批的&action=archive").json["rows"]
    named = f"key:{key.id}", "门户"
    assert (row["name"], row["submitted_by"], row["submitted_by_name"]) == (None, *named)
    head, line = get("/api/v1/audit/list?id=成批的&action=archive").text.splitlines()
    assert head.endswith(",hash,name,submitted_by,submitted_by_name,with_id,with_version")
    assert line.endswith(f",,{','.join(named)},,")


def test_the_page_of_a_record_leads_to_the_rows_of_all_its_versions(app, get):
    archive = app.config["KEXIE_ARCHIVE_HANDLE"].archive()
    first, second = (
        archive.add(entry("各版", tenant="云泽县", files={"docx": content})) for content in (b"PK 1", b"PK 2")
    )
    log = re.search(r'href="(/audit\?[^"]+)"', get(f"/records/{second.key}").text)[1]
    of_one = get(f"/audit?record={second.key}").text
    assert f'href="{log}"' in of_one
    assert f"/records/{first.key}" not in of_one
    of_all = get(f"{html.unescape(log)}&action=archive").text
    assert [f'href="/records/{each.key}"' in of_all for each in (first, second)] == [True, True]
    assert "第 1 版）" in of_all


def test_a_batch_of_the_command_line_has_no_page(app, get):
    archive, batch = app.config["KEXIE_ARCHIVE_HANDLE"].archive(), "feed" * 8
    with archive.writing() as connection:
        audit_chain.note(connection, Event(Actor("user:root", "-"), "batch", "云泽县", batch=batch))
    record = archive.add(numbered(8, "命令行", tenant="云泽县"), actor=Actor("worker:kexie", "host", batch))
    page = get(f"/records/{record.key}").text
    assert batch[:8] in page
    assert f"/batches/{batch}" not in page
    assert batch[:8] in get("/audit?action=batch").text
    assert f"/batches/{batch}" not in get("/audit?action=batch").text


def test_every_act_and_everyone_has_words():
    assert all(name and words.zh and words.en for name, words in ACTIONS.items())
