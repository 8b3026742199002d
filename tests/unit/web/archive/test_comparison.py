"""A record compared over HTTP and on its page: with another version, with a file; what cannot be compared."""

from __future__ import annotations

import copy
import io
import re
from html import unescape

import pytest

from service import catalog, create_app, pipeline
from service.access import ApiKeys
from service.archive import Archive
from service.archive.object_store import sha256
from service.config import Settings
from service.payload_json import dump
from service.submission import validate
from tests.helpers.archive import entry

EDITION = catalog.edition("annex3", 2021)
BEFORE = EDITION.sample("full")
AFTER = copy.deepcopy(BEFORE) | {
    "case_name": "另一个案例",
    "background": BEFORE["background"].replace("，", "、", 1),
    "remarks": None,
}


@pytest.fixture
def place(tmp_path):
    # Without LibreOffice no page is drawn; that one is, is tested with it.
    return {"KEXIE_ARCHIVE": str(tmp_path / "archive"), "KEXIE_SOFFICE": "no-such-program"}


@pytest.fixture
def keys(place):
    """Two versions of a record, a record of another form, and one of another tenant."""
    with Archive.open(Settings.from_env(place)) as archive:

        def archived(id, payload, form="annex3", tenant=""):
            return archive.add(entry(id, form, 2021, files={"payload": dump(payload)}, tenant=tenant)).key

        one, two = archived("甲县", BEFORE), archived("甲县", AFTER)
        other = archived("乙县", {}, "annex2")
        return {"one": one, "two": two, "other": other, "foreign": archived("丙县", BEFORE, tenant="他人")}


@pytest.fixture
def client(place, keys):
    app = create_app(place)
    yield app.test_client()
    app.config["KEXIE_ARCHIVE_HANDLE"].close()


def sent(content, name="某县.docx"):
    return {"data": {"file": (io.BytesIO(content), name)}}


def text(answer):
    """What a page says, tags left out."""
    return unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


def test_two_versions_are_compared_in_words(client, keys):
    found = client.get(f"/api/v1/records/{keys['one']}/comparison?with={keys['two']}").json
    assert (found["before"], found["after"]) == ("甲县 第 1 版", "甲县 第 2 版")
    name, background = found["differences"][:2]
    assert (name["label"], name["before"], name["after"]) == (
        "案例名称",
        [BEFORE["case_name"]],
        ["另一个案例"],
    )
    changed = [passage for passage in background["passages"] if passage["kind"] != "kept"]
    assert changed == [{"kind": "removed", "text": "，"}, {"kind": "added", "text": "、"}]
    assert "pages" not in found


@pytest.mark.parametrize("kind", ["docx", "json"])
def test_a_record_is_compared_with_a_file(client, keys, kind):
    content = dump(AFTER) if kind == "json" else pipeline.docx(validate(EDITION, AFTER))
    found = client.post(f"/api/v1/records/{keys['two']}/comparison", **sent(content, f"某县.{kind}")).json
    assert (found["after"], found["differences"]) == (f"某县.{kind}", [])
    other = client.post(f"/api/v1/records/{keys['one']}/comparison", **sent(content)).json
    assert [each["label"] for each in other["differences"]][:2] == ["案例名称", "背景"]


@pytest.mark.parametrize("which, status", [("other", 400), ("foreign", 404), ("none", 404)])
def test_only_records_of_one_form_and_of_the_callers_are_compared(client, keys, which, status):
    key = keys.get(which, "none")
    assert client.get(f"/api/v1/records/{keys['one']}/comparison?with={key}").status_code == status
    assert client.get(f"/records/{keys['one']}/compare?with={key}").status_code == status


def test_the_log_has_the_other_side(client, keys):
    client.get(f"/records/{keys['two']}/compare?with={keys['one']}")
    client.post(f"/records/{keys['two']}/compare", **sent(dump(AFTER)))
    rows = client.get("/api/v1/audit?action=compare").json["rows"]
    assert [(row["record"], row["detail"]) for row in rows] == [
        (keys["two"], f"sha256={sha256(dump(AFTER))}"),
        (keys["one"], f"with={keys['two']}"),
        (keys["two"], f"with={keys['one']}"),
    ]
    assert [(row["with_id"], row["with_version"]) for row in rows] == [(None, None), ("甲县", 2), ("甲县", 1)]
    page = text(client.get("/audit?action=compare"))
    for named in ("比较：与第 1 版", "比较：与第 2 版", f"比较：文件的 SHA-256 为 {sha256(dump(AFTER))}"):
        assert named in page
    head, first, _, file = client.get("/api/v1/audit/list?action=compare").text.splitlines()
    assert head.endswith(",submitted_by_name,with_id,with_version")
    assert (first.endswith(",甲县,1"), file.endswith(",,")) == (True, True)


def test_the_log_names_another_record_by_its_id(client, keys):
    client.get(f"/api/v1/records/{keys['one']}/comparison?with={keys['other']}")
    page = text(client.get("/audit?action=compare&lang=en"))
    assert "compared: with 乙县, version 1" in page
    assert "compared: with 甲县, version 1" in page


def test_the_page_says_what_differs_and_why_no_page_is_drawn(client, keys):
    # Versions are read in their order, whichever page led here.
    answer = client.get(f"/records/{keys['two']}/compare?with={keys['one']}")
    page = text(answer)
    assert "甲县 第 1 版 → 甲县 第 2 版" in page
    assert "处不同" in page
    assert "<del>，</del><ins>、</ins>" in answer.get_data(as_text=True)
    assert "无法画出页面：" in page
    assert "没有不同" in text(client.get(f"/records/{keys['two']}/compare?with={keys['two']}"))
    english = text(client.get(f"/records/{keys['one']}/compare?with={keys['two']}&lang=en"))
    assert "甲县, version 1 → 甲县, version 2" in english


def test_the_page_takes_a_file_and_says_what_is_wrong_with_it(client, keys):
    address = f"/records/{keys['one']}/compare"
    page = client.post(address, **sent(dump(AFTER), "修改稿.json"))
    assert (page.status_code, "甲县 第 1 版 → 修改稿.json" in text(page)) == (200, True)
    wrong = client.post(address, **sent(b"plain"))
    assert (wrong.status_code, "不是 Word 文书" in text(wrong)) == (422, True)
    assert "修改稿" not in text(client.post(address, data={}))


def test_the_page_of_a_record_leads_to_the_comparison_with_the_version_before(client, keys):
    page = client.get(f"/records/{keys['two']}").get_data(as_text=True)
    assert f"/records/{keys['two']}/compare?with={keys['one']}" in page
    assert f'/records/{keys["one"]}/compare"' in client.get(f"/records/{keys['one']}").get_data(as_text=True)


def test_nobody_compares_without_the_key(place, keys):
    settings = Settings.from_env(place)
    with Archive.open(settings) as archive, ApiKeys(archive.engine) as known:
        key = known.add("", ["archive:read"])[1]
    app = create_app(settings)
    client, address = app.test_client(), f"/records/{keys['one']}/compare?with={keys['two']}"
    assert client.get(f"/api/v1{address.replace('compare', 'comparison')}").status_code == 401
    assert "案例名称" not in text(client.get(address))
    assert client.post(f"/records/{keys['one']}/compare", **sent(dump(AFTER))).status_code == 401
    keyed = client.post(address, data={"key": key})
    assert "另一个案例" in text(keyed)
    app.config["KEXIE_ARCHIVE_HANDLE"].close()
