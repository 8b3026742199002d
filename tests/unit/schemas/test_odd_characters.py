"""Characters that cannot be seen or look like others: plain with a notice, or refused by name."""

from __future__ import annotations

import datetime

import pytest

from service import catalog, pipeline
from service.character_notices import notices
from service.config import Settings
from service.errors import InvalidPayload, NotJson
from service.payload_json import parse
from service.submission import validate

ANNEX2 = catalog.edition("annex2", 2021)
LINE, PHONE, EMAIL, TEXT = "applicant", "contact_phone", "email", "mailing_address"


def one_line(key, text):
    return {"cover": {key: text}}


def plain(payload):
    """The data of a payload, and code, pointer and number of each notice."""
    submission = validate(ANNEX2, payload)
    found = pipeline.produce(submission, ("docx",)).warnings
    return submission.data, [(each.code, each.pointer, each.code_point) for each in found]


def refusals(payload):
    """Code and both messages of every fault."""
    with pytest.raises(InvalidPayload) as caught:
        validate(ANNEX2, payload)
    return [(fault.code, fault.message) for fault in caught.value.errors]


REPLACED = [
    (LINE, "云泽\u00a0科协", "云泽 科协"),
    (LINE, "云泽\u202f科协", "云泽 科协"),
    (LINE, "云泽\u2009科协", "云泽 科协"),
    (LINE, "云泽\u205f科协", "云泽 科协"),
    (LINE, "云泽\u2003科协", "云泽\u3000科协"),
    (LINE, "云泽\u3164科协", "云泽 科协"),
    (LINE, "云泽\u2800科协", "云泽 科协"),
    (LINE, "A\u2011B", "A-B"),
    (LINE, "\ue863溪科协", "䶮溪科协"),
    (LINE, "\ue816溪科协", "𠂇溪科协"),
    (LINE, "云泽\ue5e5科协", "云泽\u3000科协"),
    (PHONE, "0520\u201155501234", "0520-55501234"),
    (PHONE, "0520\u221255501234", "0520-55501234"),
    (PHONE, "0520\ufe6355501234", "0520-55501234"),
    (PHONE, "0520\u201055501234", "0520-55501234"),
    (PHONE, "138\u00a00000\u00a02719", "138 0000 2719"),
    (PHONE, "55501234\u20078012", "55501234 8012"),
    (PHONE, "13800002719／55501234", "13800002719/55501234"),
    (PHONE, "（０520）55501234", "（0520）55501234"),
    (EMAIL, "kexie＠example.org", "kexie@example.org"),
    (EMAIL, "kexie@example．org", "kexie@example.org"),
    (EMAIL, "kexie@example。org", "kexie@example.org"),
    (EMAIL, "ke－xie@example.org", "ke-xie@example.org"),
    (EMAIL, "ke\u2013xie@example.org", "ke-xie@example.org"),
]
REMOVED = [
    *((LINE, f"沈{odd}砚青", "沈砚青") for odd in "\u200b\u2060\ufeff\u00ad\u034f\u200d\u200c\u2063\x7f\x81"),
    *((LINE, f"{odd}沈砚青", "沈砚青") for odd in "\u200e\u200f\u202a\u202d\u202e\u2066\u061c\u180e"),
    *((LINE, f"沈砚青{odd}", "沈砚青") for odd in "\u202c\u2069\U000e0041\U000e0001\u17b4"),
    (LINE, "A\ufe0f", "A"),
    (LINE, "A\U000e0100", "A"),
    (PHONE, "\u202d0520-55501234\u202d", "0520-55501234"),
    (PHONE, "138\u200b00002719", "13800002719"),
    (EMAIL, "kexie@exam\u00adple.org", "kexie@example.org"),
    (EMAIL, "\ufeffkexie@example.org", "kexie@example.org"),
]


@pytest.mark.parametrize(
    ("key", "sent", "made", "code"),
    [*((*row, "character_replaced") for row in REPLACED), *((*row, "character_removed") for row in REMOVED)],
)
def test_an_odd_character_is_made_plain_with_a_notice(key, sent, made, code):
    data, notices = plain(one_line(key, sent))
    assert data["cover"][key] == made
    odd = next(each for each in sent if each not in made)
    assert notices == [(code, f"/cover/{key}", f"U+{ord(odd):04X}")]


@pytest.mark.parametrize(
    ("kept", "ordinary"),
    [
        ("⼭⼭", "山"),
        ("⻢", "马"),
        ("\uf9f4", "林"),
        ("\U0002f80a", "僧"),
        ("\ufa0e", None),
        ("⺀", None),
    ],
)
def test_a_character_that_looks_like_another_is_kept_with_a_notice(kept, ordinary):
    submission = validate(ANNEX2, one_line(LINE, f"云泽{kept}"))
    assert submission.data["cover"][LINE] == f"云泽{kept}"
    found = [(each.code, each.code_point) for each in notices(submission)]
    assert found == ([("character_look_alike", f"U+{ord(kept[0]):04X}")] if ordinary else [])
    for each in notices(submission):
        assert (
            f"（U+{ord(kept[0]):04X}）{len(kept)} 处，看来就是汉字“{ordinary}”（U+{ord(ordinary):04X}）"
            in each.message.zh
        )
        assert f"looks like '{ordinary}' (U+{ord(ordinary):04X})" in each.message.en


@pytest.mark.parametrize("end", list("\u2028\u2029\x85\x0b\x0c"))
def test_every_line_end_ends_a_line_of_a_text(end):
    data, notices = plain({"overall_approach": f"一、强基层。{end}二、强企业。{end}三、强阵地。"})
    assert data["overall_approach"] == "一、强基层。\n二、强企业。\n三、强阵地。"
    assert notices == [("character_replaced", "/overall_approach", f"U+{ord(end):04X}")]


@pytest.mark.parametrize("end", list("\u2028\u2029\x85\x0b\x0c"))
@pytest.mark.parametrize("key", [LINE, PHONE, EMAIL])
def test_every_line_end_is_refused_in_a_line(key, end):
    ((code, message),) = refusals(one_line(key, f"110{end}110"))
    assert code == "line_break"
    assert f"U+{ord(end):04X} 特殊换行符（第 4 个字符）" in message.zh
    assert f"U+{ord(end):04X} line separator (character 4)" in message.en


@pytest.mark.parametrize(
    "kept",
    [
        *(
            "沈　砚　青",
            "计划——措施",
            "2021–2025",
            "−5℃",
            "ＡＢＣ（１）",
            "葛\U000e0100城",
            "❤\ufe0f",
            "1\ufe0f\u20e3",
        ),
        *(
            "👨\u200d👩\u200d👧",
            "क्\u200dष",
            "می\u200cخواهم",
            "ᠨ\u180e\u1820",
            "ᠠ\u180b",
            "cafe\u0301",
            "か\u3099",
            "⠓⠑",
        ),
        *("\ue000", "️好"[1:], "\ufffd"),
    ],
)
def test_what_has_a_meaning_stays(kept):
    data, notices = plain({"overall_approach": kept})
    assert (data["overall_approach"], notices) == (kept, [])


@pytest.mark.parametrize(
    ("key", "phone"),
    [(PHONE, "（0520）55501234"), (PHONE, "0520—55501234"), (EMAIL, "a@b.cn，c@d.cn")],
)
def test_what_was_always_accepted_is_kept(key, phone):
    assert plain(one_line(key, phone)) == (validate(ANNEX2, one_line(key, phone)).data, [])
    assert validate(ANNEX2, one_line(key, phone)).data["cover"][key] == phone


@pytest.mark.parametrize(
    ("odd", "named"),
    [
        ("\ufffa", "U+FFFA 行间注解符"),
        ("\ufffc", "U+FFFC 对象占位符"),
        ("\ufdd0", "U+FDD0"),
        ("\U0001ffff", "U+1FFFF"),
        ("\udc00", "U+DC00"),
    ],
)
@pytest.mark.parametrize("payload", [{"overall_approach": "沈{}"}, {"cover": {"email": "沈{}@b.cn"}}])
def test_what_no_form_can_hold_is_refused_by_name(payload, odd, named):
    filled = parse(str(payload).replace("'", '"').encode())
    for group in (filled, filled.get("cover", {})):
        group.update({key: text.format(odd) for key, text in group.items() if isinstance(text, str)})
    ((code, message),) = refusals(filled)
    assert code == "forbidden_character"
    assert f"{named}（第 2 个字符）" in message.zh


@pytest.mark.parametrize(
    ("group", "key", "value", "code", "named"),
    [
        (
            "basic_info",
            "last_election_date",
            "2021\u201103",
            "not_a_date",
            "U+2011 不换行连字符（第 5 个字符）",
        ),
        ("budget", "total", "\u00a0五", "not_a_number", "U+00A0 不换行空格（第 1 个字符）"),
        ("basic_info", "staff_quota", "1\u200b2", "not_an_integer", "U+200B 零宽字符（第 2 个字符）"),
        ("basic_info", "is_independent", "true\u00a0", "not_a_boolean", "U+00A0 不换行空格（第 5 个字符）"),
        ("budget", "total", "\u22125", "negative", "U+2212 连字符（第 1 个字符）"),
        ("cover", "contact_phone", "1\u2011", "not_a_phone", "U+2011 不换行连字符（第 2 个字符）"),
        ("cover", "email", "a\u200bb", "not_an_email", "U+200B 零宽字符（第 2 个字符）"),
        ("cover", "em\u200bail", "a@b.cn", "unknown_field", "U+200B 零宽字符（第 3 个字符）"),
    ],
)
def test_a_refusal_names_what_cannot_be_seen(group, key, value, code, named):
    ((found, message),) = refusals({group: {key: value}})
    assert (found, named in message.zh) == (code, True)


@pytest.mark.parametrize("blank", ["\u00a0", "\u3164\u200b", "\u2800", "\u2028\u2029", "\ufeff\u200e"])
def test_only_what_cannot_be_seen_is_blank_and_needs_no_notice(blank):
    assert plain({"overall_approach": blank, **one_line(LINE, blank)}) == (validate(ANNEX2, {}).data, [])


def test_a_notice_counts_and_names_the_row():
    payload = {"budget": {"items": [{}, {"name": "展\u200b台\u200b费\u00a0用", "amount": 1}]}}
    submission = validate(ANNEX2, payload)
    assert [each.as_dict() for each in pipeline.warnings(submission, Settings.from_env())] == [
        {
            "pointer": "/budget/items/1/name",
            "label": "计划开支名称",
            "code": "character_removed",
            "character": "\u200b",
            "code_point": "U+200B",
            "face": None,
            "message": "含有零宽字符（U+200B）2 处，看不见，已删去。",
        },
        {
            "pointer": "/budget/items/1/name",
            "label": "计划开支名称",
            "code": "character_replaced",
            "character": "\u00a0",
            "code_point": "U+00A0",
            "face": None,
            "message": "含有不换行空格（U+00A0）1 处，已改为普通空格。",
        },
    ]


@pytest.mark.parametrize(("odd", "named"), [("\u00a0", "U+00A0 不换行空格"), ("\u200b", "U+200B 零宽字符")])
def test_json_with_an_odd_blank_says_so(odd, named):
    with pytest.raises(NotJson) as caught:
        parse(f'{{{odd}"cover": {{}}}}'.encode())
    assert f"第 1 行第 2 列（{named}）" in caught.value.text.zh


def test_a_date_stays_a_date():
    assert plain({"basic_info": {"last_election_date": "2021-03-09"}})[0]["basic_info"][
        "last_election_date"
    ] == datetime.date(2021, 3, 9)
