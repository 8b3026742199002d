"""Compiles the tags of a part with Jinja; faults name part, line and tag."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from jinja2 import TemplateSyntaxError, nodes

from schemas.normal_pictures import NormalPicture
from service.rendering.jinja_environment import TEXT_ENVIRONMENT, XML_ENVIRONMENT, RenderingContext
from service.rendering.template_errors import TemplatePart

_PARAGRAPH = re.compile(r"<w:p(?=[ >])")
_LINED_PARAGRAPH = re.compile(r"\n<w:p(?=[ >])")
_LITERAL_BRACES = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))


Shaper = Callable[[nodes.Template], None]


class Filled(NamedTuple):
    """A rendered source: its text, whether only plain data was printed, and the pictures printed."""

    text: str
    plain: bool
    pictures: tuple[NormalPicture, ...]


class CompiledTags:
    """A compiled source: XML patched by docxtpl, or the plain text of a property."""

    def __init__(
        self, source: str, place: TemplatePart, shape: Shaper | None = None, *, xml: bool = True
    ) -> None:
        """Compiles `source`; `shape` may inspect and change the tree first. Raises TemplateFault."""
        self._part = place
        self._source = _PARAGRAPH.sub(r"\n<w:p", source) if xml else source
        self._filename = f"<{place.part}>"
        environment = XML_ENVIRONMENT if xml else TEXT_ENVIRONMENT
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

    def render(self, context: Mapping[str, object]) -> Filled:
        """Renders `context`. Raises TemplateFault."""
        run = self._template.new_context(dict(context))
        try:
            text = "".join(self._template.root_render_func(run))
        except Exception as exc:
            raise self._part.tag_fault(self._source, self._line(exc), exc) from exc
        assert isinstance(run, RenderingContext)
        return Filled(text, run.plain, tuple(each.picture for each in run.pictures))

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
