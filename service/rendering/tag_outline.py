"""The outline of a part with tags: its elements, and which of them the tags choose or repeat."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from jinja2 import nodes

_MARKUP = re.compile(r"<[^>]*>?|[^<]+")
_TEXT = {"w:t", "w:delText", "w:instrText", "a:t"}
# A branch may close and reopen these, as tags in separate runs do.
_CROSSED = {"w:t", "w:r", "w:p"}
_GRID = {"w:tblGrid", "w:gridCol", "w:tr", "w:tc", "w:tcPr", "w:gridSpan"}
_TAGGED = "\0"


class Unproved(Exception):
    """The effect of the tags cannot be determined without their values."""


@dataclass
class Element:
    """An element, or without a name a branch of a Choice; `tag` is its start tag with NUL for values."""

    name: str
    tag: str = ""
    children: "list[Element | Choice]" = field(default_factory=list)


@dataclass
class Choice:
    """The alternatives of a tag; for a loop any number of the first branch, or the other."""

    branches: list[Element]
    loop: bool


def outline(tree: nodes.Template, *, blanks_vanish: bool = False) -> Element:
    """The outline of `tree`, for which every path through the tags gives well-formed XML.

    Raises Unproved if it does not, if a value is printed outside of text and attributes, and, with
    `blanks_vanish`, if there is blank text between elements.
    """
    return _OutlineReader(blanks_vanish).read(tree.body)


class _OutlineReader:
    def __init__(self, blanks_vanish: bool) -> None:
        self._blanks_vanish = blanks_vanish
        self._open: list[str] = []
        self._lowest = 0
        self._stack: list[Element] = []
        self._tag = ""

    def read(self, body: Sequence[nodes.Node]) -> Element:
        before, outer, depth = list(self._open), self._lowest, len(self._stack)
        self._lowest = len(before)
        branch = Element("")
        self._stack.append(branch)
        for node in body:
            self._node(node)
        crossed = before[self._lowest :]
        if self._tag or self._open != before or not _CROSSED.issuperset(crossed):
            raise Unproved
        if crossed and any(element.name in _GRID for element in descendants(branch)):
            raise Unproved
        del self._stack[depth:]
        self._lowest = min(outer, self._lowest)
        return branch

    def _node(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Output):
            for child in node.nodes:
                if isinstance(child, nodes.TemplateData):
                    self._data(child.data)
                else:
                    self._value()
        elif isinstance(node, nodes.If):
            self._choice([node.body, *(branch.body for branch in node.elif_), node.else_], loop=False)
        elif isinstance(node, nodes.For) and not node.recursive:
            self._choice([node.body, node.else_], loop=True)
        elif not isinstance(node, nodes.Assign):
            raise Unproved

    def _data(self, data: str) -> None:
        if self._tag:
            end, closed, data = data.partition(">")
            self._tag += end + closed
            if not closed:
                return
            self._markup(self._tag)
        for piece in _MARKUP.findall(data):
            if piece[0] != "<":
                if self._blanks_vanish and piece.isspace() and not self._in_text():
                    raise Unproved
            elif piece[-1] == ">":
                self._markup(piece)
            else:
                self._tag = piece

    def _markup(self, tag: str) -> None:
        self._tag = ""
        if tag[1] in "!?" or (self._in_text() and tag[1] != "/"):
            raise Unproved
        if tag[1] == "/":
            self._close(tag[2:-1].strip())
            return
        element = Element(tag[1:-1].rstrip("/").split(None, 1)[0], tag)
        self._stack[-1].children.append(element)
        if not tag.endswith("/>"):
            self._open.append(element.name)
            self._stack.append(element)

    def _close(self, name: str) -> None:
        if not self._open or self._open.pop() != name:
            raise Unproved
        self._lowest = min(self._lowest, len(self._open))
        if self._stack[-1].name:
            self._stack.pop()

    def _in_text(self) -> bool:
        return bool(self._open) and self._open[-1] in _TEXT

    def _value(self) -> None:
        if self._tag:
            if self._tag.count('"') % 2 == 0:
                raise Unproved
            self._tag += _TAGGED
        elif not self._in_text():
            raise Unproved

    def _choice(self, bodies: list[list[nodes.Node]], *, loop: bool) -> None:
        if not self._tag:
            self._stack[-1].children.append(Choice([self.read(body) for body in bodies], loop))
            return
        for node in chain(*bodies):
            data = "".join(part.data for part in node.find_all(nodes.TemplateData))
            if not isinstance(node, nodes.Output) or set(data) & set('<>"'):
                raise Unproved
        self._value()


def descendants(element: Element) -> Iterator[Element]:
    """The elements and branches below `element`, in order."""
    for child in element.children:
        for branch in child.branches if isinstance(child, Choice) else [child]:
            yield branch
            yield from descendants(branch)
