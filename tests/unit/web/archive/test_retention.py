"""Retention and destruction over the routes: what is destroyed, by whom, in two steps; what is left."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import UTC, datetime

import openpyxl
import pytest
from sqlalchemy import insert, text

from service.access import ApiKeys
from service.archive.additions import add_file
from service.archive.additions.addition import PDF, SEALED
from service.archive.record_tables import HOLDS
from service.audit import chain_proof
from service.audit.event import Actor, process_actor
from service.batch.jobs import job_store
from service.batch.jobs.job_store import Options
from service.batch.jobs.job_tables import DONE, items, sheets
from service.catalog import edition
from service.errors import ArchiveUnavailable
from service.retention import destruction_list, erasure, log_differences
from service.retention.destroy import destroy
from service.retention.retention_tables import LIFTED
from service.web.http.idempotency_store import StoredResponse
from service.web.pages.keeping import retention_page
from tests.helpers.application import application
from tests.helpers.archive import entry, faults

V1 = "/api/v1/records"
OLD = datetime(2010, 6, 1, tzinfo=UTC)
SECRET = "绝密的申报单位之名"
TENANT = "云泽县"
FORM = {"form": "annex2", "year": 2021}
PROPOSAL = {"id": "a", "reason": "到期"}


class Office:
    """The service with its archive, and clients with the keys of several people."""

    def __init__(self, app):
        self.app, self.client = app, app.test_client()
        self.archive = app.config["KEXIE_ARCHIVE_HANDLE"].archive()
        keys = ApiKeys(self.archive.engine)
        scopes = ("archive:read", "archive:destroy")
        self.keys = {
            "one": keys.add(TENANT, scopes, "档案室张")[1],
            "two": keys.add(TENANT, scopes)[1],
            "reader": keys.add(TENANT, ("archive:read", "archive:write", "generate", "admin"), "办公室")[1],
            "other": keys.add("望川县", scopes)[1],
        }

    def asks(self, who, method, path, body=None):
        """The answer to a request of JSON."""
        headers = {"X-API-Key": self.keys[who]}
        return self.client.open(f"{V1}{path}", method=method, headers=headers, json=body)

    def refused(self, who, proposal):
        """Why a destruction is not proposed."""
        answer = self.asks(who, "POST", "/destructions", proposal)
        assert (answer.status_code, answer.json["code"]) == (409, "destruction_refused")
        return answer.json["detail"]

    def opens(self, who, path, **fields):
        """A page; with fields the answer to its form, which is posted without JavaScript."""
        if fields:
            return self.client.post(path, data={"key": self.keys[who], **fields})
        return self.client.get(path, headers={"X-API-Key": self.keys[who]})

    def old(self, id, tenant=TENANT):
        payload = json.dumps({"cover": {"applicant": SECRET}}, ensure_ascii=False).encode()
        files = {"payload": payload, "docx": f"PK {SECRET} {id}".encode()}
        return self.archive.add(entry(id, created=OLD, files=files, tenant=tenant))

    def keep(self, years):
        answer = self.asks("reader", "PUT", "/periods", {"form": "annex2", "years": years, "reason": "纪要"})
        assert answer.status_code == 200, answer.json

    def acts(self):
        assert self.app.config["KEXIE_ARCHIVE_HANDLE"].event_queue.flush()
        with self.archive.reading() as connection:
            assert chain_proof.prove(connection).fault is None
            return [tuple(row) for row in connection.execute(text("SELECT action, id, result FROM audit"))]


@pytest.fixture
def office(tmp_path):
    with application(tmp_path) as app:
        yield Office(app)


def shown(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def test_what_is_held_young_or_anothers_is_not_destroyed_nor_in_one_step_nor_by_one_person(office):
    record = office.old("a")
    of_record = f"/{record.key}"
    assert office.asks("one", "GET", f"{of_record}/retention").json["due"] is None
    assert "永久保管" in office.refused("one", PROPOSAL)
    unreasoned = {"form": "annex2", "years": 10}
    assert office.asks("one", "PUT", "/periods", unreasoned).status_code == 403
    refused = office.asks("reader", "PUT", "/periods", unreasoned)
    assert (refused.status_code, "此前未设定即永久保管" in refused.json["detail"]) == (400, True)
    office.keep(30)
    assert "保管到 2041-01-01" in office.refused("one", PROPOSAL)
    office.keep(10)
    due = office.asks("reader", "GET", "/due").json["records"]
    assert [(row["id"], row["submitter"]) for row in due] == [("a", SECRET)]
    assert office.asks("reader", "PUT", f"{of_record}/hold", {"reason": "审计"}).status_code == 403
    held = office.asks("one", "PUT", f"{of_record}/hold", {"reason": "审计"})
    assert (held.json["hold"]["reason"], held.json["ripe"]) == ("审计", False)
    (listed,) = office.asks("two", "GET", "/holds").json["holds"]
    assert (listed["who_name"], held.json["hold"]["who_name"]) == ("档案室张", "档案室张")
    assert office.asks("one", "GET", "/due").json == {"records": [], "more": False}
    assert "已冻结" in office.refused("one", PROPOSAL)
    assert office.asks("two", "DELETE", f"{of_record}/hold?reason=审计结束").json["ripe"] is True
    changes = office.asks("two", "GET", "/retention/changes").json
    (changed, first), (lifted,) = changes["periods"], changes["holds"]
    assert (first["before"], first["years"], first["first"], changed["first"]) == (None, 30, True, False)
    (period,) = office.asks("two", "GET", "/periods").json["periods"]
    assert (period["years"], period["who"], period["who_name"]) == (10, changed["who"], "办公室")
    assert period["changed"] == changed["changed"]
    assert (changed["before"], changed["years"], changed["year"], changed["reason"]) == (30, 10, None, "纪要")
    assert (lifted["id"], lifted["reason"], lifted["lifted_because"]) == ("a", "审计", "审计结束")
    assert (changed["who"] != lifted["lifted_by"], lifted["who"] != lifted["lifted_by"]) == (True, True)
    assert (changed["who_name"], lifted["who_name"], lifted["lifted_by_name"]) == ("办公室", "档案室张", "")
    of_others = {"periods": [{**each, "who_name": ""} for each in (changed, first)], "holds": []} | {
        "next": None
    }
    assert office.asks("other", "GET", "/retention/changes").json == of_others
    assert office.asks("reader", "POST", "/destructions", {"reason": "到期"}).status_code == 403
    made = office.asks("one", "POST", "/destructions", {"reason": "到期"})
    assert (made.status_code, made.json["reason"], len(made.json["records"])) == (201, "到期", 1)
    assert (made.json["proposed_by_name"], made.json["ended_by_name"]) == ("档案室张", "")
    carry_out = f"/destructions/{made.json['id']}"
    assert office.asks("other", "GET", carry_out).status_code == 404
    for method, path, body in (
        ("POST", carry_out, {"records": 1}),
        ("DELETE", carry_out, None),
        ("GET", f"{carry_out}/list?format=csv", None),
        ("GET", f"{of_record}/retention", None),
        ("PUT", f"{of_record}/hold", {"reason": "审计"}),
        ("DELETE", f"{of_record}/hold?reason=x", None),
    ):
        assert office.asks("other", method, path, body).status_code == 404, (method, path)
    assert office.asks("reader", "POST", carry_out, {"records": 1}).status_code == 403
    alone = office.asks("one", "POST", carry_out, {"records": 1})
    assert (alone.status_code, "须由另一人" in alone.json["detail"]) == (409, True)
    assert office.asks("two", "POST", carry_out, {"records": 2}).status_code == 409
    assert office.asks("two", "POST", carry_out, {}).status_code == 422
    office.asks("one", "PUT", f"{of_record}/hold", {"reason": "审计"})
    assert "已冻结" in office.asks("two", "POST", carry_out, {"records": 1}).json["detail"]
    page = shown(office.opens("two", f"/records{carry_out}"))
    assert "其中已冻结，解除冻结后方可销毁：a" in page
    assert office.archive.get(record.key) == record
    acts = office.acts()
    assert ("deletion", None, "destruction_refused") in acts
    assert ("deletion", None, "forbidden") in acts
    auditor = ApiKeys(office.archive.engine).add(TENANT, ("audit:read", "archive:read"))[1]
    named = f"sha256={made.json['id']}"
    page, log = (
        office.client.get(path, headers={"X-API-Key": auditor})
        for path in (f"/records{carry_out}", f"/api/v1/audit?{named}&action=deletion")
    )
    assert f'href="/audit?{named}"' in page.text
    results = [row["result"] for row in log.json["rows"]]
    assert results == ["destruction_refused", "invalid_payload", *["destruction_refused"] * 2, "forbidden"]
    assert acts.count(("hold", "a", "ok")) == 2
    assert ("hold", None, "forbidden") in acts
    assert office.asks("two", "DELETE", carry_out).json["state"] == "withdrawn"
    for act in ("deletion_proposed", "deletion_withdrawn"):  # the tenant sees them
        assert "ok" in [
            row["result"] for row in office.opens("reader", f"/api/v1/audit?action={act}").json["rows"]
        ]


def pages(office, path, limit):
    """The ids, or years of periods, on each page of a list."""
    found, address = [], f"{V1}{path}?limit={limit}"
    while address:
        page = office.opens("two", address).json
        address = page.pop("next")
        found.append([each.get("id", each.get("years")) for rows in page.values() for each in rows])
    return found


def test_lists_of_holds_destructions_and_changes_have_pages(office):
    for years in (50, 30, 20, 10):
        office.keep(years)
    for id in "abc":
        record = office.old(id)
        office.asks("one", "PUT", f"/{record.key}/hold", {"reason": "审计"})
        office.old(id, "望川县")
    assert pages(office, "/holds", 2) == [["a", "b"], ["c"]]
    assert pages(office, "/holds", 3) == [["a", "b", "c"]]
    for record in office.archive.records(tenant=TENANT):
        office.asks("one", "DELETE", f"/{record.key}/hold?reason=审计结束")
    office.keep(5)
    assert pages(office, "/retention/changes", 2) == [[5, "c"], ["b", "a"], [10, 20], [30, 50]]
    assert pages(office, "/retention/changes", 100) == [[5, 10, 20, 30, 50, "c", "b", "a"]]
    made = [
        office.asks("one", "POST", "/destructions", {"id": id, "reason": "到期"}).json["id"] for id in "abc"
    ]
    assert pages(office, "/destructions", 1) == [[id] for id in made]
    assert office.asks("two", "GET", "/destructions?after=yesterday").status_code == 400


def test_what_was_done_at_one_time_is_on_one_page(office):
    one = {"tenant": TENANT, **FORM, "since": OLD, "who": "user:root", "reason": "审计"}
    rows = [{**one, "id": id} for id in "abc"] + [
        {**one, "id": "d", "since": datetime(2011, 1, 1, tzinfo=UTC)}
    ]
    of_lifted = {"lifted": OLD, "lifted_by": "user:root", "lifted_because": "审计结束"}
    with office.archive.writing() as connection:
        connection.execute(insert(HOLDS), rows)
        connection.execute(insert(LIFTED), [{**each, **of_lifted} for each in rows])
    assert [sorted(page) for page in pages(office, "/holds", 2)] == [["a", "b", "c"], ["d"]]
    assert [sorted(page) for page in pages(office, "/retention/changes", 2)] == [["a", "b", "c", "d"]]


def fill(office, record):
    """Gives a record all that the service may have of it: a sealed copy, a batch, a stored answer."""
    archive = office.archive
    add_file.add(archive, record, SEALED, f"%PDF {SECRET}".encode(), PDF, {}, process_actor())
    job = job_store.open_job(archive, "in", "0" * 64, Options(("docx",), TENANT))
    with archive.writing() as connection:
        row = {"job": job.id, "position": 0, "place": "1", **FORM, "submitter": record.id, "state": DONE}
        row |= {"attempts": 1, "faults": 0, "record": record.key, "payload": SECRET.encode()}
        connection.execute(insert(items), {**row, "errors": SECRET, "remarks": SECRET})
        connection.execute(insert(sheets), {"job": job.id, "number": 0, "piece": SECRET.encode()})
    answers = office.app.config["KEXIE_IDEMPOTENCY_STORE"]
    answers.keep(answers.claim(TENANT, "key", "request"), StoredResponse(200, [], SECRET.encode()))


def test_after_a_destruction_nothing_of_the_payload_is_left_but_its_list_and_the_log(office, tmp_path):
    record = office.old("a")
    fill(office, record)
    office.keep(10)
    id = office.asks("one", "POST", "/destructions", {"reason": "云科协〔2026〕3号"}).json["id"]
    done = office.asks("two", "POST", f"/destructions/{id}", {"records": 1})
    assert (done.status_code, done.json["state"]) == (200, "destroyed"), done.json
    assert office.asks("one", "GET", f"/{record.key}").status_code == 410
    assert office.asks("one", "GET", f"?text={SECRET}").json["records"] == []
    assert faults(office.archive) == []
    found = office.asks("reader", "GET", f"/destructions/{id}").json
    assert found["proposed_by"] != found["ended_by"]
    assert found["records"][0]["files"]["docx"][0] == record.files["docx"].sha256
    book = office.asks("reader", "GET", f"/destructions/{id}/list?format=xlsx").data
    cells = [cell.value for row in openpyxl.load_workbook(io.BytesIO(book)).active for cell in row]
    assert {"a", id, "云科协〔2026〕3号", record.manifest} <= set(cells)
    assert f"密钥 {found['ended_by'].removeprefix('key:')}" in cells
    assert ("deletion", "a", "ok") in office.acts()
    left = [path for path in (tmp_path / "archive").rglob("*") if path.is_file()]
    assert [path for path in left if SECRET.encode() in path.read_bytes()] == []
    index = (tmp_path / "archive" / "index.sqlite").read_bytes()
    assert SECRET[:3].encode() not in index


def test_of_a_list_over_two_tenants_each_sees_its_own_records_and_none_acts_on_it(office):
    own, theirs = office.old("ours"), office.old("theirs", "望川县")
    office.keep(10)
    id = destruction_list.propose(office.archive, process_actor()).id
    path, page = f"/destructions/{id}", f"/records/destructions/{id}"
    (linked,) = office.asks("one", "GET", f"/{own.key}/retention").json["destruction_lists"]
    assert linked["id"] == id
    for who, record in (("one", own), ("other", theirs)):
        assert [each["id"] for each in office.asks(who, "GET", "/destructions").json["destructions"]] == [id]
        found = office.asks(who, "GET", path).json
        assert ([each["record"] for each in found["records"]], found["others"]) == ([record.key], True)
        seen = shown(office.opens(who, page))
        assert ("还有其他租户的档案" in seen, "销毁，不可恢复" in seen) == (True, False)
        for method, body in (("POST", {"records": 1}), ("POST", {"records": 2}), ("DELETE", None)):
            refused = office.asks(who, method, path, body)
            assert (refused.status_code, "只能由管理员" in refused.json["detail"]) == (409, True)
    assert office.archive.count() == 2
    assert destroy(office.archive, id, 2, Actor("user:two", "-"), second_person=True).state == "destroyed"
    seen = shown(office.opens("one", page))
    assert ("还有其他租户的档案" in seen, "只能由管理员" in seen) == (True, False)


def test_without_keys_nobody_is_known_and_nothing_is_destroyed(tmp_path):
    with application(tmp_path) as app:
        client = app.test_client()
        app.config["KEXIE_ARCHIVE_HANDLE"].archive().add(entry("a", created=OLD))
        answer = client.post(f"{V1}/destructions", json={"reason": "到期"})
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
        assert "列入销毁清册" not in client.get("/records/retention").text


@pytest.mark.parametrize("reason", ["长" * 501, "两\n行", " "])
def test_a_reason_of_a_period_is_one_line(office, reason):
    refused = office.asks("reader", "PUT", "/periods", {"form": "annex2", "years": 10, "reason": reason})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/reason")


def test_a_refused_form_is_logged_as_the_act_that_was_refused(office):
    record = office.old("a")
    office.keep(10)
    office.asks("one", "POST", "/destructions", PROPOSAL)
    (listed,) = (each["id"] for each in office.asks("one", "GET", "/destructions").json["destructions"])
    posts = {
        "retention_set": ("one", "/records/retention", "period"),
        "deletion_proposed": ("reader", "/records/retention", "propose"),
        "hold": ("reader", f"/records/{record.key}/retention", "hold"),
        "hold_lifted": ("reader", f"/records/{record.key}/retention", "lift"),
        "deletion": ("reader", f"/records/destructions/{listed}", "destroy"),
        "deletion_withdrawn": ("reader", f"/records/destructions/{listed}", "withdraw"),
        "export": ("one", "/records/handover", "package"),
        "verify": ("one", "/records/handover", "pdf"),
    }
    before = len(office.acts())
    for who, path, do in posts.values():
        assert office.opens(who, path, do=do).status_code == 403
    assert office.acts()[before:] == [(act, None, "forbidden") for act in posts]


def test_the_pages_say_where_a_second_person_is_missing(office):
    office.old("a")
    office.keep(10)
    missing = "还没有能执行第二步的另一人：除提出人外，没有别的密钥有销毁权限"
    assert missing not in shown(office.opens("one", "/records/retention"))
    ApiKeys(office.archive.engine).revoke(office.keys["two"].split("_")[1])
    assert missing in shown(office.opens("one", "/records/retention"))
    list = office.asks("one", "POST", "/destructions", {"reason": "到期"}).json["id"]
    page = shown(office.opens("one", f"/records/destructions/{list}"))
    assert ("这份清册是您提出的" in page, missing in page) == (True, True)
    assert missing in office.asks("one", "POST", f"/destructions/{list}", {"records": 1}).json["detail"]
    office.keys["third"] = ApiKeys(office.archive.engine).add(TENANT, ("archive:read", "archive:destroy"))[1]
    for who in ("one", "third", "reader"):
        assert missing not in shown(office.opens(who, f"/records/destructions/{list}"))


def test_many_lists_and_holds_have_pages_of_which_the_first_has_those_that_wait(office, monkeypatch):
    monkeypatch.setattr(retention_page, "_LISTED", 2)
    records = [office.old(id) for id in "abc"]
    office.keep(10)
    proposals = [{"id": record.id, "reason": "到期"} for record in records]
    made = [office.asks("one", "POST", "/destructions", proposal).json["id"] for proposal in proposals]
    for id in made[1:]:
        office.asks("one", "DELETE", f"/destructions/{id}")
    for record in records:
        office.asks("one", "PUT", f"/{record.key}/hold", {"reason": "审计"})
        office.asks("one", "DELETE", f"/{record.key}/hold?reason=审计结束")
        office.asks("one", "PUT", f"/{record.key}/hold", {"reason": "复审"})
    page = office.opens("one", "/records/retention")
    assert shown(page).count("共 3 条，这里是第 1 至 2 条。") == 3  # lists, holds, lifted holds
    assert [id in page.text for id in made] == [True, False, True]  # the one that waits is the first
    following = html.unescape(re.search(r'href="([^"]*)#lists"', page.text)[1])
    page = office.opens("one", following)
    assert [id in page.text for id in made] == [False, True, False]
    assert shown(page).count("共 3 条，这里是第 3 至 3 条。") == 1
    assert '#lists">回到第一页' in page.text
    assert office.opens("one", "/records/retention?holds=x").status_code == 400


def test_the_pages_go_the_whole_way_without_javascript(office):
    record = office.old("a")
    assert "没有到期" in shown(office.opens("one", "/records/retention"))
    period = {"do": "period", "form": "annex2", "year": "", "kept": "10年"}
    assert office.opens("one", "/records/retention", **period).status_code == 403
    refused = office.opens("reader", "/records/retention", **period)
    assert (refused.status_code, "请写明缩短保管期限的依据：此前未设定" in shown(refused)) == (400, True)
    of_periods = shown(office.opens("reader", "/records/retention", **period, reason="纪要"))
    assert re.search(r" 各年度 10 年 \d{4}-\d\d-\d\d \d\d:\d\d\S* 密钥 \w+“办公室”", of_periods), of_periods
    assert "未设定（永久） → 10 年 纪要" in of_periods
    auditor = ApiKeys(office.archive.engine).add(TENANT, ("audit:read",))[1]
    logged = office.client.get("/audit?action=retention_set", headers={"X-API-Key": auditor})
    assert re.search(rf"10 年 {edition('annex2', 2021).title}\s+成功", shown(logged)), shown(logged)
    wrong = office.opens("reader", "/records/retention", **{**period, "kept": "很久"})
    assert (wrong.status_code, "保管期限应为年数" in shown(wrong)) == (400, True)
    own = f"/records/{record.key}/retention"
    assert own in office.opens("one", f"/records/{record.key}").text
    kept = shown(office.opens("one", own))
    assert "已到期，列入销毁清册后可以销毁。 另有：" in kept
    assert "请写明冻结的依据" in shown(office.opens("one", own, do="hold", reason=" "))
    held = shown(office.opens("one", own, do="hold", reason="审计"))
    assert ("已冻结，不得销毁 依据 审计" in held, "解除冻结后方可销毁。 另有：" in held) == (True, True)
    assert "审计" in shown(office.opens("two", "/records/retention"))
    assert "没有冻结。" in shown(office.opens("two", own, do="lift", reason="审计结束"))
    assert f"a {SECRET} " in shown(office.opens("one", "/records/retention"))
    proposed = office.opens("one", "/records/retention", do="propose", reason="保管期限届满")
    (path,) = set(re.findall(r'href="(/records/destructions/\w+)"', proposed.text))
    first = office.opens("one", path)
    assert "须由另一人" in shown(first)
    assert 'value="destroy"' not in first.text
    refused = office.opens("one", path, do="destroy", records="1")
    assert (refused.status_code, "须由另一人" in shown(refused)) == (409, True)
    assert office.acts()[-1] == ("deletion", None, "destruction_refused")
    assert "请填写核对过的条数" in shown(office.opens("two", path, do="destroy", records="一"))
    assert office.opens("reader", path, do="destroy", records="1").status_code == 403
    done = shown(office.opens("two", path, do="destroy", records="1"))
    assert "已销毁" in done
    assert "批准执行" in done
    assert record.manifest in done.replace(" ", "")
    assert SECRET not in done
    assert "2010-06-01 10 年 2021-01-01" in done
    assert office.archive.count() == 0
    assert office.opens("reader", path, do="csv").headers["Content-Type"].startswith("text/csv")
    for place in (path, own):
        assert office.opens("other", place).status_code == 404
        assert office.opens("other", place, do="look").status_code == 404
    assert office.opens("two", path, do="withdraw").status_code == 409
    assert office.opens("two", path, do="burn").status_code == 400
    english = office.client.get("/records/retention?lang=en", headers={"X-API-Key": office.keys["one"]})
    assert "Destroyed" in shown(english)
    locked = office.client.get(path)
    assert record.id not in shown(locked).split()


def test_a_destruction_whose_database_is_in_use_says_so_and_is_completed_later(office, monkeypatch):
    office.old("a")
    office.keep(10)
    id = office.asks("one", "POST", "/destructions", {"reason": "到期"}).json["id"]
    path, clean = f"/records/destructions/{id}", erasure.leave_no_trace

    def busy(_):
        raise ArchiveUnavailable("档案数据库暂不可用：database is locked。", "The database is locked.")

    monkeypatch.setattr(erasure, "leave_no_trace", busy)
    first = office.opens("two", path, do="destroy", records="1")
    assert "数据库正忙" in shown(first)
    assert 'value="destroy"' in first.text
    assert office.asks("two", "POST", f"/destructions/{id}", {"records": 1}).status_code == 503
    assert "数据库正忙" in shown(office.opens("one", path, do="destroy", records="1"))
    assert ("deletion", None, "ok") not in office.acts()
    with office.archive.reading() as connection:
        assert list(log_differences.faults(connection)) == []
    monkeypatch.setattr(erasure, "leave_no_trace", clean)
    again = office.opens("two", path, do="destroy", records="1")
    assert "数据库正忙" not in shown(again)
    assert 'value="destroy"' not in again.text
