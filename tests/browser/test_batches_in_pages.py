"""The batch page in a real browser: a sheet of 12 rows is sent, watched, and what came of it is taken."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from benchmarks.helpers.archive_shots import sheet
from service import catalog, generate
from tests.helpers.browser import drop, looks, violations
from tests.helpers.docx_read import squash, text

EMAIL = "不像电子信箱，应如 name@example.com；多个用“、”隔开。"
PHONE = "不像电话号码。可写区号和分机，多个号码用“、”或“/”隔开。"
APPLICANT = "第{number}县科协"
ROWS, FAULTY = 12, ("3201-0004", "3201-0011")
_WATCH = """setInterval(() => {
  const bar = document.getElementById("progress");
  if (bar) (window.seen ??= []).push(bar.value);
}, 20);"""

# The first answer begins and says nothing; there is no other.
_SILENT = """const ask = window.fetch;
window.fetch = (address, options) => {
  if (!address.endsWith("/events")) return ask(address, options);
  if (window.listening) return Promise.reject(new TypeError("no connection"));
  window.listening = true;
  return Promise.resolve(new Response(new ReadableStream({})));
};"""


def lines(count, mark):
    data = catalog.edition("annex3", 2021).sample("minimal")
    return "".join(
        json.dumps({"form": "annex3", "year": 2021, "id": f"{mark}-{number}", "data": data}) + "\n"
        for number in range(count)
    )


def send(page, name, content):
    """Chooses a file and sends it."""
    body = content if isinstance(content, bytes) else content.encode()
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": body})
    page.get_by_role("button", name="提交", exact=True).click()


def ended(page, failed=0):
    state = f"已结束，{failed} 份失败" if failed else "已结束"
    expect(page.locator("#state")).to_have_text(state)


def counts(page):
    return dict(zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True))


def saved(page, link):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


@pytest.fixture(scope="module")
def twelve():
    return sheet(APPLICANT, ROWS)


def test_twelve_rows_of_which_two_are_faulty(visit, twelve):
    page = visit("/batches")
    page.context.add_init_script(_WATCH)
    send(page, "云泽市申报.xlsx", twelve)
    page.wait_for_url(re.compile("/batches/[0-9a-f]{32}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("云泽市申报.xlsx")
    ended(page, failed=2)
    seen = page.evaluate("() => window.seen")
    assert seen == sorted(seen)
    assert seen[-1] == ROWS
    expect(page.locator("#live")).to_have_text("批次已结束：完成 10 条，失败 2 条。")
    expect(page.locator("#rate")).to_have_text("")  # a pace is of what is under way
    assert counts(page) == {"完成": "10", "失败": "2", "处理中": "0", "排队": "0", "已取消": "0"}
    for telling in (page.locator("dt", has_text="失败"), page.locator("dd").nth(1)):
        expect(telling).to_have_css("color", "rgb(176, 35, 24)")
    expect(page.locator("#state")).to_have_css("color", "rgb(122, 77, 0)")

    the_faults_are_shown(page)
    the_documents_are_taken(page)
    the_marked_sheet_is_taken(page)
    page.get_by_role("link", name="全部批次").click()
    row = page.get_by_role("row").filter(has_text="云泽市申报.xlsx")
    expect(row).to_be_visible()
    assert row.get_by_role("cell").all_inner_texts()[1:4] == ["已结束，2 份失败", "10 / 12", "2"]


def the_faults_are_shown(page):
    rows = page.get_by_role("region", name="失败的申报").get_by_role("row")
    cells = [row.get_by_role("cell").all_inner_texts() for row in rows.all()[1:]]
    assert cells == [
        ["申报数据 第 8 行", "3201-0004\n第4县科协", "F", "电子信箱", EMAIL],
        ["申报数据 第 15 行", "3201-0011\n第11县科协", "D", "联系电话", PHONE],
    ]


def the_documents_are_taken(page):
    name, content = saved(page, "下载已完成的 10 份（ZIP）")
    assert re.fullmatch("批次文书（[0-9a-f]{8}）.zip", name)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        good = {f"3201-{number:04}" for number in range(1, ROWS + 1)} - set(FAULTY)
        folders = {f"2021/annex2/{id} {APPLICANT.format(number=int(id[-4:]))}" for id in good}
        files = {f"{folder}/申报书.{format}" for folder in folders for format in ("docx", "pdf")}
        assert files <= set(packed.namelist())
        assert len([name for name in packed.namelist() if name.endswith((".docx", ".pdf"))]) == 20
        assert "第12县科协" in squash(text(packed.read("2021/annex2/3201-0012 第12县科协/申报书.docx")))
        manifest = list(csv.DictReader(io.StringIO(packed.read("manifest.csv").decode("utf-8-sig"))))
        assert len(manifest) == ROWS
        failed = [json.loads(line) for line in packed.read("errors.ndjson").splitlines()]
        assert tuple(each["id"] for each in failed) == FAULTY


def the_marked_sheet_is_taken(page):
    name, content = saved(page, "下载标错的表格")
    assert name.endswith(".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    ids = {row[0] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert ids >= set(FAULTY)
    assert "3201-0001" not in ids


def test_the_empty_sheet_of_a_form_is_there(visit):
    page = visit("/batches")
    title = catalog.edition("annex3", 2021).title
    name, content = saved(page, f"2021 {title}")
    assert name == f"{title}（批量填报）.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert "案例名称" in {cell.value for row in book.worksheets[0].iter_rows() for cell in row}


def test_a_sheet_that_is_dropped_is_sent_for_the_form_that_is_chosen(visit):
    page = visit("/batches")
    drop(page, "案例.csv", "编号,县级科协名称,案例名称\ndropped-1,云泽县科协,一\ndropped-2,,二\n".encode())
    expect(page.locator("#chosen")).to_have_text("案例.csv")
    page.get_by_label("表单和年度").select_option("annex3/2021")
    page.get_by_label("归档的文书").select_option("docx")
    page.get_by_role("button", name="提交", exact=True).click()
    ended(page)
    assert counts(page)["完成"] == "2"


def test_a_document_and_saved_data_are_sent_with_the_number_that_is_typed(visit):
    page = visit("/batches")
    data = catalog.edition("annex3", 2021).sample("minimal")
    files = {
        "数据.json": json.dumps({"form": "annex3", "year": 2021, "data": data}).encode(),
        "申报书.docx": generate("annex3", 2021, data | {"case_name": "二"}, ("docx",))["docx"],
    }
    page.set_input_files(
        "#file",
        [
            {"name": name, "mimeType": "application/octet-stream", "buffer": made}
            for name, made in files.items()
        ],
    )
    expect(page.locator("#chosen")).to_have_text("已选 2 个文件")
    entry = page.locator("#files").get_by_role("textbox")
    expect(entry.nth(1)).to_have_value("申报书")
    entry.nth(0).fill("云泽-2021-001")
    page.get_by_label("归档的文书").select_option("docx")
    page.get_by_role("button", name="提交", exact=True).click()
    ended(page)
    page.goto(page.url.partition("/batches")[0] + "/records?id=云泽-2021-001")
    expect(page.get_by_role("link", name="云泽-2021-001")).to_be_visible()


def test_what_cannot_be_read_is_reported_beside_its_file(visit):
    page = visit("/batches")
    page.get_by_role("button", name="提交", exact=True).click()
    for name, content, message in (
        (None, b"", "请先选择文件。"),
        ("坏.xlsx", b"PK no workbook", "坏.xlsx：文件不是完整的 .xlsx 工作簿。"),
        ("空.ndjson", b"\n", "空.ndjson：文件中没有记录。"),
        (
            "照片.png",
            b"\x89PNG",
            "照片.png：请提交 .xlsx 或 .csv 表格、填好的 .docx 等文书、装有文书的 .zip，或保存的数据。",
        ),
    ):
        if name:
            send(page, name, content)
        expect(page.get_by_role("alert").filter(has_text=message)).to_be_visible()
        assert page.url.endswith("/batches")


def test_a_batch_is_cancelled_after_a_question(visit, gate):
    gate.allow(1)
    page = visit("/batches")
    send(page, "取消.ndjson", lines(20, "cancelled"))
    page.wait_for_function("() => document.getElementById('progress')?.value > 0")
    page.get_by_role("button", name="取消批次").click()
    notice = page.locator("#notice")
    expect(notice).to_contain_text("确定取消？已完成的保留。")
    expect(notice.get_by_role("button", name="取消批次")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_have_text("已取消")
    gate.open()
    expect(page.locator("#cancel")).to_be_hidden()
    assert int(counts(page)["已取消"]) > 0


@pytest.mark.parametrize("silent", [False, True], ids=["broken off", "silent"])
def test_where_events_break_off_the_page_asks(visit, silent):
    page = visit("/batches")
    polls = []
    if silent:
        page.clock.install()
        page.context.add_init_script(_SILENT)
    page.route("**/events", lambda route: route.abort())
    page.on(
        "request", lambda request: polls.append(request.url) if request.url.endswith("?limit=1") else None
    )
    send(page, "断线.ndjson", lines(3, "silent" if silent else "polled"))
    if silent:
        page.wait_for_function("() => window.listening")
        page.clock.fast_forward(15_000)
    ended(page)
    assert counts(page)["完成"] == "3"
    assert re.search("/api/v1/batches/[0-9a-f]{32}", polls[0])


def test_without_javascript_a_batch_is_sent_and_looked_at(visit, gate):
    page = visit("/batches", script=False)
    expect(page.get_by_text("进度不会自动更新")).to_be_visible()
    send(page, "坏.csv", "甲,乙\n")
    expect(page.get_by_role("alert")).to_contain_text("没有找到列标题")
    send(page, "无脚本.xlsx", sheet(APPLICANT + "二", 5))
    expect(page.get_by_text("本页每 3 秒自动刷新。")).to_be_visible()
    ended(page, failed=1)
    expect(page.get_by_role("region", name="失败的申报").get_by_role("row")).to_have_count(2)
    _, content = saved(page, "下载已完成的 4 份（ZIP）")
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == 4 * 4 + 2
    gate.allow(0)
    page.goto(page.url.rpartition("/")[0])
    send(page, "取消.ndjson", lines(20, "plain"))
    page.get_by_role("button", name="取消批次").click()
    expect(page.locator("#state")).to_have_text("已取消")
    gate.open()


def test_axe_finds_nothing_and_nothing_is_cut_off(visit, twelve):
    page = visit("/batches", axe=True)
    empty = page.url
    send(page, "a.xlsx", twelve)
    ended(page, failed=2)
    page.locator("#actions .primary").wait_for()  # the page as the server made it at the end
    over = page.url
    for width, dark in looks(page, 1280, 360):
        for address, shown in ((empty, "h2"), (over, "#errors")):
            page.goto(address + ("?lang=en" if dark else ""))
            page.locator(shown).first.wait_for()
            assert violations(page) == []
            assert page.evaluate("() => document.documentElement.scrollWidth") == width
