"""A body that cannot be read as a form is refused: no route takes it for an empty one."""

from __future__ import annotations

import io

import pytest

from tests.helpers.application import application
from tests.helpers.pictures.form import publish

MULTIPART, URL_ENCODED = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"
DOCUMENTS = "/api/v1/forms/badge/2031/documents?format=docx&archive=true&id=1"
NAMED = b'Content-Disposition: form-data; name="payload"'
READABLE = b'--x\r\n%b\r\n\r\n{"name": "a"}\r\n--x--\r\n' % NAMED
BROKEN = {
    "no end": READABLE[:-6],
    "no part": b"",
    "another boundary": READABLE.replace(b"--x", b"--y"),
    "a part without name": READABLE.replace(NAMED, b"Content-Disposition: form-data"),
    "a part without disposition": READABLE.replace(NAMED, b"Content-Type: text/plain"),
    "a head in GBK": READABLE.replace(b"payload", "报文".encode("gbk")),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        publish(tmp_path_factory.mktemp("forms"), patch)
        with application(tmp_path_factory.mktemp("service")) as app:
            yield app.test_client()


def sent(client, route, body, kind, headers=()):
    """Status and code of a refusal, after which nothing is in the archive; whether it says what to send."""
    more = {"headers": {"Accept": "application/problem+json", **dict(headers)}, "content_type": kind}
    answer = client.post(route, input_stream=io.BytesIO(body), content_length=len(body), **more)
    assert client.get("/api/v1/records").json["records"] == []
    return answer.status_code, answer.json["code"], "multipart/form-data" in answer.json["detail"]


@pytest.mark.parametrize(
    "route",
    [
        DOCUMENTS,
        "/api/v1/forms/badge/2031/validate",
        "/api/v1/extract",
        "/api/v1/identify",
        "/api/v1/batches",
        "/forms/badge/2031",
        "/forms/new",
        "/batches",
        "/records",
        "/records/identify",
        "/records/retention",
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}], ids=["", "with a key"])
def test_a_broken_form_is_refused(client, route, headers):
    found = {name: sent(client, route, body, MULTIPART, headers) for name, body in BROKEN.items()}
    assert found == dict.fromkeys(BROKEN, (400, "usage", True))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("do=edit&/name=沈".encode("gbk"), URL_ENCODED),
        (READABLE, "multipart/form-data"),
        (READABLE, "multipart/form-data; boundary=\xe9"),
        (b'{"name": "a"}', "application/json"),
        (b"do=edit", "text/plain"),
        (b"do=edit", None),
    ],
)
@pytest.mark.parametrize("page", ["/forms/badge/2031", "/records"])
def test_a_page_refuses_what_is_no_form(client, page, body, kind):
    assert sent(client, page, body, kind) == (400, "usage", True)


@pytest.mark.parametrize(
    "parts",
    [
        b"--x--\r\n",
        READABLE.replace(b'{"name": "a"}', b" "),
        READABLE.replace(b'"a"', '"沈"'.encode("gbk")),
        READABLE[:-6] + b"\r\n" + READABLE,
        READABLE.replace(b'"payload"', b'"photo"; filename="a.png"'),
    ],
    ids=["none", "blank", "in GBK", "two", "a picture alone"],
)
def test_a_form_without_a_payload_is_refused(client, parts):
    assert sent(client, DOCUMENTS, parts, MULTIPART)[:2] == (400, "not_json")
