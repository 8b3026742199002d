"""A document from outside reaches nothing outside: no address and no file that it names."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest

from service.conversion import convert, file_kind, to_docx
from service.errors import KexieError
from tests.helpers.docx_builder import parts
from tests.helpers.hostile import ways_out
from tests.helpers.hostile.outside import SECRET, Outside

REMOTE = ("http", "ftp", "smb", "unc")
UNREADABLE = {"docx": ("font",)}  # LibreOffice opens no document with it


@pytest.fixture
def outside(tmp_path):
    with Outside(tmp_path / "outside", len(ways_out.WAYS)) as place:
        yield place


def reached(outside):
    return sorted({(*ways_out.WAYS[number], what) for number, what in outside.seen()})


@pytest.mark.parametrize(
    ("of", "schemes"),
    [
        ("odt", (*REMOTE, "file")),
        ("odt", ("relative", "ftp")),
        ("rtf", Outside.SCHEMES),
        ("doc", Outside.SCHEMES),
        ("docx", Outside.SCHEMES),
    ],
    ids=lambda value: value if isinstance(value, str) else value[-1],
)
def test_a_reading_reaches_nothing_outside(settings, outside, of, schemes):
    document = ways_out.together(outside, of, schemes, UNREADABLE.get(of, ()))
    assert reached(outside) == []
    of = file_kind.STRICT if of == file_kind.DOCX else of  # LibreOffice reads no other .docx
    read = parts(to_docx(document, of, dataclasses.replace(settings, sandbox="required")))
    assert reached(outside) == []
    assert not any(SECRET.encode() in part for part in read.values())


def test_a_document_of_the_pool_reaches_nothing_outside(settings, outside):
    boxed = dataclasses.replace(settings, sandbox="required", converters=1)
    document = ways_out.together(outside, "docx", without=UNREADABLE["docx"])
    assert convert(document, boxed).startswith(b"%PDF-")
    assert reached(outside) == []


def test_without_the_box_the_same_documents_reach_out(settings, outside):
    """So that the tests above see what they look for."""
    document = ways_out.together(outside, "odt", ("file",))
    with contextlib.suppress(KexieError):
        to_docx(document, file_kind.ODT, dataclasses.replace(settings, sandbox="off"))
    assert reached(outside) != []
