"""`POST /api/v1/extract`: a filled form in, its payload out, as a portal sees it."""

from __future__ import annotations

import io
import json
import os
import re
import tempfile

import pytest

from service import create_app, generate
from service.payload_json import parse
from tests.helpers.docx_builder import docx, noted, paragraph, parts, zipped
from tests.helpers.libreoffice import saved
from tests.helpers.payloads import full_annex2, validated_annex2

EXTRACT = "/api/v1/extract"


@pytest.fixture(scope="module")
def client():
    return create_app().test_client()


@pytest.fixture(scope="module")
def filled():
    return generate("annex2", 2021, full_annex2(), ("docx",))["docx"]


def sent(client, content, headers=None, **fields):
    form = {"file": (io.BytesIO(content), "表.docx"), **fields}
    return client.post(EXTRACT, data=form, content_type="multipart/form-data", headers=headers or {})


def test_a_filled_form_gives_its_payload_to_be_sent_again(client, filled):
    answer = sent(client, filled)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert list(answer.json) == ["form", "year", "data", "warnings", "layout"]
    assert answer.json["layout"] == {"official": True, "differences": []}
    assert (answer.json["form"], answer.json["year"], answer.json["warnings"]) == ("annex2", 2021, [])
    assert validated_annex2(parse(answer.data)["data"]) == validated_annex2(full_annex2())
    again = client.post("/api/v1/forms/annex2/2021/documents?format=docx", json=answer.json["data"])
    assert again.data == filled


def test_amounts_are_numbers_with_their_own_digits(client):
    items = [{"name": "一", "amount": "9999999.99"}, {"name": "二", "amount": "0.07"}]
    made = generate("annex2", 2021, {"budget": {"items": items[:1]}}, ("docx",))["docx"]
    assert re.search(rb'"amount": 9999999\.99\b', sent(client, made).data)
    made = generate("annex2", 2021, {"budget": {"items": items[1:]}}, ("docx",))["docx"]
    assert re.search(rb'"amount": 0\.07\b', sent(client, made).data)


@pytest.mark.parametrize("extension", ["doc", "odt"])
def test_other_programs_documents_are_read(client, filled, extension):
    answer = sent(client, saved(filled, extension))
    assert (answer.status_code, answer.json["warnings"]) == (200, [])
    assert answer.json["layout"] == {"official": True, "differences": []}
    assert validated_annex2(parse(answer.data)["data"]) == validated_annex2(full_annex2())


def test_a_pdf_gives_what_it_carries(client):
    sample = json.loads(json.dumps(full_annex2(), default=float))
    made = client.post("/api/v1/forms/annex2/2021/documents?format=pdf&attach=true", json=sample)
    answer = sent(client, made.data)
    assert answer.json == {"form": "annex2", "year": 2021, "data": sample, "warnings": [], "layout": None}


def test_warnings_speak_the_callers_language(client, filled):
    zh = sent(client, noted(filled)).json["warnings"]
    en = sent(client, noted(filled), {"Accept-Language": "en"}).json["warnings"]
    assert len(zh) == len(en) == 1
    assert zh[0]["text"] == en[0]["text"] == "另附说明一份"
    assert zh[0]["message"].endswith("。")
    assert en[0]["message"].isascii()


def test_the_layout_speaks_the_callers_language(client, filled):
    zh, en = (
        sent(client, noted(filled), {"Accept-Language": lang}).json["layout"]["differences"][0]
        for lang in ("zh", "en")
    )
    assert zh["code"] == en["code"] == "text_added"
    assert "多了一段" in zh["message"]
    assert "added" in en["message"]


FORM = "multipart/form-data; boundary=x"


def part(name, content):
    """A form of one part."""
    return f"--x\r\nContent-Disposition: form-data; {name}\r\n\r\n".encode() + content + b"\r\n--x--\r\n"


LETTER = docx(paragraph("一封信"))


@pytest.mark.parametrize(
    ("content", "fields", "status", "code"),
    [
        ("云泽县".encode(), {}, 422, "unreadable_document"),
        (b"", {}, 422, "unreadable_document"),
        (LETTER, {}, 422, "unrecognised_form"),
        (LETTER, {"form": "", "year": ""}, 422, "unrecognised_form"),
        (LETTER, {"form": "annex9"}, 404, "unknown_form"),
        (LETTER, {"form": "annex2", "year": "1999"}, 404, "unknown_year"),
        (LETTER, {"form": "annex2", "year": "２０２１"}, 400, "usage"),
        (LETTER, {"year": "last"}, 400, "usage"),
    ],
)
def test_every_error_is_a_problem(client, content, fields, status, code):
    answer = sent(client, content, **fields)
    assert answer.mimetype == "application/problem+json"
    assert (answer.status_code, answer.json["code"]) == (status, code)
    english = sent(client, content, {"Accept-Language": "en"}, **fields)
    assert (english.status_code, english.headers["Content-Language"]) == (status, "en")
    assert english.json["detail"] != answer.json["detail"]


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{}", "application/json", 415),
        (b"PK", "application/octet-stream", 415),
        (b"", None, 415),
        (b"file=x", "application/x-www-form-urlencoded", 415),
        (b"", "multipart/form-data", 400),
        (b"", FORM, 400),
        (b"--x\r\nno form at all", FORM, 400),
        (part('name="file"', b"text"), FORM, 400),
        (part('name="other"; filename="a"', b"PK"), FORM, 400),
        (part('name="file"; filename=""', b""), FORM, 400),
    ],
)
def test_what_is_no_form_with_a_file_is_reported(client, body, media_type, status):
    answer = client.post(EXTRACT, data=body, content_type=media_type)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert "multipart/form-data" in answer.json["detail"]


def test_two_files_are_one_too_many(client):
    files = {"file": [(io.BytesIO(LETTER), "a.docx"), (io.BytesIO(LETTER), "b.docx")]}
    assert client.post(EXTRACT, data=files, content_type="multipart/form-data").status_code == 400


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_larger_than_the_limit_is_refused(filled, chunked):
    client = create_app({"KEXIE_FILE_LIMIT": str(len(filled))}).test_client()
    assert sent(client, filled).status_code == 200
    for more in (1, 100_000):
        body = part('name="file"; filename="a.docx"', filled + bytes(more))
        how = {"data": body}
        if chunked:
            how = {"input_stream": io.BytesIO(body), "environ_overrides": {"wsgi.input_terminated": True}}
            how["headers"] = {"Transfer-Encoding": "chunked"}
        answer = client.post(EXTRACT, content_type=FORM, **how)
        assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_a_large_file_is_never_written_to_disk(client, filled, monkeypatch):
    large = zipped({**parts(filled), "word/media/image.png": os.urandom(2_000_000)})
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    answer = client.post(EXTRACT, data=part('name="file"; filename="a.docx"', large), content_type=FORM)
    assert answer.status_code == 200, answer.json
    assert answer.json["form"] == "annex2"


def test_the_openapi_file_reports_the_route_with_an_example(client):
    described = client.get("/openapi.json").json["paths"][EXTRACT]["post"]
    (media_type,) = described["requestBody"]["content"]
    assert media_type == "multipart/form-data"
    example = described["responses"]["200"]["content"]["application/json"]["example"]
    path = f"/api/v1/forms/{example['form']}/{example['year']}/validate"
    assert client.post(path, json=example["data"]).status_code == 200
