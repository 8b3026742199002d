"""The archive page in a real browser: found, seen, downloaded, verified, loaded into the form."""

from __future__ import annotations

import hashlib
import json
import re
import urllib.request
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from service import catalog
from tests.helpers import signatures as made
from tests.helpers.browser import looks, up_to_date, violations
from tests.helpers.docx_read import squash, text
from tests.helpers.pdf import words
from tests.helpers.pictures import scanned

DATA = catalog.edition("annex3", 2021).sample("full")
TITLE = catalog.edition("annex3", 2021).title


def keep(service, id, form="annex3", year=2021, data=DATA):
    """Archives a submission; its record."""
    address = f"{service}/api/v1/forms/{form}/{year}/documents?archive=true&format=docx&id={id}"
    request = urllib.request.Request(address, json.dumps(data).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=300) as answer:
        location = answer.headers["Location"]
    with urllib.request.urlopen(service + location, timeout=300) as answer:
        return json.load(answer)


@pytest.fixture(scope="package")
def kept(service):
    """Records by name: two versions of one submission, and one of another form and year; made once."""
    return {
        "first": keep(service, "archived-0001"),
        "second": keep(service, "archived-0001", data={**DATA, "case_name": "第二版的案例"}),
        "other": keep(
            service, "archived-0002", "annex2", 2020, catalog.edition("annex2", 2020).sample("full")
        ),
    }


@pytest.fixture
def damage(archive_folder):
    """Changes a file of a record where it lies; afterwards it is as before."""
    changed = {}

    def change(record, part):
        digest = record["files"][part]["sha256"]
        [path] = [found for found in archive_folder.rglob(f"*{digest[4:]}*") if found.is_file()]
        changed[path] = path.read_bytes()
        path.chmod(0o644)
        path.write_bytes(changed[path][:-1] + b"!")

    yield change
    for path, content in changed.items():
        path.write_bytes(content)


def found(page):
    return page.locator(".list tbody tr td:first-child").all_inner_texts()


def opened(visit, record, **how):
    page = visit(f"/records/{record['key']}", **how)
    expect(page.locator("#page")).to_be_visible()
    return page


def saved(page, link):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link, exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_records_are_found_by_form_year_and_a_text_of_their_id(visit, kept):
    page = visit("/records")
    page.get_by_label("编号含有").fill("rchived-")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("id=rchived-"))
    assert found(page) == ["archived-0002", "archived-0001"]
    page.get_by_label("年度").select_option("2021")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("link", name="archived-0002")).to_be_hidden()
    cells = page.get_by_role("row").nth(1).get_by_role("cell").all_inner_texts()
    assert cells[:5] == ["archived-0001", DATA["association_name"], TITLE, "2021", "2"]
    page.get_by_label("表单").select_option("annex1")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("没有符合条件的档案。")).to_be_visible()
    expect(page.get_by_label("编号含有")).to_have_value("rchived-")


def test_a_record_shows_its_pages_its_files_and_its_versions(visit, kept):
    page = opened(visit, kept["other"])
    expect(page.get_by_role("heading", level=1)).to_have_text("编号 archived-0002")
    expect(page.locator("#page")).to_have_attribute("alt", re.compile("文书第 1 页，共 [5-9] 页"))
    width = page.locator("#page").evaluate("(image) => image.naturalWidth")
    assert abs(width - 1190) <= 1
    first = page.locator("#page").get_attribute("src")
    page.get_by_role("button", name="下一页").click()
    expect(page.locator("#page-of")).to_contain_text("第 2 /")
    assert page.locator("#page").get_attribute("src") != first
    page.get_by_role("button", name="下一页").dblclick()
    expect(page.locator("#page-of")).to_contain_text("第 4 /")
    expect(page.locator("#page")).to_have_attribute("alt", re.compile("文书第 4 页"))

    page = opened(visit, kept["first"])
    expect(page.get_by_text("这是旧版本。最新为第 2 版。")).to_be_visible()
    page.locator(".notice").get_by_role("link", name="第 2 版").click()
    expect(page.get_by_text("这是旧版本。")).to_be_hidden()
    versions = page.get_by_role("region", name="各版本").get_by_role("listitem")
    expect(versions).to_have_count(2)
    expect(versions.first).to_contain_text("第 2 版")
    expect(versions.first).to_contain_text("正在查看")
    name, docx = saved(page, "Word 文书")
    assert name == f"{TITLE}（archived-0001）第2版.docx"
    assert "第二版的案例" in squash(text(docx))
    _, pdf = saved(page, "PDF 文书")
    assert "第二版的案例" in squash(words(pdf))
    _, payload = saved(page, "数据")
    assert json.loads(payload)["case_name"] == "第二版的案例"
    _, manifest = saved(page, "清单")
    assert hashlib.sha256(manifest).hexdigest() == kept["second"]["manifest_sha256"]


def test_a_record_is_verified_and_a_changed_file_is_reported(visit, kept, damage):
    page = opened(visit, kept["first"])
    page.get_by_role("link", name="核对校验值").press("Enter")
    expect(page.locator("#verified")).to_contain_text("核对：4 个文件全部一致。")
    expect(page.get_by_text("一致", exact=True)).to_have_count(4)
    expect(page.get_by_role("link", name="核对校验值")).to_be_focused()
    damage(kept["first"], "docx")
    page.get_by_role("link", name="核对校验值").click()
    expect(page.locator("#verified")).to_contain_text("核对：1 个文件有问题。")
    expect(page.locator("#live")).to_contain_text("1 个文件有问题")
    row = page.get_by_role("row").filter(has_text="Word 文书")
    expect(row).to_contain_text("内容与校验值不符，已被改动。请从备份恢复此文件。")
    expect(page.get_by_text("一致", exact=True)).to_have_count(3)


def test_a_version_is_compared_with_the_one_before_and_with_a_file(visit, kept, tmp_path):
    page = visit(f"/records/{kept['second']['key']}", axe=True)
    page.get_by_role("link", name="逐栏比较").click()
    expect(page.get_by_role("heading", name="1 处不同")).to_be_visible()
    row = page.get_by_role("row", name="案例名称")
    expect(row).to_contain_text(f"{DATA['case_name']}第二版的案例")
    for side in ("原来", "现在"):
        picture = page.get_by_role("img", name=f"{side}的第 1 页，不同的栏目已用红框标出")
        assert picture.evaluate("(image) => image.naturalWidth") > 700
    file = tmp_path / "修改稿.json"
    file.write_text(json.dumps({**DATA, "case_name": "修改稿的案例"}), encoding="utf-8")
    page.get_by_label("或者选择一个文件").set_input_files(file)
    page.locator("#compare-file").click()
    expect(page.locator("#differences")).to_contain_text("archived-0001 第 2 版 → 修改稿.json")
    expect(page.get_by_role("row", name="案例名称")).to_contain_text("修改稿的案例")
    page.get_by_role("link", name="查档案").click()
    page.get_by_role("link", name="核对是不是归档的那一份").click()
    saved = {"form": "annex3", "year": 2021, "data": {**DATA, "case_name": "修改稿的案例"}}
    file.write_text(json.dumps(saved), encoding="utf-8")
    page.get_by_label("要核对的文件").set_input_files(file)
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.get_by_role("heading", name="不是归档的那一份，内容也不同")).to_be_visible()
    expect(page.get_by_role("row", name="案例名称")).to_contain_text("修改稿的案例")
    assert violations(page) == []


def test_a_changed_pdf_is_not_shown(visit, kept, damage):
    damage(kept["second"], "pdf")
    page = visit(f"/records/{kept['second']['key']}")
    expect(page.locator("#preview-status")).to_contain_text("请告知管理员，从备份恢复")
    expect(page.locator("#page")).to_be_hidden()


def test_a_record_is_loaded_into_the_form_beside_the_drafts_there(visit, kept):
    page = opened(visit, kept["first"])
    page.get_by_role("button", name="修改").click()
    page.wait_for_url("**/forms/annex3/2021")
    expect(page.get_by_label("案例名称", exact=True)).to_have_value(DATA["case_name"])
    expect(page.locator("#notice")).to_contain_text("已载入：编号 archived-0001。")
    expect(page.locator("#changing")).to_contain_text("第 1 版（旧版本，已有第 2 版）")
    up_to_date(page)
    page.get_by_label("案例名称", exact=True).fill("改动过的草稿")
    expect(page.locator("#saved")).to_contain_text("草稿“编号 archived-0001”已保存")
    page.goto(page.url.replace("/forms/annex3/2021", f"/records/{kept['second']['key']}"))
    page.get_by_role("button", name="修改").click()
    expect(page.get_by_label("案例名称", exact=True)).to_have_value("第二版的案例")
    page.get_by_text("数据与草稿").click()
    page.get_by_role("button", name="我的草稿").click()
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_label("案例名称", exact=True)).to_have_value("改动过的草稿")


def test_without_javascript_records_are_searched_seen_and_verified(visit, kept, damage):
    page = visit("/records", script=False)
    page.get_by_label("编号含有").fill("archived-0001")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="archived-0001").click()
    picture = page.locator("#paper img").last
    expect(picture).to_be_visible()
    assert picture.bounding_box()["height"] > 300
    damage(kept["second"], "payload")
    page.get_by_role("link", name="核对校验值").click()
    expect(page.locator("#verified")).to_contain_text("1 个文件有问题")
    name, _ = saved(page, "PDF 文书")
    assert name == f"{TITLE}（archived-0001）第2版.pdf"


def test_a_sealed_copy_is_added_and_what_was_found_is_shown(visit, kept):
    page = opened(visit, kept["other"], axe=True)
    choose, add = page.get_by_label("盖章后的文件"), page.get_by_role("button", name="存入盖章件")
    fault = page.locator("#sealed-fault")
    choose.set_input_files({"name": "盖章.pdf", "mimeType": "application/pdf", "buffer": b"PK no PDF"})
    add.click()
    expect(fault).to_contain_text("盖章件须是 PDF")
    _, pdf = saved(page, "PDF 文书")
    for content, verdict in ((made.signed(pdf), "签署人未知"), (scanned(kind="jpeg"), "没有电子签名")):
        choose.set_input_files({"name": "盖章.doc", "mimeType": "application/msword", "buffer": content})
        add.press("Enter")
        expect(page.locator("#copies .state").first).to_have_text(verdict)
        expect(fault).to_be_hidden()
    expect(page.locator("#live")).to_contain_text("已存入")
    expect(page.locator("#copies > li")).to_have_count(2)
    expect(page.locator("#copies")).to_contain_text("云泽县科协公章，云泽县科学技术协会")
    assert saved(page, "盖章件-1.pdf")[1].startswith(pdf)
    for width, _ in looks(page, 1280, 360):
        assert violations(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") == width


def test_what_is_posted_replaces_the_page_is_saved_or_says_what_is_wrong(visit, kept):
    page = visit("/records/retention")
    page.locator("#kept").fill("很久")
    page.get_by_role("button", name="设定期限").click()
    expect(page.locator("#notice")).to_contain_text("保管期限应为年数")
    page.locator("#kept").fill("永久")
    page.get_by_role("button", name="设定期限").click()
    expect(page.locator("#periods tbody tr")).to_contain_text("永久")
    expect(page.locator("#notice")).to_be_hidden()
    page.goto(page.url.replace("retention", "handover?form=annex3"))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载归档包").click()
    with zipfile.ZipFile(waiting.value.path()) as bag:
        assert "归档包/bagit.txt" in bag.namelist()
    expect(page.locator("#notice")).to_contain_text("已下载：归档包")
    page.get_by_label("移交包（zip）").set_input_files(waiting.value.path())
    page.get_by_role("button", name="核对").click()
    expect(page.locator("#checked")).to_contain_text("不是移交包")
    expect(page.locator("#checked .digest")).to_be_visible()


def test_axe_finds_nothing_and_nothing_is_cut_off(visit, kept, damage):
    page = visit("/records", axe=True)
    site = page.url.removesuffix("/records")
    record = f"/records/{kept['first']['key']}"

    def check(width):
        assert violations(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") == width

    for width, dark in looks(page, 1280, 360):
        for address in (
            "/records?",
            "/records/identify?",
            f"{record}?",
            f"{record}/compare?with={kept['second']['key']}&",
            f"{record}/retention?",
            "/records/retention?",
            "/records/handover?form=annex3&",
        ):
            page.goto(site + address + ("lang=en" if dark else ""))
            page.get_by_role("heading", level=1).wait_for()
            check(width)
    page.goto(site + record)
    damage(kept["first"], "docx")
    page.locator("#verify").click()
    page.locator("#verified").wait_for()
    page.locator("#page").wait_for()
    for width, _ in looks(page, 1280, 360):
        check(width)
