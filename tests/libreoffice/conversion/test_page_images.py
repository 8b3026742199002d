"""Pages as pictures, as a portal shows them before the document is taken."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from service import catalog, create_app, generate, pipeline
from service.conversion.pdf.page_images import page
from service.errors import ConversionFault
from service.submission import validate
from tests.helpers.forms import choices, made_up
from tests.helpers.pdf import words

ANNEX2 = "/api/v1/forms/annex2/2021"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/png,image/svg+xml,*/*;q=0.8"


@pytest.fixture(scope="module")
def client():
    return create_app().test_client()


@pytest.fixture(scope="module")
def full():
    return catalog.edition("annex2", 2021).sample("full")


@pytest.fixture(scope="module")
def pdf(full):
    return generate("annex2", 2021, full, ("pdf",))["pdf"]


@pytest.fixture(scope="module")
def count(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def picture(answer):
    assert answer.status_code == 200, answer.data
    assert answer.mimetype == "image/png"
    shown = Image.open(io.BytesIO(answer.data), formats=["PNG"])
    assert abs(shown.width - 1190) <= 1
    assert abs(shown.height - 1684) <= 1
    return shown.convert("L")


def ink(shown):
    """How many pixels are dark, half dark (the softened edges of letters) and white."""
    histogram = shown.histogram()
    return sum(histogram[:64]), sum(histogram[64:192]), histogram[255]


def test_a_page_is_shown_as_a_picture(client, full, count):
    shown = []
    for number in (1, 2):
        answer = client.post(f"{ANNEX2}/documents?format=png&page={number}", json=full)
        assert answer.headers["X-Page-Count"] == str(count)
        name = unquote(answer.headers["Content-Disposition"])
        assert name.endswith(f"项目申报书（云泽县科学技术协会）.第{number}页.png")
        shown.append(picture(answer))
        dark, soft, white = ink(shown[-1])
        assert dark > 5_000
        assert soft > 1_000
        assert white > 1_500_000
        assert shown[-1].getpixel((0, 0)) == shown[-1].getpixel((1189, 1683)) == 255
    assert shown[0].tobytes() != shown[1].tobytes()


def test_a_picture_reports_on_which_pages_the_sections_begin(client, full, pdf):
    answer = client.post(f"{ANNEX2}/documents?format=png", json=full)
    begun = json.loads(answer.headers["X-Section-Pages"])
    assert begun["/cover"] == 1
    headings = {
        "/basic_info": "一、基本情况",
        "/overall_approach": "二、总体思路",
        "/goals_and_measures": "三、目标任务和计划措施",
        "/budget": "四、提升计划项目经费预算",
        "/review": "五、审核意见",
    }
    assert begun.keys() == {"/cover", *headings}
    for pointer, heading in headings.items():
        assert heading in words(pdf, begun[pointer])


def test_a_heading_that_is_also_typed_is_not_taken_for_its_section(client, full):
    typed = {**full, "overall_approach": "一、基本情况\n四长联动"}
    answer = client.post(f"{ANNEX2}/documents?format=png", json=typed)
    begun = json.loads(answer.headers["X-Section-Pages"])
    assert (begun["/cover"], begun["/basic_info"], begun["/overall_approach"]) == (1, 3, 4)


@pytest.mark.parametrize("form", ["annex1", "annex2", "annex3", made_up.FORM])
def test_pages_show_nothing_of_what_finds_the_fields(form, monkeypatch, shared):
    edition = made_up.publish(monkeypatch) if form == made_up.FORM else catalog.edition(form, 2021)
    submission = validate(edition, edition.sample("full"))
    pdf = pipeline.documents(submission, ("pdf",), shared)["pdf"]
    for number in range(1, page(pdf, 1).count + 1):
        image, _, _ = pipeline.page(submission, number, shared)
        assert image.png == page(pdf, number).png


def test_fields_are_located_on_the_pages(client, full, pdf):
    sent = {**full, "budget": {"items": [{}, *full["budget"]["items"]]}}
    pages = client.post(f"{ANNEX2}/places", json=sent).json["pages"]
    found = {each["pointer"]: (number, each["box"]) for number, each in places(pages)}
    number, (left, top, right, bottom) = found["/basic_info/mobile"]
    height = pages[number]["height"]
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[number].get_textpage().get_text_bounded(left, height - bottom, right, height - top)
    assert text.strip() == full["basic_info"]["mobile"]
    texts = [number for number, each in places(pages) if each["pointer"] == "/goals_and_measures"]
    assert len(texts) == len(set(texts)) > 1
    assert "/budget/items/0/name" not in found
    assert "/budget/items/1/name" in found


def test_blank_rows_are_located_too(client):
    pages = client.post(f"{ANNEX2}/places", json={"budget": {"items": [{}, {}]}}).json["pages"]
    rows = [each["box"] for _, each in places(pages) if each["pointer"].endswith("/amount")]
    assert rows[0][3] == pytest.approx(rows[1][1], abs=1)


def test_fields_on_one_line_are_apart(monkeypatch, tmp_path, shared):
    edition = choices.publish(tmp_path, monkeypatch)
    submission = validate(edition, edition.sample("full"))
    [(number, left, right)] = [
        (number, *(each.box for each in page.fields if each.pointer in ("/level", "/urgent")))
        for number, page in enumerate(pipeline.places(submission, shared))
        if any(each.pointer == "/level" for each in page.fields)
    ]
    assert left[2] == right[0]
    with pypdfium2.PdfDocument(pipeline.documents(submission, ("pdf",), shared)["pdf"]) as document:
        height = document[number].get_height()
        box = (right[0] - 1, height - right[3], right[2], height - right[1])
        text = document[number].get_textpage().get_text_bounded(*box)
    assert text.strip().startswith("是否加急")


def places(pages):
    return [(number, each) for number, page in enumerate(pages) for each in page["places"]]


def test_the_first_page_is_shown_where_none_is_named(client, full):
    first = client.post(f"{ANNEX2}/documents?format=png&page=1", json=full)
    for query, headers in (("?format=png", {}), ("", {"Accept": "image/png"})):
        again = client.post(f"{ANNEX2}/documents{query}", json=full, headers=headers)
        assert again.data == first.data
        assert again.headers["ETag"] == first.headers["ETag"]


def test_a_blank_has_pictures_too(client, full):
    answer = client.get(f"{ANNEX2}/blank?format=png&page=3")
    filled = client.post(f"{ANNEX2}/documents?format=png&page=3", json=full)
    assert ink(picture(answer))[0] < ink(picture(filled))[0]
    again = client.get(f"{ANNEX2}/blank?format=png&page=3", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_browser_that_opens_a_blank_gets_the_pdf(client):
    assert client.get(f"{ANNEX2}/blank", headers={"Accept": FIREFOX}).mimetype == "application/pdf"


@pytest.mark.parametrize("number", ["0", "-1", "999", "1.5", "two", "２", "", "9" * 5000])
def test_a_page_that_is_not_there_is_reported_with_the_number_of_pages(client, full, count, number):
    answer = client.post(f"{ANNEX2}/documents", query_string={"format": "png", "page": number}, json=full)
    assert (answer.status_code, answer.json["code"]) == (400, "usage")
    assert f"共 {count} 页" in answer.json["detail"]


@pytest.mark.parametrize("format", ["pdf", "docx", "zip"])
def test_only_a_picture_takes_a_page(client, format):
    answer = client.post(f"{ANNEX2}/documents?page=1&format={format}", json={})
    assert (answer.status_code, answer.json["code"]) == (400, "usage")
    if format != "zip":
        assert client.get(f"{ANNEX2}/blank?page=1&format={format}").status_code == 400


def test_the_openapi_file_reports_of_pages_attachments_and_proofs(client):
    paths = client.get("/openapi.json").json["paths"]
    for path, method in (("documents", "post"), ("blank", "get")):
        operation = paths[f"/api/v1/forms/{{form}}/{{year}}/{path}"][method]
        queries = {entry["name"] for entry in operation["parameters"] if entry["in"] == "query"}
        of_documents = {"attach", "prove", "archive", "id", "complete"}
        assert queries == {"format", "page"} | (of_documents if path == "documents" else set())
        assert "image/png" in operation["responses"]["200"]["content"]
        assert "X-Page-Count" in operation["responses"]["200"]["headers"]


def test_many_at_once_draw_the_same(pdf):
    alone = page(pdf, 2)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: page(pdf, 2), range(16))) == {alone}


def test_a_broken_pdf_is_a_fault():
    with pytest.raises(ConversionFault):
        page(b"%PDF-1.7\n", 1)
