"""The table of what attackers send, each row with its exact answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from service import catalog
from tests.helpers.application import lines
from tests.helpers.hostile import files
from tests.helpers.hostile.files import FORM
from tests.helpers.tokens import FORGED

API = "/api/v1"
EDITION = f"{API}/forms/annex3/2021"
VALIDATE, DOCUMENTS, EXTRACT = f"{EDITION}/validate", f"{EDITION}/documents?format=docx", f"{API}/extract"
BATCHES, RECORDS, TOKENS = f"{API}/batches", f"{API}/records", f"{API}/embed-tokens"
JSON, NDJSON = "application/json", "application/x-ndjson"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATA = catalog.edition("annex3", 2021).sample("minimal")
ITEM = {"form": "annex3", "year": 2021, "id": "1", "data": DATA}
MARK = "kexie-escaped"  # in every name that is to be written elsewhere
UP = f"../../../../../../../../tmp/{MARK}"


@dataclass(frozen=True)
class Row:
    """A request and its response: `detail` is a part of the English detail, or the pointer of an error."""

    name: str
    method: str
    path: str
    status: int
    code: str | None = None
    detail: str = ""
    body: bytes | Callable[[], bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self):
        return self.name


def get(name, path, status, code=None, detail="", **headers):
    return Row(
        name, "GET", path, status, code, detail, headers={n.replace("_", "-"): v for n, v in headers.items()}
    )


def post(name, path, body, status, code=None, detail="", kind=JSON, **headers):
    sent = {"Content-Type": kind, **{n.replace("_", "-"): v for n, v in headers.items()}}
    return Row(name, "POST", path, status, code, detail, body, sent)


def read(name, make, status, code=None, detail=""):
    return post(name, EXTRACT, lambda: files.form(make()), status, code, detail, FORM)


def sheet(name, make, status=422, code="unreadable_input", detail=""):
    return post(name, f"{BATCHES}?form=annex3&year=2021&formats=docx", make, status, code, detail, XLSX)


def hook(name, url):
    detail = "is not allowed"
    return post(name, f"{BATCHES}?webhook={quote(url, safe='')}", lines(ITEM), 400, "usage", detail, NDJSON)


def bearer(name, token, status=401, code="unauthorized"):
    return Row(
        name, "POST", VALIDATE, status, code, "", b"{}", {"Content-Type": JSON, "Authorization": token}
    )


def docx(name, content):
    return lambda: files.with_part(files.filled(), name, content)


def xlsx(name, content):
    return lambda: files.with_part(files.sheet(), name, content)


BODY, SHEET1 = "word/document.xml", "xl/worksheets/sheet1.xml"
DEEP = b"[" * 100_000 + b"]" * 100_000

PATHS = [
    get("dots in a record's key", f"{RECORDS}/../../etc/passwd", 404, "not_found"),
    get("encoded dots", f"{RECORDS}/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404, "not_found"),
    get("dots encoded twice", f"{RECORDS}/%252e%252e%252fetc", 404, "unknown_record"),
    get("backslashes", f"{RECORDS}/..%5c..%5cwin.ini", 404, "unknown_record"),
    get("NUL in a key", f"{RECORDS}/a%00b", 404, "unknown_record"),
    get("a key of 7,000 letters", f"{RECORDS}/{'a' * 7_000}", 404, "unknown_record"),
    get("a wrong byte in a key", f"{RECORDS}/%ff%fe", 404, "unknown_record"),
    get("SQL in a key", f"{RECORDS}/1'%20OR%201=1--", 404, "unknown_record"),
    get("dots as a batch", f"{BATCHES}/%2e%2e/documents.zip", 404, "unknown_batch"),
    get("NUL in a batch's id", f"{BATCHES}/%00/events", 404, "unknown_batch"),
    get("wide digits in a batch's id", f"{BATCHES}/{quote('１' * 32)}", 404, "unknown_batch"),
    get("dots as a form", f"{API}/forms/%2e%2e/2021", 404, "unknown_form"),
    get("slashes in a form", f"{API}/forms/..%2f..%2fetc/2021", 404, "not_found"),
    get("NUL in a year", f"{API}/forms/annex3/2021%00", 404, "unknown_year"),
    get("wide digits in a year", f"{API}/forms/annex3/{quote('２０２１')}", 404, "unknown_year"),
    get("dots below the static files", "/static/../__init__.py", 404, "not_found"),
    get("encoded dots below the static files", "/static/%2e%2e%2f__init__.py", 404, "not_found"),
    get("an absolute static file", "/static//etc/passwd", 404, "not_found"),
    get("dots in a query", f"{RECORDS}?id={quote(UP)}", 200),
    get("NUL in a query", f"{RECORDS}?id=%00", 400, "usage", "control characters"),
    get("dots as the place in a list", f"{RECORDS}?after={quote(UP)}", 404, "unknown_record"),
    get("a limit beyond all", f"{BATCHES}?limit={'9' * 5000}", 400, "usage", "limit"),
]
NAMES = [
    post("dots in an upload's name", EXTRACT, lambda: files.form(files.filled(), UP), 200, kind=FORM),
    post("NUL in an upload's name", EXTRACT, lambda: files.form(files.filled(), "a\0b"), 200, kind=FORM),
    post("dots in a batch's name", BATCHES, files.form(lines(ITEM), f"{UP}.ndjson"), 202, kind=FORM),
    post(
        "a script as a batch's name", BATCHES, files.form(b"#!/bin/sh", "a.sh"), 400, "usage", "sheet", FORM
    ),
    post("line ends in an id", f"{DOCUMENTS}&archive=true&id=a%0D%0AX-Evil:%201", b"{}", 422, detail="/id"),
]
DOCUMENTS_IN = [
    read(
        "a zip bomb",
        lambda: files.bomb(files.filled(), "word/media/a.png", 101 << 20),
        422,
        "unreadable_document",
        "100 MiB",
    ),
    read(
        "a part of 17 MiB of XML",
        lambda: files.bomb(files.filled(), "word/a.xml", 17 << 20, b"<a/>"),
        422,
        "unreadable_document",
        "16 MiB",
    ),
    read("a billion laughs", docx(BODY, files.LAUGHS), 422, "unreadable_document", "DTD"),
    read("quadratic entities", docx(BODY, files.QUADRATIC), 422, "unreadable_document", "DTD"),
    read(
        "an entity of a file",
        docx("word/styles.xml", f"{files.OUTSIDE}<a>&b;</a>"),
        422,
        "unreadable_document",
        "DTD",
    ),
    read(
        "a DTD from elsewhere",
        docx("word/settings.xml", f"{files.PARAMETER}<a/>"),
        422,
        "unreadable_document",
        "DTD",
    ),
    read(
        "a DTD in UTF-16",
        docx("word/settings.xml", f"{files.DTD}<a/>".encode("utf-16")),
        422,
        "unreadable_document",
        "DTD",
    ),
    read(
        "2,001 parts",
        lambda: files.changed(files.filled(), [(f"a/{n}", b"") for n in range(2_001)]),
        422,
        "unreadable_document",
        "2000 parts",
    ),
    read(
        "a part twice", lambda: files.changed(files.filled(), [(BODY, b"<a/>")]), 422, "unreadable_document"
    ),
    read("absolute names", lambda: files.changed(files.filled(), [(f"/tmp/{MARK}", b"a"), (UP, b"a")]), 200),
    read("a stream of levels", docx(BODY, b"<a>" * 100_000), 422, "unreadable_document"),
    read("macros", files.with_macros, 200),
    read(
        "an OLE object",
        lambda: files.changed(files.filled(), [("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0")]),
        200,
    ),
    read("a web page inside", files.with_chunk, 200),
    read(
        "a file of OLE alone",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        422,
        "unreadable_document",
    ),
]
SHEETS = [
    sheet(
        "a sheet as a zip bomb", lambda: files.bomb(files.sheet(), "xl/media/a", 257 << 20), detail="256 MB"
    ),
    sheet("a billion laughs in a sheet", xlsx(SHEET1, files.LAUGHS)),
    sheet("quadratic entities in a sheet", xlsx(SHEET1, files.QUADRATIC)),
    sheet("an entity of a file in a sheet", xlsx("xl/workbook.xml", f"{files.OUTSIDE}<a>&b;</a>")),
    sheet(
        "a sheet of 20,000 parts",
        lambda: files.changed(files.sheet(), [(f"a/{n}", b"") for n in range(20_000)]),
    ),
    sheet("a sheet's part twice", lambda: files.changed(files.sheet(), [(SHEET1, b"<a/>")])),
    sheet(
        "absolute names in a sheet",
        lambda: files.changed(files.sheet(), [(f"/tmp/{MARK}", b"a"), (UP, b"a")]),
        202,
        None,
    ),
    sheet("a document as a sheet", files.filled),
]
TEXTS = [
    post("100,000 levels", VALIDATE, DEEP, 400, "not_json", "deeply"),
    post("100,000 levels of a batch", BATCHES, DEEP, 422, "unreadable_input"),
    post("100,000 levels in a line", BATCHES, b'{"id": "1", "data": ' + DEEP + b"}\n", 202, kind=NDJSON),
    post("100,000 levels for a token", TOKENS, b'{"data":' * 100_000, 400, "not_json", "deeply"),
    post(
        "a number of 100,000 digits",
        VALIDATE,
        b'{"case_name": ' + b"9" * 100_000 + b"}",
        422,
        "invalid_payload",
        "/case_name",
    ),
    post(
        "an exponent beyond all",
        VALIDATE,
        b'{"case_name": 1e999999999999999999999}',
        422,
        "invalid_payload",
        "/case_name",
    ),
    post(
        "a token's year beyond all",
        TOKENS,
        b'{"form":"annex3","origin":"https://a.cn","year":' + b"9" * 5000 + b"}",
        422,
        "invalid_payload",
        "/year",
    ),
    post(
        "a year beyond all",
        TOKENS,
        b'{"form":"annex3","origin":"https://a.cn","year":99999999999999999999}',
        404,
        "unknown_year",
    ),
    post(
        "a key twice", VALIDATE, b'{"case_name": "a", "case_name": "b"}', 422, "invalid_payload", "/case_name"
    ),
    post("NaN", VALIDATE, b'{"case_name": NaN}', 400, "not_json"),
    post("bytes that are no UTF-8", VALIDATE, b'{"case_name": "\xff"}', 400, "not_json", "byte 16"),
    post("UTF-16", VALIDATE, '{"case_name": "a"}'.encode("utf-16"), 400, "not_json", "byte 1"),
    post("a BOM", VALIDATE, b'\xef\xbb\xbf{"case_name": "a"}', 200),
    post(
        "half a surrogate pair", VALIDATE, rb'{"case_name": "\ud800"}', 422, "invalid_payload", "/case_name"
    ),
    post("NUL in a text", VALIDATE, rb'{"case_name": "a\u0000"}', 422, "invalid_payload", "/case_name"),
    post("tags of a template", VALIDATE, rb'{"case_name": "{{ 7*7 }}{% for x in y %}"}', 200),
    post("__proto__", VALIDATE, b'{"__proto__": {"a": 1}}', 422, "invalid_payload", "/__proto__"),
    post("a body in gzip", VALIDATE, b"\x1f\x8b", 415, "unsupported_media_type", Content_Encoding="gzip"),
    post("JSON said to be HTML", VALIDATE, b"{}", 415, "unsupported_media_type", kind="text/html"),
    post("another charset", VALIDATE, b"{}", 415, "unsupported_media_type", kind=f"{JSON}; charset=utf-7"),
    post("a form said to be JSON", EXTRACT, b"{}", 415, "unsupported_media_type"),
]
FORMS = [
    post("a form without end", EXTRACT, files.form(b"PK")[:-20], 400, "usage", "multipart", FORM),
    post("a form without boundary", EXTRACT, b"--a--", 400, "usage", "multipart", "multipart/form-data"),
    post("10,000 parts", EXTRACT, lambda: files.parts(10_000), 413, "too_large", kind=FORM),
    post(
        "a part's head of 1 MB",
        EXTRACT,
        lambda: files.form(b"", more="x" * 1_000_000),
        413,
        "too_large",
        kind=FORM,
    ),
    post("10,000 parts of a batch", BATCHES, lambda: files.parts(10_000), 413, "too_large", kind=FORM),
    post(
        "a boundary of 10,000 letters", EXTRACT, b"", 400, kind=f"multipart/form-data; boundary={'b' * 7_000}"
    ),
]
HEADERS = [
    get("a rubbish Accept", f"{EDITION}/blank", 406, "not_acceptable", Accept=";;;q=x,/,image/*;q=0"),
    get("a rubbish Range", f"{EDITION}/blank?format=docx", 200, Range="bytes=-9999999999999999999,0-0,x"),
    get("a rubbish language", f"{API}/forms/annex9/2021", 404, "unknown_form", Accept_Language="*;q=x,,"),
    get("a rubbish ETag", f"{EDITION}/blank?format=docx", 200, If_None_Match='W/"', If_Modified_Since="x"),
    get(
        "a rubbish Last-Event-ID", f"{BATCHES}/none/events", 404, "unknown_batch", Last_Event_ID="\xff" * 200
    ),
    post(
        "a space in an Idempotency-Key",
        VALIDATE,
        b"{}",
        400,
        "usage",
        "Idempotency-Key",
        Idempotency_Key="a b",
    ),
    post(
        "an Idempotency-Key of 256",
        VALIDATE,
        b"{}",
        400,
        "usage",
        "Idempotency-Key",
        Idempotency_Key="a" * 256,
    ),
    post("an empty Idempotency-Key", VALIDATE, b"{}", 400, "usage", "Idempotency-Key", Idempotency_Key=""),
    post("a method in a header", f"{RECORDS}", b"", 405, "method_not_allowed", X_HTTP_Method_Override="GET"),
    get("a method in a query", f"{RECORDS}?_method=DELETE", 400, "usage", "_method"),
    Row("a method that is none", "HACK", RECORDS, 405, "method_not_allowed"),
    Row("TRACE", "TRACE", RECORDS, 405, "method_not_allowed"),
]
LONG = "header nested"  # more than a header may have
TOKENS_SENT = [
    bearer(f"a token: {name}", make, *((431, "bad_request") if name == LONG else ()))
    for name, make in FORGED.items()
] + [
    bearer("a key of nobody", f"Bearer kexie_{'0' * 12}_{'0' * 64}"),
    bearer("a key in wide digits", f"Bearer kexie_{'0' * 12}_{'0' * 63}\xb2"),
    bearer("no credential in Basic", "Basic YWRtaW46YWRtaW4="),
    bearer(
        "an embed token signed by nobody",
        "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6ImtleGllLWVtYmVkK2p3dCJ9.e30.AAAA",
    ),
    bearer("a token of 7,000 letters", f"Bearer {'a' * 7_000}"),
    bearer("dots alone", "Bearer .."),
]
WEBHOOKS = [
    hook(f"a webhook to {url}", url)
    for url in (
        "http://127.0.0.1/",
        "https://localhost/",
        "http://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://user@hooks.example.cn/",
        "https://hooks.example.cn@127.0.0.1/",
        "https://hooks.example.cn:22/",
        "http://hooks.example.cn/",
        "ftp://hooks.example.cn/",
        "file:///etc/passwd",
        "https://hooks.example.cn.evil.cn/",
        "https://hооks.example.cn/",
        "https://hooks。example。cn@evil.cn/",
        "https://hooks.example.cn#@evil.cn/",
        "https://hooks.example.cn\\@127.0.0.1/",
        "https://hooks.example.cn/\r\nHost: evil.cn",
        "javascript:alert(1)",
        "",
    )
]
ROWS = [
    *PATHS,
    *NAMES,
    *DOCUMENTS_IN,
    *SHEETS,
    *TEXTS,
    *FORMS,
    *HEADERS,
    *TOKENS_SENT,
    *WEBHOOKS,
]
