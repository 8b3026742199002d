"""A person changes what is proposed for a blank form; what is wrong with the changes is said all at once."""

from __future__ import annotations

import pytest

from service import template_context
from service.config import Settings
from service.errors import InvalidPayload
from service.extraction import extract
from service.form_authoring import new_form
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


def change(blank, label, **members):
    return {"number": number(draft.propose(blank), label), **members}


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


def test_a_draft_says_what_was_found(blank):
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
    }
    nature = found.fields[number(found, "性质") - 1].as_dict("en")
    assert nature["reason"] == "The options have no boxes: those not chosen are struck out."


def test_a_draft_without_changes_makes_the_form_that_is_proposed(blank):
    proposed = draft.propose(blank)
    assert new_form.planned(blank) == proposed.plan
    assert draft_changes.changed(blank, proposed.as_dict()).plan == proposed.plan


def test_a_changed_draft_makes_a_working_form(blank, recognised, tmp_path):
    proposed = draft.propose(blank)

    budget = proposed.fields[number(proposed, "经费预算") - 1].as_dict()["columns"]
    found = draft_changes.changed(
        blank,
        {
            "form": "households",
            "year": 2032,
            "title": "示范户申报表",
            "fields": [
                change(blank, "申报单位", key="unit", required=True),
                change(blank, "申报类别", kind="choices"),
                change(blank, "性质", kind="choice"),
                change(blank, "姓名", left_out=True),
                change(blank, "联系电话", kind="line"),
                change(blank, "身份证号码", required=True, group="本人"),
                change(blank, "电子邮箱", group="本人"),
                change(blank, "经费预算", columns=[{**budget[0], "key": "item"}, budget[1]]),
                {"where": {"table": 4, "row": 2, "cell": 1}, "label": "序号", "left_out": True},
            ],
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
    blank = new_form.read(docx(body, title=""), Settings.from_env({}))
    found = draft_changes.changed(
        blank,
        {
            "fields": [
                {"where": {"table": 1, "row": 2, "cell": 2}},
                {"where": {"paragraph": 3}, "label": "附注", "kind": "line"},
            ]
        },
    )
    assert [each.field.title for each in found.fields] == ["姓名", "学号", "签字", "手续", "附注"]
    assert [each.number for each in found.fields] == [1, 2, 4, 3, 5]
    made_of(blank, found, tmp_path)


def test_all_that_is_wrong_is_said_at_once(blank):
    found = refused(
        blank,
        {
            "form": "2户",
            "year": 20,
            "title": "{{ 7*7 }}",
            "fields": [
                {"number": 1, "key": "Größe"},
                {"number": 2, "key": "name"},
                {"number": 3, "label": " "},
                {"number": 4, "kind": "line"},
                {"number": 5, "kind": "essay"},
                {"number": 99, "label": "无"},
                {"number": 1, "label": "又"},
                {"where": {"table": 9, "row": 1, "cell": 1}, "label": "无"},
                {"where": {"table": 1, "row": 1, "cell": 2}, "label": "有"},
                change(blank, "性别", options=[{"words": "男"}]),
                {
                    "number": number(draft.propose(blank), "性质"),
                    "kind": "choice",
                    "options": [{"words": "集体"}],
                },
                change(blank, "经费预算", columns=[]),
            ],
        },
    )
    assert found == {
        "/form": "not_a_name",
        "/year": "not_a_year",
        "/title": "braces",
        "/fields/0/key": "not_a_key",
        "/fields/1/key": "key_twice",
        "/fields/2/label": "not_words",
        "/fields/3/kind": "unfit_kind",
        "/fields/4/kind": "unknown_kind",
        "/fields/5/number": "no_such_field",
        "/fields/6/number": "field_twice",
        "/fields/7/where": "no_such_place",
        "/fields/8/where": "place_taken",
        "/fields/9/options": "other_boxes",
        "/fields/10/options": "no_options",
        "/fields/11/columns": "other_columns",
    }


def test_what_is_no_change_is_refused(blank):
    assert refused(blank, [])[""] == "malformed"
    assert refused(blank, {"fields": [{"number": "x"}, {"numbr": 1}], "name": "x"}) == {
        "/fields/0/number": "malformed",
        "/fields/1/numbr": "unknown_field",
        "/name": "unknown_field",
    }
    everything = [{"number": each.number, "left_out": True} for each in draft.propose(blank).fields]
    assert refused(blank, {"fields": everything}) == {"/fields": "nothing_left"}
