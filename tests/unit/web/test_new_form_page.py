"""The page for new forms without a browser: what it takes, its errors and their places."""

from __future__ import annotations

import base64
import html
import io
import re

import pytest

from service import create_app
from tests.helpers.docx_builder import docx
from tests.helpers.forms.blank_forms import paragraph, table
from tests.helpers.forms.signup import BLANK, TITLE

ROUTE = "/forms/new"
#: As the page's script asks, which needs no pictures of the pages.
SCRIPT = {"Accept": "text/html, application/problem+json"}


@pytest.fixture(scope="module")
def client():
    return create_app({"KEXIE_FILE_LIMIT": "262144"}).test_client()


def changed(**entries):
    """A draft as the page posts it: all places are filled in, unless `entries` change that."""
    keep = {f"/fields/{number}/keep": "true" for number in range(1, 9)}
    return {
        "do": "check",
        "blank": base64.b64encode(BLANK).decode(),
        "name": "报名表.docx",
        **keep,
        **entries,
    }


def beside(page, pointer):
    """The errors beside an entry."""
    found = re.search(f'<div class="field-errors" id="e{pointer}">(.*?)</div>', page)
    return html.unescape(re.sub("<[^>]+>", "", found[1]))


def test_the_first_page_leads_to_it(client):
    assert 'href="/forms/new?lang=en"' in client.get("/?lang=en").text


@pytest.mark.parametrize(
    ("name", "content", "status", "message"),
    [
        ("", b"", 400, "请先选择文件。"),
        ("表.pdf", b"%PDF-1.7", 422, "PDF 里没有可以填写的版式结构。"),
        ("照片.png", b"\x89PNG\r\n\x1a\n", 422, ""),
        ("坏.docx", BLANK[:900], 422, ""),
        ("大.docx", b"PK\3\4" * 70_000, 400, "文件太大：上限为 0.25 MB。"),
        ("通知.docx", docx(paragraph("通知")), 400, "没有找到要填写的位置。"),
    ],
)
def test_what_is_no_blank_form_is_refused_beside_where_it_was_put(client, name, content, status, message):
    answer = client.post(ROUTE, data={"do": "read", "file": (io.BytesIO(content), name)})
    fault = re.search('id="fault"[^>]*>(.*?)</p>', answer.text)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert message in html.unescape(fault[1])
    assert "hidden" not in fault[0]
    asked = client.post(ROUTE, data={"do": "read", "file": (io.BytesIO(content), name)}, headers=SCRIPT)
    assert asked.json["detail"] == html.unescape(fault[1])


def test_the_changes_are_checked_all_at_once(client):
    sent = changed(
        **{
            "/fields/2/label": "",
            "/fields/3/kind": "choice",
            "/fields/3/options": "男\n男\n女",
            "/fields/4/key": "2x",
            "/form": "2户",
            "/year": "明年",
            "/title": TITLE,
        }
    )
    page = client.post(ROUTE, data=sent, headers=SCRIPT).text
    assert "1 至 200 个字符" in beside(page, "/fields/2/label")
    assert "方框" in beside(page, "/fields/3/options")
    assert "应以小写字母开头" in beside(page, "/fields/4/key")
    assert "应以字母开头" in beside(page, "/form")
    assert "应为 1900" in beside(page, "/year")
    assert "有 5 处需要改正" in page


def test_what_was_typed_stays_where_it_is_wrong(client):
    page = client.post(ROUTE, data=changed(**{"/fields/4/key": '2"x'}), headers=SCRIPT).text
    assert (
        'name="/fields/4/key" aria-describedby="e/fields/4/key" aria-invalid="true" value="2&#34;x"' in page
    )


def test_a_place_is_left_out_and_another_added(client):
    sent = changed(
        **{
            "/fields/2/label": "姓名",
            "/fields/9/label": "题目",
            "/fields/9/where": "1.3.1",
            "/fields/9/keep": "true",
        }
    )
    del sent["/fields/2/keep"]
    page = client.post(ROUTE, data=sent, headers=SCRIPT).text
    kept = dict(re.findall(r'name="(/fields/[0-9]+)/keep" value="true"( checked)?', page))
    assert [name for name, ticked in kept.items() if not ticked] == ["/fields/2"]
    assert len(kept) == 9
    assert 'name="/fields/9/where" value="1.3.1"' in page
    assert 'value="题目"' in page


def test_a_cell_without_a_label_is_added_unnamed_and_opened(client):
    blank = base64.b64encode(docx(paragraph("姓名：____") + table(["", ""]))).decode()
    sent = {"do": "add", "add": "1.1.2", "blank": blank, "name": "表.docx", "/fields/1/keep": "true"}
    for address, label in ((ROUTE, "未命名"), (f"{ROUTE}?lang=en", "Unnamed")):
        page = client.post(address, data=sent).text
        added = page[page.index('id="place-2"') :]
        assert (
            re.search('<details open>.*?value="([^"]*)" autocomplete="off" autofocus', added, re.S)[1]
            == label
        )
        assert re.search('<li class="place"[^>]*id="place-2"[^>]*data-doubt', page)
    wrong = {
        **sent,
        "do": "check",
        "/fields/2/where": "1.1.2",
        "/fields/2/label": "",
        "/fields/2/keep": "true",
    }
    page = client.post(ROUTE, data=wrong).text
    assert linked(page) == ["2 栏目名称：应为一行文字，1 至 200 个字符。"]


def linked(page):
    """The entries of the error summary, each of which leads to an entry that is there."""
    found = re.findall('<li><a href="#(f/[^"]*)">(.*?)</a></li>', page)
    assert all(f'id="{at}"' in page for at, _ in found)
    return [html.unescape(re.sub("<[^>]+>", "", text)) for _, text in found]


def test_errors_name_the_fields_as_they_are_called_now(client):
    sent = changed(
        **{"/fields/2/label": "选手", "/fields/2/key": "X", "/fields/4/label": "", "/fields/5/label": ""}
    )
    page = client.post(ROUTE, data=sent, headers=SCRIPT).text
    assert [each.partition("：")[0] for each in linked(page)] == ["2 选手·键", "4 栏目名称", "5 栏目名称"]


def in_doubt(client, sent):
    page = client.post(ROUTE, data=sent, headers=SCRIPT).text
    return [int(number) for number in re.findall('id="place-([0-9]+)" data-number="[0-9]+" data-doubt', page)]


def test_a_doubt_is_settled_by_a_change_by_leaving_out_and_by_saying_so(client):
    assert in_doubt(client, changed()) == [7, 8]
    assert in_doubt(client, changed(**{"/fields/7/label": "推荐意见"})) == [8]
    assert in_doubt(client, changed(**{"/fields/8/checked": "true"})) == [7]
    left_out = changed(**{"/fields/7/label": "单位意见"})
    del left_out["/fields/7/keep"]
    assert in_doubt(client, left_out) == [8]
    assert in_doubt(client, changed(**{"/fields/4/label": "姓名", "/fields/7/checked": "true"})) == [2, 4, 8]


def test_what_lint_finds_is_shown_with_what_to_change(client):
    page = html.unescape(
        client.post(
            ROUTE,
            data=changed(**{"do": "lint", "/fields/2/label": "联系电话", "/fields/4/label": "姓名"}),
            headers=SCRIPT,
        ).text
    )
    faults = re.search('<div id="form-faults">(.*?)</div>', page, re.S)[1]
    text = re.sub(r"<[^>]+>", "", faults)
    assert "检查发现 2 处问题" in text
    assert "2 联系电话：标签“姓名”是第 4 处的。请在“核对栏目”中改正这些名称" in text


def test_the_words_printed_in_a_cell_are_offered_as_options(client):
    blank = base64.b64encode(docx(table(["性质", "教学/科研"]))).decode()
    page = client.post(
        ROUTE,
        data={"do": "check", "blank": blank, "/fields/1/keep": "true", "/fields/1/kind": "line"},
        headers=SCRIPT,
    ).text
    assert re.search('name="/fields/1/options".*?>\n教学\n科研</textarea>', page)


def test_without_a_folder_to_install_into_the_form_can_be_downloaded_only(client):
    page = html.unescape(client.post(ROUTE, data=changed(), headers=SCRIPT).text)
    assert re.search('value="install" class="primary" hidden>', page)
    assert re.search('value="zip" class="primary">下载 ZIP', page)
    assert "KEXIE_FORMS 中没有可写的目录" in page
    answer = client.post(ROUTE, data=changed(do="install"), headers=SCRIPT)
    assert (answer.status_code, answer.json["code"]) == (400, "usage")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"do": "fly"}, "do 只能取"),
        ({"do": "check", "blank": "!"}, "请重新选择文件"),
        ({"do": "check", "blank": ""}, "请重新选择文件"),
        (changed(do="add", add="1.x.3"), "add 应为"),
    ],
)
def test_what_no_page_posts_is_refused(client, sent, message):
    answer = client.post(ROUTE, data=sent, headers=SCRIPT)
    assert answer.status_code == 400
    assert message in answer.json["detail"]
