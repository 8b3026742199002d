"""What a payload lacks and what is unlikely in it, by the rules that forms declare; nothing is refused."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import remarks
from schemas.advice import Above, Earlier, InFuture, LongAgo, MuchAbove, OddPhone, Over, Shorter, Unfilled
from schemas.fields import Count, Day, Group, Line, Money, Phone, Rows, Text, YesNo
from schemas.form_schema import FieldGroup, FormSchema
from service import catalog
from service.errors import IncompletePayload, InvalidPayload
from service.submission import review, validate
from tests.helpers.payloads import PAYLOADS

TODAY = datetime.date(2021, 3, 9)


class Member(FieldGroup):
    name = Line("姓名")
    since = Day("入会日期")


class Office(FieldGroup):
    phone = Phone("电话")
    open = YesNo("是否开放")
    staff = Count("人数")
    members = Rows("成员", Group("成员", Member))


class Club(FormSchema):
    title = Line("名称")
    office = Group("办公室", Office)
    quota = Count("编制")
    fee = Money("会费")
    founded = Day("成立日期")
    closed = Day("注销日期")
    aim = Text("宗旨")
    history = Text("沿革")


def club(expected=(), advice=()):
    """A form that expects and advises this."""
    return type("Test", (Club,), {"expected": expected, "advice": advice})()


def missing(form, payload):
    values = remarks.given(form, payload, form.load(payload))
    assert values == remarks.given(form, payload)
    return ["/".join(map(str, each.path)) for each in form.declared.missing(values)]


def advised(rule, payload):
    """The code, place and Chinese message of the advice on a payload."""
    form = club(advice=(rule,))
    found = form.declared.unlikely(remarks.given(form, payload, form.load(payload)), TODAY)
    return [("/".join(map(str, each.path)), each.code, each.message.zh) for each in found]


@pytest.mark.parametrize(
    ("expected", "payload", "lacking"),
    [
        (("title",), {}, ["title"]),
        (("title",), {"title": " \u200b"}, ["title"]),
        (("title",), {"title": "云"}, []),
        (("office",), {}, ["office/phone", "office/open", "office/staff", "office/members"]),
        (("office.*",), {"office": {"open": False, "staff": 0}}, ["office/phone", "office/members"]),
        (("office.members",), {"office": {"members": [{}, {"name": None}]}}, ["office/members"]),
        (("office.members",), {"office": {"members": [{}, {"name": "陆"}]}}, []),
        (
            ("office.members.*",),
            {"office": {"members": [{}, {"name": "陆"}, {"since": "2021-03-01"}]}},
            ["office/members/1/since", "office/members/2/name"],
        ),
        (("office.members.*.since",), {}, []),
        ((), {}, []),
    ],
)
def test_what_is_expected_of_leaves_groups_and_tables(expected, payload, lacking):
    assert missing(club(expected), payload) == lacking


@pytest.mark.parametrize(
    ("rule", "payload", "message"),
    [
        (Above("office.staff", "quota"), {"office": {"staff": 3}, "quota": 3}, None),
        (
            Above("office.staff", "quota"),
            {"office": {"staff": 4}, "quota": 3},
            "4 多于“编制”的 3，请核对这两项。",
        ),
        (Above("office.staff", "quota"), {"office": {"staff": 4}}, None),
        (MuchAbove("office.staff", "quota", factor=1.5, by=3), {"office": {"staff": 6}, "quota": 4}, None),
        (MuchAbove("office.staff", "quota", factor=1.5, by=3), {"office": {"staff": 2}, "quota": 0}, None),
        (
            MuchAbove("office.staff", "quota", factor=1.5, by=3),
            {"office": {"staff": 7}, "quota": 4},
            "7 远多于“编制”的 4，请核对这两项。",
        ),
        (Over("fee", 1000), {"fee": "999.99"}, None),
        (Over("fee", 1000), {"fee": "35000.00"}, "35000 万元数额过大，是否误按“元”填写？请核对。"),
        (InFuture("founded"), {"founded": "2021-03-09"}, None),
        (InFuture("founded"), {"founded": "2021-03-10"}, "2021年3月10日还没有到，请核对日期。"),
        (LongAgo("founded", years=20), {"founded": "2001-03-10"}, None),
        (LongAgo("founded", years=20), {"founded": "2001-03-09"}, "2001年3月9日距今已有 20 年，请核对年份。"),
        (Earlier("closed", "founded"), {"founded": "2021-01-01", "closed": "2021-01-01"}, None),
        (
            Earlier("closed", "founded"),
            {"founded": "2021-01-02", "closed": "2021-01-01"},
            "早于“成立日期”（2021年1月2日），请核对这两个日期。",
        ),
        (Shorter("aim", "history"), {"aim": "一二", "history": "一\n 二"}, None),
        (
            Shorter("aim", "history"),
            {"aim": "一", "history": "一二"},
            "比“沿革”写得短；按填表要求，应重点突出本栏。",
        ),
        (Unfilled("aim", "history"), {"aim": "一", "history": "二"}, None),
        (Unfilled("aim", "history"), {"history": "二"}, "已填“沿革”，这里尚未填写。"),
    ],
)
def test_what_a_rule_finds_unlikely(rule, payload, message):
    found = advised(rule, payload)
    assert [each[2] for each in found] == ([message] if message else [])
    assert {(place, code) for place, code, _ in found} <= {(rule.at.replace(".", "/"), rule.code)}


def test_a_rule_of_a_table_looks_at_each_row_by_its_own_number():
    rows = [{}, {"name": "陆", "since": "2021-03-01"}, {}, {"name": "沈"}]
    found = advised(
        Unfilled("office.members.*.since", "office.members.*.name"), {"office": {"members": rows}}
    )
    assert [place for place, _, _ in found] == ["office/members/3/since"]


@pytest.mark.parametrize(
    ("phone", "anywhere", "as_mobile"),
    [
        ("13800002719", False, False),
        ("138 0000 2719", False, False),
        ("+86 138-0000-2719", False, False),
        ("8613800002719", False, False),
        ("１３８００００２７１９", False, False),
        ("138 0000 2719、661234", False, False),  # a short number
        ("13800002719（661234）", False, False),
        ("0520-5550 1236", False, False),
        ("(010) 5550 1236", False, False),
        ("+86 10 5550 1236", False, False),
        ("0520-55501236转8012", False, False),
        ("+852 5123 4567", False, False),
        ("1380000271", True, True),  # ten digits
        ("138 0000 27190", True, True),
        ("+86 1380000271", True, True),
        ("13800002719/1380000271", True, True),
        ("5550 1236", False, True),  # no area code
        ("0520-555123", False, True),
        ("400-820-1234", False, True),
        ("12345", False, False),
    ],
)
def test_telephone_numbers_are_odd_by_their_digits(phone, anywhere, as_mobile):
    payload = {"office": {"phone": phone}}
    assert bool(advised(OddPhone("office.phone"), payload)) == anywhere
    assert bool(advised(OddPhone("office.phone", mobile=True), payload)) == as_mobile


@pytest.mark.parametrize(
    ("expected", "advice", "named"),
    [
        (("fax",), (), "fax"),
        (("office.members.name",), (), "office.members.name"),
        (("title.*",), (), "title.*"),
        ((), (InFuture("office.opened"),), "office.opened"),
        ((), (InFuture("title"),), "InFuture is not for 'title'"),
        ((), (Above("office.staff", "founded"),), "Above is not for 'founded'"),
    ],
)
def test_a_form_that_declares_what_it_does_not_have_cannot_be_made(expected, advice, named):
    with pytest.raises(ValueError, match=named):
        club(expected, advice)


def pointers(form):
    return catalog.edition(form, 2021).expected()


def test_what_the_official_forms_expect():
    scores = pointers("annex1")
    assert (len(scores), scores[0], scores[-1]) == (24, "/scores/1.1", "/scores/5.5")
    leaves = catalog.edition("annex2", 2021).labels()
    basic = [each for each in leaves if each.startswith(("/cover/", "/basic_info/"))]
    groups = {each.rpartition("/")[0] for each in basic}
    assert pointers("annex2") == [
        *(each for each in basic if each not in groups),
        "/overall_approach",
        "/goals_and_measures",
        "/budget/items",
    ]
    assert pointers("annex3") == [f"/{key}" for key in catalog.edition("annex3", 2021).schema.fields][:5]


def test_the_full_samples_are_complete_and_likely(edition):
    submission, found = review(edition, edition.sample("full"), complete=True)
    assert (found.advice, found.missing) == ((), ())
    assert submission.data


def test_unlikely_values_of_annex2_are_named_with_their_official_labels():
    payload = {
        "cover": {"contact_phone": "1380000271"},
        "basic_info": {
            "mobile": "138000027",
            "staff_quota": 9,
            "staff_actual": 90,
            "townships": 3,
            "township_associations": 4,
            "subdistricts": 0,
            "subdistrict_associations": 1,
            "communities": 9,
            "community_associations": 10,
            "villages": 9,
            "village_associations": 10,
            "last_election_date": "2999-01-01",
        },
        "budget": {"items": [{"name": "科普"}, {"name": "学会", "amount": 35000}]},
        "review": {"applicant_date": "2021-03-09", "city_opinion": {"date": "2021-03-08"}},
    }
    found = validate(catalog.edition("annex2", 2021), payload).remarks(TODAY)
    assert [(each.pointer, each.label, each.code) for each in found.advice] == [
        ("/cover/contact_phone", "联系电话", "odd_phone"),
        ("/basic_info/mobile", "手机", "odd_phone"),
        ("/basic_info/staff_actual", "实有人员数", "much_above"),
        ("/basic_info/last_election_date", "最近一次换届日期", "in_future"),
        ("/basic_info/township_associations", "乡镇科协", "above"),
        ("/basic_info/subdistrict_associations", "街道科协", "above"),
        ("/basic_info/community_associations", "社区科协", "above"),
        ("/basic_info/village_associations", "村科协", "above"),
        ("/budget/items/0/amount", "金额", "unfilled"),
        ("/budget/items/1/amount", "金额", "over"),
        ("/review/city_opinion/date", "日期", "earlier"),
    ]


def test_all_of_a_refused_payload_is_reported_at_once_and_nothing_twice():
    edition = catalog.edition("annex2", 2021)
    payload = {"cover": 5, "basic_info": {"mobile": "无", "townships": 1, "township_associations": 2}}
    with pytest.raises(InvalidPayload) as caught:
        review(edition, payload, complete=True)
    codes = {error.pointer: error.code for error in caught.value.errors}
    assert len(codes) == len(caught.value.errors)
    assert codes["/cover"] == "not_an_object"
    assert codes["/basic_info/mobile"] == "not_a_phone"
    assert codes["/basic_info/office_phone"] == codes["/budget/items"] == "missing"
    assert not any(pointer.startswith("/cover/") for pointer in codes)
    assert [each.pointer for each in caught.value.remarks.advice] == ["/basic_info/township_associations"]


@settings(max_examples=25)
@given(st.data())
def test_remarks_refuse_nothing_and_a_complete_payload_is_one_that_lacks_nothing(data):
    form = data.draw(st.sampled_from(sorted(PAYLOADS)))
    edition, payload = catalog.edition(form, 2021), data.draw(PAYLOADS[form])
    try:
        submission, found = review(edition, payload)
    except InvalidPayload as error:  # too many 字
        assert error.remarks is not None
        return
    assert {each.code for each in found.missing} <= {"missing"}
    try:
        assert validate(edition, payload, complete=True) == submission
        assert found.missing == ()
    except IncompletePayload as error:
        assert error.errors == found.missing
