"""The code of a cover sheet finds its record as clerks type it, and digits that are none are text."""

from __future__ import annotations

import pytest

from service.archive.search import found_records
from tests.helpers.archive import entry


def wide(text):
    """The text as an input method for Chinese writes it, in full width."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


def grouped(digits):
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


def found(archive, text):
    page, count = found_records.page(archive, 9, 9, text=text)
    keys = [each.key for each in page]
    assert (keys, count) == ([each.key for each in archive.records(text=text)], len(keys))
    assert found_records.count(archive, 9, text=text) == count
    return keys


@pytest.fixture
def records(archive):
    """Two versions, and another record of which a text has digits like a code."""
    older, newer = (archive.add(entry("3201-0001", files={"docx": content})) for content in (b"1", b"2"))
    return older, newer, archive.add(entry("批号 6222020012345678"))


@pytest.mark.parametrize(
    "typed",
    [
        "{0}",
        " {0} ",
        "3201-0001 {0}",
        "3201-0001 {1}",
        "# {0}",
        "#{1}",
        "{1}",
        "3201-0001\u3000#\u3000{0}",
        "{0} 3201",
    ],
)
def test_a_code_is_found_as_it_is_typed(archive, records, typed):
    for record in records[:2]:
        digits = record.manifest[:16]
        text = typed.format(digits, grouped(digits))
        for each in (text, text.upper(), wide(text), wide(text.upper())):
            assert found(archive, each) == [record.key], each


def test_a_code_of_other_words_or_of_no_record_finds_nothing(archive, records):
    digits = records[0].manifest[:16]
    for typed in (f"另一条 {digits}", digits[:15], f"{digits}0", f"#{digits[:15]}", "#6222020012345678"):
        assert found(archive, typed) == [], typed


def test_digits_that_are_no_code_are_looked_for_as_text(archive, records):
    for typed in ("6222020012345678", "批号 6222020012345678", "622202001234"):
        assert found(archive, typed) == [records[2].key]
