"""Identity numbers: what is one, how people write it, and what a sheet's cell loses of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from schemas.cells import CellError
from schemas.fields import IdNumber, Unreadable
from tests.helpers.payloads import ID_NUMBERS

#: The examples of GB 11643-1999.
VALID = ["11010519491231002X", "440524188001010014"]
WHOLE, CELLS = IdNumber("身份证号"), IdNumber("身份证号", one_per_cell=True)


def code(value):
    with pytest.raises(ValidationError) as caught:
        WHOLE.deserialize(value)
    return caught.value.messages[0].code


@pytest.mark.parametrize("number", VALID)
def test_the_numbers_of_the_standard_are_accepted(number):
    assert WHOLE.deserialize(number) == number


@pytest.mark.parametrize(
    "written",
    [
        *("11010519491231002x", " 11010519491231002X ", "11010519491231002ｘ"),
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_the_last_x_and_digits_may_be_of_any_kind(written):
    assert WHOLE.deserialize(written) == "11010519491231002X"
    assert WHOLE.printed(written) == "11010519491231002X"
    assert WHOLE.deserialize(WHOLE.cell(written)) == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        *(("1101051949123100", "not_an_id_number"), ("110105491231002", "not_an_id_number")),
        *(("1101051949123100XX", "not_an_id_number"), ("01010519491231002X", "not_an_id_number")),
        *((11010519491231002, "not_text"), ("11010519490231002X", "no_date_of_birth")),
        *(("110105194912310021", "wrong_check_digit"), ("11010519491231020X", "wrong_check_digit")),
    ],
)
def test_another_number_is_refused_by_name(number, wanted):
    assert code(number) == wanted


@given(ID_NUMBERS, st.integers(0, 16), st.integers(1, 9))
def test_every_wrong_digit_is_found(number, place, more):
    wrong = f"{number[:place]}{(int(number[place]) + more) % 10}{number[place + 1 :]}"
    assert code(wrong) in ("wrong_check_digit", "no_date_of_birth", "not_an_id_number")


def test_the_template_has_it_whole_or_by_characters():
    assert WHOLE.shown("11010519491231002X") == "11010519491231002X"
    assert CELLS.shown("11010519491231002X") == list("11010519491231002X")
    assert CELLS.joined(dict(enumerate("11010519491231002x"))) == "11010519491231002X"
    assert CELLS.joined(dict.fromkeys(range(18), " ")) is None


@pytest.mark.parametrize("text", ["11010519491231002X（补）", "暂无", "护照 E12345678", "110105194912310X2"])
def test_other_words_are_not_guessed(text):
    with pytest.raises(Unreadable):
        WHOLE.printed(text)


@pytest.mark.parametrize("cell", [Decimal("110105194912310000"), "1.10105E+17", "1.10105194912310e17"])
def test_a_number_that_has_lost_digits_is_refused_by_name(cell):
    with pytest.raises(CellError) as caught:
        WHOLE.cell(cell)
    assert caught.value.code == "digits_lost"
