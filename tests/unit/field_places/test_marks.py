"""Which fields a document prints in which paragraphs, and the rows of its payload."""

from __future__ import annotations

import pytest

from schemas.tree import sent_path, values
from service import catalog, template_context
from service.field_places import marked_document, marks
from service.submission import validate
from service.wordml import word_package
from tests.helpers.forms import made_up


def document(edition, payload):
    submission = validate(edition, edition.sample("full") if payload is None else payload)
    return submission, edition.template.render(template_context.build(submission))


def found(submission, docx):
    root = word_package.part(word_package.opened(docx), word_package.MAIN)
    return marks.by_paragraph(submission, root)


@pytest.mark.parametrize("form", ["annex1", "annex2", "annex3", made_up.FORM])
def test_every_field_of_a_full_form_has_a_paragraph(form, monkeypatch):
    edition = made_up.publish(monkeypatch) if form == made_up.FORM else catalog.edition(form, 2021)
    submission, docx = document(edition, None)
    printed = {path for printed in found(submission, docx).values() for path in printed.ends}
    every = {path for path, _, _ in values(submission.edition.schema, submission.data)}
    assert every - printed <= {("association_name",)}  # annex 1 does not print it


def test_the_blank_rows_of_a_table_have_its_fields():
    submission, docx = document(catalog.edition("annex2", 2021), {})
    paths = {path for printed in found(submission, docx).values() for path in printed.ends}
    rows = {path[2] for path in paths if path[:2] == ("budget", "items")}
    assert rows == {0, 1}


def test_the_text_of_the_document_is_that_without_marks():
    submission, docx = document(catalog.edition("annex2", 2021), None)
    marked = marked_document.mark(submission, docx)
    plain, shaded = (
        "".join(word_package.part(word_package.opened(each), word_package.MAIN).itertext())
        for each in (docx, marked.docx)
    )
    assert shaded == plain
    assert len(marked.fields) == len({tuple(each.ends) for each in marked.fields.values()})


def test_blank_rows_of_a_payload_count():
    payload = {"items": [{}, {"name": "甲"}, {"name": " "}, {"name": "乙"}]}
    numbers = [sent_path(payload, ("items", number, "name"))[1] for number in range(5)]
    assert numbers == [1, 3, 0, 2, 4]
