"""Checks the tags of a template against its schema."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree
from marshmallow import Schema

from service.errors import Bilingual, TemplateFault
from service.rendering.docx_package import open_package
from service.template_tags import find_tags, jinja_tree, schema_paths, schema_shapes
from service.template_tags.find_tags import Tag
from service.template_tags.lint_fault import WHOLE, LintFault
from service.wordml.word_package import unpack

#: With these no document can be rendered.
UNRENDERABLE = {
    "syntax",
    "incomplete_tag",
    "not_in_schema",
    "not_a_list",
    "unknown_filter",
    "changes_at_print",
    "unprintable",
    "unsupported_tag",
}


def faults(path: Path, data: bytes, schema: Schema) -> list[LintFault]:
    """The faults of the tags in `data`, the .docx at `path`. Raises TemplateFault if it is none."""
    opened = open_package(path, data)
    try:
        stretches = list(find_tags.stretches(opened, unpack(data)))
    except etree.XMLSyntaxError as error:
        raise TemplateFault(
            f"模板 {path} 不是良构的 XML：{error}", f"{path} is not well-formed XML: {error}"
        ) from error
    return _against(schema, stretches)


def _against(schema: Schema, stretches: Iterable[tuple[Tag, ...] | LintFault]) -> list[LintFault]:
    context = schema_shapes.shapes(schema)
    found, printed, whole = list[LintFault](), set[str](), True
    for stretch in stretches:
        if isinstance(stretch, LintFault):
            found.append(stretch)
            continue
        tree, wrong = jinja_tree.tree(stretch)
        found += wrong
        if tree is None:
            whole = False
            continue
        wrong, fields = schema_paths.follow(tree, stretch, context)
        found += wrong
        printed |= fields
    return [*found, *_missing(context, printed)] if whole else found


def _missing(context: schema_shapes.Shape, printed: Iterable[str]) -> Iterator[LintFault]:
    for spelled, leaf in schema_shapes.leaves(context):
        if leaf.pointer not in printed:
            message = Bilingual(
                f"数据模式有此栏（{leaf.label}），模板中没有印出",
                f"in the schema ({leaf.label}), printed nowhere in the template",
            )
            yield LintFault("not_in_template", WHOLE, f"{{{{ {spelled} }}}}", message)
