"""A table of what attackers send, each with its exact answer, against the real server."""

from __future__ import annotations

import csv
import http.client
import io
import json
import re
import signal
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from service.access import ApiKeys, embed_token
from service.config import Settings
from tests.helpers.application import lines
from tests.helpers.hostile import files
from tests.helpers.hostile.files import FORM
from tests.helpers.hostile.rows import (
    BATCHES,
    DATA,
    DOCUMENTS,
    EXTRACT,
    ITEM,
    JSON,
    MARK,
    NDJSON,
    RECORDS,
    ROWS,
    UP,
    VALIDATE,
)
from tests.helpers.processes import awaited, below, running
from tests.helpers.serve import served
from tests.helpers.servers import Receiver
from tests.helpers.tokens import AUDIENCE, EC, ED, ISSUER, RSA, SHARED, jwks

PORTAL, EVIL = "https://portal.example", "https://evil.example"
MEMORY = 400  # MiB of each process of the server, at the most in any test below


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The folders of the server: of its own two, and those where it shall leave nothing."""
    folder = tmp_path_factory.mktemp("hostile")
    for name in ("temporary", "home", "tmp", "cwd"):
        (folder / name).mkdir()
    (folder / "jwks.json").write_text(jwks(RSA, EC, ED, SHARED))
    return folder


@pytest.fixture(scope="module")
def settings(place):
    return Settings.from_env(
        {
            "KEXIE_TEMP_DIR": str(place / "temporary"),
            "KEXIE_ARCHIVE": str(place / "archive"),
            "KEXIE_CONVERTERS": "1",
            "KEXIE_BATCH_WORKERS": "1",
            "KEXIE_THREADS": "8",
            "KEXIE_BODY_DEADLINE": "3",
            "KEXIE_SECRET": "a secret of thirty-two bytes or more",
            "KEXIE_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "KEXIE_ALLOWED_HOSTS": "hooks.example.cn",
            "KEXIE_CORS_ORIGINS": PORTAL,
            "KEXIE_FRAME_ANCESTORS": PORTAL,
            "KEXIE_JWT_ISSUER": ISSUER,
            "KEXIE_JWT_AUDIENCE": AUDIENCE,
            "KEXIE_JWT_KEYS": str(place / "jwks.json"),
        }
    )


@pytest.fixture(scope="module")
def keys(settings):
    with ApiKeys.open(settings, create=True) as opened:
        return [
            opened.add(tenant, ("generate", "archive:read", "archive:write"))[1]
            for tenant in ("云泽县", "临水县")
        ]


@pytest.fixture(scope="module")
def service(settings, place, keys):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(place / "home"))
        patch.setenv("TMPDIR", str(place / "tmp"))
        patch.chdir(place / "cwd")
        with served(settings, place / "log", "--workers", "1") as started:
            patch.undo()
            yield started


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@pytest.fixture(scope="module")
def ask(service, keys):
    """Sends what it is given as it is, with a key where nothing else is said."""

    def sent(method, path, body=b"", headers=()):
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=300)
        sent_headers = {"Authorization": f"Bearer {keys[0]}", "Accept-Language": "en", **dict(headers)}
        connection.request(method, path, body or None, sent_headers)
        answer = connection.getresponse()
        try:
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    return sent


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_row_has_its_answer(ask, row):
    body = row.body() if callable(row.body) else row.body
    headers = {name: f"Bearer {value()}" if callable(value) else value for name, value in row.headers.items()}
    answer = ask(row.method, row.path, body, headers)
    assert answer.status == row.status, answer.body[:500]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    if row.code or row.status >= 400:
        problem = answer.json
        assert problem["code"] == (row.code or problem["code"])
        pointers = [fault["pointer"] for fault in problem.get("errors", ())]
        assert row.detail in problem["detail"] or row.detail in pointers, problem
        assert "Traceback" not in answer.body.decode()


def head(*more, path=VALIDATE, method="POST"):
    """The lines of a request by a caller with a key, to which `more` are added."""
    own = ("Host: x", f"Content-Type: {JSON}", "Authorization: Bearer KEY", "Connection: close")
    return "\r\n".join((f"{method} {path} HTTP/1.1", *own, *more, "", ""))


BAD = (400, "bad_request")
CHUNKED = "Transfer-Encoding: chunked"
RAW = {
    "a body longer than it says": (f"{head('Content-Length: 2')}{{}}GET / HTTP/1.1\r\n\r\n", 200, None),
    "two lengths": (f"{head('Content-Length: 2', 'Content-Length: 3')}{{}}", *BAD),
    "a length below 0": (f"{head('Content-Length: -2')}{{}}", *BAD),
    "a length with a sign": (f"{head('Content-Length: +2')}{{}}", *BAD),
    "a length in wide digits": (f"{head('Content-Length: ２')}{{}}", *BAD),
    "length and chunks": (f"{head('Content-Length: 2', CHUNKED)}2\r\n{{}}\r\n0\r\n\r\n", *BAD),
    "chunked twice": (f"{head(CHUNKED, CHUNKED)}2\r\n{{}}\r\n0\r\n\r\n", *BAD),
    "xchunked": (f"{head('Transfer-Encoding: xchunked')}2\r\n{{}}\r\n0\r\n\r\n", 501, "bad_request"),
    "chunked, identity": (f"{head('Transfer-Encoding: chunked, identity')}0\r\n\r\n", *BAD),
    "a space before the colon": (f"{head('Transfer-Encoding : chunked')}0\r\n\r\n", *BAD),
    "a folded header": (f"{head('X-A: b', ' Transfer-Encoding: chunked')}", *BAD),
    "a header without a colon": (head("X-A"), *BAD),
    "NUL in a header": (head("X-A: b\0c"), *BAD),
    "CR in a request's id": (head("X-Request-ID: a\rX-Evil: 1"), *BAD),
    "a chunk's size that is none": (f"{head(CHUNKED)}zz\r\n{{}}\r\n0\r\n\r\n", *BAD),
    "a chunk's size below 0": (f"{head(CHUNKED)}-2\r\n{{}}\r\n0\r\n\r\n", *BAD),
    "a chunk longer than it says": (f"{head(CHUNKED)}1\r\n{{}}\r\n0\r\n\r\n", *BAD),
    "chunks above the limit": (f"{head(CHUNKED)}200000\r\n{' ' * 0x200000}\r\n0\r\n\r\n", 413, "too_large"),
    "an address of 9,000 letters": (head(path=f"/{'a' * 9_000}", method="GET"), 414, "bad_request"),
    "200 headers": (head(*(f"X-{n}: a" for n in range(200))), 431, "bad_request"),
    "a header of 9,000 letters": (head(f"X-A: {'a' * 9_000}"), 431, "bad_request"),
    "HTTP/9.9": ("GET / HTTP/9.9\r\nHost: x\r\n\r\n", *BAD),
    "HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", *BAD),
    "TLS": ("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n", *BAD),
    "no address": ("GET HTTP/1.1\r\n\r\n", *BAD),
    "a tunnel": (head(path="evil.example:443", method="CONNECT"), 405, "method_not_allowed"),
    "another host's address": (
        head(path="http://evil.example/api/v1/nowhere", method="GET"),
        404,
        "not_found",
    ),
}


def answered(service, sent):
    """What the server says until it closes: status and body, its headers as they came."""
    with service.connect(sent) as connection, connection.makefile("rb") as answer:
        lines, _, body = answer.read().partition(b"\r\n\r\n")
    return int(lines.split()[1]), lines.decode(), body


@pytest.mark.parametrize("name", RAW)
def test_what_is_no_request_is_refused(service, keys, name):
    text, status, code = RAW[name]
    found, headers, body = answered(service, text.replace("KEY", keys[0]).encode("utf-8"))
    assert found == status, (headers, body)
    assert "frame-ancestors 'none'" in headers
    assert "X-Evil" not in headers
    assert json.loads(body).get("code") == code
    assert b"<html" not in body


def test_slow_clients_are_sent_away_and_others_served_meanwhile(service, ask, keys):
    slow = {
        "no more headers": "POST /api/v1/forms HTTP/1.1\r\nHo",
        "no more body": head("Content-Length: 100") + '{"case',
        "no more of a chunk": head(CHUNKED) + '40\r\n{"case',
    }
    opened = [service.connect(text.replace("KEY", keys[0]).encode()) for text in (*slow.values(),) * 2]
    assert ask("POST", VALIDATE, b"{}", {"Content-Type": JSON}).status == 200
    assert ask("GET", RECORDS).status == 200
    found = []
    for connection in opened:
        with connection, connection.makefile("rb") as answer:
            found.append(answer.read())  # until the server closes
    assert [answer.split(b" ")[1] if answer else b"" for answer in found] == [b"408"] * 6


def test_no_header_moves_an_address_or_opens_another_origin(ask):
    evil = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "127.0.0.1",
        "X-Original-URL": "/metrics",
        "Forwarded": "host=evil.example",
        "Origin": "https://evil.example",
    }
    answer = ask(
        "POST", f"{BATCHES}?formats=docx", lines({**ITEM, "id": "host"}), {**evil, "Content-Type": NDJSON}
    )
    assert answer.status == 202
    assert answer.headers["Location"] == f"{BATCHES}/{answer.json['id']}"
    assert "evil" not in answer.body.decode() + str(answer.headers)
    asked = {**evil, "Access-Control-Request-Method": "POST"}
    for address in (VALIDATE, BATCHES, RECORDS, "/metrics", "/docs"):
        preflight = ask("OPTIONS", address, b"", asked)
        assert preflight.status == 204
        assert "Access-Control-Allow-Origin" not in preflight.headers
    allowed = ask("OPTIONS", VALIDATE, b"", {**asked, "Origin": PORTAL})
    assert allowed.headers["Access-Control-Allow-Origin"] == PORTAL


def test_names_end_no_header(ask):
    payload = {**DATA, "association_name": "云泽县\r\nX-Evil: 1"}
    answer = ask("POST", DOCUMENTS, json.dumps(payload).encode(), {"Content-Type": JSON})
    assert (answer.status, [fault["pointer"] for fault in answer.json["errors"]]) == (
        422,
        ["/association_name"],
    )
    payload["association_name"] = '云泽县"; filename="evil.exe'
    headers = {"Content-Type": JSON, "X-Request-ID": '"a b"; <script>'}
    answer = ask("POST", DOCUMENTS, json.dumps(payload).encode(), headers)
    assert answer.status == 200
    assert "evil.exe" not in str(answer.headers).replace("%22", "").split("filename*")[0]
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


SCRIPT = "<script>alert(1)</script>"
FIELDS = "application/x-www-form-urlencoded"


def embedded(settings, **changed):
    said = {"form": "annex3", "year": 2021, "tenant": "云泽县", "origin": PORTAL, "data": {}, "maker": ""}
    claims = embed_token.EmbedToken(**{**said, "expires": int(time.time()) + 60, **changed})
    return f"/embed/annex3/2021?token={embed_token.sign(claims, settings)}"


@pytest.mark.parametrize(
    ("page", "status", "ancestors"),
    [
        ("/", 200, "'none'"),
        (f"/?lang={quote(SCRIPT)}", 200, "'none'"),
        ("/docs", 200, "'none'"),
        ("/forms/annex3/2021", 200, "'none'"),
        ("/forms/%2e%2e/2021", 404, "'none'"),
        ("/forms/%3Cscript%3Ealert(1)/2021", 404, "'none'"),
        (f"/nowhere/{quote(SCRIPT)}", 404, "'none'"),
        ("/embed/annex3/2021", 200, PORTAL),
        (f"/embed/annex3/2021?origin={quote(EVIL)}", 200, PORTAL),
        ("/embed/annex3/2021?token=..", 401, PORTAL),
        (lambda settings: embedded(settings, data={"case_name": SCRIPT}), 200, PORTAL),
        (lambda settings: embedded(settings, origin=EVIL), 200, "'none'"),
        (lambda settings: embedded(settings, expires=int(time.time()) - 1), 401, PORTAL),
        (lambda settings: embedded(settings, year=2020), 403, PORTAL),
        (lambda settings: embedded(settings).replace("annex3", "annex2"), 403, PORTAL),
    ],
    ids=range(15),
)
def test_a_page_is_framed_by_portals_alone_and_runs_nothing_of_others(ask, settings, page, status, ancestors):
    answer = ask("GET", page if isinstance(page, str) else page(settings))
    policy = answer.headers["Content-Security-Policy"]
    assert (answer.status, policy.rpartition("frame-ancestors ")[2]) == (status, ancestors)
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy or "default-src 'none';" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"<script>alert" not in answer.body
    assert EVIL.encode() not in answer.body or ancestors == "'none'"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (f"add=x&/case_name={quote(SCRIPT)}", 200),
        (f"/case_name={quote(SCRIPT)}&/background={'%E5%AD%97' * 2_001}", 422),
        ("format=exe", 400),
        ("key=kexie_none", 401),
        ("&".join(f"a{number}=1" for number in range(200_000)), 413),
    ],
    ids=range(5),
)
def test_a_form_that_is_posted_comes_back_escaped_or_is_refused(ask, body, status):
    answer = ask("POST", "/forms/annex3/2021", body.encode(), {"Content-Type": FIELDS})
    assert answer.status == status
    assert b"<script>alert" not in answer.body
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_replayed_key_answers_neither_another_request_nor_another_tenant(ask, keys):
    sent = {"Content-Type": JSON, "Idempotency-Key": "replayed"}
    first = ask("POST", VALIDATE, b'{"case_name": "a"}', sent)
    again = ask("POST", VALIDATE, b'{"case_name": "a"}', sent)
    assert (first.status, again.headers["Idempotent-Replayed"], again.body) == (200, "true", first.body)
    for path, body in (
        (VALIDATE, b'{"case_name": "b"}'),
        (VALIDATE.replace("2021", "2020"), b'{"case_name": "a"}'),
        (DOCUMENTS, b'{"case_name": "a"}'),
    ):
        answer = ask("POST", path, body, sent)
        assert (answer.status, answer.json["code"]) == (422, "idempotency_key_reused")
    nobody = ask("POST", VALIDATE, b'{"case_name": "a"}', {**sent, "Authorization": "Bearer x"})
    assert nobody.status == 401
    other = ask("POST", VALIDATE, b'{"case_name": "b"}', {**sent, "Authorization": f"Bearer {keys[1]}"})
    assert (other.status, other.headers["Idempotent-Replayed"]) == (200, None)


def test_nothing_that_a_document_names_is_fetched(ask):
    web = Receiver()
    try:
        for kind in ("attachedTemplate", "image", "oleObject", "frame", "subDocument", "hyperlink"):
            document = files.linked(kind, f"http://{web.host}/{kind}")
            answer = ask("POST", EXTRACT, files.form(document), {"Content-Type": FORM})
            assert (answer.status, answer.json["data"]) == (200, DATA)
        assert web.got == []
    finally:
        web.server.shutdown()
        web.server.server_close()


def test_hostile_ids_are_files_of_the_zip_and_nowhere_else(ask):
    ids = [UP, f"/tmp/{MARK}", f"..\\{MARK}", f"C:\\{MARK}", "CON", "=cmd|' /C calc'!A0", "<script>"]
    body = lines(*({**ITEM, "id": id} for id in ids), {**ITEM, "id": f"{UP}\0"})
    answer = ask("POST", f"{BATCHES}?formats=docx", body, {"Content-Type": NDJSON})
    address = answer.headers["Location"]
    assert awaited(lambda: ask("GET", address).json["finished"])
    assert ask("GET", address).json["counts"] == {
        "queued": 0,
        "running": 0,
        "done": 7,
        "failed": 1,
        "cancelled": 0,
    }
    with zipfile.ZipFile(io.BytesIO(ask("GET", f"{address}/documents.zip").body)) as packed:
        names = packed.namelist()
        table = packed.read("manifest.csv").decode("utf-8-sig")
    assert len([name for name in names if name.endswith(".docx")]) == len(ids)
    assert not [name for name in names if name.startswith("/") or ".." in name.split("/") or "\\" in name]
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_the_table_is_long_enough():
    assert len({row.name for row in ROWS} | RAW.keys()) == len(ROWS) + len(RAW) >= 60


def peak(number):
    """The most memory that a process has ever had, in MiB."""
    (line,) = [
        line for line in Path(f"/proc/{number}/status").read_text().splitlines() if line.startswith("VmHWM")
    ]
    return int(line.split()[1]) // 1024


def test_afterwards_nothing_is_left_elsewhere_and_memory_was_bounded(service, settings, place, ask):
    """Last of all: the server ends."""
    assert ask("GET", "/healthz").json == {"status": "alive"}
    most = {number: peak(number) for number in below(service.process.pid)}
    assert max(most.values()) < MEMORY, most
    assert "Traceback" not in service.log.read_text()
    assert [line for line in service.lines() if line["status"] >= 500] == []
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(300) == 0
    assert awaited(lambda: running(str(place)) == []), running(str(place))
    assert awaited(lambda: list(settings.temp_dir.iterdir()) == []), list(settings.temp_dir.iterdir())
    for name in ("home", "tmp", "cwd"):
        assert list((place / name).rglob("*")) == []
    assert list(Path("/tmp").glob(f"{MARK}*")) == []
    assert [path for path in place.rglob(f"*{MARK}*") if path != place / "archive"] == []
