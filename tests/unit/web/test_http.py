"""The service over HTTP, as a portal sees it."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from service import catalog, create_app, pipeline
from tests.helpers.forms import FORMS

ANNEX2 = "/api/v1/forms/annex2/2021"


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def full():
    return catalog.edition("annex2", 2021).sample("full")


def saved_name(answer):
    return unquote(re.search(r"filename\*=UTF-8''(\S+)", answer.headers["Content-Disposition"])[1])


def test_the_catalogue_lists_every_edition(client):
    rows = client.get("/api/v1/forms").json["forms"]
    assert [(row["form"], row["year"], row["provenance"], row["derived_from"]) for row in rows] == [
        (form, *year)
        for form in FORMS
        for year in ((2019, "derived", 2021), (2020, "derived", 2021), (2021, "official", None))
    ]
    assert all(re.fullmatch("[0-9a-f]{64}", row["template_hash"]) for row in rows)


def test_an_edition_reports_all_that_a_form_page_needs(client):
    edition = client.get(ANNEX2).json
    assert edition["labels"]["/basic_info/four_heads/hospital_directors/county"] == "县级科协人数"
    assert edition["schema"]["properties"]["cover"]["properties"]["email"]["title"] == "电子信箱"
    assert edition["limits"][0]["maximum"] == 2000
    assert client.post(f"{ANNEX2}/validate", json=edition["sample"]).status_code == 200


def test_validate_answers_counts_and_totals(client, full):
    report = client.post(f"{ANNEX2}/validate", json=full).json
    assert report["totals"] == {"budget": {"total": 45.6}}
    assert report["limits"][0]["count"] == sum(
        report["counts"][pointer] for pointer in ("/overall_approach", "/goals_and_measures")
    )


def test_an_unchanged_blank_is_not_sent_again(client):
    first = client.get(f"{ANNEX2}/blank?format=docx")
    again = client.get(f"{ANNEX2}/blank?format=docx", headers={"If-None-Match": first.headers["ETag"]})
    assert first.data.startswith(b"PK")
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("hostile", ['a"b\\c', "../../etc/passwd", "名\u202e字", "x;filename=y"])
def test_a_name_cannot_break_out_of_the_header(client, hostile):
    answer = client.post(f"{ANNEX2}/documents?format=docx", json={"cover": {"applicant": hostile}})
    assert answer.status_code == 200
    assert re.fullmatch(r"attachment; filename=\"form\.docx\"; filename\*=UTF-8''[A-Za-z0-9%._~-]+", answer.headers["Content-Disposition"])  # fmt: skip # noqa: E501
    assert not set('/\\:"\u202e') & set(saved_name(answer))


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", "/api/v1/forms/annex9/2021", {}, 404, "unknown_form"),
        ("GET", "/api/v1/forms/annex2/1999", {}, 404, "unknown_year"),
        ("GET", "/api/v1/forms/annex2/last", {}, 404, "unknown_year"),
        ("GET", "/api/v1/forms/annex9/last", {}, 404, "unknown_form"),
        ("GET", "/api/v1/forms/annex2/２０２１", {}, 404, "unknown_year"),
        ("GET", "/api/v1/forms/annex2/2021/blank?format=odt", {}, 400, "usage"),
        ("GET", "/api/v1/forms/annex2/2021/blank", {"Accept": "image/gif"}, 406, "not_acceptable"),
        ("GET", "/nowhere", {}, 404, "not_found"),
        ("GET", "/api/v1/forms/../../etc/passwd", {}, 404, "not_found"),
        ("GET", "/static/../config.py", {}, 404, "not_found"),
        ("GET", "/api/v1/forms/annex2/2021/validate", {}, 405, "method_not_allowed"),
        ("DELETE", "/api/v1/forms", {}, 405, "method_not_allowed"),
        ("POST", "/api/v1/forms/annex2/2021/documents", {}, 415, "unsupported_media_type"),
    ],
)
def test_every_error_is_a_problem(client, method, path, headers, status, code):
    answer = client.open(path, method=method, headers={"X-Request-ID": "portal-7", **headers})
    assert answer.mimetype == "application/problem+json"
    assert (answer.status_code, answer.json["status"], answer.json["code"]) == (status, status, code)
    assert answer.json["request_id"] == answer.headers["X-Request-ID"] == "portal-7"
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/forms"),
        ("GET", ANNEX2),
        ("GET", f"{ANNEX2}/blank"),
        ("GET", f"{ANNEX2}/sheet"),
        ("POST", f"{ANNEX2}/validate"),
        ("POST", f"{ANNEX2}/documents"),
        ("POST", "/api/v1/extract"),
        ("GET", "/api/v1/records"),
        ("POST", "/api/v1/batches"),
        ("POST", "/api/v1/embed-tokens"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
    ],
)
def test_an_unknown_query_parameter_is_an_error(client, method, path):
    answer = client.open(f"{path}?fromat=docx", method=method)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["code"] == "usage"
    assert "fromat" in answer.json["detail"]


@pytest.mark.parametrize(("lang", "detail"), [("zh", "没有查询参数 'fromat'；可用的参数：format、page。"), ("en", "Unknown query parameter 'fromat'; known here: format, page.")])  # fmt: skip # noqa: E501
def test_the_error_names_the_parameters_that_are_known(client, lang, detail):
    answer = client.get(f"{ANNEX2}/blank?fromat=docx", headers={"Accept-Language": lang})
    assert answer.json["detail"] == detail


@pytest.mark.parametrize("page", ["/", "/forms/annex2/2021", "/batches", "/records", "/docs"])
def test_pages_take_the_parameters_of_a_link_from_outside(client, page):
    assert client.get(f"{page}?utm_source=news").status_code == 200


def test_an_id_is_taken_only_where_it_is_archived(client, full):
    answer = client.post(f"{ANNEX2}/documents?format=docx&id=1", json=full)
    assert (answer.status_code, answer.json["code"]) == (400, "usage")
    assert "archive=true" in answer.json["detail"]


def test_a_batch_of_an_unknown_type_is_reported_the_types_of_batches(client):
    answer = client.post("/api/v1/batches", data="a", content_type="text/plain")
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")
    assert all(name in answer.json["detail"] for name in ("application/x-ndjson", "text/csv", ".xlsx"))


def test_a_problem_speaks_english_where_that_is_preferred(client):
    answer = client.get("/nowhere", headers={"Accept-Language": "en-GB, zh;q=0.5"})
    assert (answer.json["title"], answer.headers["Content-Language"]) == ("Not found", "en")


def test_a_strange_request_id_is_replaced(client):
    answer = client.get("/healthz", headers={"X-Request-ID": "<script>"})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_a_crash_shows_no_trace_and_logs_no_payload(client, monkeypatch, caplog):
    def crash(*_):
        raise RuntimeError("the inside of 云泽县")

    monkeypatch.setattr(pipeline, "produce", crash)
    answer = client.post(f"{ANNEX2}/documents", json={"cover": {"applicant": "云泽县"}})
    assert (answer.status_code, answer.json["code"]) == (500, "internal_error")
    assert "the inside" not in answer.get_data(as_text=True)
    assert "云泽县" not in caplog.text
    assert answer.json["request_id"] in caplog.text


def test_the_openapi_file_reports_errors_only_as_problems(client):
    described = client.get("/openapi.json").json
    assert "Error" not in described["components"]["schemas"]
    for path, methods in described["paths"].items():
        pages = (
            ["text/html"] if path.startswith(("/forms/", "/embed/", "/batches", "/records", "/audit")) else []
        )  # for people
        for operation in (methods[name] for name in ("get", "post") if name in methods):
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert set(answer["content"]) - set(pages) == {"application/problem+json"}


@pytest.mark.parametrize(
    ("route", "method", "statuses"),
    [
        ("blank", "get", "200 304 400 404 406 429 500 503"),
        ("validate", "post", "200 400 401 403 404 408 409 413 415 422 429 500 503"),
        ("documents", "post", "200 201 400 401 403 404 406 408 409 413 415 422 429 500 503"),
    ],
)
def test_the_openapi_file_lists_every_status(client, route, method, statuses):
    described = client.get("/openapi.json").json["paths"][f"/api/v1/forms/{{form}}/{{year}}/{route}"]
    assert sorted(described[method]["responses"]) == statuses.split()


def test_every_route_is_in_the_openapi_file(app, client):
    described = client.get("/openapi.json").json
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "/"}]
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint not in ("kexie.static", "kexie.others._unmatched")
    }
    assert routes == {(path, method) for path, methods in described["paths"].items() for method in methods if method != "parameters"}  # fmt: skip # noqa: E501


def test_the_documentation_needs_no_other_host(client):
    page = client.get("/docs").get_data(as_text=True)
    links = re.findall(r'(?:src|href|data-spec)="([^"]+)"', page)
    assert len(links) == 6
    for link in links:
        assert link.startswith(("/static/", "/openapi.json", "data:,"))
        if link != "data:,":
            with client.get(link) as answer:
                assert answer.status_code == 200
    assert "script-src 'self';" in client.get("/docs").headers["Content-Security-Policy"]


def test_the_service_works_under_a_prefix(app):
    client = Client(DispatcherMiddleware(app, {"/kexie": app}))
    assert 'href="/kexie/forms/annex2/2021"' in client.get("/kexie/").get_data(as_text=True)
    assert 'data-spec="/kexie/openapi.json"' in client.get("/kexie/docs").get_data(as_text=True)
    assert client.get(f"/kexie{ANNEX2}").status_code == 200
