"""What another form, or the same form of another year, takes over of a submission."""

from __future__ import annotations

import dataclasses

import pytest

from schemas.fields import Count, Day, Group, Line, Text
from schemas.form_schema import FieldGroup, FormSchema
from service import catalog
from service.answers.facts import facts
from service.payload_json import pointer

FULL = catalog.edition("annex2", 2021).sample("full")


def taken(payload, source, target):
    """What is taken over, by JSON Pointer."""
    editions = (catalog.edition(*each) if isinstance(each, tuple) else each for each in (source, target))
    return {pointer(fact.path): fact.value for fact in facts(payload, *editions)}


def test_the_next_year_takes_names_contacts_counts_and_answers():
    found = taken(FULL, ("annex2", 2020), ("annex2", 2021))
    assert found["/cover/contact_phone"] == FULL["cover"]["contact_phone"]
    assert found["/basic_info/staff_quota"] == FULL["basic_info"]["staff_quota"]
    assert found["/basic_info/leader_in_npc_standing"] is False
    head = "/basic_info/four_heads/hospital_directors/county"
    assert found[head] == FULL["basic_info"]["four_heads"]["hospital_directors"]["county"]
    assert next(iter(found)) == "/cover/applicant"
    kept = ("/overall_approach", "/budget", "/review", "/basic_info/last_election_date")
    assert not [name for name in found if name.startswith(kept)]


@pytest.mark.parametrize(
    ("form", "field"), [("annex1", "/association_name"), ("annex3", "/association_name")]
)
def test_a_sister_form_takes_the_association(form, field):
    name = FULL["basic_info"]["association_name"]
    assert taken(FULL, ("annex2", 2021), (form, 2021)) == {field: name}
    assert taken({"association_name": name}, (form, 2020), ("annex2", 2021)) == {
        "/basic_info/association_name": name
    }


def test_a_title_or_a_text_is_no_fact():
    sample = catalog.edition("annex3", 2020).sample("full")
    assert list(taken(sample, ("annex3", 2020), ("annex3", 2021))) == ["/association_name"]


class People(FieldGroup):
    contact_person = Line("联系人")
    members = Count("人数")


class Summary(FormSchema):
    submitter = ("unit",)
    unit = Line("单位名称", fact="association_name")
    people = Group("人员", People)
    men = Group("男", People)
    phone = Line("电话")
    founded = Day("成立日期", carries=True)
    remarks = Text("备注", carries=False)


class Report(FormSchema):
    submitter = ("name",)
    name = Line("填报单位", fact="association_name")
    phone = Count("电话")
    founded = Day("成立日期", carries=True)
    remarks = Text("备注")
    contact_person = Line("联系人")


def edition(schema, form):
    return dataclasses.replace(catalog.edition("annex3", 2021), form=form, schema=schema())


def test_fields_of_one_fact_or_alike_in_key_and_label_are_taken_over_where_that_is_certain():
    payload = {
        "unit": "云泽县科协",
        "people": {"contact_person": "甲"},  # the form has two of these
        "men": {"contact_person": "乙"},
        "phone": "0520-5550 1236",  # no count
        "founded": "1958-09-01",
        "remarks": "无",
    }
    found = taken(payload, edition(Summary, "summary"), edition(Report, "report"))
    assert found == {"/name": "云泽县科协", "/founded": "1958-09-01"}


def test_blank_and_faulty_values_are_no_facts():
    payload = {"association_name": "", "case_name": None}
    assert taken(payload, ("annex3", 2020), ("annex3", 2021)) == {}
    faulty = {"cover": {"email": "不是邮箱", "applicant": "云泽县科协"}, "basic_info": {"townships": "十二"}}
    assert taken(faulty, ("annex2", 2020), ("annex2", 2021)) == {"/cover/applicant": "云泽县科协"}
