"""The Jinja environments of templates: sandboxed, strict on missing names and on characters."""

import re
from typing import Any

from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from schemas.normal_pictures import PlacedPicture
from service.rendering import picture_markup
from service.rendering.template_errors import ForbiddenCharacter, MisplacedPicture
from service.wordml.tab_stops import width

_FORBIDDEN = re.compile("[\x00-\x06\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DICT_ATTRIBUTES = frozenset(dir(dict))


class RenderingContext(Context):
    """The context of one rendering; `plain` unless a non-plain value, such as RichText, is printed.

    `pictures` are those printed, in order.
    """

    plain = True

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.pictures: list[PlacedPicture] = []

    def draw(self, placed: PlacedPicture) -> object:
        """Prints a picture. Raises MisplacedPicture where nothing can be drawn."""
        if not self.environment.autoescape:
            raise MisplacedPicture("a picture cannot be printed here")
        self.pictures.append(placed)
        return picture_markup.drawn(placed, len(self.pictures))


@pass_context
def _printed(context: RenderingContext, value: object) -> object:
    if type(value) is str:
        text = value
    elif value is None:
        return ""
    elif type(value) is int or type(value) is float:
        return value
    elif type(value) is PlacedPicture:
        return context.draw(value)
    else:
        context.plain = False
        text = str(value)
    found = _FORBIDDEN.search(text)
    if found:
        raise ForbiddenCharacter(f"U+{ord(found.group()):04X} at position {found.start() + 1} of the value")
    return value


class _Environment(SandboxedEnvironment):
    context_class = RenderingContext

    def getattr(self, obj: Any, attribute: str) -> Any:
        # As the sandbox does for a dict, without raising and catching an AttributeError for each key.
        if obj.__class__ is dict and attribute not in _DICT_ATTRIBUTES:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def _environment(autoescape: bool) -> _Environment:
    made = _Environment(autoescape=autoescape, undefined=StrictUndefined, finalize=_printed, cache_size=0)
    made.filters["width"] = width
    return made


XML_ENVIRONMENT = _environment(autoescape=True)
TEXT_ENVIRONMENT = _environment(autoescape=False)
