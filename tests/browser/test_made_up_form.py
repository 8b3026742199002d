"""The made-up form through every room: page, documents, reading, sheet, batch, archive."""

from __future__ import annotations

import io
import json
import re
import zipfile

import httpx
import openpyxl
import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from schemas.normal_pictures import decoded
from service.batch.inputs import sheet_columns
from service.batch.sheets import blank_sheet, payload_row
from service.cli import main
from service.extraction import extract
from service.roundtrip import differences
from service.submission import validate
from service.web.controls import form_data
from tests.helpers.batch import workbook_bytes
from tests.helpers.browser import Visit, downloaded, paste
from tests.helpers.docx_read import squash
from tests.helpers.forms import made_up
from tests.helpers.pdf import words
from tests.helpers.processes import awaited

EDITION = f"/api/v1/forms/{made_up.FORM}/{made_up.YEAR}"
PHOTO = "/person/photo"


@pytest.fixture
def edition(monkeypatch):
    return made_up.publish(monkeypatch)


@pytest.fixture
def http(forms_outside):
    with httpx.Client(base_url=forms_outside, timeout=300) as client:
        yield client


@pytest.mark.parametrize("script", [True, False])
def test_the_page_filled_in_makes_the_document_of_the_payload(edition, browser, forms_outside, script):
    visit = Visit(browser, forms_outside, f"/forms/{made_up.FORM}/{made_up.YEAR}", width=360, script=script)
    widths = visit.page.locator("td[data-field] input:visible").evaluate_all(
        "all => all.map(each => each.clientWidth)"
    )
    assert len(widths) == 6
    assert min(widths) >= 120  # of rows fixed by name
    fill(visit.page, form_data.texts(edition, edition.sample("full")))
    _, document = downloaded(visit.page, "下载 Word")
    found = extract(document)
    assert found.warnings == ()
    assert_same(edition, edition.sample("full"), found.data)
    assert visit.problems == []
    visit.context.close()


def fill(page, texts):
    """Types and ticks each text by its pointer, in rows that are added where there are none."""
    kinds = kinds_of(page)
    for name, text in texts.items():
        while name not in kinds:
            add_row(page, name)
            kinds = kinds_of(page)
        if kinds[name] == "hidden":
            file = {"name": "photo.png", "mimeType": "image/png", "buffer": decoded(text)}
            page.locator(f"[name='picture{name}']").set_input_files([file])
        elif kinds[name] in ("radio", "checkbox"):
            page.locator(f"[name='{name}'][value='{text}']").check()
        else:
            page.locator(f"[name='{name}']").fill(text)


def kinds_of(page):
    """The kind of each control by its name."""
    return dict(page.locator("form [name]").evaluate_all("all => all.map(each => [each.name, each.type])"))


def add_row(page, name):
    """Adds a row to the innermost table above a field."""
    tables = [name[: found.start()] for found in re.finditer("/[0-9]+/", name)]
    buttons = [page.locator(f"button[name='add'][value='{table}']") for table in tables]
    controls = page.locator("form [name]")
    before = controls.count()
    next(button for button in reversed(buttons) if button.count()).click()
    expect(controls).not_to_have_count(before)
    page.wait_for_load_state()  # a page without script is loaded again, and bit by bit


def test_a_pasted_month_that_may_have_lost_a_zero_is_not_filled_in(browser, forms_outside):
    visit = Visit(browser, forms_outside, f"/forms/{made_up.FORM}/{made_up.YEAR}")
    names, months = ([f"[name='/family/others/{row}/{key}']" for row in range(3)] for key in ("name", "born"))
    paste(visit.page, visit.page.locator(names[0]), "陆鸣\t1987.1\n陆青\t1987.10\n陆远\t1987.2\n")
    expect(visit.page.locator("#notice")).to_contain_text("另有 1 格没有位置或不合要求，未填：1987.1。")
    assert [visit.page.locator(month).input_value() for month in months] == ["", "1987-10", "1987-02"]
    visit.context.close()


def test_its_documents_are_archived_and_read_back(edition, http):
    sent = edition.sample("full")
    made = http.post(f"{EDITION}/documents?archive=true&id=posted&format=zip", json=sent)
    assert made.status_code == 201, made.text
    assert "talent_2024" in http.get("/openapi.json").json()["components"]["schemas"]
    with zipfile.ZipFile(io.BytesIO(made.content)) as bundle:
        names = {name.rpartition(".")[2]: name for name in bundle.namelist()}
        files = {kind: bundle.read(names[kind]) for kind in ("docx", "pdf")}
    record = made.headers["Location"]
    assert {kind: http.get(f"{record}/{kind}").content for kind in files} == files
    assert http.get(f"{record}/payload").json() == sent
    assert "人民币壹拾叁万贰仟元整" in squash(words(files["pdf"]))
    assert b"<pdfaid:part>2" in files["pdf"]
    read = http.post("/api/v1/extract", files={"file": files["docx"]}).json()
    assert (read["form"], read["warnings"], read["layout"]["differences"]) == (made_up.FORM, [], [])
    assert_same(edition, sent, read["data"])


def test_a_filled_sheet_becomes_a_record_that_stays_what_it_is(edition, http, archive_outside, tmp_path):
    sent = edition.sample("full")
    del sent["person"]["photo"]  # which no sheet has
    filled = {"file": ("talent.xlsx", filled_sheet(edition, http.get(f"{EDITION}/sheet").content, sent))}
    batch = http.post("/api/v1/batches", files=filled).headers["Location"]
    assert awaited(lambda: http.get(batch).json()["state"] == "finished"), http.get(batch).json()
    (record,) = http.get("/api/v1/records", params={"form": made_up.FORM, "id": "batched"}).json()["records"]
    assert_same(edition, sent, http.get(f"/api/v1/records/{record['key']}/payload").json())

    assert run("verify", archive_outside)["faults"] == []
    options = "--form", made_up.FORM, "--workers", 1, "--report", tmp_path / "report"
    assert run("regenerate", archive_outside, *options)["states"].keys() == {"identical"}


def filled_sheet(edition, sheet, payload):
    """The service's own sheet with a payload typed into its columns."""
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    keys = [cell.value for cell in book.active[blank_sheet.PATH_ROW]]
    leaves = [leaf for leaf in sheet_columns.edition_columns(edition).leaves if leaf.name in keys]
    row = dict(zip((leaf.name for leaf in leaves), payload_row.sheet_row(leaves, payload), strict=True))
    for column, key in enumerate(keys, 1):
        cell = book.active.cell(blank_sheet.FIRST_ROW, column, row.get(key, "batched"))
        cell.number_format = book.active.column_dimensions[cell.column_letter].number_format
    return workbook_bytes(book)


def run(command, archive, *options):
    """The result of a command on an archive."""
    done = CliRunner().invoke(main, [command, "--archive", str(archive), *map(str, options), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def assert_same(edition, sent, back):
    """Whether two payloads say the same."""
    assert differences(edition, validate(edition, sent).data, validate(edition, back).data) == []
