"""Odd XML that the standards allow is read as if it were plain; encodings that they do not are refused."""

from __future__ import annotations

import re

import pytest

from service import catalog, filled_form, generate
from service.conversion import docx_check, file_kind
from service.conversion.fonts import docx_runs
from service.errors import UnreadableDocument
from tests.helpers.docx_builder import parts, zipped
from tests.helpers.forms import FORMS
from tests.helpers.hostile import odd_xml


def made(form):
    return generate(form, 2021, catalog.edition(form, 2021).sample("full"), ("docx",))["docx"]


def shown(docx):
    stories, styles = docx_runs.stories(docx)
    return [piece[1:] for story in stories.values() for piece in docx_runs.texts(story, styles) if piece.text]


@pytest.mark.parametrize("way", odd_xml.WAYS.values(), ids=odd_xml.WAYS)
@pytest.mark.parametrize("form", FORMS)
def test_a_form_in_odd_xml_is_the_same_form(form, way):
    plain = made(form)
    odd = odd_xml.each_part(plain, way)
    assert all(parts(odd)[name] != part for name, part in parts(plain).items() if name.endswith(".xml"))
    assert file_kind.kind(odd) == file_kind.DOCX
    assert filled_form.examine(odd).as_dict() == filled_form.examine(plain).as_dict()
    assert docx_check.modified(odd) == docx_check.modified(plain)
    assert shown(odd) == shown(plain)


def renamed(docx, *names, decoys=False):
    """The document with parts of other names, and with parts that nothing names in their places."""
    package = parts(docx)
    for old, new in names:
        for before, after in ((old, new), (listed(old), listed(new))):
            if before in package:
                package[after] = package.pop(before)
        old_end, new_end = (f'{name.rpartition("/")[2]}"'.encode() for name in (old, new))
        package = {
            name: part.replace(b"/" + old_end, b"/" + new_end).replace(b'"' + old_end, b'"' + new_end)
            for name, part in package.items()
        }
        package |= {old: b"<decoy/>"} if decoys else {}
    return zipped(package)


def listed(name):
    folder, _, stem = name.rpartition("/")
    return f"{folder}/_rels/{stem}.rels"


@pytest.mark.parametrize("decoys", [False, True])
@pytest.mark.parametrize(
    "names",
    [
        [("word/document.xml", "word/document2.xml")],  # as Word on the web writes it
        [("word/styles.xml", "word/styles2.xml"), ("word/settings.xml", "word/x.xml")],
        [("word/document.xml", "word/Dokument.xml"), ("word/styles.xml", "word/STYLES.xml")],
    ],
)
def test_parts_are_found_by_their_relationships(names, decoys):
    plain = made("annex2")
    other = renamed(plain, *names, decoys=decoys)
    assert file_kind.kind(other) == file_kind.DOCX
    assert filled_form.examine(other).as_dict() == filled_form.examine(plain).as_dict()


@pytest.mark.parametrize("encoding", ["kexie", "utf-99", "base64", "GBK", "idna", "x" * 5000], ids=len)
def test_an_encoding_that_no_reader_knows_is_refused_in_every_part(encoding):
    package = parts(made("annex3")) | {"word/comments.xml": b"<a/>", "customXml/item1.xml": b"<a/>"}
    for name in package:
        odd = odd_xml.each_part(zipped(package), odd_xml.named(encoding), re.escape(name))
        with pytest.raises(UnreadableDocument):
            filled_form.examine(odd)
