"""Parses tags into one Jinja tree; unreadable tags are reported and replaced."""

import difflib
from collections.abc import Sequence

from jinja2 import Environment, TemplateSyntaxError, nodes

from service.errors import Bilingual
from service.rendering.jinja_environment import XML_ENVIRONMENT
from service.template_tags.find_tags import Tag
from service.template_tags.lint_fault import LintFault

_ENVIRONMENT = Environment(autoescape=True)
_NEUTRAL = {"if": "{% if 1 %}", "elif": "{% elif 1 %}", "for": "{% for _ in () %}"}
_CLOSING = {"if": "{% endif %}", "for": "{% endfor %}"}
_FIXED = ("else", "endif", "endfor")
_PLAIN = (*_NEUTRAL, "set", "")
PLAIN_ONLY = Bilingual(
    "模板里只用 for、if 和 set；路径要写全", "templates may use only for, if and set, with full paths"
)


def tree(tags: Sequence[Tag]) -> tuple[nodes.Template | None, list[LintFault]]:
    """The tree, one tag per line, and the faults; None if the tags do not match each other."""
    faults: list[LintFault] = []
    sources = [_source(tag, faults) for tag in tags]
    try:
        found = _ENVIRONMENT.parse("\n".join(sources))
    except TemplateSyntaxError as error:
        tag = tags[min(error.lineno, len(tags)) - 1]
        message = Bilingual(
            f"与别的标签不配对：{error.message}", f"does not match the other tags: {error.message}"
        )
        return None, [*faults, LintFault("syntax", tag.place, tag.written, message)]
    return found, [*faults, *_filters(found, tags)]


def _source(tag: Tag, faults: list[LintFault]) -> str:
    """The tag's source, or a neutral replacement if it cannot be parsed."""
    keyword = _keyword(tag)
    if keyword in _FIXED:
        return tag.jinja
    if keyword not in _PLAIN:
        faults.append(LintFault("unsupported_tag", tag.place, tag.written, PLAIN_ONLY))
        return ""
    opened = "{% if 1 %}" if keyword == "elif" else ""
    closing = _CLOSING.get("if" if keyword == "elif" else keyword, "")
    try:
        _ENVIRONMENT.parse(f"{opened}{tag.jinja}{closing}")
    except TemplateSyntaxError as error:
        message = Bilingual(f"标签写法有误：{error.message}", f"syntax error: {error.message}")
        faults.append(LintFault("syntax", tag.place, tag.written, message))
        return _NEUTRAL.get(keyword, "")
    return tag.jinja


def _keyword(tag: Tag) -> str:
    """The keyword of a tag; one that opens a block is corrected if misspelled."""
    words = tag.jinja.removeprefix("{%").removesuffix("%}").strip("-+ ").split(None, 1)
    if not tag.jinja.startswith("{%") or not words:
        return ""
    if words[0] in _FIXED:
        return words[0]
    return next(iter(difflib.get_close_matches(words[0], _NEUTRAL, 1, 0.8)), words[0])


def _filters(found: nodes.Template, tags: Sequence[Tag]) -> list[LintFault]:
    faults = []
    for node in found.find_all((nodes.Filter, nodes.Test)):
        known = XML_ENVIRONMENT.filters if isinstance(node, nodes.Filter) else XML_ENVIRONMENT.tests
        tag = tags[node.lineno - 1]
        if node.name not in known:
            message = Bilingual(
                f"没有名为 {node.name} 的过滤器或测试", f"there is no filter or test {node.name}"
            )
            faults.append(LintFault("unknown_filter", tag.place, tag.written, message))
        elif node.name == "random":
            message = Bilingual("每次印出的内容不同", "prints different content each time")
            faults.append(LintFault("changes_at_print", tag.place, tag.written, message))
    return faults
