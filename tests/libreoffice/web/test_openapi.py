"""The OpenAPI file: valid, whole, its examples true, and every answer as it says."""

from __future__ import annotations

import base64
import copy
import io
import json
import re
from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from service import catalog, errors
from service.access import SCOPES, ApiKeys
from service.audit.event import process_actor
from service.config import Settings
from service.retention import destruction_list
from tests.helpers.application import application, lines
from tests.helpers.archive import entry
from tests.helpers.forms.signup import BLANK as SIGNUP
from tests.helpers.pictures import scanned
from tests.helpers.processes import awaited

V1 = "/api/v1"
FORM, NONE = f"{V1}/forms/annex3/2021", "/api/v1/forms/annex9/2021"
DATA = catalog.edition("annex3", 2021).sample("minimal")
PROBLEM = "application/problem+json"
ITEM = {"form": "annex3", "year": 2021, "id": "good", "data": DATA}
CSV = "编号,cover.applicant,basic_info.townships\ngood,云泽县科协,3\nbad,云泽县科协,三个\n".encode()
METHODS = ("get", "post", "put", "delete")
ADMINS = (
    "/forms/new",
    "/api/v1/audit",
    "/api/v1/records/periods",
    "/api/v1/records/properties",
)  # paths that the key "one" may go
EMPTY_ZIP = b"PK\5\6" + bytes(18)
PACKAGE = {"form": "annex3", "fonds": "X043", "department": "科普部", "secrecy": "公开"}
TOKEN = {"form": "annex3", "year": 2021, "origin": "https://portal.example"}
DEADLINE = 120  # seconds
NAMES = {
    "listForms",
    "getEdition",
    "getBlank",
    "validatePayload",
    "makeDocument",
    "makeRecord",
    "extractPayload",
    "makeDraft",
    "getDraft",
    "putDraft",
    "deleteDraft",
    "listRecords",
    "getRecord",
    "getRecordDocx",
    "getRecordPdf",
    "getRecordPayload",
    "getRecordManifest",
    "getRecordOriginal",
    "listSealedCopies",
    "postSealedCopy",
    "getSealedCopy",
    "getSignedPdf",
    "getCoverSheet",
    "listAuditRows",
    "getAuditList",
    "getAuditProof",
    "getComparison",
    "postComparison",
    "postIdentification",
    "getRecordRetention",
    "putHold",
    "deleteHold",
    "listHolds",
    "listPeriods",
    "putPeriod",
    "listDueRecords",
    "listDestructions",
    "makeDestruction",
    "getDestruction",
    "getDestructionList",
    "postDestruction",
    "deleteDestruction",
    "getHandover",
    "postHandover",
    "postHandoverCheck",
    "getBag",
    "getProperties",
    "startBatch",
    "listBatches",
    "getBatch",
    "cancelBatch",
    "watchBatch",
    "getBatchDocuments",
    "getBatchErrors",
    "getBatchErrorsSheet",
    "makeEmbedToken",
    "getHealth",
    "getReadiness",
    "getMetrics",
    "getDocs",
    "getOpenApi",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("openapi")


@pytest.fixture(scope="module")
def app(place):
    with application(
        place, KEXIE_BATCH_WORKERS="1", KEXIE_SECRET="s" * 32, KEXIE_FRAME_ANCESTORS=TOKEN["origin"]
    ) as made:
        yield made


@pytest.fixture(scope="module")
def keys(app):
    scopes = {"all": SCOPES, "one": ("admin",), "other": ("generate",)}
    settings = Settings.from_env({"KEXIE_ARCHIVE": app.config["KEXIE_SETTINGS"].archive})
    with ApiKeys.open(settings, create=True) as keys:
        yield {name: keys.add("云泽县", each)[1] for name, each in scopes.items()}


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def described(client):
    return client.get("/openapi.json").json


@pytest.fixture(scope="module")
def strict(described):
    """The same, in which no object may have a property that is not described."""
    return strictly(copy.deepcopy(described))


def strictly(value):
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        strictly(inner)
    if isinstance(value, dict) and value.get("type") == "object" and "properties" in value:
        value.setdefault("additionalProperties", False)
    return value


def operations(described):
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield path, method, operation


def faults(described, value, *pointer):
    """What of `value` is not as the schema at that place says."""
    where = "/".join(part.replace("~", "~0").replace("/", "~1") for part in pointer)
    registry = Registry().with_resource("urn:kexie", Resource.from_contents(described, DRAFT202012))
    validator = Draft202012Validator(
        {"$ref": f"urn:kexie#/{where}"}, registry=registry, format_checker=FormatChecker()
    )
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in validator.iter_errors(value)]


def test_the_file_is_openapi_3_1(described):
    assert [fault.message for fault in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_every_operation_has_a_name_a_tag_and_words_in_both_languages(described):
    found = list(operations(described))
    ids = [operation["operationId"] for _, _, operation in found]
    assert len(set(ids)) == len(ids)
    tags = {tag["name"] for tag in described["tags"]}
    for path, method, operation in found:
        assert re.fullmatch("(get|list|make|start|watch|cancel|validate|extract|verify|post|put|delete)[A-Z][A-Za-z]+", operation["operationId"])  # fmt: skip # noqa: E501
        assert set(operation["tags"]) <= tags, (method, path)
        assert re.search("[一-鿿].*[a-z]{3}", operation["summary"]), (method, path)
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description") or parameter["name"] in ("form", "year"), (path, parameter)


def test_the_names_of_operations_stay(described):
    """Clients are made of these: a name may be added, none changed."""
    ids = {operation["operationId"] for _, _, operation in operations(described)}
    assert ids >= NAMES


def test_every_route_reports_the_errors_that_its_kind_has(described):
    for path, method, operation in operations(described):
        expected = set()
        if path.startswith(V1):
            expected |= {"429"}
        if "{" in path and path.startswith(V1):
            expected |= {"404"}
        if "security" in operation:
            expected |= {"401", "403", "503"}
        if "requestBody" in operation and path.startswith(V1):
            expected |= {"400", "408", "413", "415", "422"}
        if any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ())):
            expected |= {"409", "422", "503"}
        if any(one["name"] == "format" for one in operation.get("parameters", ())):
            expected |= {"400", "406"}
        assert expected <= set(operation["responses"]), (method, path)


def test_every_error_is_a_problem_with_an_example_of_its_status(described):
    examples = described["components"]["examples"]
    for path, method, operation in operations(described):
        for status, answer in operation["responses"].items():
            assert "X-Request-ID" in answer["headers"], (method, path, status)
            if status < "400":
                continue
            described_answer = answer["content"][PROBLEM]
            assert set(answer["content"]) <= {PROBLEM, *(() if path.startswith(V1) else ("text/html",))}
            assert described_answer["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert described_answer["examples"], (method, path, status)
            for code in described_answer["examples"]:
                assert examples[code]["value"]["status"] == int(status), (path, status, code)
            later = status in ("408", "409", "429", "503") and "text/html" not in answer["content"]
            assert ("Retry-After" in answer["headers"]) == later


def test_every_code_of_an_error_has_its_example(described):
    def codes(kind):
        return {kind.code}.union(*map(codes, kind.__subclasses__()))

    shown = described["components"]["examples"]
    described_codes = {code for _, _, operation in operations(described) for answer in operation["responses"].values() for content in answer.get("content", {}).values() for code in content.get("examples", ()) if code in shown}  # fmt: skip # noqa: E501
    never = {"unknown_key", "payload_error", "signing_fault"}  # the command line's; a base; in the log
    assert codes(errors.KexieError) - never <= described_codes
    assert described_codes <= set(shown)


def contents(described):
    for path, method, operation in operations(described):
        at = ("paths", path, method)
        for media in operation.get("requestBody", {}).get("content", {}):
            yield (*at, "requestBody", "content", media)
        for status, answer in operation["responses"].items():
            for media in answer.get("content", {}):
                yield (*at, "responses", status, "content", media)


def test_every_example_is_as_its_schema_says(described, strict):
    count = 0
    for pointer in contents(described):
        if pointer[-1] == "text/event-stream":  # its schema is of an event, its example of a stream
            continue
        content = described
        for part in pointer:
            content = content[part]
        shown = list(content.get("examples", {}).values())
        shown = [described["components"]["examples"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in shown]  # fmt: skip # noqa: E501
        for value in [one["value"] for one in shown] + [
            content[key] for key in ("example",) if key in content
        ]:
            assert faults(strict, value, *pointer, "schema") == [], pointer
            count += 1
        if "json" in pointer[-1] and pointer[-2] == "content" and pointer[1].startswith(V1):
            assert "schema" in content, pointer
    assert count > 150


@pytest.mark.parametrize("edition", catalog.editions(), ids=lambda each: f"{each.form}_{each.year}")
def test_the_examples_of_payloads_are_the_samples(described, edition):
    path = f"{V1}/forms/{{form}}/{{year}}/documents"
    examples = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert examples[f"{edition.form}_{edition.year}"]["value"] == edition.sample("full")


@pytest.fixture(scope="module")
def made(app, client, keys):
    """A record, and a sheet's batch of which one row failed, at its end."""
    headers = {"Authorization": f"Bearer {keys['all']}"}
    record = client.post(f"{FORM}/documents?archive=true&id=1&format=docx", json=DATA, headers=headers)
    assert record.status_code == 201, record.json
    scan = upload(scanned())
    client.post(f"{record.headers['Location']}/sealed", data=scan, headers=headers)
    options = {"content_type": "text/csv", "headers": headers}
    sent = client.post(f"{V1}/batches?form=annex2&year=2021&formats=docx", data=CSV, **options)
    assert sent.status_code == 202, sent.json
    batch = sent.headers["Location"]
    assert awaited(lambda: client.get(batch, headers=headers).json["finished"], DEADLINE)
    held, destruction, listed = proposed(app, client, headers)
    token = client.post(f"{V1}/embed-tokens", json=TOKEN, headers=headers).json["token"]
    draft = client.post(f"{FORM}/drafts", json={"values": {}}, headers=headers).json
    pages = {
        "draft": f"{FORM}/drafts/{draft['id']}",
        "secret": draft["secret"],
        "key": record.headers["Location"].rpartition("/")[2],
        "record_page": record.headers["Location"].removeprefix(f"{V1}/"),
        "batch_page": batch[len(V1) + 1 :],
        "held": held,
        "listed": listed,
        "destruction": destruction,
        "destruction_page": destruction.removeprefix(f"{V1}/"),
    }
    return {"record": record.headers["Location"], "batch": batch, "token": token, **pages}


def proposed(app, client, headers):
    """A record on hold, a destruction list of an old one, and one of another that somebody else proposed.

    One more is due, and in no list.
    """
    archive = app.config["KEXIE_ARCHIVE_HANDLE"].archive()
    old = {"form": "annex1", "created": datetime(2001, 3, 9, tzinfo=UTC), "tenant": "云泽县"}
    of = {"id": "a"}, {"id": "b"}, {"id": "c", "year": 2020}, {"id": "d", "year": 2019}
    held, *_ = (archive.add(entry(**each, **old)) for each in of)
    client.put(f"{V1}/records/{held.key}/hold", json={"reason": "审计"}, headers=headers)
    client.put(
        f"{V1}/records/periods", json={"form": "annex1", "years": 10, "reason": "纪要"}, headers=headers
    )
    sent = {"form": "annex1", "year": 2021, "reason": "到期"}
    made = client.post(f"{V1}/records/destructions", json=sent, headers=headers).headers["Location"]
    other = destruction_list.propose(archive, process_actor(), tenant="云泽县", year=2020)
    return f"{V1}/records/{held.key}", made, f"{V1}/records/destructions/{other.id}"


def upload(content):
    return {"file": (io.BytesIO(content), "a.docx")}


BLANK = {"blank": base64.b64encode(SIGNUP).decode(), "name": "空白表.docx"}

# An operation, a request of it (method by its name), and the status of its answer: 401 is asked of all below.
ASKED = [
    ("listForms", f"{V1}/forms", {}, 200),
    ("listForms", f"{V1}/forms?year=2021", {}, 400),
    ("listAuditRows", f"{V1}/audit?action=archive&from=2021-03-09", {}, 200),
    ("listAuditRows", f"{V1}/audit?action=unknown", {}, 400),
    ("getAuditList", f"{V1}/audit/list?format=ndjson&action=archive", {}, 200),
    ("getAuditList", f"{V1}/audit/list?format=xls", {}, 400),
    ("getAuditProof", f"{V1}/audit/proof", {}, 200),
    ("getEdition", FORM, {}, 200),
    ("getEdition", NONE, {}, 404),
    ("getBlank", f"{FORM}/blank?format=docx", {}, 200),
    ("getBlank", f"{FORM}/blank?format=gif", {}, 400),
    ("getBlank", f"{FORM}/blank", {"headers": {"Accept": "text/plain"}}, 406),
    ("getSheet", f"{FORM}/sheet", {}, 200),
    ("getSheet", f"{NONE}/sheet", {}, 404),
    ("validatePayload", f"{FORM}/validate", {"json": DATA}, 200),
    ("validatePayload", f"{FORM}/validate", {"json": {"case_name": 1}}, 422),
    ("validatePayload", f"{FORM}/validate", {"data": "{", "content_type": "application/json"}, 400),
    ("validatePayload", f"{FORM}/validate", {"data": "a", "content_type": "text/plain"}, 415),
    ("makeDocument", f"{FORM}/documents?format=docx", {"json": DATA}, 200),
    ("makeDocument", f"{FORM}/documents?format=docx&archive=true&id=2", {"json": DATA}, 201),
    ("makeDocument", f"{FORM}/documents?format=docx", {"json": {"nothing": 1}}, 422),
    ("makeDocument", f"{FORM}/documents", {"json": DATA, "headers": {"Accept": "text/plain"}}, 406),
    ("listFieldPlaces", f"{FORM}/places", {"json": DATA}, 200),
    ("listFieldPlaces", f"{FORM}/places", {"json": {"nothing": 1}}, 422),
    ("makeTidyText", f"{FORM}/pasted-text", {"json": {"pointer": "/measures", "text": "•\t甲"}}, 200),
    ("makeTidyText", f"{FORM}/pasted-text", {"json": {"pointer": "/case_name", "text": "甲"}}, 400),
    ("makeTidyText", f"{FORM}/pasted-text", {"json": {"pointer": "/measures"}}, 422),
    ("makeRecord", f"{FORM}/records", {"json": DATA}, 201),
    ("makeRecord", f"{FORM}/records?id=3", {"json": {"nothing": 1}}, 422),
    ("makeDraft", f"{FORM}/drafts", {"json": {"values": {}}}, 201),
    ("makeDraft", f"{FORM}/drafts", {"json": {}}, 422),
    ("getDraft", "{draft}", {}, 200),
    ("getDraft", f"{FORM}/drafts/none", {}, 404),
    ("putDraft", "{draft}", {"json": {"values": {}}, "headers": {"If-Match": "*"}}, 200),
    ("putDraft", "{draft}", {"json": {"values": {}}, "headers": {"If-Match": '"9"'}}, 412),
    ("putDraft", "{draft}", {"json": {"values": {}}}, 400),
    ("deleteDraft", "{draft}", {}, 204),
    ("listFactSources", f"{FORM}/facts", {}, 200),
    ("listFacts", f"{FORM}/facts", {"json": {"form": "annex3", "year": 2021, "values": {}}}, 200),
    ("listFacts", f"{FORM}/facts", {"json": {"record": "none"}}, 404),
    ("listFacts", f"{FORM}/facts", {"json": {"form": "annex3"}}, 422),
    ("extractPayload", f"{V1}/extract", {"filled": True}, 200),
    ("extractPayload", f"{V1}/extract", {"data": "x", "content_type": "text/plain"}, 415),
    ("listRecords", f"{V1}/records?limit=1", {}, 200),
    ("listRecords", f"{V1}/records?limit=0", {}, 400),
    ("listRecords", f"{V1}/records?batch=none", {}, 404),
    ("getRecordList", f"{V1}/records/list", {}, 200),
    ("getRecordList", f"{V1}/records/list?format=csv&sort=-created", {}, 200),
    ("getRecordList", f"{V1}/records/list?from=yesterday", {}, 400),
    ("getRecord", "{record}", {}, 200),
    ("getRecord", f"{V1}/records/none", {}, 404),
    ("getRecordDocx", "{record}/docx", {}, 200),
    ("getRecordDocx", f"{V1}/records/none/docx", {}, 404),
    ("getRecordPdf", "{record}/pdf", {}, 200),
    ("getRecordPdf", f"{V1}/records/none/pdf", {}, 404),
    ("verifyRecord", "{record}/verify", {}, 200),
    ("verifyRecord", f"{V1}/records/none/verify", {}, 404),
    ("getRecordPayload", "{record}/payload", {}, 200),
    ("getRecordPayload", f"{V1}/records/none/payload", {}, 404),
    ("getRecordManifest", "{record}/manifest", {}, 200),
    ("getRecordManifest", f"{V1}/records/none/manifest", {}, 404),
    ("getRecordOriginal", "{record}/original", {}, 404),
    ("getRecordPageCompare", "/{record_page}/compare", {}, 200),
    ("getRecordPageCompare", "/records/none/compare", {}, 404),
    ("postRecordPageCompare", "/{record_page}/compare", {"scan": b"{}"}, 200),
    ("postRecordPageCompare", "/{record_page}/compare", {"scan": b"no form"}, 422),
    ("postSealedCopy", "{record}/sealed", {"scan": scanned(2)}, 201),
    ("postSealedCopy", "{record}/sealed", {"scan": b"no picture"}, 422),
    ("listSealedCopies", "{record}/sealed", {}, 200),
    ("listSealedCopies", f"{V1}/records/none/sealed", {}, 404),
    ("getSealedCopy", "{record}/sealed/1", {}, 200),
    ("getSealedCopy", "{record}/sealed/9", {}, 404),
    ("getSignedPdf", "{record}/signed", {}, 404),
    ("getCoverSheet", "{record}/cover", {}, 200),
    ("getCoverSheet", f"{V1}/records/none/cover", {}, 404),
    ("getComparison", "{record}/comparison?with={key}&pages=true", {}, 200),
    ("getComparison", "{record}/comparison?with=none", {}, 404),
    ("getComparison", "{record}/comparison", {}, 400),
    ("postComparison", "{record}/comparison", {"scan": b'{"case_name": "other"}'}, 200),
    ("postComparison", "{record}/comparison", {"scan": b"no form"}, 422),
    ("postIdentification", f"{V1}/identify", {"scan": b"PK no document"}, 200),
    ("postIdentification", f"{V1}/identify", {"data": "a", "content_type": "text/plain"}, 415),
    ("getIdentifyPage", "/records/identify", {}, 200),
    ("postIdentifyPage", "/records/identify", {"scan": b"no document"}, 200),
    ("postIdentifyPage", "/records/identify", {"data": {"file": (io.BytesIO(), "")}}, 400),
    ("getRecordRetention", "{record}/retention", {}, 200),
    ("getRecordRetention", f"{V1}/records/none/retention", {}, 404),
    ("putHold", "{record}/hold", {"json": {"reason": "审计"}}, 200),
    ("putHold", "{record}/hold", {"json": {"reason": ""}}, 422),
    ("listHolds", f"{V1}/records/holds", {}, 200),
    ("getHandover", f"{V1}/records/handover?form=annex3&period=永久", {}, 200),
    ("getHandover", f"{V1}/records/handover?ids=nobody", {}, 400),
    ("deleteHold", "{held}/hold?reason=审计结束", {}, 200),
    ("deleteHold", f"{V1}/records/none/hold", {}, 404),
    ("listRetentionChanges", f"{V1}/records/retention/changes", {}, 200),
    ("listPeriods", f"{V1}/records/periods", {}, 200),
    ("putPeriod", f"{V1}/records/periods", {"json": {"form": "annex2", "years": 30, "reason": "纪要"}}, 200),
    ("putPeriod", f"{V1}/records/periods", {"json": {"form": "annex9", "years": 30}}, 404),
    ("putPeriod", f"{V1}/records/periods", {"json": {"form": "annex2", "years": 0}}, 422),
    ("listDueRecords", f"{V1}/records/due?year=2021&limit=1", {}, 200),
    ("listDueRecords", f"{V1}/records/due?year=21", {}, 400),
    ("listDestructions", f"{V1}/records/destructions", {}, 200),
    ("makeDestruction", f"{V1}/records/destructions", {"json": {"reason": "到期", "year": 2019}}, 201),
    ("makeDestruction", f"{V1}/records/destructions", {"json": {"reason": "到期", "year": 1999}}, 409),
    ("makeDestruction", f"{V1}/records/destructions", {"json": {"reason": "到期", "year": "x"}}, 422),
    ("getDestruction", "{destruction}", {}, 200),
    ("getDestruction", f"{V1}/records/destructions/none", {}, 404),
    ("getDestructionList", "{destruction}/list", {}, 200),
    ("getDestructionList", f"{V1}/records/destructions/none/list", {}, 404),
    ("postDestruction", "{listed}", {"json": {"records": 1}}, 200),
    ("postDestruction", "{destruction}", {"json": {"records": 1}}, 409),
    ("postDestruction", "{destruction}", {"json": {"records": "1"}}, 422),
    ("deleteDestruction", "{destruction}", {}, 200),
    ("deleteDestruction", f"{V1}/records/destructions/none", {}, 404),
    ("postHandover", f"{V1}/records/handover", {"json": PACKAGE}, 200),
    ("postHandover", f"{V1}/records/handover", {"json": {}}, 400),
    ("postHandoverCheck", f"{V1}/records/handover/check", {"scan": EMPTY_ZIP}, 200),
    ("postHandoverCheck", f"{V1}/records/handover/check", {"scan": b"no zip"}, 422),
    ("getBag", f"{V1}/records/bag?year=2021&form=annex3", {}, 200),
    ("getBag", f"{V1}/records/bag?form=annex9", {}, 400),
    ("getProperties", f"{V1}/records/properties", {}, 200),
    ("getProperties", f"{V1}/records/properties?format=doc", {}, 400),
    ("getRetentionPage", "/records/retention?year=2021", {}, 200),
    ("getRetentionPage", "/records/retention?year=21", {}, 400),
    ("postRetentionPage", "/records/retention", {"data": {}}, 200),
    ("postRetentionPage", "/records/retention?year=1999", {"data": {"do": "propose", "reason": "x"}}, 409),
    ("getRecordPageRetention", "/{record_page}/retention", {}, 200),
    ("getRecordPageRetention", "/records/none/retention", {}, 404),
    ("postRecordPageRetention", "/{record_page}/retention", {"data": {}}, 200),
    ("postRecordPageRetention", "/{record_page}/retention", {"data": {"do": "burn"}}, 400),
    ("getDestructionPage", "/{destruction_page}", {}, 200),
    ("getDestructionPage", "/records/destructions/none", {}, 404),
    ("postDestructionPage", "/{destruction_page}", {"data": {"do": "csv"}}, 200),
    ("postDestructionPage", "/{destruction_page}", {"data": {"do": "destroy", "records": "1"}}, 409),
    ("getHandoverPage", "/records/handover?form=annex3", {}, 200),
    ("getHandoverPage", "/records/handover?period=long", {}, 400),
    ("postHandoverPage", "/records/handover?form=annex3", {"data": {"do": "bag"}}, 200),
    ("postHandoverPage", "/records/handover?form=annex3", {"data": {"do": "package"}}, 400),
    ("postHandoverPage", "/records/handover", {"data": {"do": "check"}}, 400),
    ("startBatch", f"{V1}/batches", {"data": lines(ITEM), "content_type": "application/x-ndjson"}, 202),
    ("startBatch", f"{V1}/batches", {"data": "", "content_type": "application/x-ndjson"}, 422),
    ("startBatch", f"{V1}/batches?formats=gif", {"json": [ITEM]}, 400),
    ("startBatch", f"{V1}/batches", {"data": "a", "content_type": "text/plain"}, 415),
    ("startBatch", f"{V1}/batches?form=annex9", {"json": [ITEM]}, 404),
    ("listBatches", f"{V1}/batches?limit=1", {}, 200),
    ("listBatches", f"{V1}/batches?after=none", {}, 404),
    ("getBatch", "{batch}", {}, 200),
    ("getBatch", f"{V1}/batches/none", {}, 404),
    ("watchBatch", "{batch}/events", {}, 200),
    ("watchBatch", f"{V1}/batches/none/events", {}, 404),
    ("getBatchDocuments", "{batch}/documents.zip", {}, 200),
    ("getBatchDocuments", f"{V1}/batches/none/documents.zip", {}, 404),
    ("getBatchErrors", "{batch}/errors.ndjson", {}, 200),
    ("getBatchErrors", f"{V1}/batches/none/errors.ndjson", {}, 404),
    ("getBatchErrorsSheet", "{batch}/errors.xlsx", {}, 200),
    ("getBatchErrorsSheet", f"{V1}/batches/none/errors.xlsx", {}, 404),
    ("cancelBatch", "{batch}", {}, 200),
    ("cancelBatch", f"{V1}/batches/none", {}, 404),
    ("makeEmbedToken", f"{V1}/embed-tokens", {"json": TOKEN}, 201),
    ("makeEmbedToken", f"{V1}/embed-tokens", {"json": {"form": 1}}, 422),
    ("getHealth", "/healthz", {}, 200),
    ("getHealth", "/healthz?deep=1", {}, 400),
    ("getReadiness", "/readyz", {}, 200),
    ("getReadiness", "/readyz?deep=1", {}, 400),
    ("getMetrics", "/metrics", {}, 200),
    ("getMetrics", "/metrics?name=up", {}, 400),
    ("getOpenApi", "/openapi.json", {}, 200),
    ("getOpenApi", "/openapi.json?v=3", {}, 400),
    ("getDocs", "/docs", {}, 200),
    ("getStartPage", "/", {}, 200),
    ("getFormPage", "/forms/annex3/2021", {}, 200),
    ("getFormPage", "/forms/annex9/2021", {}, 404),
    ("postFormPage", "/forms/annex3/2021", {"data": {"format": "docx"}}, 200),
    ("postFormPage", "/forms/annex3/2021", {"data": {"format": "gif"}}, 400),
    ("getBatchesPage", "/batches", {}, 200),
    ("getBatchesPage", "/batches?after=none", {}, 404),
    ("postBatchesPage", "/batches", {"data": {"file": (io.BytesIO(lines(ITEM)), "a.ndjson")}}, 200),
    ("postBatchesPage", "/batches", {"data": {"edition": ""}, "content_type": "multipart/form-data"}, 400),
    ("getBatchPage", "/{batch_page}", {}, 200),
    ("getBatchPage", "/batches/none", {}, 404),
    ("postBatchPage", "/{batch_page}", {"data": {"do": "look"}}, 200),
    ("postBatchPage", "/{batch_page}", {"data": {"do": "errors"}}, 200),
    ("postBatchPage", "/{batch_page}", {"data": {"do": "nothing"}}, 400),
    ("postBatchPage", "/batches/none", {"data": {"do": "cancel"}}, 404),
    ("getRecordsPage", "/records", {}, 200),
    ("getRecordsPage", "/records?verify=&id=a%01", {}, 400),
    ("postRecordsPage", "/records", {"data": {}}, 200),
    ("postRecordsPage", "/records?after=none", {"data": {}}, 404),
    ("postRecordsPage", "/records?name=a", {"data": {"do": "csv"}}, 200),
    ("getAuditPage", "/audit?action=archive&from=2021-03-09", {}, 200),
    ("getAuditPage", "/audit?to=tomorrow", {}, 400),
    ("postAuditPage", "/audit", {"data": {}}, 200),
    ("postAuditPage", "/audit?after=none", {"data": {}}, 400),
    ("getRegisterPage", "/records/register?year=2021", {}, 200),
    ("getRegisterPage", "/records/register?year=abcd", {}, 400),
    ("postRegisterPage", "/records/register", {"data": {}}, 200),
    ("postRegisterPage", "/records/register?state=odd", {"data": {}}, 400),
    ("getRecordPage", "/{record_page}?verify=true", {}, 200),
    ("getRecordPage", "/records/none", {}, 404),
    ("postRecordPage", "/{record_page}", {"data": {}}, 200),
    ("postRecordPage", "/{record_page}", {"data": {"do": "docx"}}, 200),
    ("postRecordPage", "/{record_page}", {"data": {"do": "nothing"}}, 400),
    ("postRecordPage", "/records/none", {"data": {}}, 404),
    ("postRecordPageSealed", "/{record_page}/sealed", {"scan": scanned(3)}, 200),
    ("postRecordPageSealed", "/{record_page}/sealed", {"scan": b"no picture"}, 422),
    ("getNewFormPage", "/forms/new", {}, 200),
    ("postNewFormPage", "/forms/new", {"data": {**BLANK, "do": "check"}}, 200),
    ("postNewFormPage", "/forms/new", {"data": {**BLANK, "do": "zip"}}, 200),
    ("postNewFormPage", "/forms/new", {"data": {}}, 400),
    ("postTriedForm", "/forms/new/try", {"data": BLANK}, 200),
    ("postTriedForm", "/forms/new/try", {"data": {}}, 400),
    ("validateTriedForm", "/forms/new/try/validate", {"data": BLANK}, 200),
    ("validateTriedForm", "/forms/new/try/validate", {"data": {}}, 400),
    ("getTriedFormPage", "/forms/new/try/documents", {"data": BLANK}, 200),
    ("getTriedFormPage", "/forms/new/try/documents", {"data": {}}, 400),
    ("listTriedFieldPlaces", "/forms/new/try/places", {"data": BLANK}, 200),
    ("listTriedFieldPlaces", "/forms/new/try/places", {"data": {}}, 400),
    ("getEmbeddedForm", "/embed/annex3/2021?token={token}", {}, 200),
    ("getEmbeddedForm", "/embed/annex3/2021?token=none", {}, 401),
    ("postEmbeddedForm", "/embed/annex3/2021?token={token}", {"data": {"format": "docx"}}, 200),
    ("postEmbeddedForm", "/embed/annex3/2021?token=none", {"data": {"format": "docx"}}, 401),
    ("postEmbeddedForm", "/embed/annex2/2021?token={token}", {"data": {"format": "docx"}}, 403),
]  # fmt: skip


def found(described, id):
    return next(
        (path, method, operation)
        for path, method, operation in operations(described)
        if operation["operationId"] == id
    )


def as_described(described, strict, id, answer):
    """Status, type, headers and body of an answer are as its operation says."""
    path, method, operation = found(described, id)
    declared = operation["responses"].get(str(answer.status_code))
    assert declared, f"{method} {path} answered {answer.status_code}: {answer.get_data(as_text=True)[:300]}"
    if answer.status_code != 204:
        assert answer.content_type in declared["content"] or answer.mimetype in declared["content"]
    optional = {"X-Warnings", "X-Warning-Count", "X-Page-Count", "X-Section-Pages", "Location"}
    optional |= {"Idempotent-Replayed", "X-Advice", "X-Advice-Count", "X-Missing-Count"}
    assert set(declared["headers"]) - optional <= set(answer.headers.keys())
    if "json" in answer.mimetype and "ndjson" not in answer.mimetype:
        pointer = ("paths", path, method, "responses", str(answer.status_code), "content", answer.mimetype)
        assert faults(strict, json.loads(answer.data), *pointer, "schema") == []


def shown(value):
    """The name of a case, the same in every process."""
    return " ".join(sorted(value)) if isinstance(value, dict) else str(value)[:60]


@pytest.mark.parametrize(("id", "address", "options", "status"), ASKED, ids=shown)
def test_answers_are_as_the_file_says(described, strict, client, keys, made, id, address, options, status):
    _, method, _ = found(described, id)
    options = dict(options)
    if options.pop("filled", False):
        document = client.post(f"{FORM}/documents?format=docx", json=DATA, headers={"X-API-Key": keys["all"]})
        options["data"] = upload(document.data)
    if scan := options.pop("scan", None):
        options["data"] = upload(scan)
    sent = {"X-API-Key": keys["all"], "X-Draft-Secret": made["secret"]}
    headers = {**sent, **options.pop("headers", {})}
    with client.open(address.format(**made), method=method.upper(), headers=headers, **options) as answer:
        answer.get_data()
        assert answer.status_code == status, answer.get_data(as_text=True)[:500]
        as_described(described, strict, id, answer)


def test_events_and_lines_are_as_the_file_says(strict, client, keys, made):
    headers = {"X-API-Key": keys["all"]}
    events = client.get(f"{made['batch']}/events", headers=headers).get_data(as_text=True)
    refusals = [
        json.loads(line.removeprefix("data: ")) for line in events.splitlines() if line.startswith("data: ")
    ]
    assert refusals
    for one in refusals:
        assert faults(strict, one, "components", "schemas", "Progress") == []
    failed = client.get(f"{made['batch']}/errors.ndjson", headers=headers).get_data(as_text=True).splitlines()
    assert len(failed) == 1
    assert faults(strict, json.loads(failed[0]), "components", "schemas", "Failure") == []


def test_every_operation_was_asked_once_well_and_once_badly(described):
    ids = {operation["operationId"]: operation for _, _, operation in operations(described)}
    well = {id for id, _, _, status in ASKED if status < 400}
    assert set(ids) - well <= {"getRecordOriginal", "getSignedPdf"}, "add the route's requests to ASKED"
    badly = {id for id, _, _, status in ASKED if status >= 400}
    badly |= {id for id, operation in ids.items() if "security" in operation}
    faultless = {id for id, operation in ids.items() if not {"400", "404"} & set(operation["responses"])}
    assert set(ids) - badly - faultless == set()


def test_a_guarded_route_refuses_as_the_file_says(described, strict, client, keys):
    for path, method, operation in operations(described):
        if "security" not in operation:
            continue
        address = re.sub(r"\{\w+\}", "1", path)
        lacking = "other" if path.startswith(ADMINS) else "one"
        for key, status in (({}, 401), ({"X-API-Key": keys[lacking]}, 403)):
            answer = client.open(address, method=method.upper(), headers=key)
            if status == 401 or path != "/metrics":
                assert answer.status_code == status, path
                as_described(described, strict, operation["operationId"], answer)


def test_an_original_is_reported_where_there_is_one(described):
    _, _, operation = found(described, "getRecordOriginal")
    assert list(operation["responses"]["200"]["content"]) == ["application/octet-stream"]
