"""The pages of batches and records as a browser is sent them, without one."""

from __future__ import annotations

import io
import re

import pytest

from service.archive import Archive
from service.batch.documents import document_files
from service.batch.inputs.read_input import FORMATS, named_format
from service.batch.jobs.job_store import formats_of
from service.web.schemas import batches
from tests.helpers.application import application, of_tenant
from tests.helpers.archive import entry

FORM = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    place = tmp_path_factory.mktemp("pages")
    with application(place) as made:
        with Archive.open(made.config["KEXIE_SETTINGS"]) as archive:
            for number in range(120):
                archive.add(entry(f"3201-{number:04}", mark=str(number), form="annex2"))
            archive.add(entry("gone", year=1999))
            for number in range(202):
                archive.add(entry("often", mark=str(number), form="annex3"))
        yield made


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


def records_of(page):
    return re.findall(r'href="/records/([0-9a-f-]{36})', page)


def next_of(page):
    found = re.search(r'href="([^"]*)">下一页', page)
    return found and found[1].replace("&amp;", "&")


def test_the_list_is_read_page_by_page_and_keeps_what_was_asked(client):
    address, pages = "/records?form=annex2&id=3201", []
    while address:
        page = client.get(address).text
        assert '<option value="annex2" lang="zh-CN" selected>' in page
        pages.append(records_of(page))
        address = next_of(page)
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({key for page in pages for key in page}) == 120


def test_a_record_of_an_edition_that_is_gone_is_shown_without_the_form(client):
    [key] = records_of(client.get("/records?id=gone").text)
    page = client.get(f"/records/{key}")
    assert page.status_code == 200
    assert "本服务没有这个版次，只能下载。" in page.text
    assert ">修改<" not in page.text


def test_of_many_versions_the_newest_are_listed(client):
    [key] = records_of(client.get("/records?id=often").text)
    page = client.get(f"/records/{key}").text
    assert "这是旧版本" not in page
    listed = re.findall(r"第 (\d+) 版", page.partition('<ol class="versions">')[2].partition("</ol>")[0])
    assert listed == [str(version) for version in range(202, 2, -1)]
    assert "第 2 版及更早的未列出。" in page
    older = re.search(r'href="/records/([^"]+)">第 3 版', page)[1]
    assert "这是旧版本。最新为第 202 版。" in client.get(f"/records/{older}").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/records/none", 404),
        ("/records?after=none", 404),
        ("/batches/none", 404),
        ("/batches?after=none", 404),
    ],
)
def test_what_is_not_there_is_reported_as_a_page_or_to_a_script_as_a_problem(client, address, status):
    page = client.get(address)
    assert (page.status_code, page.mimetype) == (status, "text/html")
    answered = client.get(address, headers={"Accept": "text/html, application/problem+json"})
    assert (answered.status_code, answered.mimetype) == (status, "application/problem+json")


def test_what_reports_of_a_tenant_stays_in_no_cache_and_is_for_him_alone(app, client, monkeypatch):
    key = records_of(client.get("/records").text)[0]
    for address in ("/records", f"/records/{key}", "/batches"):
        assert client.get(address).headers["Cache-Control"] == "no-store"
    of_tenant(monkeypatch, app, "other")
    assert records_of(client.get("/records").text) == []
    assert client.get(f"/records/{key}").status_code == 404


def test_the_page_of_batches_offers_what_a_batch_may_be(client):
    page = client.get("/batches").text
    offered = re.search(r'accept="([^"]+)"', page)[1].split(",")
    assert set(offered) >= set(document_files.SUFFIXES)
    assert {named_format(f"a{suffix}") for suffix in offered} - {None} == set(FORMATS)
    formats = re.findall(r'<option value="([a-z,]+)"', page.partition('id="formats"')[2])
    assert {formats_of(each) for each in formats} == {formats_of(each) for each in batches.FORMATS}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("address", ["/batches", "/batches/none"])
def test_another_site_cannot_have_a_browser_send_or_cancel(client, address, site):
    sent = {"file": (io.BytesIO(b"{}"), "a.ndjson"), "do": "cancel"}
    answer = client.post(address, data=sent, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "请在本站的页面上提交。" in answer.text


@pytest.mark.parametrize(
    ("sent", "status", "shown"),
    [
        ({}, 400, "请提交 1 至 100 个文件"),
        ({"file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")}, 422, "没有找到列标题"),
        ({"file": (io.BytesIO(b"{}\n"), "a.ndjson"), "edition": "annex9/2021"}, 404, "annex9"),
        ({"file": (io.BytesIO(b"{}\n"), "a.ndjson"), "formats": "gif"}, 400, "formats 只能取 docx,pdf"),
        ({"file": (io.BytesIO(b"{}\n"), "a.ndjson"), "edition": f"annex3/{'9' * 5000}"}, 404, "应为四位数字"),
    ],
)
def test_what_a_form_sends_wrongly_is_reported_on_the_page(client, sent, status, shown):
    answer = client.post("/batches", data=sent, headers=FORM, content_type="multipart/form-data")
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert shown in answer.text
