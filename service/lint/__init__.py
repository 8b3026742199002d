"""Lints a template against its schema, the official text, and the permitted content.

forbidden_fonts_and_content    programs, links, fields that change when printed, fonts
office_leftovers     tracked changes, comments, bound controls, hidden text, settings
official_text_check  the blank form against the official text
picture_check        the places of pictures
label_check          each field against its label
lint_report          faults and notes
"""

import zipfile
from collections.abc import Iterator

from lxml import etree

from service.catalog import Edition
from service.conversion.fonts.face_table import faces
from service.errors import Bilingual, TemplateFault
from service.extraction.extraction_result import MESSAGES
from service.extraction.own_notes import own_notes
from service.extraction.read_rest import placed
from service.extraction.skeleton import skeleton
from service.layout import certify
from service.lint import (
    forbidden_fonts_and_content,
    label_check,
    office_leftovers,
    official_text_check,
    picture_check,
)
from service.lint.lint_report import LintReport
from service.rendering import Template
from service.template_tags import check_tags
from service.template_tags.lint_fault import WHOLE, LintFault
from service.wordml.word_package import unpack

__all__ = ["CHANGED", "LintFault", "LintReport", "check"]

CHANGED = "changed_since_published"


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
    of_tags = check_tags.faults(path, data, edition.schema)
    try:
        found = [*forbidden_fonts_and_content.faults(parts, _fonts(edition)), *of_tags]
    except etree.XMLSyntaxError as error:
        raise TemplateFault(f"模板不是良构的 XML：{error}", f"not well-formed XML: {error}") from error
    if not any(fault.code in check_tags.UNRENDERABLE for fault in found):
        found += official_text_check.faults(edition, Template(path, data))
    if not found:
        found += (*label_check.faults(edition), *picture_check.faults(edition))
        found += (*_layout(edition), *_unread(edition))
    return found


def _fonts(edition: Edition) -> set[str]:
    """The font names with a face in the service's table or in that of the edition's own folder."""
    return {face.official for face in faces([edition.folder.fonts])}


def _layout(edition: Edition) -> Iterator[LintFault]:
    """What `check` would find in the blank form, which is made from the template."""
    for each in certify(skeleton(edition).blank, edition).differences:
        yield LintFault("fails_check", each.place, each.code, each.message)


def _unread(edition: Edition) -> Iterator[LintFault]:
    """What extraction would report in every document made from the template."""
    form = skeleton(edition)
    own, document = own_notes(form), form.document
    for place, paragraph in placed(document):
        for note in paragraph.notes:
            if not own.has(note, document.parts):
                yield LintFault("fails_proof", place, note.code, MESSAGES[note.code])


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
