"""Payloads for tests: any that a schema accepts, the full sample of annex2, and texts with their 字数."""

from __future__ import annotations

import datetime
import unicodedata
from decimal import Decimal

from hypothesis import strategies as st

from schemas import numbers
from schemas.characters import TEXT
from schemas.fields import (
    Choice,
    Choices,
    Count,
    DateRange,
    Day,
    Email,
    Group,
    IdNumber,
    Line,
    Money,
    MonthRange,
    Phone,
    Picture,
    Points,
    Rows,
    Text,
    Year,
    YesNo,
)
from schemas.fields.amounts.measure import Measure
from schemas.normal_pictures import encoded
from service import catalog
from service.payload_json import parse
from service.submission import validate
from tests.helpers import ROOT
from tests.helpers.pictures import face, saved

# Those kept as sent.
CHARACTERS = st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n").filter(
    lambda character: not any(TEXT.named(character))
)
SPICE = st.sampled_from(
    ["&", "<b>", "{{ x }}", "{% if %}", "}}", "{_{", '"', "'", "\t", "😀", "𠅤", "𬭎", "]]>", "&amp;"]
)
LINES = st.lists(st.one_of(SPICE, st.text(CHARACTERS, max_size=8)), max_size=4).map("".join)
PHONES = st.sampled_from(
    ["0520-5550 1234", "138 0000 0001、139 0000 0002", "0520-5550 1234转8001", "（0520）55501234"]
)
EMAILS = st.sampled_from(["kexie@example.org", "a@example.org、b@example.com", "科协@例子.中国"])
PICTURES = st.builds(
    lambda kind, *size: encoded(saved(face(*size), kind)),
    st.sampled_from(["png", "jpeg"]),
    st.integers(4, 40),
    st.integers(4, 40),
)
DAYS = st.dates(datetime.date(1000, 1, 1)).map(datetime.date.isoformat)
MONTHS = DAYS.map(lambda day: day[:7])


def period(ends):
    """The period between two days or months."""
    return {"from": min(ends), "to": max(ends)}


def id_number(born, before, after):
    """An identity number, its check digit by the weights that GB 11643 lists."""
    digits = f"{before:06}{born:%Y%m%d}{after:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


ID_NUMBERS = st.builds(
    id_number, st.dates(datetime.date(1900, 1, 1)), st.integers(110000, 829999), st.integers(0, 999)
)


def measures(field):
    """Numbers of a field with a unit, to its last decimal place."""
    step = Decimal(1).scaleb(-field.places)
    whole = st.integers(int(field.minimum / step), int(field.maximum / step))
    return whole.map(lambda steps: numbers.plain(steps * step))


#: Values that a sender may give, by the type of the field; a type without is that of its parent.
VALUES = {
    Group: lambda field: groups(field.inside),
    Rows: lambda field: st.lists(groups(field.inside), max_size=4),
    Phone: lambda field: PHONES,
    Email: lambda field: EMAILS,
    IdNumber: lambda field: ID_NUMBERS.flatmap(lambda each: st.sampled_from([each, each.lower()])),
    Line: lambda field: LINES,
    Text: lambda field: st.lists(LINES, max_size=4).map("\n".join),
    YesNo: lambda field: st.booleans(),
    Day: lambda field: DAYS,
    DateRange: lambda field: st.lists(DAYS, min_size=2, max_size=2).map(period),
    MonthRange: lambda field: st.lists(MONTHS, min_size=2, max_size=2).map(period),
    Year: lambda field: st.integers(1000, 9999).flatmap(lambda year: st.sampled_from([year, str(year)])),
    Choice: lambda field: options(field),
    Choices: lambda field: st.lists(options(field), unique_by=field.key_of),
    Count: lambda field: st.integers(0, 9_999_999),
    Money: lambda field: st.integers(0, 10**6).map(lambda cents: f"{Decimal(cents) / 100:.2f}"),
    Picture: lambda field: PICTURES,
    Measure: lambda field: measures(field),
    Points: lambda field: st.integers(0, 2 * field.maximum).map(lambda halves: halves / 2),
}


#: Own words behind an option, among them what is printed beside boxes.
OWN_WORDS = st.one_of(
    LINES, st.lists(st.sampled_from([*"☑□√（）：:、 R口", "其他", "省级", "____"])).map("".join)
)


def options(field):
    """What a sender may give for one of a field's options."""
    keys = st.sampled_from([option.key for option in field.options])
    if not field.own:
        return keys
    return st.one_of(keys, OWN_WORDS.map(lambda words: {"key": field.own.key, "words": words}))


def values(field):
    """What a sender may give for a field: by its type, its pattern, or the type's parent."""
    if type(field) not in VALUES and (pattern := field.metadata.get("pattern")):
        return st.from_regex(pattern, fullmatch=True)
    return next(VALUES[kind](field) for kind in type(field).__mro__ if kind in VALUES)


def groups(schema):
    fields = {field.data_key or name: field for name, field in schema.fields.items() if name != "total"}
    return st.fixed_dictionaries(
        {}, optional={key: st.one_of(st.none(), values(field)) for key, field in fields.items()}
    )


PAYLOADS = {edition.form: groups(edition.schema) for edition in catalog.editions()}


def full_annex2():
    """The full sample of annex2, its amounts as decimals."""
    return parse((ROOT / "samples" / "2021" / "annex2.full.json").read_bytes())


def validated_annex2(payload):
    """The data of a payload of annex2 after validation."""
    return validate(catalog.edition("annex2", 2021), payload).data


WORD_COUNTS = {
    "empty": ("", 0),
    "only white space": (" \t\n\r\u3000\u00a0\u2028", 0),
    "one ideograph": ("县", 1),
    "ideographs": ("云泽县科学技术协会", 9),
    "ideographs apart": ("联 系 人", 3),
    "ideographic space between": ("沈\u3000青", 2),
    "lines": ("第一段。\n第二段。", 8),
    "Chinese comma and stop": ("乡镇、街道，社区。", 9),
    "colon, semicolon, brackets": ("（一）目标：甲；乙！", 10),
    "book title marks": ("《江苏科技报》", 7),
    "corner brackets": ("「四長」【附】〔1〕", 10),
    "ideographic zero": ("二〇二一", 4),
    "full-width quotes": ("“四长”‘网格’", 8),
    "dash is two": ("计划——措施", 6),
    "ellipsis is two": ("等等……", 4),
    "middle dot between Chinese": ("云泽·科普", 5),
    "bullet and hyphenation point in a name": ("阿‧布•提", 5),
    "full-width letters and digits": ("Ａ４％￥", 4),
    "vertical and small forms": ("︵﹐﹪", 3),
    "Latin word": ("Word", 1),
    "two Latin words": ("Microsoft Word", 2),
    "run ends at a line end": ("Word\nWord", 2),
    "no-break space ends a run": ("138\u00a00000", 2),
    "digits": ("2021", 1),
    "decimal and percent": ("12.4%", 1),
    "run of ASCII punctuation": ("()[]{}<>&", 1),
    "template tags are plain runs": ("{{ cover.email }}", 3),
    "e-mail address": ("kexie@yunze.example.org", 1),
    "phone with a space": ("0520-5550 1236", 2),
    "Chinese ends a run": ("用A4纸", 3),
    "date": ("2021年3月9日", 6),
    "quoted run": ("“4+1”工作", 5),
    "percentage in a sentence": ("增长10%，", 4),
    "full-width comma parts two runs": ("A，B", 3),
    "ASCII comma does not": ("A,B", 1),
    "curly apostrophe is a mark of its own": ("it’s", 3),
    "straight apostrophe is not": ("it's", 1),
    "accented Latin": ("Müller café", 2),
    "accents as combining marks": ("cafe\u0301s", 1),
    "Greek and Cyrillic": ("μg Москва", 2),
    "Arabic and Devanagari": ("علم विज्ञान", 2),
    "en dash joins a run": ("2021–2025", 1),
    "Latin-1 signs join a run": ("±3×4°", 1),
    "kana": ("かなカナー", 5),
    "voiced kana as combining marks": ("か\u3099", 1),
    "half-width kana": ("ｶﾅ", 2),
    "bopomofo": ("ㄅㄆㄇ", 3),
    "hangul": ("한글", 2),
    "hangul as jamo": (unicodedata.normalize("NFD", "한글"), 2),
    "radicals and strokes": ("⺀⼀㇀", 3),
    "extension A": ("㐀䶮", 2),
    "extension B": ("\U00020000\U0002a6df", 2),
    "extensions C, D and E": ("\U0002a700\U0002b740\U0002b820", 3),
    "extension E in a place's name": ("\U0002cb7c县", 2),
    "extension F": ("\U0002ceb0", 1),
    "extensions G and H": ("\U00030000\U00031350", 2),
    "compatibility ideographs": ("\uf900\U0002f800", 2),
    "private use": ("\ue000\uf8ff", 2),
    "variation selector": ("葛\U000e0100城\ufe00", 2),
    "combining mark on an ideograph": ("中\u0301国", 2),
    "mark alone": ("\u0301\ufe0f", 0),
    "zero-width space and byte order mark": ("\ufeff甲\u200b乙", 2),
    "Chinese unit signs": ("25℃№", 3),
    "circled and Roman numerals": ("①Ⅱ", 2),
    "boxes": ("是☑否□", 4),
    "emoji": ("好👍😀", 3),
    "emoji with selector": ("❤\ufe0f", 1),
    "emoji with skin tone": ("👍🏽", 1),
    "emoji joined by ZWJ": ("👨\u200d👩\u200d👧", 1),
    "emoji flag": ("🇨🇳🇨🇳", 2),
    "emoji ends a run": ("ok👍ok", 3),
}
