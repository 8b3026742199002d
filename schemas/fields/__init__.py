"""The field types of the forms, one module each: all that is known of a type is in its module.

Every field may be absent or null, and is then left blank on the form. `title` is the official label, `gloss`
its English. `Leaf` lists what the service asks of a field.
"""

from schemas.fields.aspects import Unreadable
from schemas.fields.count import Count
from schemas.fields.day import Day
from schemas.fields.email import Email
from schemas.fields.group import Group
from schemas.fields.leaf import Leaf
from schemas.fields.line import Line
from schemas.fields.money import Money
from schemas.fields.phone import Phone
from schemas.fields.picture import Picture
from schemas.fields.points import Points
from schemas.fields.rows import Rows
from schemas.fields.text import Text
from schemas.fields.yes_no import YesNo

#: A field of a form; `inside` is None for a leaf alone.
Field = Leaf | Group | Rows

__all__ = [
    "Count",
    "Day",
    "Email",
    "Field",
    "Group",
    "Leaf",
    "Line",
    "Money",
    "Phone",
    "Picture",
    "Points",
    "Rows",
    "Text",
    "Unreadable",
    "YesNo",
]
