"""Lints a template against its schema, the official text, and the permitted content.

schema_shapes        what the schema offers to a template
template_tags        the tags of every part with their positions
jinja_tree           the tags as a Jinja tree
schema_paths         paths named and fields printed by the tree
forbidden_fonts_and_content    programs, links, fields that change when printed, fonts
office_leftovers     tracked changes, comments, bound controls, hidden text, settings
official_text_check  the blank form against the official text
picture_check        the places of pictures
label_check          each field against its label
lint_report          faults and notes
"""

import zipfile
from collections.abc import Iterable, Iterator

from lxml import etree

from service import catalog
from service.catalog import Edition
from service.conversion.fonts.face_table import faces
from service.errors import Bilingual, TemplateFault
from service.extraction.skeleton import skeleton
from service.layout import certify
from service.lint import (
    forbidden_fonts_and_content,
    jinja_tree,
    label_check,
    office_leftovers,
    official_text_check,
    picture_check,
    schema_paths,
    schema_shapes,
    template_tags,
)
from service.lint.lint_report import WHOLE, LintFault, LintReport
from service.lint.template_tags import Tag
from service.rendering import Template
from service.rendering.docx_package import open_package
from service.wordml.package import unpack

__all__ = ["CHANGED", "LintFault", "LintReport", "check", "chosen"]

CHANGED = "changed_since_published"
# With these the blank form cannot be rendered for the comparison with the official text.
_UNRENDERABLE = {
    "syntax",
    "incomplete_tag",
    "not_in_schema",
    "not_a_list",
    "unknown_filter",
    "changes_at_print",
    "unprintable",
    "unsupported_tag",
}


def chosen(form: str | None, year: int | None) -> tuple[Edition, ...]:
    """The editions of a form, a year, or all. Raises UnknownForm, UnknownYear."""
    found = catalog.editions()
    if form is not None:
        catalog.edition(form, year or next((e.year for e in found if e.form == form), found[0].year))
    elif year is not None:
        catalog.edition(found[0].form, year)
    return tuple(e for e in found if form in (None, e.form) and year in (None, e.year))


def check(edition: Edition) -> LintReport:
    """All faults of an edition, and notes."""
    try:
        faults = (*_template(edition), *_published(edition))
    except TemplateFault as fault:
        faults = (LintFault("unreadable", WHOLE, edition.template_path.name, fault.text),)
        return LintReport(edition, faults, ())
    return LintReport(edition, faults, tuple(_notes(edition)))


def _template(edition: Edition) -> list[LintFault]:
    path = edition.template_path
    try:
        data = path.read_bytes()
        parts = unpack(data)
    except (OSError, zipfile.BadZipFile) as error:
        raise TemplateFault(f"模板读不了：{error}", f"the template cannot be read: {error}") from error
    opened = open_package(path, data)
    try:
        found = list(forbidden_fonts_and_content.faults(parts, _fonts(edition)))
        stretches = list(template_tags.stretches(opened, parts))
    except etree.XMLSyntaxError as error:
        raise TemplateFault(f"模板不是良构的 XML：{error}", f"not well-formed XML: {error}") from error
    found += _schema(edition, stretches)
    if not any(fault.code in _UNRENDERABLE for fault in found):
        found += official_text_check.faults(edition, Template(path, data))
    if not found:
        found += (*label_check.faults(edition), *picture_check.faults(edition), *_layout(edition))
    return found


def _fonts(edition: Edition) -> set[str]:
    """The font names with a face in the service's table or in that of the edition's own folder."""
    return {face.official for face in faces([edition.folder.fonts])}


def _layout(edition: Edition) -> Iterator[LintFault]:
    """What `check` would find in the blank form, which is made from the template."""
    for each in certify(skeleton(edition).blank, edition).differences:
        yield LintFault("fails_check", each.place, each.code, each.message)


def _schema(edition: Edition, stretches: Iterable[tuple[Tag, ...] | LintFault]) -> list[LintFault]:
    context = schema_shapes.shapes(edition.schema)
    faults, printed, whole = list[LintFault](), set[str](), True
    for stretch in stretches:
        if isinstance(stretch, LintFault):
            faults.append(stretch)
            continue
        tree, wrong = jinja_tree.tree(stretch)
        faults += wrong
        if tree is None:
            whole = False
            continue
        wrong, fields = schema_paths.follow(tree, stretch, context)
        faults += wrong
        printed |= fields
    return [*faults, *_missing(context, printed)] if whole else faults


def _missing(context: schema_shapes.Shape, printed: Iterable[str]) -> Iterator[LintFault]:
    for spelled, leaf in schema_shapes.leaves(context):
        if leaf.pointer not in printed:
            message = Bilingual(
                f"数据模式有此栏（{leaf.label}），模板中没有印出",
                f"in the schema ({leaf.label}), printed nowhere in the template",
            )
            yield LintFault("not_in_template", WHOLE, f"{{{{ {spelled} }}}}", message)


def _published(edition: Edition) -> Iterator[LintFault]:
    if edition.versions and not edition.published:
        last, name = edition.versions[-1].number, f"{edition.form} {edition.year}"
        publish = f"kexie-forms edition publish {edition.year} {edition.form}"
        message = Bilingual(
            f"与已发布的第 {last} 版不同：用 {publish} 发布第 {last + 1} 版，或撤销对模板和数据模式的改动",
            f"differs from published version {last}: publish version {last + 1} with `{publish}`, "
            "or undo the change of template or schema",
        )
        yield LintFault(CHANGED, WHOLE, name, message)


def _notes(edition: Edition) -> Iterator[Bilingual]:
    if not edition.versions:
        yield Bilingual("尚未发布", "not published yet")
    if edition.provenance == "official" and not edition.official_path.is_file():
        name = edition.official_path.name
        yield Bilingual(f"没有官方文本 {name} 可以对照", f"there is no official text {name} to compare with")
    yield from office_leftovers.personal(unpack(edition.template_path.read_bytes()))
