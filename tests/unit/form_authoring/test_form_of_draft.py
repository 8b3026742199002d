"""A draft is tried, downloaded and installed; no printed word or label of it runs as code."""

from __future__ import annotations

import gc
import io
import keyword
import sys
import weakref
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import schemas.fields
from service import catalog, template_context
from service.config import Settings
from service.errors import InvalidPayload, TemplateFault, UnreadableDocument, UsageError
from service.form_authoring import blank_form, field_keys, field_types, schema_writer
from service.form_authoring.drafts import draft, draft_changes, field_kinds, form_of_draft
from service.submission import validate
from service.web.controls import outline
from service.wordml import paragraphs, parse
from service.wordml.word_package import MAIN, unpack
from tests.helpers.docx_builder import docx
from tests.helpers.forms import own_catalogue
from tests.helpers.forms.blank_forms import paragraph, table

SETTINGS = Settings.from_env({})
NASTY = st.text(
    st.one_of(st.sampled_from("\"'\\{}%#<>&\n\r\u2028\x00 _=();,姓名a"), st.characters()), max_size=30
)
BODY = "".join([paragraph("登记表"), table(["姓名", ""], ["性别", "□男 □女"]), paragraph("共____人次")])


def read(body=BODY):
    return blank_form.read(docx(body, title=""), SETTINGS)


def texts(document):
    return [each.text for each in paragraphs(parse(unpack(document)[MAIN]))]


def changed(**fields):
    blank = read()
    return blank, draft_changes.changed(blank, {"form": "register", "year": 2031, "fields": fields})


@given(NASTY)
def test_a_text_is_one_literal_of_the_schema(text):
    source = field_types.quoted(text)
    assert len(source.splitlines()) == 1
    assert eval(source, {"__builtins__": {}}) == text


@given(st.lists(NASTY, min_size=3, max_size=3), st.integers(0, 3))
def test_no_label_ends_its_literal_in_the_schema(words, at):
    blank = read()
    plan = draft.propose(blank).plan
    fields = [(group, field) for group, field in plan.headed]
    (_, name), (_, sex), (_, count) = fields
    options = field_types.options(words[:2], None)
    chosen = field_types.FieldType("Choice", tuple(each.source for each in options), options)
    made = [(words[2], _titled(name, words[0])), ("", _titled(sex, words[1], chosen)), ("", count)]
    text = schema_writer.text(blank_form.form_plan.arranged(made), "register", words[2], 2031)
    names: dict[str, object] = {}
    try:
        exec(compile(text, "register.py", "exec"), names)
    except ValueError as error:  # what a field of the schema refuses
        assert "twice" in str(error)
        return
    schema = names["Register"]()
    assert {field.metadata.get("title") for field in schema.fields.values()} >= {words[1], count.title}


def _titled(field, title, type_=None):
    return replace(field, title=title, type=type_ or field.type)


@given(st.text(max_size=20), st.sets(st.sampled_from(["name", "name_2"])))
def test_a_key_is_an_identifier(label, taken):
    key = field_keys.key(label, taken)
    assert field_keys.is_key(key)
    assert key.isidentifier()
    assert not keyword.iskeyword(key)
    assert key not in taken


@pytest.mark.parametrize("form", ["None", "true", "class", "import", "FormSchema"])
def test_a_form_may_have_the_name_of_a_keyword(form):
    blank = read()
    found = draft_changes.changed(blank, {"form": form, "year": 2031})
    with form_of_draft.tried(blank, found, SETTINGS) as edition:
        assert edition.form == form


@pytest.mark.parametrize(
    "text", ["{{ 7*7 }}", "{% if x %}", "{# x #}", "{", "姓名{", "{%p for x in y %}", "{____}"]
)
def test_printed_braces_stay_text_or_are_refused(text):
    body = BODY + paragraph(text) + paragraph("电话：{____")
    with pytest.raises(UnreadableDocument, match="花括号"):
        blank = read(body)
        with form_of_draft.tried(blank, draft.propose(blank), SETTINGS):
            pass


def test_a_brace_apart_from_places_stays(tmp_path):
    blank = read(BODY + paragraph("集合{a}"))
    with form_of_draft.tried(blank, draft.propose(blank), SETTINGS) as edition:
        document = edition.template.render(template_context.build(validate(edition, {})))
    assert "集合{a}" in texts(document)


def test_braces_between_runs_and_in_headers_are_refused():
    runs = "<w:p><w:r><w:t>{</w:t></w:r><w:r><w:t>{ 7*7 }}</w:t></w:r></w:p>"
    with pytest.raises(UnreadableDocument, match="花括号"):
        read(BODY + runs)
    with pytest.raises(UnreadableDocument, match="花括号"):
        blank_form.read(docx(BODY, title="{{ 7*7 }}"), SETTINGS)


def test_a_tried_form_works_and_nothing_of_it_stays():
    blank, found = changed(**{"1": {"label": '"); import os #', "required": True}, "2": {"kind": "choices"}})
    before = set(sys.modules)
    with form_of_draft.tried(blank, found, SETTINGS) as edition:
        assert edition.labels()["/name"] == '"); import os #'
        assert edition.expected() == ["/name"]
        assert outline.sections(edition)
        document = edition.template.render(template_context.build(validate(edition, {"name": "林知远"})))
        assert "林知远" in texts(document)
        folder, schema, left = edition.folder.root, type(edition.schema), weakref.ref(edition)
        kept = weakref.ref(schema)
    assert not folder.exists()
    assert set(sys.modules) == before
    del edition, schema
    gc.collect()
    assert (left(), kept()) == (None, None)


def test_a_download_has_the_same_bytes_each_time():
    files = [form_of_draft.zipped(*changed(**{"1": {"label": "户主"}})) for _ in range(2)]
    assert files[0] == files[1]
    with zipfile.ZipFile(io.BytesIO(files[0])) as package:
        names = package.namelist()
        assert b"\xe6\x88\xb7\xe4\xb8\xbb" in package.read("register-2031/schemas/register.py")
    assert "register-2031/schemas/editions.json" in names
    assert "register-2031/docx_templates/2031/register.docx" in names
    assert all(name.startswith("register-2031/") for name in names)


@pytest.fixture
def service(tmp_path, monkeypatch):
    """The settings of a service with an empty folder of forms, which this process has in this test."""
    own_catalogue(monkeypatch)
    (tmp_path / "forms").mkdir()
    monkeypatch.setenv("KEXIE_FORMS", f"{tmp_path / 'missing'}:{tmp_path / 'forms'}")
    (tmp_path / "missing").mkdir(mode=0o755)
    return Settings.from_env()


def test_an_installed_form_is_there_with_the_next_request(service, tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, _: path == tmp_path / "forms")
    assert form_of_draft.writable_folder(service) == tmp_path / "forms"
    known = catalog.editions()
    form = form_of_draft.install(*changed(), service)
    assert form.report.faults == ()
    assert catalog.edition("register", 2031).title == "登记表"
    assert all(any(each is former for each in catalog.editions()) for former in known)
    with pytest.raises(InvalidPayload) as refused:
        form_of_draft.install(*changed(), service)
    (error,) = refused.value.errors
    assert error.pointer == "/form"
    assert "已有 register 2031" in error.message.zh


def test_no_form_is_installed_without_a_folder():
    assert form_of_draft.writable_folder(SETTINGS) is None
    with pytest.raises(UsageError, match="没有可以写入的表单目录"):
        form_of_draft.install(*changed(), SETTINGS)


def test_a_form_that_could_not_be_used_is_not_written(service, tmp_path, monkeypatch):
    monkeypatch.setattr(schema_writer, "text", lambda *_: "import nothing_like_this\n")
    with pytest.raises(TemplateFault, match="nothing_like_this"):
        form_of_draft.install(*changed(), service)
    assert list((tmp_path / "missing").iterdir()) == []


def test_each_kind_can_be_chosen_for_a_cell():
    def cell():
        return read(paragraph("登记表") + table(["备注", ""]))

    (field,) = draft.propose(cell()).fields
    for kind in field_kinds.allowed(field.field.place):
        blank = cell()
        change = {"kind": kind, "options": ["甲", "乙"]} if kind == "choice" else {"kind": kind}
        found = draft_changes.changed(blank, {"fields": {"1": change}})
        assert found.fields[0].kind == kind
        with form_of_draft.tried(blank, found, SETTINGS) as edition:
            sample = validate(edition, edition.sample("full"))
            assert edition.template.render(template_context.build(sample))


def test_every_type_has_a_kind():
    types = set(schemas.fields.__all__) - {"Group", "Option", "Unreadable", "Field", "Leaf"}
    assert {each.type for each in field_kinds.KINDS.values()} == types
