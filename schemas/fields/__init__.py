"""The field types of the forms, one module each: all that is known of a type is in its module.

Every field may be absent or null, and is then left blank on the form. `title` is the official label, `gloss`
its English. `Leaf` lists what the service asks of a field.
"""

from schemas.fields.amounts.count import Count
from schemas.fields.amounts.decimal_number import Decimal
from schemas.fields.amounts.money import Money
from schemas.fields.amounts.percent import Percent
from schemas.fields.amounts.points import Points
from schemas.fields.aspects import Option, Unreadable
from schemas.fields.choice import Choice
from schemas.fields.choices import Choices
from schemas.fields.dates.date_range import DateRange
from schemas.fields.dates.day import Day
from schemas.fields.dates.month import Month
from schemas.fields.dates.month_range import MonthRange
from schemas.fields.dates.year import Year
from schemas.fields.email import Email
from schemas.fields.group import Group
from schemas.fields.id_number import IdNumber
from schemas.fields.leaf import Leaf
from schemas.fields.line import Line
from schemas.fields.phone import Phone
from schemas.fields.picture import Picture
from schemas.fields.post_code import PostCode
from schemas.fields.rows import Rows
from schemas.fields.text import Text
from schemas.fields.yes_no import YesNo

#: A field of a form; `inside` is None for a leaf alone.
Field = Leaf | Group | Rows

__all__ = [
    "Choice",
    "Choices",
    "Count",
    "DateRange",
    "Day",
    "Decimal",
    "Email",
    "Field",
    "Group",
    "IdNumber",
    "Leaf",
    "Line",
    "Money",
    "Month",
    "MonthRange",
    "Option",
    "Percent",
    "Phone",
    "Picture",
    "Points",
    "PostCode",
    "Rows",
    "Text",
    "Unreadable",
    "Year",
    "YesNo",
]
