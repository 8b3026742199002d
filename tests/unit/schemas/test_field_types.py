"""Every field type answers all that the service asks, and reads what it writes itself."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from marshmallow import ValidationError

from schemas import fields as types
from schemas.field_faults import MESSAGES
from schemas.fields import Choice, Choices, Day, Leaf, Line, Option, Picture, Points
from schemas.fields.amounts.number import Number
from schemas.fields.aspects import CHECKED, OWN_WORDS
from schemas.normal_pictures import PlacedPicture, encoded
from service.batch.inputs.number_format import number_format
from tests.helpers.payloads import values
from tests.helpers.pictures import MILLIMETRES

#: What a type's class is called with, if that is more than the label.
OPTIONS = (Option("a", "甲"), Option("ab", "甲、乙"), Option("other", "其他", own_words=True))
ARGUMENTS = {Points: (4,), Picture: MILLIMETRES, Choice: OPTIONS, Choices: OPTIONS}
TYPES = [kind for name in types.__all__ if isinstance(kind := getattr(types, name), type)]
FIELDS = [
    kind("栏", *ARGUMENTS.get(kind, ())) for kind in TYPES if issubclass(kind, Leaf) and kind is not Leaf
]
FIELDS += [
    types.IdNumber("栏", one_per_cell=True),
    types.Money("栏", unit="元"),
    types.Money("栏", prints="capitals"),
    types.Money("栏", unit="元", prints="both"),
    types.Percent("栏", minimum=-100, prints_unit=False),
    types.Decimal("栏", places=0, unit="人次"),
    types.Year("栏", prints_unit=False),
]


def test_a_type_that_lacks_an_answer_fails_by_name():
    with pytest.raises(TypeError) as caught:

        class Colour(Leaf):
            shape = "text"

            def read(self, value):
                return value

    message = str(caught.value)
    assert message.startswith("The field type ")
    assert "Colour lacks: " in message
    assert re.split(", ", message.partition("lacks: ")[2]) == [
        *("shown", "printed", "in_unit", "cell", "to_cell", "column", "control")
    ]


def test_a_number_that_lacks_an_answer_fails_by_name():
    with pytest.raises(TypeError, match=r"Length lacks: in_unit, column, control, cell_fault, written$"):

        class Length(Number):
            def read(self, value):
                return value

            def shown(self, value):
                return str(value)


def test_a_narrower_type_inherits_the_answers_and_adds_its_messages():
    class NumberPlate(Line):
        faults = {"not_a_plate": ("应为车牌号。", "Must be a number plate.")}  # noqa: RUF012

    try:
        assert MESSAGES["not_a_plate"] == ("应为车牌号。", "Must be a number plate.")
        with pytest.raises(ValueError, match="not_a_plate"):

            class Other(Line):
                faults = {"not_a_plate": ("错了。", "Wrong.")}  # noqa: RUF012
    finally:
        del MESSAGES["not_a_plate"]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
@given(st.data())
def test_a_type_reads_back_what_it_shows_and_what_it_writes_into_a_cell(field, data):
    sent = data.draw(values(field))
    try:
        value = field.deserialize(sent)
    except ValidationError:
        assume(False)
    assert read_again(field, as_printed(field, value)) == value
    if value is not None and field.column.offered:
        cell = field.to_cell(sent)
        again = read_again(field, field.cell(in_sheet(cell, field.column.format)))
        assert again == (field.deserialize(field.cell(str(value))) if isinstance(value, str) else value)


def in_sheet(cell, format):
    """What a cell with this content and number format shows."""
    if type(cell) not in (int, float, Decimal) or format in ("General", "@"):
        return Decimal(str(cell)) if type(cell) in (int, float) else cell
    shown = number_format(format).number(Decimal(str(cell)))
    assert shown.exact
    return shown.text


def as_printed(field, value):
    """The JSON value of what the template sees."""
    shown = field.shown(value)
    if field.shape == "boxes":
        own = [shown.pop(OWN_WORDS)] if field.own else []
        assert list(shown) == [option.key for option in field.options]
        return field.ticked([key for key, box in shown.items() if box == CHECKED], *own)
    if isinstance(shown, PlacedPicture):
        return encoded(shown.picture.content)
    if field.parts:
        assert list(shown if isinstance(shown, dict) else range(len(shown))) == list(field.parts)
        return field.joined(shown if isinstance(shown, dict) else dict(enumerate(shown)))
    return field.printed("\n".join(shown) if field.shape == "lines" else shown)


def read_again(field, value):
    return field.deserialize(value)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
def test_a_blank_field_shows_nothing_and_reads_as_blank(field):
    assert as_printed(field, None) is None


def test_a_gloss_is_given_by_the_form_and_never_made_of_the_key():
    given, without = Line("邮编", gloss="Postal code"), Day("日期")
    without.name = "last_election_date"
    assert (given.gloss, without.gloss) == ("Postal code", "")
    assert "gloss" not in given.metadata


def test_a_date_that_spreadsheets_lack_is_text():
    assert Day("日期").to_cell("1899-12-31") == "1899-12-31"
    assert Day("日期").to_cell("2021-03-09") == datetime.date(2021, 3, 9)
