"""A service that asks for keys: the page asks the person, and an embedded form brings its own token."""

from __future__ import annotations

import json
import re
import sys
import urllib.request
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from service import catalog
from service.cli import main
from tests.helpers import ROOT
from tests.helpers.browser import downloaded, drop, up_to_date, violations
from tests.helpers.docx_read import text
from tests.helpers.processes import awaited
from tests.helpers.servers import Server, folder, free_port

PROGRAM = Path(sys.executable).with_name("kexie-forms")
DATA = catalog.edition("annex3", 2021).sample("minimal")
ONE = json.dumps({"form": "annex3", "year": 2021, "id": "keyed-1", "data": DATA})
SENT = f"{ONE}\n{ONE.replace('keyed-1', 'keyed-2').replace('case_name', 'case_nam')}\n".encode()
PREFILL = {"case_name": "社区老人的手机课堂"}


class Keyed(NamedTuple):
    """A service, and keys of it: one may generate, one may archive as well, one may read alone."""

    address: str
    key: str
    archivist: str
    reader: str


def enter(page, key, asking="需要访问密钥"):
    dialog = page.get_by_role("dialog", name=asking)
    dialog.get_by_label("访问密钥").fill(key)
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_be_hidden()


def send(page):
    page.set_input_files("#file", {"name": "一条.ndjson", "mimeType": "", "buffer": SENT})
    page.get_by_role("button", name="提交", exact=True).click()


def added(given, *scopes):
    named = [word for scope in scopes for word in ("--scope", scope)]
    command = ["keys", "add", "--tenant", "云泽县", *named, "--json"]
    return json.loads(CliRunner(env=given).invoke(main, command).stdout)["key"]


@pytest.fixture(scope="package")
def bare_port():
    return free_port()


@pytest.fixture
def bare_portal(keyed, bare_port):
    """The address of the example portal around the forms of a service that wants a token: it gives none."""
    with folder() as root:
        script = ROOT / "samples" / "portal" / "server.py"
        server = Server([sys.executable, script, bare_port, keyed.address], bare_port, root / "log")
        try:
            yield f"http://127.0.0.1:{bare_port}"
        finally:
            server.stop()


@pytest.fixture(scope="package")
def keyed(temporary, bare_port):
    """The address of a service that asks for keys, and keys of it."""
    with folder() as root:
        port = free_port()
        given = {
            "KEXIE_ARCHIVE": str(root / "archive"),
            "KEXIE_SECRET": "geheim " * 8,
            "KEXIE_FRAME_ANCESTORS": f"http://127.0.0.1:{bare_port}",
        }
        settings = [f"{name}={value}" for name, value in given.items()]
        serve = ["env", *settings, PROGRAM, "serve", "--port", port, "--workers", 1]
        server = Server(serve, port, root / "log")
        whole = ("generate", "archive:read", "archive:write")
        keys = (added(given, *scopes) for scopes in (("generate",), whole, ("archive:read",)))
        try:
            yield Keyed(f"http://127.0.0.1:{port}", *keys)
        finally:
            server.stop()


def test_the_page_asks_for_a_key_when_one_is_needed_and_keeps_it_for_its_session(visit, keyed):
    address, key, *_ = keyed
    page = visit(f"{address}/forms/annex3/2021", hosts_too=[address])
    dialog = page.get_by_role("dialog", name="需要访问密钥")
    preview = page.get_by_role("region", name="文书预览")
    expect(preview).to_contain_text("预览和下载文书需要访问密钥；没有密钥也可以先填写。")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="下载 PDF").click()
    dialog.get_by_role("button", name="取消").click()
    notice = page.locator("#notice")
    expect(notice.locator("p")).to_have_text("这一步需要访问密钥。")
    notice.get_by_role("button", name="输入密钥").click()
    dialog.get_by_label("访问密钥").fill("kexie_falsch")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog.get_by_role("alert")).to_have_text("密钥无效，请核对后重新输入。")
    with page.expect_download() as waiting:
        enter(page, key)
    assert waiting.value.suggested_filename.endswith(".pdf")
    up_to_date(page)
    expect(page.get_by_role("button", name="输入密钥")).to_be_hidden()
    page.reload()
    up_to_date(page)
    expect(dialog).to_be_hidden()
    assert key not in page.evaluate("() => JSON.stringify(localStorage)")


def test_a_form_is_archived_with_a_key_that_may_and_ends_with_documents_without(visit, keyed):
    page = visit(f"{keyed.address}/forms/annex3/2021", hosts_too=[keyed.address])
    page.get_by_label("县级科协名称", exact=True).fill("云泽县科协")
    page.get_by_role("button", name="检查并完成").first.click()
    enter(page, keyed.key)
    seen = page.locator("#review")
    expect(seen).to_contain_text("所用的密钥没有归档的权限")
    expect(seen.get_by_role("button", name="提交归档")).to_have_count(0)
    name, _ = downloaded(page, "下载 Word")
    assert name.endswith("（云泽县科协）.docx")
    page.get_by_role("button", name="更换密钥").click()
    enter(page, keyed.archivist, "更换密钥")
    page.get_by_label("我知道还有").check()
    page.get_by_role("button", name="提交归档", exact=True).click()
    expect(page.locator("#number")).to_have_text("annex3-2021-云泽县科协-001")
    page.get_by_role("link", name="查看档案").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("编号 annex3-2021-云泽县科协-001")


def test_a_key_is_changed_and_forgotten_on_any_page(visit, keyed):
    address, key, archivist, _ = keyed
    page = visit(address, hosts_too=[address], axe=True)
    change = page.get_by_role("button", name="更换密钥")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(change).to_be_hidden()
    page.goto(f"{address}/forms/annex3/2021")
    ask = page.get_by_role("region", name="文书预览").get_by_role("button", name="输入密钥")
    expect(ask).to_be_visible()
    assert violations(page) == []
    ask.click()
    enter(page, key)
    up_to_date(page)

    change.click()
    enter(page, keyed.reader, "更换密钥")
    preview = page.get_by_role("region", name="文书预览")
    expect(preview).to_contain_text("所用的密钥没有这项权限：")
    page.get_by_role("button", name="下载 Word").click()
    notice = page.locator("#notice")
    expect(notice).to_contain_text("所用的密钥没有这项权限：")
    preview.get_by_role("button", name="换用其他密钥").click()
    enter(page, key, "换用其他密钥")
    up_to_date(page)
    expect(notice).to_be_hidden()
    expect(preview).not_to_contain_text("换用其他密钥", use_inner_text=True)
    change.click()
    page.get_by_role("dialog", name="更换密钥").get_by_role("button", name="忘记密钥").click()
    expect(ask).to_be_visible()
    page.get_by_role("button", name="下载 Word").click()
    enter(page, keyed.reader)
    for place in (notice, preview):
        expect(place).to_contain_text("所用的密钥没有这项权限：")
    notice.get_by_role("button", name="换用其他密钥").click()
    with page.expect_download():
        enter(page, key, "换用其他密钥")

    page.goto(f"{address}/records")
    expect(notice).to_contain_text("所用的密钥没有这项权限：查看档案和批次（archive:read）")
    notice.get_by_role("button", name="换用其他密钥").click()
    enter(page, archivist, "换用其他密钥")
    expect(
        page.get_by_text(re.compile("没有(符合条件的)?档案。")).or_(page.get_by_role("table"))
    ).to_be_visible()
    expect(notice).to_be_hidden()
    change.click()
    enter(page, key, "更换密钥")
    expect(notice).to_contain_text("所用的密钥没有这项权限：查看档案和批次（archive:read）")

    page.goto(address)
    change.click()
    assert violations(page) == []
    page.get_by_role("dialog", name="更换密钥").get_by_role("button", name="忘记密钥").click()
    expect(change).to_be_hidden()
    page.goto(f"{address}/batches")
    expect(notice).to_contain_text("查看此页需要访问密钥。")
    assert page.evaluate("() => sessionStorage.length") == 0


def test_without_javascript_the_key_is_a_field_of_the_form(visit, keyed):
    address, key, *_ = keyed
    page = visit(f"{address}/forms/annex3/2021", hosts_too=[address], script=False)
    field = page.get_by_role("textbox", name="访问密钥", exact=True)
    field.fill(key)
    name, _ = downloaded(page, "下载 Word")
    assert name.endswith(".docx")
    field.fill("")
    page.get_by_role("button", name="下载 Word").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("需要有效的密钥")
    expect(page.locator("main")).to_contain_text("请返回上一页，填写访问密钥后再提交。")
    page.go_back()
    field.fill("kexie_falsch")
    page.get_by_role("button", name="下载 Word").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("密钥无效")


def test_a_token_opens_one_form_with_its_prefill(visit, keyed):
    address, key, *_ = keyed
    asked = {"form": "annex3", "year": 2021, "origin": "https://portal.example", "data": PREFILL}
    request = urllib.request.Request(
        f"{address}/api/v1/embed-tokens",
        json.dumps(asked).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=300) as answer:
        made = json.load(answer)
    page = visit(address + made["url"], hosts_too=[address])
    expect(page.get_by_label("案例名称", exact=True)).to_have_value(PREFILL["case_name"])
    page.get_by_role("button", name="预览", exact=True).click()
    up_to_date(page)
    assert json.loads(page.locator("#page-data").text_content())["origin"] == "https://portal.example"
    expect(page.locator("#read-docx")).to_have_count(0)
    expect(page.locator(".menu .help")).to_have_text("也可把保存的数据拖到本页任意处。")
    drop(page, "填好的表.docx", b"PK")
    expect(page.locator("#notice")).to_contain_text("填好的表.docx：这不是保存的数据文件。")
    page.goto(f"{address}/embed/annex2/2021?token={made['token']}")
    expect(page.get_by_text("这个嵌入令牌只能用于 annex3 2021。")).to_be_visible()
    plain = visit(address + made["url"], hosts_too=[address], script=False)
    plain.get_by_label("举措", exact=True).fill("举" * 2001)
    plain.get_by_role("button", name="下载 Word").click()
    expect(plain.get_by_role("heading", name="有 1 处需要改正")).to_be_visible()
    plain.get_by_label("举措", exact=True).fill("每周六授课。")
    _, docx = downloaded(plain, "下载 Word")
    assert all(typed in text(docx) for typed in (PREFILL["case_name"], "每周六授课。"))


def test_an_embedded_form_without_a_token_reports_the_portal_and_asks_no_person(visit, keyed, bare_portal):
    page = visit("about:blank", hosts_too=[bare_portal, keyed.address])
    page.add_init_script(
        """addEventListener("kexie-error", ({ detail }) => { window.failure = detail; });
        addEventListener("kexie-expired", () => { window.asked = true; });"""
    )
    page.goto(bare_portal)
    form = page.frame_locator("iframe")
    expect(form.locator("#notice")).to_contain_text("表单服务要求令牌，而本网站没有给这张表单提供")
    page.wait_for_function("() => window.failure && window.asked")
    assert page.evaluate("() => window.failure.reason") == "refused"
    assert "表单服务要求令牌" in page.evaluate("() => window.failure.message")
    expect(form.get_by_role("dialog")).to_have_count(0)
    asked = {"form": "annex2", "year": 2021, "origin": bare_portal}
    headers = {"Authorization": f"Bearer {keyed.key}"}
    given = page.request.post(f"{keyed.address}/api/v1/embed-tokens", data=asked, headers=headers).json()
    page.evaluate("(token) => { document.querySelector('kexie-form').token = token; }", given["token"])
    expect(form.locator("#notice")).to_be_hidden()
    plain = visit(f"{keyed.address}/embed/annex3/2021", hosts_too=[keyed.address], script=False)
    expect(plain.get_by_label("访问密钥")).to_have_count(0)


def test_the_pages_of_batches_and_records_ask_for_a_key_with_their_scopes(visit, keyed):
    page = visit(f"{keyed.address}/records", hosts_too=[keyed.address])
    expect(page.locator("#notice")).to_contain_text("查看此页需要访问密钥。")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="输入密钥").click()
    enter(page, keyed.key)
    expect(page.locator("#notice")).to_contain_text("所用的密钥没有这项权限：查看档案和批次（archive:read）")

    page.goto(f"{keyed.address}/batches")
    send(page)
    page.locator("#notice").get_by_role("button", name="换用其他密钥").click()
    enter(page, keyed.archivist, "换用其他密钥")
    expect(page.locator("#state")).to_have_text("已结束，1 份失败")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载已完成的 1 份（ZIP）").click()
    with zipfile.ZipFile(waiting.value.path()) as packed:
        assert f"2021/annex3/keyed-1 {DATA['association_name']}/申报书.pdf" in packed.namelist()
    page.get_by_role("link", name="查档案").click()
    page.get_by_role("link", name="keyed-1").click()
    expect(page.get_by_role("img", name="文书第 1 页，共 1 页")).to_be_visible()
    page.get_by_role("link", name="核对校验值").click()
    expect(page.locator("#verified")).to_contain_text("4 个文件全部一致。")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Word 文书").click()
    assert waiting.value.suggested_filename.endswith("（keyed-1）.docx")


def test_without_javascript_a_batch_is_sent_and_taken_with_a_key_in_the_form(visit, keyed):
    page = visit(f"{keyed.address}/batches", hosts_too=[keyed.address], script=False)
    page.locator("#send").get_by_label("访问密钥").fill(keyed.archivist)
    send(page)
    state = page.locator("#state")

    def over():
        page.locator("#posted-key").fill(keyed.archivist)
        page.get_by_role("button", name="刷新").click()
        return state.inner_text() == "已结束，1 份失败"

    assert awaited(over)
    page.locator("#posted-key").fill(keyed.archivist)
    name, _ = downloaded(page, "下载已完成的 1 份（ZIP）")
    assert name.endswith(".zip")
    page.locator("#posted-key").fill(keyed.archivist)
    _, errors = downloaded(page, "下载错误清单")
    assert [json.loads(line)["id"] for line in errors.splitlines()] == ["keyed-2"]
    page.goto(f"{keyed.address}/records")
    page.locator("#posted-key").fill(keyed.key)
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_text("所用的密钥没有这项权限：查看档案和批次（archive:read）")).to_be_visible()
    page.go_back()
    page.locator("#posted-key").fill(keyed.archivist)
    page.get_by_role("button", name="查看").click()
    page.get_by_role("link", name="keyed-1").click()
    page.locator("#posted-key").fill(keyed.archivist)
    page.get_by_role("button", name="查看").click()
    page.locator("#posted-key").fill(keyed.archivist)
    name, docx = downloaded(page, "Word 文书")
    assert name.endswith("（keyed-1）.docx")
    assert DATA["case_name"] in text(docx)
    page.get_by_role("link", name="核对校验值").click()
    page.locator("#posted-key").fill(keyed.archivist)
    page.get_by_role("button", name="查看").click()
    expect(page.locator("#verified")).to_contain_text("4 个文件全部一致。")
