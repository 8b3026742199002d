"""A person changes what is proposed for a blank form; all errors of the changes are reported at once."""

from __future__ import annotations

import pytest

from service import template_context
from service.config import Settings
from service.errors import InvalidPayload
from service.extraction import extract
from service.form_authoring import blank_form, new_form
from service.form_authoring.drafts import draft, draft_changes
from service.forms import form_folder, form_reader
from service.submission import validate
from tests.helpers.docx_builder import docx
from tests.helpers.forms.blank_forms import paragraph, table


def refused(blank, changes):
    with pytest.raises(InvalidPayload) as caught:
        draft_changes.changed(blank, changes)
    return {error.pointer: error.code for error in caught.value.errors}


def number(found, label):
    return next(each.number for each in found.fields if each.field.title == label)


def changes(blank, members):
    """Changes of fields by their labels."""
    return {str(number(draft.propose(blank), label)): change for label, change in members.items()}


def made_of(blank, found, folder):
    """The edition of a draft, whose full sample is read back as it was sent."""
    form = new_form.make(found.form, found.year, blank, folder, found.plan, found.title)
    assert [fault.text.zh for fault in form.report.faults] == []
    edition = form_reader.read([form_folder.outside(folder)], thorough=True)[0][0]
    sent = validate(edition, edition.sample("full"))
    document = edition.template.render(template_context.build(sent))
    read = extract(document, edition.form, edition.year)
    assert validate(edition, read.data).data == sent.data
    return edition


@pytest.fixture
def recognised(monkeypatch, tmp_path):
    def recognise(*_):
        return form_reader.read([form_folder.outside(tmp_path)], thorough=False)[0][0]

    monkeypatch.setattr("service.extraction.recognise", recognise)


def test_a_draft_has_what_was_found(blank):
    found = draft.propose(blank)
    assert (found.form, found.title) == ("yun_ze_xian_ke_pu_shi_fan_hu_shen_bao", "云泽县科普示范户申报表")
    kind = found.fields[number(found, "申报类别") - 1].as_dict("en")
    assert kind == {
        "number": 4,
        "key": "application_kind",
        "label": "申报类别",
        "kind": "choice",
        "kinds": ["choice", "choices"],
        "required": False,
        "unit": "",
        "options": [
            {"key": "zhong_zhi", "words": "种植", "own_words": False},
            {"key": "yang_zhi", "words": "养殖", "own_words": False},
            {"key": "other", "words": "其他", "own_words": True},
        ],
        "columns": [],
        "rows": 0,
        "names": [],
        "limit": 0,
        "group": "",
        "where": {"paragraph": 4},
        "certain": True,
        "doubt": "",
        "reason": "",
        "left_out": False,
        "added": False,
    }
    nature = found.fields[number(found, "性质") - 1].as_dict("en")
    assert nature["reason"] == "The options have no boxes: those not chosen are struck out."


def test_a_draft_without_changes_makes_the_form_that_is_proposed(blank):
    proposed = draft.propose(blank)
    assert blank_form.planned(blank) == proposed.plan
    fields = {str(each.number): each.as_dict() for each in proposed.fields}
    assert draft_changes.changed(blank, {"fields": fields}).plan == proposed.plan


def test_a_changed_draft_makes_a_working_form(blank, recognised, tmp_path):
    proposed = draft.propose(blank)

    budget = proposed.fields[number(proposed, "经费预算") - 1].as_dict()["columns"]
    found = draft_changes.changed(
        blank,
        {
            "form": "households",
            "year": 2032,
            "title": "示范户申报表",
            "fields": changes(
                blank,
                {
                    "申报单位": {"key": "unit", "required": True},
                    "申报类别": {"kind": "choices"},
                    "性质": {"kind": "choice"},
                    "姓名": {"left_out": True},
                    "联系电话": {"kind": "line"},
                    "身份证号码": {"required": True, "group": "本人"},
                    "电子邮箱": {"group": "本人"},
                    "经费预算": {"columns": [{**budget[0], "key": "item"}, budget[1]]},
                },
            ),
        },
    )
    edition = made_of(blank, found, tmp_path)
    assert edition.title == "示范户申报表"
    assert edition.expected() == ["/unit", "/ben_ren/id_number"]
    full = edition.sample("full")
    assert full["application_kind"] == ["zhong_zhi", "yang_zhi"]
    assert full["nature"] == "collective"
    assert "name" not in full
    assert full["ben_ren"].keys() == {"id_number", "email"}
    assert full["budget"][0].keys() == {"item", "amount"}


def test_a_field_is_added_in_a_cell_and_a_paragraph(recognised, tmp_path):
    body = "".join(
        [
            paragraph("申请表"),
            paragraph("姓名：______"),
            table(["学号", ""], ["签字", ""], ["手续", "□已办 □未办"]),
            paragraph("附注"),
        ]
    )
    blank = blank_form.read(docx(body, title=""), Settings.from_env({}))
    found = draft_changes.changed(
        blank,
        {
            "added": [{"where": {"table": 1, "row": 2, "cell": 2}}, {"where": {"paragraph": 3}}],
            "fields": {"5": {"label": "附注", "kind": "line", "key": "notes"}},
        },
    )
    assert [each.field.title for each in found.fields] == ["姓名", "学号", "签字", "手续", "附注"]
    assert [each.number for each in found.fields] == [1, 2, 4, 3, 5]
    made_of(blank, found, tmp_path)


def test_all_that_is_wrong_is_reported_at_once(blank):
    fields = changes(
        blank,
        {
            "申报单位": {"key": "Größe"},
            "联系人": {"key": "name"},
            "联系电话": {"label": " "},
            "申报类别": {"kind": "line"},
            "出生年月": {"kind": "essay"},
            "性别": {"options": ["男"]},
            "性质": {"kind": "choice", "options": ["集体"]},
            "资金来源（可多选）": {"options": ["财政", "财政", {"words": "其他", "key": "1"}]},
            "经费预算": {"columns": []},
        },
    )
    added = [{"where": {"table": 9, "row": 1, "cell": 1}}, {"where": {"table": 1, "row": 1, "cell": 2}}]
    found = refused(
        blank,
        {
            "form": "2户",
            "year": 20,
            "title": "{{ 7*7 }}",
            "fields": {**fields, "99": {"label": "无"}},
            "added": added,
        },
    )
    assert found == {
        "/form": "not_a_name",
        "/year": "not_a_year",
        "/title": "braces",
        "/fields/1/key": "not_a_key",
        "/fields/2/key": "key_twice",
        "/fields/3/label": "not_words",
        "/fields/4/kind": "unfit_kind",
        "/fields/6/options": "other_boxes",
        "/fields/8/kind": "unknown_kind",
        "/fields/12/options/1/words": "words_twice",
        "/fields/12/options/2/key": "not_a_key",
        "/fields/14/options": "no_options",
        "/fields/17/columns": "other_columns",
        "/fields/99": "no_such_field",
        "/added/0/where": "no_such_place",
        "/added/1/where": "place_taken",
    }


def test_what_is_no_change_is_refused(blank):
    assert refused(blank, [])[""] == "malformed"
    assert refused(blank, {"fields": {"1": {"label": 1}, "2": {"lable": "x"}}, "name": "x"}) == {
        "/fields/1/label": "malformed",
        "/fields/2/lable": "unknown_field",
        "/name": "unknown_field",
    }
    everything = {str(each.number): {"left_out": True} for each in draft.propose(blank).fields}
    assert refused(blank, {"fields": everything}) == {"/fields": "nothing_left"}
