"""A form is checked and archived on its page, without a browser: review, receipt, next version."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

import pytest

from service import catalog, create_app
from service.access import ApiKeys
from service.web.controls import form_data
from tests.helpers.application import application, without_pdf
from tests.helpers.forms.made_up import FOLDER

EDITION = catalog.edition("annex2", 2021)
FULL = form_data.texts(EDITION, EDITION.sample("full"))
CASE = {"/association_name": "云泽县科协", "/case_name": "一"}
PAGE = "/forms/annex2/2021"
CASES = "/forms/annex3/2021"
CONFIRMED = {"do": "archive", "confirmed": "true", "again": "true"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        without_pdf(patch)
        with application(tmp_path_factory.mktemp("filing"), KEXIE_FORMS=str(FOLDER)) as made:
            yield made
    create_app({})  # the forms of the next module


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


def words(answer):
    """The text of the review or the receipt, one space between words."""
    shown = answer.get_data(as_text=True).partition('id="review"')[2].partition(">")[2]
    return " ".join(
        html.unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", shown, flags=re.DOTALL)).split()
    )


def hidden(answer, name):
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', answer.get_data(as_text=True))
    return found and html.unescape(found[1])


def buttons(answer):
    return re.findall(
        r'<button type="submit"[^>]* value="(archive|docx|pdf|print)"', answer.get_data(as_text=True)
    )


def saved(answer):
    """The name by which a download is saved."""
    return unquote(answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2])


def numbered(answer):
    return html.unescape(re.search(r'<output id="number">(.*?)</output>', answer.get_data(as_text=True))[1])


def filed(client, **more):
    """Checks a case and archives it: the receipt."""
    checked = client.post(CASES, data={**CASE, **more, "do": "check"})
    carried = {name: hidden(checked, name) for name in ("once", "expected", "after") if hidden(checked, name)}
    return client.post(CASES, data={**CASE, **carried, **more, **CONFIRMED})


def test_the_review_shows_every_answer_as_it_will_be_printed(client):
    answer = client.post(PAGE, data=FULL | {"do": "check", "/budget/total": ""})
    shown = words(answer)
    for said in (
        "申报单位 云泽县科学技术协会",
        "是否独立建制 是",
        "人大常委 否",
        "最近一次换届日期 2019年11月20日",
        "乡镇 11 个",
        "医院院长 2 14 152",
        "第 1 行 1 服务科技工作者",
        "5.20 万元",
        "计划开支合计 45.60 万元 自动计算",
        "没有发现错误，应填的都已填写。",
    ):
        assert said in shown
    assert "<p>同意推荐申报。</p>" in answer.text
    assert buttons(answer) == ["archive", "docx", "pdf"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert {name: hidden(answer, name) for name in FULL if name != "/budget/total"} == {
        name: text for name, text in FULL.items() if name != "/budget/total"
    }


def test_every_answer_of_a_form_with_all_field_types_is_shown(client):
    edition = catalog.edition("talent", 2024)
    texts = form_data.texts(edition, edition.sample("full"))
    answer = client.post("/forms/talent/2024", data=texts | {"do": "check"})
    shown = words(answer)
    for said in (
        "政治面貌 其他：民主促进会会员",
        "研究领域 现代农业、信息技术、其他：农产品质量追溯",
        "试验场地面积 1200.5平方米",
        "教材与讲课 2.50 万元 否",
        "132000.00 壹拾叁万贰仟元整",
        "2008年9月至2012年6月",
    ):
        assert said in shown
    assert re.search(r'<img src="data:image/png;base64,iVBOR[^"]+" alt="照片">', answer.text)
    scores = client.post("/forms/annex1/2021", data={"/scores/1.1": "3.5", "/scores/2.1": "2", "do": "check"})
    assert "合计 自动计算 5.5" in words(scores)


def test_with_faults_they_come_first_and_nothing_can_be_archived(client):
    wrong = FULL | {"/cover/email": "kexie@", "/budget/items/1/amount": "x", "/cover/contact_person": ""}
    answer = client.post(PAGE, data=wrong | {"do": "check"})
    shown = words(answer)
    assert answer.status_code == 200
    assert shown.index("有 2 处需要改正") < shown.index("还有 1 项未填") < shown.index("申报单位")
    assert "电子信箱 kexie@ 修改 错误： 不像电子信箱" in shown
    assert "联系人 未填 修改" in shown
    assert "封面 1 处有误 缺 1 项" in shown
    assert buttons(answer) == []
    assert f'formaction="{PAGE}#f/budget/items/1/amount"' in answer.text
    refused = client.post(PAGE, data=wrong | CONFIRMED)
    assert (refused.status_code, buttons(refused)) == (422, [])


def test_what_is_unlikely_is_shown_and_confirmed_in_plain_words(client):
    odd = FULL | {"/basic_info/township_associations": "12", "do": "check"}
    shown = words(client.post(PAGE, data=odd))
    assert "1 处请核对" in shown
    assert "标为“请核对”的 1 处，我已核对无误。" in shown
    english = words(client.post(f"{PAGE}?lang=en", data=odd))
    assert "I have checked the 1 answer that was to be checked." in english
    assert "乡镇科协 Associations in townships" in english


def test_a_posted_form_comes_back_to_be_changed_with_what_is_wrong(client):
    answer = client.post(PAGE, data={"/cover/email": "kexie@", "do": "edit", "number": "3201-7"})
    assert 'value="kexie@"' in answer.text
    assert "不像电子信箱" in answer.text
    assert hidden(answer, "number") == "3201-7"
    assert client.post(PAGE, data={"do": "dance"}).status_code == 400


def test_what_is_blank_is_confirmed_before_it_is_archived(client):
    answer = client.post(CASES, data=CASE | {"do": "archive"})
    assert answer.status_code == 422
    assert "请先核对并勾选" in words(answer)
    assert "我知道还有 3 项未填，文书上将留空。" in words(answer)
    script = client.post(CASES, data=CASE | {"do": "archive"}, headers={"Accept": "application/problem+json"})
    assert (script.status_code, script.mimetype) == (200, "text/html")


def test_the_receipt_says_the_number_and_what_comes_next(client):
    answer = filed(client)
    number = numbered(answer)
    assert re.fullmatch(r"annex3-2021-云泽县科协-\d{3}", number)
    shown = words(answer)
    for said in ("已归档", "第 1 版", "接下来 打印 PDF 文书", "送市科协。", "继续填下一份", "给同事一份"):
        assert said in shown
    assert buttons(answer) == ["print", "docx", "pdf"]
    key = re.search(r'href="/records/([0-9a-f-]{36})"', answer.text)[1]
    assert client.get(f"/api/v1/records/{key}").json["id"] == number
    assert client.get(f"/api/v1/records/{key}/payload").json == {
        "association_name": "云泽县科协",
        "case_name": "一",
    }
    assert f"http://localhost/records/{key}" in shown
    assert numbered(filed(client)) > number


def test_a_form_that_is_sent_twice_is_archived_once(client):
    once = {"once": "of this page"}
    first, again = (client.post(CASES, data=CASE | CONFIRMED | once) for _ in range(2))
    assert numbered(first) == numbered(again)
    assert again.headers["Idempotent-Replayed"] == "true"
    changed = client.post(CASES, data=CASE | CONFIRMED | once | {"/case_name": "二"})
    assert numbered(changed) > numbered(first)


def test_a_number_of_ones_own_is_kept_and_one_that_is_taken_is_asked_about(client):
    assert numbered(filed(client, number="3201-0001")) == "3201-0001"
    asked = client.post(CASES, data=CASE | CONFIRMED | {"number": "3201-0001", "/case_name": "二"})
    assert asked.status_code == 412
    assert "编号 3201-0001 已有第 1 版。" in words(asked)
    assert "仍然提交，成为第 2 版" in words(asked)
    assert re.search(r'id="record-id"[^>]* aria-invalid="true" autofocus>', asked.text)
    assert re.search(r'name="confirmed"[^>]* checked>', asked.text)
    agreed = {"number": "3201-0001", "/case_name": "二", "expected": hidden(asked, "expected")}
    assert "第 2 版" in words(client.post(CASES, data=CASE | CONFIRMED | agreed))
    stale = client.post(CASES, data=CASE | CONFIRMED | agreed | {"/case_name": "三"})
    assert stale.status_code == 412
    assert "已有第 2 版" in words(stale)
    odd = client.post(CASES, data=CASE | CONFIRMED | {"number": "a\u200bb"})
    assert odd.status_code == 422
    assert "看不见" in words(odd)


def test_what_the_applicant_has_in_the_archive_is_said_and_becomes_a_next_version(client):
    case = {"/association_name": "临海县科协"}
    assert "已归档" not in words(client.post(CASES, data={**CASE, **case, "do": "check"}))
    first = numbered(filed(client, **case))
    asked = client.post(CASES, data={**CASE, **case, "/case_name": "二", "do": "check"})
    shown = words(asked)
    assert "同一单位在本表单、本年度已归档 1 份。" in shown
    assert f"{first} · 第 1 版归档于" in shown
    assert "归档时自动编为 annex3-2021-临海县科协-002。" in shown
    assert re.search(rf'<a href="/records/[0-9a-f-]{{36}}" target="_blank">{first}</a>', asked.text)
    assert numbered(filed(client, **case, number="临海〔2021〕1号")) == "临海〔2021〕1号"
    shown = words(client.post(CASES, data={**CASE, **case, "do": "check"}))
    assert "已归档 2 份" in shown
    assert re.search(
        rf"临海〔2021〕1号 · .*· 内容与它完全相同 作为它的下一版 {first} · .*· 内容与它完全相同", shown
    )
    once_more = client.post(CASES, data={**CASE, **case, "do": "archive", "confirmed": "true"})
    assert once_more.status_code == 422
    assert "已归档 2 份" in words(once_more)
    assert "我知道这样是重复归档" in words(once_more)
    key = re.search(rf'next_of" value="([^"]*)"[^>]*编号 {first}"', asked.text)[1]
    changed = client.post(CASES, data={**CASE, **case, "/case_name": "二", "next_of": key})
    assert f"编号 {first}，将作为第 2 版。" in words(changed)
    assert "案例名称 改 二 原为： 一" in words(changed)
    assert (hidden(changed, "after"), hidden(changed, "after_name")) == (key, f"编号 {first}，第 1 版")


def test_records_that_name_no_applicant_are_not_said_to_be_of_this_one(client):
    case = {"/association_name": ""}
    assert numbered(filed(client, **case)) == "annex3-2021-001"
    shown = words(client.post(CASES, data={**CASE, **case, "/case_name": "二", "do": "check"}))
    assert "已归档" not in shown
    assert "annex3-2021-002" in shown


def test_a_number_that_the_portal_gives_cannot_be_changed(client):
    address = f"{CASES}?id=%E6%B1%9F-7"
    checked = client.post(address, data=CASE | {"do": "check", "number": "other"})
    assert "编号：江-7" in words(checked)
    assert 'name="number"' not in checked.text
    assert numbered(client.post(address, data=CASE | CONFIRMED | {"number": "other"})) == "江-7"
    assert "编号 江-7，将作为第 2 版。" in words(
        client.post(address, data=CASE | {"do": "check", "/case_name": "二"})
    )


def test_a_number_of_the_portal_that_cannot_be_one_is_said(client):
    answer = client.post(f"{CASES}?id=a%E2%80%8Bb", data=CASE | CONFIRMED)
    assert answer.status_code == 422
    assert "看不见" in words(answer)


def test_a_record_is_changed_and_archived_as_its_next_version(client):
    key = re.search(r'href="/records/([0-9a-f-]{36})"', filed(client, number="3201-0002").text)[1]
    record = client.get(f"/records/{key}")
    assert 'name="do" value="change" class="primary no-script" data-plain>修改</button>' in record.text
    form = client.post(f"/records/{key}", data={"do": "change"})
    assert 'name="/case_name" data-kind="line"' in form.text
    assert "正在修改： <b>编号 3201-0002，第 1 版</b>" in form.text
    assert f'<form id="form" method="post" action="{CASES}"' in form.text
    after = {"after": hidden(form, "after"), "do": "check"}
    same = client.post(CASES, data=CASE | after)
    assert "内容与编号 3201-0002 的第 1 版相同，没有改动" in words(same)
    assert "archive" not in buttons(same)
    assert "没有改动" in words(client.post(CASES, data=CASE | after | CONFIRMED))
    changed = CASE | {"/case_name": "二", "/background": "新。"}
    seen = words(client.post(CASES, data=changed | after))
    assert "提交归档（第 2 版）" in seen
    assert "与第 1 版相比，改动 2 处 案例名称 ：原为“一”，现为“二”。" in seen
    assert "案例名称 改 二 原为： 一" in seen
    assert "改 新。 原为： 未填" in seen
    assert "改" not in words(client.post(CASES, data=CASE | {"do": "check"})).replace("修改", "")
    second = filed(client, **changed, after=key)
    assert (numbered(second), "第 2 版" in words(second)) == ("3201-0002", True)
    newest = re.search(r'href="/records/([0-9a-f-]{36})"', second.text)[1]
    posted = changed | {"version": hidden(second, "version"), "format": "docx"}
    assert saved(client.post(CASES, data=posted)).endswith("（云泽县科协）第2版.docx")
    assert saved(client.post(CASES, data=changed | {"format": "docx"})).endswith("（云泽县科协）.docx")
    assert saved(client.get(f"/api/v1/records/{newest}/docx")).endswith("（3201-0002）第2版.docx")
    assert ">修改这一旧版本</button>" in client.get(f"/records/{key}").text
    assert f'href="/records/{key}">查看档案</a>' in form.text


def test_rows_that_were_removed_are_shown_as_changed(client):
    first = client.post(PAGE, data=FULL | CONFIRMED | {"number": "3201-0009"})
    key = re.search(r'href="/records/([0-9a-f-]{36})"', first.text)[1]
    rows = [name for name in FULL if name.startswith("/budget/items/")]
    last = rows[-1].rpartition("/")[0]
    shorter = {name: text for name, text in FULL.items() if not name.startswith(f"{last}/")}
    seen = words(client.post(PAGE, data=shorter | {"/budget/total": "", "after": key, "do": "check"}))
    assert f"改 — 原为： {FULL[f'{last}/name']}" in seen.replace("留空 —", "—")
    assert "四、提升计划项目经费预算 改 4 项" in seen


def test_a_version_that_came_meanwhile_is_said_and_nothing_is_lost(client):
    key = re.search(r'href="/records/([0-9a-f-]{36})"', filed(client, number="3201-0003").text)[1]
    mine = CASE | {"/case_name": "我的", "after": key}
    checked = client.post(CASES, data=mine | {"do": "check"})
    filed(client, **{"/case_name": "别人的"}, after=key)
    late = client.post(CASES, data=mine | CONFIRMED | {"expected": hidden(checked, "expected")})
    assert late.status_code == 412
    assert "您修改的是编号 3201-0003 的第 1 版，而它已有第 2 版。您的内容没有丢失" in words(late)
    assert (hidden(late, "/case_name"), hidden(late, "after")) == ("我的", key)
    third = client.post(CASES, data=mine | CONFIRMED | {"expected": hidden(late, "expected")})
    assert "第 3 版" in words(third)


def test_a_record_that_is_no_more_makes_a_new_one(client):
    answer = client.post(CASES, data=CASE | {"do": "check", "after": "6f1f2b0e-6a44-5b0e-9d0e-3d2f3c1b7a55"})
    assert "要修改的那一份已不在档案中" in words(answer)
    assert 'name="number"' in answer.text


def test_a_pdf_to_print_is_shown(client, monkeypatch):
    from service.web.pages import form_pages

    made = form_pages.pipeline.Product({"pdf": b"%PDF"}, ())
    monkeypatch.setattr(form_pages.pipeline, "produce", lambda *_, **__: made)
    answer = client.post(CASES, data=CASE | {"do": "print"})
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == ("application/pdf", "inline")


def test_a_portal_without_a_token_gets_documents_alone(client):
    answer = client.post("/embed/annex3/2021", data=CASE | {"do": "check"})
    assert buttons(answer) == ["docx", "pdf"]
    assert client.post("/embed/annex3/2021", data=CASE | CONFIRMED).status_code == 403


def test_hidden_cells_of_a_matrix_are_not_in_the_review(client):
    heads = "/basic_info/four_heads/hospital_directors"
    hidden_field = f"hidden_fields={heads[1:].replace('/', '.')}.township"
    shown = words(client.post(f"/embed/annex2/2021?{hidden_field}", data=FULL | {"do": "check"}))
    row = [FULL[f"{heads}/{level}"] for level in ("county", "village")]
    assert f"医院院长 {' '.join(row)} 学校校长" in shown


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A client of a service with keys, and a key by its scopes."""
    with pytest.MonkeyPatch.context() as patch:
        without_pdf(patch)
        place = tmp_path_factory.mktemp("closed")
        given = {"KEXIE_SECRET": "s" * 32, "KEXIE_FRAME_ANCESTORS": "https://portal.example"}
        with (
            application(place, **given) as app,
            ApiKeys.open(app.config["KEXIE_SETTINGS"], create=True) as keys,
        ):
            yield app.test_client(), lambda *scopes: keys.add("云泽县", scopes)[1]


def test_a_key_that_may_not_archive_ends_with_the_documents(closed):
    client, key = closed
    mine = CASE | {"key": key("generate")}
    answer = client.post(CASES, data=mine | {"do": "check"})
    assert buttons(answer) == ["docx", "pdf"]
    assert "所用的密钥没有归档的权限" in words(answer)
    assert mine["key"] not in answer.text
    refused = client.post(CASES, data=mine | CONFIRMED)
    assert (refused.status_code, refused.mimetype) == (403, "text/html")
    assert client.post(CASES, data=CASE | {"do": "check"}).status_code == 401


def test_a_key_that_may_not_read_gets_no_address_of_the_record(closed):
    client, key = closed
    answer = client.post(CASES, data=CASE | CONFIRMED | {"key": key("generate", "archive:write")})
    assert numbered(answer) == "annex3-2021-云泽县科协-001"
    assert "把下载的文书发给同事即可。" in words(answer)
    assert "/records/" not in answer.text.partition("<main")[2]


def test_an_embedded_form_is_checked_with_the_token_that_its_script_has(closed):
    client, key = closed
    asked = {"form": "annex3", "year": 2021, "origin": "https://portal.example"}
    token = client.post("/api/v1/embed-tokens", json=asked, headers={"X-API-Key": key("generate")}).json[
        "token"
    ]
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/html, application/problem+json"}
    answer = client.post("/embed/annex3/2021?token=lapsed", data=CASE | {"do": "check"}, headers=headers)
    assert answer.status_code == 200
    assert "这里不归档。" in words(answer)
    assert buttons(answer) == ["docx", "pdf"]
    assert "frame-ancestors https://portal.example" in answer.headers["Content-Security-Policy"]


def test_the_token_of_a_portal_gives_the_number_and_lets_it_be_archived(closed):
    client, key = closed
    asked = {"form": "annex3", "year": 2021, "origin": "https://portal.example", "archive": True}
    maker = {"X-API-Key": key("generate", "archive:write")}
    numbers = []
    for more in ({"id": "门户-1"}, {}):
        token = client.post("/api/v1/embed-tokens", json=asked | more, headers=maker).json["token"]
        address = f"/embed/annex3/2021?token={token}"
        checked = client.post(address, data=CASE | {"do": "check", "number": "mine"})
        assert 'name="number"' not in checked.text
        numbers.append(numbered(client.post(address, data=CASE | CONFIRMED | {"number": "mine"})))
    assert numbers[0] == "门户-1"
    assert numbers[1].startswith("annex3-2021-云泽县科协-")
