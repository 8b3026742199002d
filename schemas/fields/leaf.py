"""The base of the field types: what the service may ask of a field, and each type answers."""

import inspect
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

from marshmallow import ValidationError, fields

from schemas.bilingual import Bilingual
from schemas.cells import Value
from schemas.characters import EXACT, NOTATION, CharacterTable, look_alikes
from schemas.field_faults import FieldFault
from schemas.fields.aspects import Option, PageControl, Shape, SheetColumn, Sum, Unreadable
from schemas.fields.titled import Titled
from schemas.white_space import AROUND, Change, WhiteSpaceRule


def fault(code: str, **values: Any) -> ValidationError:
    """The fault `code` of a value, to be raised."""
    return ValidationError([FieldFault(code, values)])


class Leaf(Titled, fields.Field[Any]):
    """A field that holds one value, None if blank.

    A type answers each abstract method and each attribute without a value, or inherits the answer; otherwise
    making the class raises TypeError. `abstract=True` in its class statement is for a base of types.
    """

    inside: None = None
    repeats: Literal[False] = False

    #: How the template sees it.
    shape: ClassVar[Shape]
    #: Its boxes, for the shape "boxes", and whether several may be ticked.
    options: tuple[Option, ...] = ()
    several: ClassVar[bool] = False
    #: Its parts, for a field of the shape "text" that is printed in several places: the keys by which the
    #: template has their texts in a dict, or, if they are 0, 1, …, in a list.
    parts: tuple[str | int, ...] = ()
    #: The invisible and look-alike characters that are made plain, or named in faults.
    characters: CharacterTable = EXACT
    #: The white space that is removed from a text.
    white_space: ClassVar[WhiteSpaceRule] = AROUND
    #: Whether several printed lines are one value.
    one_line: ClassVar[bool] = False
    #: What a cell must show of a date to hold its value: year, month, day.
    date_parts: ClassVar[str] = "ymd"
    #: Whether its value is a fact that holds in the next year too, unless a field says otherwise.
    carries: bool = False
    #: What a sum of such fields is.
    adds: ClassVar[Sum] = ""
    #: The width and height of its place, in millimetres, if it is a picture.
    place: tuple[float, float] | None = None

    def __init_subclass__(cls, abstract: bool = False, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if not abstract and (lacking := list(_lacking(cls))):
            raise TypeError(f"The field type {cls.__qualname__} lacks: {', '.join(lacking)}")

    def __init__(
        self,
        title: str,
        *,
        gloss: str = "",
        help: Bilingual | None = None,
        fact: str = "",
        carries: bool | None = None,
        **keywords: Any,
    ) -> None:
        """`fact` names what fields of several forms share; `keywords` go into the JSON Schema."""
        super().__init__(allow_none=True, load_default=None, metadata={"title": title, **keywords})
        self._gloss = gloss
        self.help = help or self.help
        self.fact = fact
        if carries is not None:
            self.carries = carries

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return self.read(self.plain(value) if isinstance(value, str) else value)
        except ValidationError as error:
            if not isinstance(value, str):
                raise
            odd = self.characters.named(value)
            faults: list[Any] = list(error.messages)
            raise ValidationError([replace(fault, odd=odd) for fault in faults]) from error

    @abstractmethod
    def read(self, value: Any) -> Any:
        """The submission's value of a JSON value that is not null, a text being `plain`.

        Raises the fault of another.
        """

    def plain(self, text: str) -> str:
        """A text of JSON with plain characters, and without the white space that its type removes."""
        return self.white_space.stripped(self._plain_characters(text))

    def _plain_characters(self, text: str) -> str:
        return self.characters.plain(text.replace("\r\n", "\n").replace("\r", "\n"))

    def changes(self, value: Any) -> list[Change]:
        """What is made plain in a valid JSON value, and its look-alikes; nothing in a blank one."""
        found = [*self._made_plain(value), *look_alikes(self.plain(value))] if isinstance(value, str) else []
        return found if found and self.deserialize(value) is not None else []

    def typed_changes(self, text: str, value: Any) -> list[Change]:
        """What is made plain in a typed text to have its JSON value, not blank, before `changes` of that."""
        return [each for each in self._made_plain(text) if each.character not in NOTATION]

    def _made_plain(self, text: str) -> list[Change]:
        """What `plain` changes in a text, except line ends."""
        if self.plain(text) == text:
            return []
        outer = self.white_space.removed(text)
        rest = self.white_space.stripped(text)
        inner = self.white_space.removed(self._plain_characters(rest))  # between invisible characters
        return [*self.characters.changes(rest), *outer, *inner]

    @abstractmethod
    def shown(self, value: Any) -> Any:
        """What the template sees of the submission's value, None included, in the field's shape."""

    @abstractmethod
    def printed(self, text: str) -> Any:
        """The JSON value of a printed text; None if blank. Raises Unreadable."""

    @abstractmethod
    def in_unit(self, by: str, of: str) -> bool:
        """Whether a label may name this multiplier and unit, such as 万 and 元, each "" if it names none."""

    @property
    def own(self) -> Option | None:
        """The option that words of the submitter's own may follow, if any."""
        return next((option for option in self.options if option.own_words), None)

    def ticked(self, keys: Sequence[str], words: str = "") -> Any:
        """The JSON value if the boxes of these options are ticked; None for none. Raises Unreadable.

        `words` are the submitter's own.
        """
        raise Unreadable

    def joined(self, texts: Mapping[str | int, str]) -> Any:
        """The JSON value of its parts as printed, each without what the blank form has; None if blank.

        Raises Unreadable.
        """
        raise Unreadable

    def same(self, sent: Any, back: Any) -> bool:
        """Whether a document gives back the submission's value that was sent."""
        return bool(sent == back)

    @abstractmethod
    def cell(self, value: Value) -> Any:
        """The JSON value of a readable cell of a sheet; None if blank. Raises CellError."""

    @abstractmethod
    def to_cell(self, value: Any) -> Any:
        """The content of a sheet's cell, from which `cell` reads a valid JSON value that is not null."""

    @property
    @abstractmethod
    def column(self) -> SheetColumn:
        """Its column in a sheet."""

    @property
    @abstractmethod
    def control(self) -> PageControl:
        """Its control on the page."""


def _lacking(cls: type[Leaf]) -> Iterator[str]:
    """The questions of a type and its bases that it does not answer, those of `Leaf` first."""
    for base in reversed(cls.__mro__):
        if issubclass(base, Leaf):
            attributes = inspect.get_annotations(base).items()
            yield from (
                name
                for name, kind in attributes
                if getattr(kind, "__origin__", None) is ClassVar and not hasattr(cls, name)
            )
            yield from (
                name
                for name, asked in vars(base).items()
                if _is_abstract(asked) and _is_abstract(getattr(cls, name))
            )


def _is_abstract(member: object) -> bool:
    return getattr(member, "__isabstractmethod__", False)
