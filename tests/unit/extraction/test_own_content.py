"""What a form has itself, a logo, numbered labels or a floating table, is nothing that a document adds."""

from __future__ import annotations

import copy

import pytest

from service import pipeline
from service.extraction import extract
from service.layout import certify
from service.lint import check as lint
from service.roundtrip import prove
from service.submission import validate
from tests.helpers.docx_builder import picture
from tests.helpers.docx_edit import edited
from tests.helpers.docx_read import W
from tests.helpers.pictures.form import BODY, paragraph, payload, publish

NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
FLOATING = '<w:tblPr><w:tblpPr w:vertAnchor="page" w:tblpY="1897"/>'
OFFICE = paragraph("工作单位").replace("<w:pPr>", NUMBERED) + paragraph("{{ office }}")


def body():
    form = BODY.replace("<w:tblPr>", FLOATING, 1).replace(paragraph("工作单位"), OFFICE)
    return picture() + form + paragraph("申请人日期：").replace("<w:pPr>", NUMBERED)


@pytest.fixture
def edition(tmp_path, monkeypatch):
    return publish(tmp_path, monkeypatch, body())


@pytest.fixture
def document(edition):
    return pipeline.documents(validate(edition, payload()), ("docx",))["docx"]


def test_a_document_with_what_the_form_has_itself_is_sound(edition, document):
    assert lint(edition).faults == ()
    prove(validate(edition, payload()), document)
    assert extract(document).warnings == ()
    assert certify(document, edition).official


def test_what_a_document_adds_of_the_kind_is_reported(document):
    def change(root):
        first, second = (each for each in root.iter(W + "p") if each.find(f"{W}pPr/{W}numPr") is not None)
        first.getnext().find(W + "pPr").append(copy.deepcopy(first.find(f"{W}pPr/{W}numPr")))
        second.getparent().remove(second)

    assert [each.code for each in extract(edited(document, change)).warnings] == ["numbering"]


def test_a_table_that_floats_on_a_document_alone_is_reported(tmp_path, monkeypatch):
    edition = publish(tmp_path, monkeypatch)
    plain = pipeline.documents(validate(edition, payload()), ("docx",))["docx"]

    def change(root):
        place = next(root.iter(W + "tblPr"))
        place.insert(0, place.makeelement(W + "tblpPr", {W + "vertAnchor": "page"}))

    assert [each.code for each in certify(edited(plain, change), edition).differences] == ["table_floats"]


def test_lint_finds_what_would_be_reported_in_every_document(tmp_path, monkeypatch):
    numbered = paragraph("{{ office }}").replace("<w:pPr>", NUMBERED)
    faults = lint(publish(tmp_path, monkeypatch, BODY.replace(paragraph("{{ office }}"), numbered))).faults
    assert [(each.code, each.shown, each.place.en) for each in faults] == [
        ("fails_proof", "numbering", "table 1, row 2, cell 2")
    ]
