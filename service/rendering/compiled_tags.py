"""Compiles the tags of a part in a sandboxed, strict Jinja; faults name part, line and tag."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from service.rendering.template_errors import ForbiddenCharacter, TemplatePart

_FORBIDDEN = re.compile("[\x00-\x06\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DICT_ATTRIBUTES = frozenset(dir(dict))
_PARAGRAPH = re.compile(r"<w:p(?=[ >])")
_LINED_PARAGRAPH = re.compile(r"\n<w:p(?=[ >])")
_LITERAL_BRACES = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))


class _Context(Context):
    """The context of one rendering; `plain` unless a non-plain value, such as RichText, is printed."""

    plain = True


@pass_context
def _printed(context: _Context, value: object) -> object:
    if type(value) is str:
        text = value
    elif value is None:
        return ""
    elif type(value) is int or type(value) is float:
        return value
    else:
        context.plain = False
        text = str(value)
    found = _FORBIDDEN.search(text)
    if found:
        raise ForbiddenCharacter(f"U+{ord(found.group()):04X} at position {found.start() + 1} of the value")
    return value


class _Environment(SandboxedEnvironment):
    context_class = _Context

    def getattr(self, obj: Any, attribute: str) -> Any:
        # As the sandbox does for a dict, without raising and catching an AttributeError for each key.
        if obj.__class__ is dict and attribute not in _DICT_ATTRIBUTES:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def _environment(autoescape: bool) -> _Environment:
    return _Environment(autoescape=autoescape, undefined=StrictUndefined, finalize=_printed, cache_size=0)


_XML_ENVIRONMENT = _environment(autoescape=True)
_TEXT_ENVIRONMENT = _environment(autoescape=False)

Shaper = Callable[[nodes.Template], None]


class CompiledTags:
    """A compiled source: XML patched by docxtpl, or the plain text of a property."""

    def __init__(
        self, source: str, place: TemplatePart, shape: Shaper | None = None, *, xml: bool = True
    ) -> None:
        """Compiles `source`; `shape` may inspect and change the tree first. Raises TemplateFault."""
        self._part = place
        self._source = _PARAGRAPH.sub(r"\n<w:p", source) if xml else source
        self._filename = f"<{place.part}>"
        environment = _XML_ENVIRONMENT if xml else _TEXT_ENVIRONMENT
        try:
            tree = environment.parse(self._source, filename=self._filename)
            if xml:
                _unline(tree)
            if shape:
                shape(tree)
            code = environment.compile(tree, filename=self._filename)
        except TemplateSyntaxError as exc:
            raise place.tag_fault(self._source, exc.lineno, exc) from exc
        self._template = environment.template_class.from_code(environment, code, environment.globals.copy())
        self.static = not any(
            not isinstance(node, nodes.Output | nodes.TemplateData) for node in tree.find_all(nodes.Node)
        )

    def render(self, context: Mapping[str, object]) -> tuple[str, bool]:
        """Renders `context`; also returns whether only plain data was printed. Raises TemplateFault."""
        run = self._template.new_context(dict(context))
        try:
            text = "".join(self._template.root_render_func(run))
        except Exception as exc:
            raise self._part.tag_fault(self._source, self._line(exc), exc) from exc
        return text, isinstance(run, _Context) and run.plain

    def _line(self, exc: BaseException) -> int | None:
        line, step = None, exc.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename == self._filename:
                line = self._template.get_corresponding_lineno(step.tb_lineno)
            step = step.tb_next
        return line


def _unline(tree: nodes.Template) -> None:
    """Removes the line breaks that only number the lines, and replaces docxtpl's `{_{` by `{{`.

    docxtpl does both on the rendered text, which corrupts values with such text.
    """
    for data in tree.find_all(nodes.TemplateData):
        data.data = _braces(_LINED_PARAGRAPH.sub("<w:p", data.data))
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            if isinstance(node, nodes.Const) and isinstance(node.value, str):
                node.value = _braces(node.value)


def _braces(text: str) -> str:
    for literal, braces in _LITERAL_BRACES:
        text = text.replace(literal, braces)
    return text
