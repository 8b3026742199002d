"""The check of packages finds each thing that would keep Word from opening one."""

import io
import warnings
import zipfile

import pytest

from tests.helpers import docx_builder as build
from tests.helpers.docx_builder import docx, paragraph
from tests.helpers.docx_check import problems

GOOD = docx(paragraph("好"), header=paragraph("眉"), image=True)
BODY = "word/document.xml"


def changed(name, content):
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        files = {entry: package.read(entry) for entry in package.namelist()}
    return build.zipped({**files, name: content})


def without(name):
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        return build.zipped({entry: package.read(entry) for entry in package.namelist() if entry != name})


def twice(name):
    out = io.BytesIO(GOOD)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as package:
        warnings.simplefilter("ignore")
        package.writestr(name, "<a/>")
    return out.getvalue()


CASES = {
    "no zip": (b"x", "not a zip"),
    "cut short": (GOOD[:-40], "not a zip"),
    "content types not first": (
        build.zipped({"a.xml": "<a/>"}),
        "the first entry is not [Content_Types].xml",
    ),
    "twice": (twice("word/styles.xml"), "word/styles.xml: occurs 2 times in the package"),
    "malformed": (changed(BODY, "<w:a>"), f"{BODY}: not well-formed"),
    "missing target": (
        without("word/media/image1.png"),
        "points to /word/media/image1.png, which is not there",
    ),
    "missing part": (without("word/header.xml"), "/word/header.xml: has a content type but is not"),
    "no content type": (changed("word/x.bin", b"x"), "word/x.bin: has no content type"),
    "tag left": (docx(paragraph("{{ x }}")), f"{BODY}: '{{{{' is left in the text"),
    "not valid": (docx("<w:r/>"), f"{BODY}: Element"),
}


def test_a_good_package_has_no_problems():
    assert problems(GOOD) == []


def test_braces_of_the_data_may_be_allowed():
    assert problems(docx(paragraph("{{ x }}")), braces_allowed=True) == []


def test_a_file_is_read(tmp_path):
    (tmp_path / "a.docx").write_bytes(GOOD)
    assert problems(tmp_path / "a.docx") == []


@pytest.mark.parametrize("name", CASES)
def test_each_problem_is_reported(name):
    document, problem = CASES[name]
    assert problem in "\n".join(problems(document))
