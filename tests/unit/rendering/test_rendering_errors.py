"""A template that cannot be read, compiled or rendered: the fault names the file, the part and the tag."""

import io
import zipfile

import pytest
from docxtpl import Listing

from service.errors import TemplateFault
from service.rendering import load_template
from tests.helpers import docx_builder as build
from tests.helpers.docx_builder import docx, paragraph, row, table
from tests.helpers.rendering import CORE, loaded


@pytest.fixture
def load(tmp_path):
    return lambda template: loaded(template, tmp_path)


FAULTS = {
    "missing name": (
        docx(paragraph("第一段") + paragraph("甲{{ nowhere }}")),
        ["word/document.xml", "{{ nowhere }}", "第 3 行"],
    ),
    "missing key": (docx(paragraph("{{ cover.nowhere }}")), ["word/document.xml", "{{ cover.nowhere }}"]),
    "missing in a test": (
        docx(paragraph("{% if nowhere %}x{% endif %}")),
        ["word/document.xml", "{% if nowhere %}"],
    ),
    "missing in a loop": (docx(paragraph("{% for x in nowhere %}x{% endfor %}")), ["{% for x in nowhere %}"]),
    "missing in a header": (
        docx(paragraph("x"), header=paragraph("{{ nowhere }}")),
        ["word/header.xml", "{{ nowhere }}"],
    ),
    "missing in a footer": (
        docx(paragraph("x"), footer=paragraph("{{ nowhere }}")),
        ["word/footer.xml", "{{ nowhere }}"],
    ),
    "missing in a footnote": (
        docx(paragraph("x"), footnote="{{ nowhere }}"),
        ["word/footnotes.xml", "{{ nowhere }}"],
    ),
    "missing in the title": (docx(paragraph("x"), title="{{ nowhere }}"), [CORE, "title", "{{ nowhere }}"]),
    "classes": (docx(paragraph("{{ x.__class__.__mro__ }}")), ["{{ x.__class__.__mro__ }}", "沙箱"]),
    "classes by format": (docx(paragraph('{{ "{0.__class__}".format(x) }}')), ["沙箱", "format"]),
    "classes of a dict": (docx(paragraph("{{ cover.__class__ }}")), ["{{ cover.__class__ }}", "沙箱"]),
    "globals": (docx(paragraph("{{ cycler.__init__.__globals__ }}")), ["沙箱"]),
    "include": (docx(paragraph('{% include "/etc/passwd" %}')), ["word/document.xml", "include"]),
    "unclosed": (docx(paragraph("{% if x %}甲")), ["word/document.xml", "endif"]),
    "unknown tag": (
        docx(paragraph("甲") + paragraph("{% fro x in y %}")),
        ["word/document.xml", "{% fro x in y %}", "第 3 行"],
    ),
    "unknown filter": (docx(paragraph("{{ x|nofilter }}")), ["word/document.xml", "{{ x|nofilter }}"]),
    "bad tag in the title": (docx(paragraph("x"), title="{{ x"), [CORE, "title"]),
    "type": (docx(paragraph("{{ x + 1 }}")), ["word/document.xml", "{{ x + 1 }}"]),
    "table without grid": (
        docx("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>" + paragraph("{{ x }}")),
        ["word/document.xml"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_name_the_file_the_part_and_the_tag(load, tmp_path, name):
    template, words = FAULTS[name]
    with pytest.raises(TemplateFault) as fault:
        load(template).render({"x": "甲", "cover": {"applicant": "乙"}})
    for word in [str(tmp_path), *words]:
        assert word in fault.value.text.zh
    assert str(tmp_path) in fault.value.text.en


@pytest.mark.parametrize("text", ["\0", "a\x01", "\x1f", "\ud800", "\ufffe", "\uffff"])
@pytest.mark.parametrize("kind", [str, Listing])
def test_characters_that_xml_forbids_are_refused(load, text, kind):
    template = load(docx(paragraph("{{ v }}"), header=paragraph("{{ v }}")))
    with pytest.raises(TemplateFault, match=rf"\{{\{{ v \}}\}}.*U\+{ord(text[-1]):04X}"):
        template.render({"v": kind(text)})


def test_a_paragraph_end_outside_of_text_is_refused(load):
    with pytest.raises(TemplateFault, match=r"word/document\.xml.*U\+0007"):
        load(docx(table(1, row("{% cellbg v %}")))).render({"v": "\a"})


def broken(template, name, content):
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        files = {n: package.read(n) for n in package.namelist()}
    return build.zipped({**files, name: content})


GOOD = docx(paragraph("x"), header=paragraph("x"), footnote="x")
BROKEN = {
    "empty": (b"", []),
    "no zip": (b"not a zip at all", []),
    "cut short": (GOOD[: len(GOOD) // 2], []),
    "another zip": (build.zipped({"a.txt": "x"}), []),
    "no document": (build.zipped({"[Content_Types].xml": '<Types xmlns="x"/>', "_rels/.rels": "<a/>"}), []),
    **{
        f"malformed {part}": (broken(GOOD, part, b"<w:a>"), [part])
        for part in (
            "word/document.xml",
            "word/header.xml",
            "word/footnotes.xml",
            "word/styles.xml",
            "[Content_Types].xml",
        )
    },
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_reported_by_name(load, tmp_path, name):
    data, words = BROKEN[name]
    with pytest.raises(TemplateFault) as fault:
        load(data)
    for word in [str(tmp_path), *words]:
        assert word in fault.value.text.zh
        assert word in fault.value.text.en


def test_missing_file(tmp_path):
    with pytest.raises(TemplateFault) as fault:
        load_template(tmp_path / "没有.docx")
    assert "没有.docx" in fault.value.text.zh
    with pytest.raises(TemplateFault):
        load_template(tmp_path)
