"""What the service answers to bad input, and to input that only looks bad, over HTTP."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import catalog
from service.errors import InvalidPayload
from service.submission import validate
from service.web import create_app

JSON = "application/json"
WIDE = "字"


@dataclass(frozen=True)
class Row:
    """One request and its exact answer: status, and (code, pointer) of the problem or of each field error.

    `body` is sent as it is where it is bytes, else as JSON.
    """

    id: str
    body: Any
    status: int
    expected: tuple[tuple[str, str], ...] = ()
    form: str = "annex2"
    kind: str = JSON


def ok(id: str, body: Any, form: str = "annex2") -> Row:
    return Row(id, body, 200, (), form)


def bad(id: str, body: Any, *expected: tuple[str, str], form: str = "annex2") -> Row:
    return Row(id, body, 422, expected, form)


def refused(id: str, body: bytes, status: int, code: str, kind: str = JSON) -> Row:
    return Row(id, body, status, ((code, ""),), "annex2", kind)


def cover(**values: Any) -> dict[str, Any]:
    return {"cover": values}


def info(**values: Any) -> dict[str, Any]:
    return {"basic_info": values}


def budget(*amounts: Any, **values: Any) -> dict[str, Any]:
    return {"budget": {"items": [{"amount": amount} for amount in amounts], **values}}


def scores(**values: Any) -> dict[str, Any]:
    return {"scores": {key.replace("_", ".").strip("i"): value for key, value in values.items()}}


def char(character: str) -> dict[str, Any]:
    return cover(applicant=f"云泽{character}县")


APPLICANT = "/cover/applicant"
QUOTA = "/basic_info/staff_quota"
AMOUNT = "/budget/items/0/amount"
TOTAL = "/budget/total"
ELECTION = "/basic_info/last_election_date"

TYPES = [
    bad("line-number", cover(applicant=12), ("not_text", APPLICANT)),
    bad("line-boolean", cover(applicant=True), ("not_text", APPLICANT)),
    bad("line-list", cover(applicant=["云泽县"]), ("not_text", APPLICANT)),
    bad("line-object", cover(applicant={}), ("not_text", APPLICANT)),
    bad("text-number", {"overall_approach": 1.5}, ("not_text", "/overall_approach")),
    bad("text-list", {"goals_and_measures": ["一", "二"]}, ("not_text", "/goals_and_measures")),
    bad("phone-number", cover(contact_phone=13800002719), ("not_text", "/cover/contact_phone")),
    bad("email-object", cover(email={"a": 1}), ("not_text", "/cover/email")),
    bad("date-number", info(last_election_date=20210309), ("not_a_date", ELECTION)),
    bad("count-string", info(staff_quota="12"), ("not_an_integer", QUOTA)),
    bad("count-boolean", info(staff_quota=True), ("not_an_integer", QUOTA)),
    bad("count-list", info(staff_quota=[1]), ("not_an_integer", QUOTA)),
    bad("yes-no-string", info(is_independent="是"), ("not_a_boolean", "/basic_info/is_independent")),
    bad("yes-no-number", info(is_independent=1), ("not_a_boolean", "/basic_info/is_independent")),
    bad("money-boolean", budget(False), ("not_a_number", AMOUNT)),
    bad("money-object", budget({"万元": 1}), ("not_a_number", AMOUNT)),
    bad("points-string", scores(i1_1="4"), ("not_a_number", "/scores/1.1"), form="annex1"),
    bad("group-string", {"cover": "云泽县"}, ("not_an_object", "/cover")),
    bad("group-list", {"basic_info": []}, ("not_an_object", "/basic_info")),
    bad("rows-object", {"budget": {"items": {}}}, ("not_a_list", "/budget/items")),
    bad("row-number", {"budget": {"items": [1]}}, ("not_an_object", "/budget/items/0")),
    bad("row-null", {"budget": {"items": [None, 2]}}, ("not_an_object", "/budget/items/1")),
    bad("top-list", [], ("not_an_object", "")),
    bad("top-string", "云泽县", ("not_an_object", "")),
    bad("top-number", 12, ("not_an_object", "")),
    bad("top-null", b"null", ("not_an_object", "")),
    bad("top-true", True, ("not_an_object", "")),
]

UNKNOWN = [
    bad("key-top", {"coverr": {}}, ("unknown_field", "/coverr")),
    bad("key-nested", cover(aplicant="x"), ("unknown_field", "/cover/aplicant")),
    bad(
        "key-deep",
        info(four_heads={"hospital_directors": {"city": 1}}),
        ("unknown_field", "/basic_info/four_heads/hospital_directors/city"),
    ),
    bad("key-in-row", {"budget": {"items": [{}, {"单价": 1}]}}, ("unknown_field", "/budget/items/1/单价")),
    bad("key-slash", {"a/b": 1}, ("unknown_field", "/a~1b")),
    bad("key-tilde", cover(**{"~": 1}), ("unknown_field", "/cover/~0")),
    bad("key-both", {"~1/": 1}, ("unknown_field", "/~01~1")),
    bad("key-empty", {"": 1}, ("unknown_field", "/")),
    bad("key-schema", {"_schema": 1}, ("unknown_field", "/_schema")),
    bad("key-lone-surrogate", b'{"\\ud800": 1}', ("unknown_field", "/\ud800")),
    bad("key-of-other-form", {"case_name": "案例"}, ("unknown_field", "/case_name")),
    bad("indicator-1.5", scores(i1_5=1), ("unknown_field", "/scores/1.5"), form="annex1"),
]

DUPLICATES = [
    bad("twice-top", b'{"cover": {}, "cover": {}}', ("duplicate_key", "/cover")),
    bad("twice-same-value", b'{"cover": null, "cover": null}', ("duplicate_key", "/cover")),
    bad("twice-nested", b'{"cover":{"email":"a@b.cn","email":"c@d.cn"}}', ("duplicate_key", "/cover/email")),
    bad(
        "twice-in-row",
        b'{"budget":{"items":[{"amount":1,"amount":2}]}}',
        ("duplicate_key", AMOUNT),
    ),
    bad("twice-escaped", b'{"cover":{"email":null,"\\u0065mail":null}}', ("duplicate_key", "/cover/email")),
]

LENGTHS = [
    ok("2000-words", {"overall_approach": WIDE * 1200, "goals_and_measures": WIDE * 800}),
    bad(
        "2001-words",
        {"overall_approach": WIDE * 1200, "goals_and_measures": WIDE * 801},
        ("too_many_words", "/overall_approach"),
    ),
    ok("case-2000-words", {"background": WIDE * 1000, "results": WIDE * 1000}, form="annex3"),
    bad("case-2001-words", {"results": WIDE * 2001}, ("too_many_words", "/background"), form="annex3"),
    ok("spaces-are-no-words", {"overall_approach": (WIDE + " \n") * 2000}),
    ok("line-200", cover(applicant=WIDE * 200)),
    bad("line-201", cover(applicant=WIDE * 201), ("too_long", APPLICANT)),
    bad("text-20001", {"overall_approach": "a" * 20_001}, ("too_long", "/overall_approach")),
    ok("rows-100", {"budget": {"items": [{}] * 100}}),
    bad("rows-101", {"budget": {"items": [{}] * 101}}, ("too_many_items", "/budget/items")),
]

CHARACTERS = [
    bad("U+0000", char("\x00"), ("forbidden_character", APPLICANT)),
    bad("U+000B", char("\x0b"), ("line_break", APPLICANT)),
    bad("U+001F", char("\x1f"), ("forbidden_character", APPLICANT)),
    bad("U+FFFE", char("\ufffe"), ("forbidden_character", APPLICANT)),
    bad("U+FFFF", char("\uffff"), ("forbidden_character", APPLICANT)),
    bad("U+D800", char("\ud800"), ("forbidden_character", APPLICANT)),
    bad("U+DFFF-in-text", {"overall_approach": "\udfff"}, ("forbidden_character", "/overall_approach")),
    bad("U+0000-in-date", info(last_election_date="2021-03-09\x00"), ("not_a_date", ELECTION)),
    bad("line-feed", char("\n"), ("line_break", APPLICANT)),
    bad("carriage-return", char("\r"), ("line_break", APPLICANT)),
    ok("tab-and-markup", char("\t<&>{{ x }}{% y %}\"'")),
    ok("emoji-and-extension-b", char("😀𠀀")),
]

NUMBERS = [
    bad("count-negative", info(staff_quota=-1), ("negative", QUOTA)),
    bad("count-12.5", info(staff_quota=12.5), ("not_an_integer", QUOTA)),
    ok("count-12.0", info(staff_quota=12.0)),
    ok("count-9999999", info(staff_quota=9_999_999)),
    bad("count-10000000", info(staff_quota=10_000_000), ("too_large", QUOTA)),
    bad("count-5000-digits", b'{"basic_info":{"staff_quota":1' + b"0" * 5000 + b"}}", ("too_large", QUOTA)),
    bad("count-1e400", b'{"basic_info":{"staff_quota":1e400}}', ("too_large", QUOTA)),
    bad("count-1e999999999", b'{"basic_info":{"staff_quota":1e999999999}}', ("too_large", QUOTA)),
    bad(
        "count-huge-exponent",
        b'{"basic_info":{"staff_quota":1e' + b"9" * 30 + b"}}",
        ("not_an_integer", QUOTA),
    ),
    bad("money-5000-digits", b'{"budget":{"total":1' + b"0" * 5000 + b"}}", ("too_large", TOTAL)),
    bad("money-1e400", b'{"budget":{"total":1e400}}', ("too_large", TOTAL)),
    bad("money-1e-400", b'{"budget":{"total":1e-400}}', ("too_many_decimals", TOTAL)),
    bad("money-three-decimals", budget(0.125), ("too_many_decimals", AMOUNT)),
    bad("money-text-three-decimals", budget("12.345"), ("too_many_decimals", AMOUNT)),
    bad("money-thousands", budget("1,000"), ("not_a_number", AMOUNT)),
    bad("money-with-unit", budget("12万元"), ("not_a_number", AMOUNT)),
    bad("money-superscript", budget("１²"), ("not_a_number", AMOUNT)),
    bad("money-text-nan", budget("NaN"), ("not_a_number", AMOUNT)),
    bad("money-negative", budget(-0.01), ("negative", AMOUNT)),
    bad("money-too-large", budget(10_000_000), ("too_large", AMOUNT)),
    bad(
        "money-huge-negative-exponent",
        b'{"budget":{"total":1e-' + b"9" * 30 + b"}}",
        ("not_a_number", TOTAL),
    ),
    bad(
        "points-huge-exponent",
        b'{"bonus":1e' + b"9" * 30 + b"}",
        ("not_a_number", "/bonus"),
        form="annex1",
    ),
    bad("money-1e-999999999", b'{"budget":{"total":1e-999999999}}', ("too_many_decimals", TOTAL)),
    bad("money-300-decimals", b'{"budget":{"total":0.5' + b"0" * 300 + b"1}}", ("too_many_decimals", TOTAL)),
    bad("points-1e-999999", b'{"bonus":1e-999999}', ("bad_step", "/bonus"), form="annex1"),
    bad("points-300-decimals", b'{"bonus":0.5' + b"0" * 300 + b"1}", ("bad_step", "/bonus"), form="annex1"),
    ok("money-text", budget("12.50", 1, total=13.5)),
    ok("total-is-the-sum", budget(0.1, 0.2, total=0.3)),
    bad("total-is-not-the-sum", budget(0.1, 0.2, total=0.31), ("total_mismatch", TOTAL)),
    bad("total-without-rows", {"budget": {"items": [], "total": 5}}, ("total_mismatch", TOTAL)),
    bad("points-above-maximum", scores(i1_1=4.5), ("above_maximum", "/scores/1.1"), form="annex1"),
    bad("points-0.25", scores(i1_1=0.25), ("bad_step", "/scores/1.1"), form="annex1"),
    bad("points-negative", scores(i5_5=-0.5), ("negative", "/scores/5.5"), form="annex1"),
    bad("bonus-11", {"bonus": 11}, ("above_maximum", "/bonus"), form="annex1"),
    ok("points-at-maximum", {"scores": {"1.1": 4, "5.3": 8}, "bonus": 10}, form="annex1"),
]

PATTERNS = [
    bad("date-30-february", info(last_election_date="2021-02-30"), ("not_a_date", ELECTION)),
    bad("date-slashes", info(last_election_date="2021/03/09"), ("not_a_date", ELECTION)),
    bad("date-empty", info(last_election_date=""), ("not_a_date", ELECTION)),
    bad("date-week", info(last_election_date="2021-W10-2"), ("not_a_date", ELECTION)),
    bad("date-year-0", info(last_election_date="0000-01-01"), ("not_a_date", ELECTION)),
    bad("date-with-time", info(last_election_date="2021-03-09T00:00:00"), ("not_a_date", ELECTION)),
    ok("date-29-february", info(last_election_date="2020-02-29")),
    bad("phone-words", cover(contact_phone="请打办公室"), ("not_a_phone", "/cover/contact_phone")),
    bad("phone-short", cover(contact_phone="12"), ("not_a_phone", "/cover/contact_phone")),
    bad("phone-one-of-two", info(mobile="13800002719、无"), ("not_a_phone", "/basic_info/mobile")),
    ok("phones-with-extension", cover(contact_phone="0520-55501236转8012、138 0000 2719/55501234")),
    bad("email-without-at", cover(email="kexie.example.org"), ("not_an_email", "/cover/email")),
    bad("email-without-dot", cover(email="kexie@localhost"), ("not_an_email", "/cover/email")),
    ok("emails", cover(email="a@example.org、科协@example.org")),
]

DEEP = 100_000
BODIES = [
    refused("empty-body", b"", 400, "not_json"),
    refused("blank-body", b" \r\n\t", 400, "not_json"),
    refused("not-json", "县级科协".encode(), 400, "not_json"),
    refused("cut-off", b'{"cover": {', 400, "not_json"),
    refused("trailing-comma", b'{"cover": {},}', 400, "not_json"),
    refused("two-values", b"{} {}", 400, "not_json"),
    refused("single-quotes", b"{'cover': {}}", 400, "not_json"),
    refused("raw-control-character", b'{"overall_approach": "a\nb"}', 400, "not_json"),
    refused("NaN", b'{"budget": {"total": NaN}}', 400, "not_json"),
    refused("Infinity", b'{"budget": {"total": Infinity}}', 400, "not_json"),
    refused("-Infinity", b'{"budget": {"total": -Infinity}}', 400, "not_json"),
    refused("deep-lists", b"[" * DEEP + b"]" * DEEP, 400, "not_json"),
    refused("deep-objects", b'{"a":' * DEEP + b"1" + b"}" * DEEP, 400, "not_json"),
    refused("invalid-utf-8", b'{"overall_approach": "\xff\xfe"}', 400, "not_json"),
    refused("gb18030", '{"overall_approach": "科协"}'.encode("gb18030"), 400, "not_json"),
    refused("utf-16", '{"overall_approach": "科协"}'.encode("utf-16"), 400, "not_json"),
    refused("raw-surrogate", b'{"overall_approach": "\xed\xa0\x80"}', 400, "not_json"),
    refused("2-mib", b'{"overall_approach": "' + b"a" * 2 * 1024 * 1024 + b'"}', 413, "too_large"),
    refused("form-data", b"cover=1", 415, "unsupported_media_type", "application/x-www-form-urlencoded"),
    refused("plain-text", b"{}", 415, "unsupported_media_type", "text/plain"),
    refused("no-content-type", b"{}", 415, "unsupported_media_type", ""),
    refused("charset-gbk", b"{}", 415, "unsupported_media_type", "application/json; charset=gbk"),
    ok("byte-order-mark", b"\xef\xbb\xbf{}"),
    Row("json-suffix", b"{}", 200, kind="application/vnd.kexie+json"),
    Row("charset-utf-8", b"{}", 200, kind="application/json; charset=UTF-8"),
    ok("nothing-filled-in", {}),
    ok("every-group-null", {"cover": None, "basic_info": None, "budget": None, "review": None}),
]

ALL_AT_ONCE = bad(
    "all-at-once",
    {
        **cover(applicant=1, email="x"),
        **info(staff_quota=-1, is_independent="是"),
        **budget("1,000"),
        "notes": "",
    },
    ("not_text", APPLICANT),
    ("not_an_email", "/cover/email"),
    ("not_a_boolean", "/basic_info/is_independent"),
    ("negative", QUOTA),
    ("not_a_number", AMOUNT),
    ("unknown_field", "/notes"),
)

TABLE = [
    *TYPES,
    *UNKNOWN,
    *DUPLICATES,
    *LENGTHS,
    *CHARACTERS,
    *NUMBERS,
    *PATTERNS,
    *BODIES,
    ALL_AT_ONCE,
]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().test_client()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.id)
def test_bad_input(client: FlaskClient, row: Row) -> None:
    body = row.body if isinstance(row.body, bytes) else json.dumps(row.body).encode()

    answer = client.post(f"/api/v1/forms/{row.form}/2021/validate", data=body, content_type=row.kind)

    problem = json.loads(answer.data)
    assert answer.status_code == row.status, problem
    if row.status == 200:
        assert problem["valid"] is True
        return
    assert answer.content_type == "application/problem+json"
    assert problem["status"] == row.status
    if row.status != 422:
        assert (problem["code"],) == tuple(code for code, _ in row.expected)
        assert "errors" not in problem
        return
    assert problem["code"] == "invalid_payload"
    assert [(error["code"], error["pointer"]) for error in problem["errors"]] == list(row.expected)
    assert all(error["label"] and error["message"] for error in problem["errors"])


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 3 * 1024 * 1024])
def test_a_chunked_body_over_the_limit_is_never_cut_short(client: FlaskClient, size: int) -> None:
    answer = client.post(
        "/api/v1/forms/annex2/2021/validate",
        input_stream=io.BytesIO(b"{}" + b" " * (size - 3) + b"x"),
        content_type=JSON,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )

    assert (answer.status_code, json.loads(answer.data)["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("character", "where"),
    [
        ("\x0b", "U+000B 特殊换行符（第 3 个字符）"),
        ("\ufffe", "U+FFFE（第 3 个字符）"),
        ("\ud800", "U+D800（第 3 个字符）"),
    ],
    ids=["U+000B", "U+FFFE", "U+D800"],
)
def test_a_forbidden_character_is_named_with_its_place(
    client: FlaskClient, character: str, where: str
) -> None:
    answer = client.post("/api/v1/forms/annex2/2021/validate", json=char(character))

    assert where in json.loads(answer.data)["errors"][0]["message"]


def test_of_very_many_faults_the_first_are_listed_and_the_others_counted():
    with pytest.raises(InvalidPayload) as refused:
        validate(catalog.edition("annex3", 2021), {f"other{number}": 1 for number in range(1200)})
    *listed, last = refused.value.errors
    assert {error.code for error in listed} == {"unknown_field"}
    assert (len(listed), last.pointer, last.code) == (1000, "", "more_faults")
    assert refused.value.text.zh == "共有超过 1000 处错误，请逐条改正后重新提交。"
    assert refused.value.text.en == "More than 1000 error(s). Correct each and resubmit."
    assert last.message.zh == "另有 200 处错误，未逐一列出。请先改正已列出的。"
    assert last.message.en == "200 more errors are not listed: correct these first."
