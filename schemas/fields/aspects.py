"""What a field type answers with: its boxes, its column in a sheet, its control on the page."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from schemas.bilingual import Bilingual

CHECKED, EMPTY = "☑", "□"

#: A field as the template sees it: text, a list of lines, or a dict of boxes by the keys of the options.
Shape = Literal["text", "lines", "boxes"]

#: The key of the words that follow a field's boxes, for templates, payloads and posted forms.
OWN_WORDS = "words"

#: The JSON value of a posted text: itself, a number, a number whose digits stay text, true or false, the key
#: of an option, or the keys of several. The page's script (`payload.js`) and
#: `service.web.controls.form_data` read each alike.
Posted = Literal["text", "integer", "number", "digits", "boolean", "option", "options"]

#: What adds up: the amounts of a table, or the points of a score sheet, of which the form prints the maximum.
Sum = Literal["", "amounts", "points"]


@dataclass(frozen=True)
class Option:
    """One of a field's printed boxes: its key for payloads and templates, its words on the form, its English.

    `own_words`: whether words of the submitter's own may follow it, as 其他：____.
    """

    key: str
    words: str
    gloss: str = ""
    own_words: bool = False


@dataclass(frozen=True)
class SheetColumn:
    """A field's column in a sheet: width in characters, number format, note and rule.

    `rule` has the arguments of openpyxl's `DataValidation`, if any; {cell} in them is the first cell. A cell
    drops down a list of `choices`; if not `only_choices`, another text is warned of. `guide` is a line for
    the sheet's guide. `offered`: a blank sheet has the column.
    """

    width: int
    format: str
    note: Bilingual
    rule: dict[str, str] = field(default_factory=dict)
    guide: Bilingual | None = None
    offered: bool = True
    choices: tuple[str, ...] = ()
    only_choices: bool = True


def between(kind: Literal["whole", "decimal"], least: int | Decimal, most: int | Decimal) -> dict[str, str]:
    """The `rule` of a column of numbers from `least` to `most`."""
    return {"type": kind, "operator": "between", "formula1": str(least), "formula2": str(most)}


@dataclass(frozen=True)
class PageControl:
    """A field's control on the page.

    `kind` names its macro in `service/web/templates/kexie/controls.html`; `keyboard` is HTML's inputmode,
    `pattern` a regular expression of what is typed, `width` in quarters of the form. `maximum`, `step` and
    `unit` are those of numbers, `worth` is how many 元 an amount of 1 is, `first` and `last` the range of a
    date; `choices`, posted values with their words, are offered side by side, `own` is the one of them that
    an entry for own words follows, if any; `place` is that of a picture in millimetres. A JSON object has
    such a control for each of its `parts`, keys with labels.
    """

    kind: str
    width: int
    posts: Posted = "text"
    keyboard: str = ""
    maximum: int | Decimal | None = None
    step: str = ""
    first: str = ""
    last: str = ""
    pattern: str = ""
    unit: str = ""
    worth: int = 0
    choices: tuple[tuple[str, Bilingual], ...] = ()
    place: tuple[float, float] | None = None
    parts: tuple[tuple[str, Bilingual], ...] = ()
    own: str = ""

    @property
    def entry(self) -> bool:
        """Whether it is one entry, which fits into a column of a table."""
        return not (self.choices or self.parts or self.place)


class Unreadable(ValueError):
    """What is printed is no certain value of its field; `code` is that of the warning."""

    def __init__(self, code: str = "unreadable") -> None:
        super().__init__(code)
        self.code = code
