"""Postal codes: what is one, how people write it, and how a sheet keeps its zeros."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from schemas.fields import PostCode

FIELD = PostCode("邮政编码")


@pytest.mark.parametrize("written", ["010020", " 010020\n", "０１００２０", "010\u200b020"])
def test_six_digits_are_a_post_code_however_they_are_typed(written):
    assert FIELD.deserialize(written) == "010020"
    assert FIELD.deserialize(FIELD.printed(written)) == "010020"
    assert FIELD.deserialize(FIELD.cell(written)) == "010020"


@pytest.mark.parametrize("wrong", ["10020", "0100200", "01002x", "010 020", "邮编010020"])
def test_other_text_is_refused_with_its_length(wrong):
    with pytest.raises(ValidationError) as caught:
        FIELD.deserialize(wrong)
    zh, en = caught.value.messages[0].message()
    assert f"现有 {len(wrong)} 个字符" in zh
    assert f"it has {len(wrong)} characters" in en


def test_a_blank_one_is_no_post_code():
    assert FIELD.deserialize("  ") is None
    assert FIELD.shown(None) == ""


def test_its_column_is_text_so_that_leading_zeros_stay():
    assert FIELD.column.format == "@"
    assert FIELD.to_cell("010020") == "010020"
