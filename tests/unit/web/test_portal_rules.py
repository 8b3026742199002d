"""What a token says is enforced: read-only, hidden and required fields, and the record's id."""

from __future__ import annotations

import re

import pytest

from service.access import ApiKeys
from service.config import Settings
from tests.helpers.application import application, without_pdf
from tests.helpers.docx_read import squash, text
from tests.helpers.tokens import SECRET

ORIGIN = "https://portal.example"
FILLED = {
    "cover": {"applicant": "云泽县科协", "email": "kexie@yunze.example.org"},
    "basic_info": {"is_independent": True, "staff_quota": 12},
    "budget": {"items": [{"name": "科普", "item": "场租", "amount": 1.50}]},
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("rules")


@pytest.fixture(scope="module")
def app(place):
    with pytest.MonkeyPatch.context() as patch:
        without_pdf(patch)
        with application(place, KEXIE_SECRET=SECRET, KEXIE_FRAME_ANCESTORS=ORIGIN) as made:
            yield made


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def token(client):
    """Issues a token, and returns the headers that send it."""

    def issue(**more):
        body = {"form": "annex2", "year": 2021, "origin": ORIGIN, "data": FILLED, **more}
        answer = client.post("/api/v1/embed-tokens", json=body)
        assert answer.status_code == 201, answer.json
        return {"Authorization": f"Bearer {answer.json['token']}"}

    return issue


def faults(client, headers, payload, route="validate"):
    """The errors of a payload by pointer: code and label."""
    answer = client.post(f"/api/v1/forms/annex2/2021/{route}", json=payload, headers=headers)
    return [(each["pointer"], each["code"], each["label"]) for each in answer.json.get("errors", ())]


@pytest.mark.parametrize("group", ["readonly_fields", "hidden_fields"])
def test_what_the_portal_filled_in_may_not_differ(client, token, group):
    headers = token(**{group: ["cover.email", "basic_info", "budget.items.*.amount"]})
    assert faults(client, headers, FILLED) == []
    spelled = {**FILLED, "budget": {"items": [{"name": "宣传", "item": "场租", "amount": "1.5"}]}}
    assert faults(client, headers, spelled) == []
    changed = {
        "cover": {"applicant": "望川县科协", "email": "other@yunze.example.org"},
        "basic_info": {"staff_quota": 12, "townships": 3, "is_independent": "perhaps"},
        "budget": {"items": [{"name": "科普", "amount": 2}, {"amount": 3}]},
    }
    assert faults(client, headers, changed) == [
        ("/cover/email", "readonly", "电子信箱"),
        ("/basic_info/is_independent", "not_a_boolean", "是否独立建制"),
        ("/basic_info/townships", "readonly", "乡镇"),
        ("/budget/items/0/amount", "readonly", "金额"),
        ("/budget/items/1/amount", "readonly", "金额"),
    ]
    for route in ("documents?format=docx", "records"):
        answer = client.post(f"/api/v1/forms/annex2/2021/{route}", json=changed, headers=headers)
        assert answer.status_code == (403 if route == "records" else 422)


def test_a_table_that_is_read_only_keeps_its_rows(client, token):
    headers = token(readonly_fields=["budget"])
    rows = [*FILLED["budget"]["items"], {"name": "二"}]
    assert faults(client, headers, {**FILLED, "budget": {"items": rows}}) == [
        ("/budget/items", "readonly", "计划开支"),
        ("/budget/items/1/name", "readonly", "计划开支名称"),
    ]
    assert faults(client, headers, {}) == [
        ("/budget/items", "readonly", "计划开支"),
        ("/budget/items/0/name", "readonly", "计划开支名称"),
        ("/budget/items/0/item", "readonly", "计划开支项目"),
        ("/budget/items/0/amount", "readonly", "金额"),
    ]


def test_what_the_portal_requires_may_not_be_blank(client, token):
    headers = token(required_fields=["cover", "basic_info.has_party_group", "budget"], data={})
    blank = {"cover": {"applicant": "云泽县科协", "mailing_address": " "}, "budget": {"items": [{}]}}
    found = faults(client, headers, blank)
    assert found == [
        ("/cover/contact_person", "required", "联系人"),
        ("/cover/contact_phone", "required", "联系电话"),
        ("/cover/mailing_address", "required", "通讯地址"),
        ("/cover/email", "required", "电子信箱"),
        ("/basic_info/has_party_group", "required", "是否设立党组"),
        ("/budget/items", "required", "计划开支"),
    ]
    both = faults(client, headers, blank, "validate?complete=true")
    assert len({pointer for pointer, _, _ in both}) == len(both) > len(found)
    answer = client.post("/api/v1/forms/annex2/2021/validate", json=blank, headers=headers)
    assert answer.json["errors"][0]["message"] == "必填，尚未填写。"
    assert answer.json["missing"]
    unseen = token(hidden_fields=["cover"], readonly_fields=["basic_info"], data={})
    report = client.post("/api/v1/forms/annex2/2021/validate", json={}, headers=unseen).json
    assert {each["pointer"].split("/")[1] for each in report["missing"]}.isdisjoint({"cover", "basic_info"})


def test_a_form_that_lacks_what_the_portal_requires_has_its_places(client, token, monkeypatch):
    monkeypatch.setattr("service.pipeline.places", lambda submission, settings: [])
    headers = token(required_fields=["cover"], data={})
    answer = client.post("/api/v1/forms/annex2/2021/places", json={}, headers=headers)
    assert (answer.status_code, answer.json) == (200, {"pages": []})


def test_a_token_says_whether_and_under_which_id_the_form_is_archived(client, token):
    records = "/api/v1/forms/annex2/2021/records"
    assert client.post(records, json=FILLED, headers=token()).status_code == 403
    numbered = token(archive=True)
    first = client.post(records, json=FILLED, headers=numbered).json
    assert first["id"] == "annex2-2021-云泽县科协-001"
    for query in ("id=3201-1", f"after={first['key']}"):
        answer = client.post(f"{records}?{query}", json=FILLED, headers=numbered)
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    named = token(archive=True, id="3201-1")
    made = [client.post(records, json={**FILLED, "cover": {}}, headers=named) for _ in range(2)]
    assert [(each.status_code, each.json["id"], each.json["version"]) for each in made] == [
        (201, "3201-1", 1),
        (200, "3201-1", 1),
    ]
    changed = client.post(f"{records}?after={made[0].json['key']}", json=FILLED, headers=named)
    assert (changed.json["id"], changed.json["version"]) == ("3201-1", 2)
    assert client.post(f"{records}?id=3201-2", json=FILLED, headers=named).status_code == 403
    assert client.get(f"/api/v1/records/{first['key']}", headers=named).status_code == 403
    assert client.post("/api/v1/batches", data=b"{}", headers=named).status_code == 403


def test_only_who_may_archive_makes_tokens_that_may(tmp_path, monkeypatch):
    without_pdf(monkeypatch)
    with (
        application(tmp_path, KEXIE_SECRET=SECRET) as app,
        ApiKeys.open(Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive")}), create=True) as keys,
    ):
        body = {"form": "annex2", "year": 2021, "origin": ORIGIN, "archive": True}
        scopes = (["generate"], ["generate", "archive:write"])
        made = [keys.add("云泽县", each)[1] for each in scopes]
        answers = [
            app.test_client().post("/api/v1/embed-tokens", json=body, headers={"X-API-Key": key})
            for key in made
        ]
        assert [each.status_code for each in answers] == [403, 201]


def test_the_page_shows_what_the_token_and_the_address_say(client, token):
    issued = token(readonly_fields=["basic_info", "cover.email"], hidden_fields=["cover.applicant", "budget"])
    sent = issued["Authorization"].removeprefix("Bearer ")
    more = "required_fields=cover.contact_person,review.applicant_date&readonly_fields=nothing.here"
    page = client.get(f"/embed/annex2/2021?token={sent}&{more}").get_data(as_text=True)
    assert re.search('<div class="field[^>]* data-field="/cover/email" data-readonly>', page)
    assert re.search('<input id="f/cover/email"[^>]* readonly', page)
    assert re.search('<fieldset[^>]* data-field="/basic_info/is_independent" data-readonly', page)
    assert re.search('name="/basic_info/is_independent" value="true" checked', page)
    assert re.search('name="/basic_info/is_independent" value="false" disabled', page)
    assert re.search('<div class="field[^>]* data-field="/cover/applicant" hidden data-readonly>', page)
    assert re.search('<section class="sheet" data-section="/budget" hidden', page)
    overview = page.partition('<nav class="overview"')[2].partition("</nav>")[0]
    assert "基本情况" in overview
    assert "经费预算" not in overview
    assert re.search('<input id="f/cover/contact_person"[^>]* aria-required="true"', page)
    assert page.count('<span class="must">必填</span>') == 2
    assert "本网站所指定的栏目，表单中没有：nothing.here" in page
    assert "标“必填”的须填写" in page


def test_without_javascript_the_portals_values_are_those_of_the_document(client, token):
    issued = token(
        readonly_fields=["cover.email"], hidden_fields=["budget"], required_fields=["cover.contact_person"]
    )
    address = f"/embed/annex2/2021?token={issued['Authorization'].removeprefix('Bearer ')}"
    posted = {"/cover/email": "other@yunze.example.org", "/budget/items/0/name": "二", "format": "docx"}
    refused = client.post(address, data=posted)
    assert (refused.status_code, "必填，尚未填写。" in refused.text) == (422, True)
    answer = client.post(address, data={**posted, "/cover/contact_person": "沈砚青"})
    assert answer.status_code == 200
    printed = squash(text(answer.data))
    assert "kexie@yunze.example.org" in printed
    assert "科普场租1.50" in printed
    assert "other@" not in printed
    attribute = f"/embed/annex2/2021?origin={ORIGIN}&required_fields=cover"
    assert client.post(attribute, data={"format": "docx"}).status_code == 422


@pytest.mark.parametrize("query", ["steps=yes", "keeps_draft=1"])
def test_an_address_that_says_what_is_unknown_is_refused(client, query):
    assert client.get(f"/embed/annex2/2021?origin={ORIGIN}&{query}").status_code == 400
