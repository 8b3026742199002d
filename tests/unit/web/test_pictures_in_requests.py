"""Pictures in requests: as JSON, as parts of a form, from a page without a script; on the command line."""

from __future__ import annotations

import io
import json
import re

import pytest
from click.testing import CliRunner

from schemas.normal_pictures import PictureLimits, decoded, encoded, normal
from service import create_app
from service.cli import main
from service.extraction import extract
from tests.helpers.pictures import MILLIMETRES, face, opened, saved
from tests.helpers.pictures.form import payload, publish

ROUTE, PAGE = "/api/v1/forms/badge/2031", "/forms/badge/2031"
PHOTO = saved(face(), "jpeg")


@pytest.fixture
def client(tmp_path, monkeypatch):
    publish(tmp_path, monkeypatch)
    return create_app({"KEXIE_PICTURE_LIMIT": "100000"}).test_client()


def embedded(document):
    return {name: decoded(value) for name, value in extract(document).data.items() if name == "photo"}


def reduced(content):
    return normal(content, *MILLIMETRES, PictureLimits()).content


def test_a_picture_may_be_a_part_named_by_pointer_or_keys(client):
    given = {"payload": json.dumps({"name": "沈青", "drawings": [{"name": "海报"}]})}
    for name in ("/photo", "photo"):
        parts = {
            **given,
            name: (io.BytesIO(PHOTO), "me.jpg"),
            "drawings.1.image": (io.BytesIO(PHOTO), "b.jpg"),
        }
        answer = client.post(f"{ROUTE}/documents?format=docx", data=parts)
        assert answer.status_code == 200
        assert embedded(answer.data) == {"photo": reduced(PHOTO)}
        found = extract(answer.data).data["drawings"]
        assert [sorted(row) for row in found] == [["name"], ["image"]]
    as_json = client.post(f"{ROUTE}/documents?format=docx", json={"name": "沈青", "photo": encoded(PHOTO)})
    assert embedded(as_json.data) == {"photo": reduced(PHOTO)}


@pytest.mark.parametrize(
    ("parts", "status", "words"),
    [
        ({"payload": "{", "photo": (io.BytesIO(PHOTO), "a")}, 400, "JSON"),
        ({"payload": '{"photo": "x"}', "photo": (io.BytesIO(PHOTO), "a")}, 400, "photo"),
        ({"payload": "{}", "name.first": (io.BytesIO(PHOTO), "a")}, 422, "/name"),
        ({"payload": "{}", "drawings.x": (io.BytesIO(PHOTO), "a")}, 422, "/drawings"),
        ({"payload": "[]", "photo": (io.BytesIO(PHOTO), "a")}, 400, "photo"),
        ({"payload": "{}", "photo": "no file"}, 400, "photo"),
        ({"payload": "{}", "photos": (io.BytesIO(PHOTO), "a")}, 422, "/photos"),
        ({"payload": "{}", "photo": (io.BytesIO(b"GIF89a"), "a")}, 422, "GIF"),
        ({"payload": "{}", "photo": (io.BytesIO(PHOTO + bytes(100_000)), "a")}, 422, "/photo"),
    ],
)
def test_a_part_that_has_no_place_is_refused_by_name(client, parts, status, words):
    answer = client.post(f"{ROUTE}/validate", data=parts, content_type="multipart/form-data")
    assert answer.status_code == status
    assert words in json.dumps(answer.json, ensure_ascii=False)


def test_a_form_without_pictures_takes_json_alone(client):
    answer = client.post("/api/v1/forms/annex2/2021/validate", data={"payload": "{}"})
    assert answer.status_code == 415


def test_the_body_may_be_larger_by_the_pictures_of_the_form(tmp_path, monkeypatch):
    publish(tmp_path, monkeypatch)
    client = create_app({"KEXIE_BODY_LIMIT": "10000", "KEXIE_PICTURE_LIMIT": "100000"}).test_client()
    large = {"photo": encoded(saved(face(400, 560), "jpeg", quality=100))}
    assert len(large["photo"]) > 10_000
    assert client.post(f"{ROUTE}/validate", json=large).status_code == 200
    assert client.post(f"{ROUTE}/validate", json={"photo": "A" * 700_000}).status_code == 413
    assert client.post("/api/v1/forms/annex2/2021/validate", json=large).status_code == 413


def test_the_description_names_the_parts_only_where_a_form_has_pictures(client):
    (content,) = {
        json.dumps(path["post"]["requestBody"]["content"], sort_keys=True)
        for name, path in client.get("/openapi.json").json["paths"].items()
        if name.startswith("/api/") and name.endswith(("/validate", "/documents"))
    }
    assert "multipart/form-data" in json.loads(content)


def test_a_page_without_a_script_keeps_a_picture_through_its_errors(client):
    page = client.get(PAGE).get_data(as_text=True)
    assert 'name="picture/photo"' in page
    assert 'data-place="35 49"' in page
    sent = {"picture/photo": (io.BytesIO(PHOTO), "me.jpg"), "/name": "沈" * 300, "format": "docx"}
    again = client.post(PAGE, data=sent)
    assert again.status_code == 422
    (kept,) = re.findall(r'type="hidden" name="/photo" value="([^"]*)"', again.text)
    assert decoded(kept) == reduced(PHOTO)
    assert f"data:image/{opened(decoded(kept)).format.lower()};base64,{kept}" in again.text
    made = client.post(PAGE, data={"/photo": kept, "/name": "沈青", "format": "docx"})
    assert embedded(made.data) == {"photo": reduced(PHOTO)}
    other = saved(face().rotate(180), "jpeg")
    changed = {"/photo": kept, "picture/photo": (io.BytesIO(other), "b.jpg"), "format": "docx"}
    assert embedded(client.post(PAGE, data=changed).data) == {"photo": reduced(other)}
    removed = client.post(PAGE, data={"/photo": kept, "remove/photo": "true", "format": "docx"})
    assert embedded(removed.data) == {}


def test_a_page_says_what_is_wrong_with_a_picture_and_forgets_it(client):
    answer = client.post(PAGE, data={"picture/photo": (io.BytesIO(b"GIF89a"), "me.gif"), "format": "docx"})
    assert answer.status_code == 422
    assert "而是 GIF" in answer.text
    assert 'name="/photo" value=""' in answer.text
    added = client.post(PAGE, data={"picture/drawings/0/image": (io.BytesIO(PHOTO), "a"), "add": "/drawings"})
    (kept,) = re.findall(r'type="hidden" name="/drawings/0/image" value="([^"]+)"', added.text)
    assert opened(decoded(kept)).format == "JPEG"


def test_a_page_of_the_form_shows_the_picture_of_a_payload(client):
    assert client.get(f"{ROUTE}").json["sample"] == json.loads(json.dumps(payload()))


def test_the_command_line_takes_pictures_from_files(client, tmp_path):
    (tmp_path / "data.json").write_text('{"name": "沈青"}', encoding="utf-8")
    (tmp_path / "me.jpg").write_bytes(PHOTO)
    made = tmp_path / "made.docx"
    arguments = ["badge", "--year", "2031", str(tmp_path / "data.json"), "--picture", "photo"]
    done = CliRunner().invoke(main, ["render", *arguments, str(tmp_path / "me.jpg"), "-o", str(made)])
    assert done.exit_code == 0, done.output
    assert embedded(made.read_bytes()) == {"photo": reduced(PHOTO)}
    wrong = CliRunner().invoke(main, ["validate", *arguments, str(tmp_path / "data.json")])
    assert wrong.exit_code == 3
    assert "/photo" in wrong.output
