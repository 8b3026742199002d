"""Documents proved by reading them back: by command, over HTTP, and in the numbers."""

from __future__ import annotations

import dataclasses
import json
import shutil

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from service import catalog, create_app, generate
from service.cli import main
from service.errors import ProofFault
from service.forms.form_folder import BUILT_IN
from service.payload_json import parse
from service.roundtrip import differences, prove
from service.submission import validate
from tests.helpers.docx_builder import parts, zipped
from tests.helpers.payloads import PAYLOADS

ANNEX2 = "/api/v1/forms/annex2/2021/documents"


APPLICANT = "云泽县科学技术协会"


@pytest.mark.parametrize("name", ["minimal", "full"])
def test_the_samples_are_proved(edition, name):
    made = generate(edition.form, edition.year, edition.sample(name), ("docx",), prove=True)
    assert made == generate(edition.form, edition.year, edition.sample(name), ("docx",))


@pytest.mark.parametrize("form", PAYLOADS)
@hypothesis_settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_anything_the_schema_accepts_is_proved(form, data):
    payload = parse(json.dumps(data.draw(PAYLOADS[form])).encode())
    assert generate(form, 2021, payload, ("docx",), prove=True)["docx"].startswith(b"PK")


def changed(document, old, new):
    inside = parts(document)
    body = inside["word/document.xml"].decode()
    assert body.count(old) == 1
    return zipped({**inside, "word/document.xml": body.replace(old, new)})


BUDGET = {"items": [{"name": "一"}, {}, {"name": "二", "amount": "45.60"}]}


SENT = {
    "cover": {"applicant": APPLICANT, "email": "a@example.org"},
    "basic_info": {"is_independent": True, "townships": 731},
    "overall_approach": "第一段\n\n第三段",
    "budget": BUDGET,
}


@pytest.mark.parametrize(
    ("old", "new", "pointers"),
    [
        (APPLICANT, "云泽县", ["/cover/applicant"]),
        ("a@example.org", "", ["/cover/email"]),
        ("a@example.org", "a@example", ["/cover/email"]),
        (">731<", ">732<", ["/basic_info/townships"]),
        (">731<", ">七百<", ["/basic_info/townships"]),
        ("第三段", "第三段。", ["/overall_approach"]),
        (">二<", "><", ["/budget/items/1/name"]),
        (">一<", "><", ["/budget/items/0/name", "/budget/items/0/amount", "/budget/items/1"]),
    ],
)
def test_each_field_that_differs_is_named_and_nothing_of_it_is_reported(old, new, pointers):
    docx = generate("annex2", 2021, SENT, ("docx",))["docx"]
    submission = validate(catalog.edition("annex2", 2021), SENT)
    prove(submission, docx)
    with pytest.raises(ProofFault) as caught:
        prove(submission, changed(docx, old, new))
    assert [fault.pointer for fault in caught.value.errors] == pointers
    assert all(fault.label for fault in caught.value.errors)
    message = f"{caught.value.text} {caught.value.errors}"
    assert pointers[0] in message
    for value in (APPLICANT, "example", "731", "732", "第三段", "45.60"):
        assert value not in message


def test_a_document_that_cannot_be_read_is_no_proof():
    submission = validate(catalog.edition("annex3", 2021), {})
    with pytest.raises(ProofFault) as caught:
        prove(submission, b"PK")
    assert [fault.code for fault in caught.value.errors] == ["unreadable_document"]
    assert differences(submission.edition, submission.data, submission.data) == []


@pytest.fixture
def wrong_template(monkeypatch, tmp_path):
    """annex2 with a template that prints two characters of the applicant."""
    for name in ("docx_templates", "samples"):
        shutil.copytree(BUILT_IN.root / name, tmp_path / name)
    path = tmp_path / "docx_templates" / "2021" / "annex2.docx"
    path.write_bytes(changed(path.read_bytes(), "{{ cover.applicant }}", "{{ cover.applicant[:2] }}"))
    monkeypatch.setattr(BUILT_IN, "root", tmp_path)


def proofs(text):
    """`kexie_proofs_total` by result."""
    families = {family.name: family for family in text_string_to_metric_families(text)}
    samples = families["kexie_proofs"].samples
    return {
        sample.labels["result"]: sample.value for sample in samples if sample.name == "kexie_proofs_total"
    }


def test_a_wrong_template_fails_the_proof_over_http(settings, wrong_template, caplog):
    client = create_app(settings).test_client()
    payload = {"cover": {"applicant": APPLICANT}}
    for query in ("format=docx", "format=pdf", "format=zip", "format=png"):
        answer = client.post(f"{ANNEX2}?{query}&prove=true", json=payload)
        assert (answer.status_code, answer.json["code"]) == (500, "proof_failed")
        (fault,) = answer.json["errors"]
        assert (fault["pointer"], fault["label"]) == ("/cover/applicant", "申报单位")
        assert "云泽" not in answer.get_data(as_text=True)
    assert "proof_failed" in caplog.text
    assert "/cover/applicant (申报单位)" in caplog.text
    assert "云泽" not in caplog.text
    assert client.post(f"{ANNEX2}?format=docx&prove=true", json={}).status_code == 200
    assert client.post(f"{ANNEX2}?format=docx", json=payload).status_code == 200
    assert proofs(client.get("/metrics").get_data(as_text=True)) == {"failed": 4, "proved": 1}


def test_a_wrong_template_fails_the_proof_by_command(wrong_template, tmp_path):
    payload = tmp_path / "payload.json"
    payload.write_text(json.dumps({"cover": {"applicant": APPLICANT}}))
    command = ["render", "annex2", "--year", "2021", str(payload), "-o", str(tmp_path / "a.docx")]
    result = CliRunner().invoke(main, [*command, "--prove"])
    assert result.exit_code == 1
    assert "/cover/applicant  申报单位" in result.stderr
    assert "云泽" not in result.output
    assert not (tmp_path / "a.docx").exists()
    assert CliRunner().invoke(main, command).exit_code == 0


def test_a_proof_counts_where_the_conversion_fails_after_it(settings):
    client = create_app(dataclasses.replace(settings, soffice="/nowhere/soffice")).test_client()
    assert client.post(f"{ANNEX2}?prove=true", json={}).status_code == 503
    assert proofs(client.get("/metrics").get_data(as_text=True)) == {"proved": 1}


@pytest.mark.parametrize("query", ["prove=", "prove=1", "prove=yes"])
def test_prove_is_true_or_false(query):
    answer = create_app().test_client().post(f"{ANNEX2}?format=docx&{query}", json={})
    assert (answer.status_code, answer.json["code"]) == (400, "usage")
