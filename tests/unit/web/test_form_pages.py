"""The pages without a browser: their content, the result of a POST, and the data of an embedded form."""

from __future__ import annotations

import html
import json
import re
from decimal import Decimal
from urllib.parse import urljoin

import pytest

from schemas.fields import Line
from schemas.fields.aspects import PageControl
from schemas.tree import walk
from service import catalog, create_app
from service.errors import Bilingual, FieldError, FormNotDrawable
from service.submission import validate
from service.web.controls import form_data, official_text
from service.web.controls.official_text import OfficialText
from service.web.pages import error_labels, form_pages

PORTAL = "https://portal.example"
AMOUNT = "/budget/items/3/amount"
HEADS = "/basic_info/four_heads"


@pytest.fixture(scope="module")
def client():
    return create_app({"KEXIE_FRAME_ANCESTORS": PORTAL}).test_client()


def leaves(edition):
    fields = walk(edition.schema)
    return {"/" + "/".join(path) for path, field in fields if field.inside is None}


@pytest.mark.parametrize("edition", catalog.editions(), ids=lambda edition: f"{edition.form}-{edition.year}")
def test_every_field_of_an_edition_is_on_its_page_once_and_labelled(client, edition):
    page = client.get(f"/forms/{edition.form}/{edition.year}").get_data(as_text=True)
    shown = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    controls = re.findall(r'<(?:input|textarea|fieldset)[^>]* id="f(/[^"]+)"', shown)
    assert len(controls) == len(set(controls))
    assert {re.sub(r"/\d+/", "/*/", pointer) for pointer in controls} == leaves(edition)
    labelled = set(re.findall(r'<label[^>]* for="f(/[^"]+)"', shown))
    questions = set(re.findall(r'<fieldset[^>]* data-field="(/[^"]+)"', shown))
    assert set(controls) == labelled | questions


def test_a_kind_of_control_that_no_page_can_draw_fails_at_the_start(monkeypatch):
    monkeypatch.setattr(Line, "control", PageControl("dial", 2))
    with pytest.raises(TypeError, match=r"/association_name: Line has no macro 'dial'"):
        create_app({})


@pytest.mark.parametrize("edition", catalog.editions(), ids=lambda edition: f"{edition.form}-{edition.year}")
@pytest.mark.parametrize("name", ["full", "minimal"])
def test_a_posted_form_says_what_the_payload_says(edition, name):
    sample = edition.sample(name)
    posted = form_data.payload(edition, form_data.texts(edition, sample))
    assert validate(edition, posted).data == validate(edition, sample).data


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("60000元", 6),
        ("８５，５００ 元", Decimal("8.55")),
        ("6万", 6),
        ("1,250.5", Decimal("1250.5")),
        ("1,2", "1,2"),
        ("六", "六"),
        ("123元", "123元"),
    ],
)
def test_an_amount_with_its_unit_is_posted_in_that_of_the_field(typed, amount):
    found = form_data.payload(catalog.edition("annex2", 2021), {"/budget/items/0/amount": typed})
    assert found == {"budget": {"items": [{"amount": amount}]}}


def test_what_is_made_plain_in_a_posted_number_is_reported(client):
    posted = {
        "/basic_info/townships": " １1",
        "/basic_info/villages": "12",
        "/budget/total": "",
        "format": "docx",
    }
    answer = client.post("/forms/annex2/2021", data=posted)
    assert [(each["pointer"], each["code_point"]) for each in json.loads(answer.headers["X-Warnings"])] == [
        ("/basic_info/townships", "U+FF11"),
        ("/basic_info/townships", "U+0020"),
    ]


def test_headings_units_and_notes_are_those_of_the_official_form(client):
    page = html.unescape(client.get("/forms/annex2/2019").get_data(as_text=True))
    for text in (
        "一、基本情况",
        "五、审核意见",
        "负责人进入县级人大、政协常委会任职情况",
        "乡镇（个）",
        "金额（万元）",
    ):
        assert f">{text}" in page
    assert "选择性的内容请在“□”内打“√”。" in page
    indicators = official_text.of(catalog.edition("annex1", 2020)).indicators()
    assert [points for _, _, points in indicators] == [
        4,
        3,
        4,
        4,
        3,
        3,
        3,
        4,
        4,
        3,
        *[4] * 5,
        5,
        4,
        3,
        3,
        5,
        5,
        8,
        4,
        8,
    ]


def test_what_is_typed_is_never_markup(client):
    typed = '"><script>alert(1)</script>'
    answer = client.post("/forms/annex2/2021", data={"/cover/applicant": typed, "/cover/email": typed})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.get_data(as_text=True)
    assert html.unescape(answer.get_data(as_text=True)).count(typed) == 2


def test_a_table_grows_to_its_maximum_and_no_further(client):
    edition = catalog.edition("annex2", 2021)
    maximum = dict(walk(edition.schema))["budget", "items"].maximum
    for filled, shown in ((maximum - 1, maximum), (maximum, maximum)):
        posted = {f"/budget/items/{filled - 1}/name": "科普", "add": "/budget/items"}
        page = client.post("/forms/annex2/2021", data=posted).text
        assert len(set(re.findall(r'id="f/budget/items/(\d+)/name"', page))) == shown


def test_an_error_leads_to_the_messages_of_its_table_or_nowhere(client):
    edition = catalog.edition("annex2", 2021)
    maximum = dict(walk(edition.schema))["budget", "items"].maximum
    posted = {f"/budget/items/{row}/name": "科普" for row in range(maximum + 1)}
    page = client.post("/forms/annex2/2021", data=posted).text
    assert '<li><a href="#e/budget/items">' in page
    assert ' id="e/budget/items"' in page
    whole = FieldError("", "表单", "not_an_object", Bilingual("应为对象。", "Must be an object."))
    assert error_labels.listed(edition, whole, "zh").anchor == ""


def test_a_fault_of_the_service_is_not_blamed_on_the_form(client, monkeypatch, caplog):
    def no_shape(*_, **__):
        raise FormNotDrawable((FieldError("", "表单", "not_drawable", Bilingual("缺字。", "No shape.")),))

    monkeypatch.setattr(form_pages.pipeline, "produce", no_shape)
    answer = client.post("/forms/annex3/2021?lang=en", data={"/case_name": "一"})
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Content-Language"] == "en"
    assert answer.headers["X-Request-ID"] in answer.text
    assert f"(request {answer.headers['X-Request-ID']})" in caplog.text
    refused = client.get("/embed/annex2/2021?token=x")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.headers["X-Request-ID"] not in refused.text


def test_a_post_takes_no_other_format(client):
    answer = client.post("/forms/annex3/2021", data={"format": "exe"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("origin", "expected"),
    [(PORTAL, PORTAL), ("https://other.example", ""), (f"{PORTAL}.evil.example", ""), ("", "")],
)
def test_an_embedded_form_speaks_to_allowed_origins_alone(client, origin, expected):
    answer = client.get("/embed/annex3/2021", query_string={"origin": origin})
    data = re.search(r'id="page-data">(.*?)</script>', answer.get_data(as_text=True))
    assert json.loads(data[1])["origin"] == expected
    assert f"frame-ancestors {PORTAL}" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in client.get("/forms/annex3/2021").headers["Content-Security-Policy"]


def test_no_page_holds_script_or_style_of_its_own(client):
    for address in ("/", "/forms/annex1/2021", "/forms/annex2/2021", "/embed/annex2/2021", "/forms/x/1"):
        page = client.get(address).get_data(as_text=True)
        assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*(?:src=|application/json))", page) == []
        assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []


@pytest.mark.parametrize(
    ("form", "posted", "lang", "at", "listed"),
    [
        ("annex2", {AMOUNT: "1.234"}, "zh", AMOUNT, "第 4 行 金额：最多"),
        ("annex2", {AMOUNT: "1.234"}, "en", AMOUNT, "Row 4, 金额 (Amount): At most"),
        (
            "annex2",
            {f"{HEADS}/school_principals/county": "一"},
            "zh",
            f"{HEADS}/school_principals/county",
            "学校校长 县级科协人数：应为",
        ),
        (
            "annex3",
            {"/background": "短", "/measures": "长" * 2001},
            "zh",
            "/measures",
            "背景、举措、成效：合计 2002 字",
        ),
    ],
)
def test_the_list_of_errors_names_and_leads_to_the_very_field(client, form, posted, lang, at, listed):
    answer = client.post(f"/forms/{form}/2021?lang={lang}", data=posted)
    page = answer.get_data(as_text=True)
    ((led_to, text),) = re.findall(r'<li><a href="#f([^"]*)">(.*?)</a></li>', page)
    assert (answer.status_code, led_to) == (422, at)
    assert re.sub("<.*?>", "", text).startswith(listed)
    assert re.search(rf' id="e{re.escape(at)}"[^>]*><p class="error">', page)
    assert re.search(rf' id="f{re.escape(at)}"[^>]* aria-invalid="true"', page)


def test_instructions_and_the_text_of_points_are_those_of_their_place():
    lines = [
        "填表说明",
        "一、如实填写。",
        "一、得分",
        "\t创新性（满分10分）",
        "\t",
        "",
        "\t成果（可多选）",
        "\t□论文",
        "",
    ]
    text = OfficialText("\n".join(lines))
    assert text.notes() == ["一、如实填写。"]
    assert (text.after("创新性"), text.after("成果")) == ("", "□论文")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "",
            {
                "h/basic_info": "据实填报；个数没有的填 0。",
                "h/basic_info/has_party_group": "党组由党委批准设立，不是党支部。",
                "h/budget/items": "例如：名称“学会能力提升”，项目“8家学会规范化建设”。",
                "h/budget/total": "不填则由系统计算。",
                "h/review/city_opinion": "由市科协填写、盖章并注明日期，可留空。",
            },
        ),
        (
            "?lang=en",
            {
                "h/basic_info/has_party_group": "Approved by the Party committee; not a branch.",
                "h/review/city_opinion": "For the city association to fill in, seal and date: "
                "may be left blank.",
            },
        ),
    ],
)
def test_help_of_the_form_is_beside_field_group_and_table(client, language, texts):
    page = html.unescape(client.get(f"/forms/annex2/2021{language}").get_data(as_text=True))
    found = dict(re.findall(r'<p class="help" id="([^"]+)">([^<]+)</p>', page))
    assert {place: found[place] for place in texts} == texts
    assert re.search(
        'id="f/basic_info/has_party_group"[^>]* aria-describedby="h/basic_info/has_party_group ', page
    )
    described = {each for named in re.findall(r'aria-describedby="([^"]+)"', page) for each in named.split()}
    assert {each for each in described if each.startswith("h/")} <= set(found)


def test_what_the_layout_of_a_form_is_is_explained(client):
    assert (
        "<summary>正式版式</summary><p>正式版式：按正式发布的空白表制作"
        in client.get("/forms/annex2/2021").text
    )
    derived = client.get("/forms/annex2/2020").text
    assert "<summary>推定版式，沿用2021年</summary><p>推定版式：未取得" in derived
    assert "<p>正式版式：按正式发布" in client.get("/").text


def test_help_is_no_part_of_the_edition():
    described = json.dumps(catalog.edition("annex2", 2021).json_schema(), ensure_ascii=False)
    assert "由市科协填写" not in described


def test_the_first_page_says_what_the_forms_are_for_and_folds_earlier_years(client):
    page = client.get("/").get_data(as_text=True)
    doors = re.findall(r'<li><a href="([^"]+)"><b>([^<]+)</b>', page)
    assert doors == [("#forms", "我要填报"), ("/batches", "批量处理"), ("/records", "查档案")]
    folded = re.findall(r"<details>.*?</details>", page, re.DOTALL)
    shown = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    annex2 = catalog.edition("annex2", 2021).schema
    for text in (annex2.programme.about.zh, annex2.about.zh, "填写 2021"):
        assert text in shown
    assert "填写 2020" not in shown
    assert len(folded) == 3
    assert all("推定版式，沿用2021年" in each and "推定版式：未取得" in each for each in folded)


def test_the_first_page_takes_less_than_200_kb(client):
    sizes, wanted = {}, ["/"]
    while wanted:
        if (address := wanted.pop()) in sizes:
            continue
        with client.get(address) as answer:
            text = answer.get_data(as_text=True)
        sizes[address] = len(text.encode())
        if address == "/":
            wanted += re.findall(r'(?:src|<link [^>]*href)="([^"]+)"', text)
        elif address.endswith(".js"):
            imported = re.findall(r'^import .* from "([^"]+)"', text, re.MULTILINE)
            wanted += [urljoin(address, each) for each in imported]
    assert {each.rpartition(".")[2] for each in sizes} == {"/", "css", "js", "svg"}
    assert sum(sizes.values()) < 200_000
