"""What an office leaves in a template is named; what lint passes makes documents that `check` passes."""

from __future__ import annotations

import pytest

from service import catalog, generate, lint
from service.layout import certify
from tests.helpers.docx_edit import BODY, edit

WHOLE, SETTINGS, STYLES = "整个模板", "word/settings.xml", "word/styles.xml"
NAME, CELL = "{{ basic_info.leader_name }}", "表 1 第 2 行第 2 格"
LABEL = "<w:t>负责人姓名</w:t>"
BY = 'w:id="9" w:author="某" w:date="2024-05-20T08:00:00Z"'
RUN = f"<w:t>{NAME}</w:t></w:r>"


def found():
    return [
        (fault.code, fault.place.zh, fault.shown)
        for fault in lint.check(catalog.edition("annex2", 2021)).faults
    ]


def in_body(old, new, code, place=CELL, shown=NAME[:24] + "……"):
    return pytest.param(BODY, old, new, (code, place, shown), id=f"{code}-{new[:24]}")


def in_settings(new, code):
    name = new.removeprefix("<w:").replace("/", " ").replace(">", " ").split()[0]
    return pytest.param(SETTINGS, "<w:zoom", f"{new}<w:zoom", (code, SETTINGS, name), id=name)


CHANGE = "<w:{0} {1}><w:{2}/></w:{0}>".format
ROW = '<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="800" w:hRule="atLeast"/>'
FIRST_ROW = "表 1 第 1 行第 1 格"


@pytest.mark.parametrize(
    ("part", "old", "new", "fault"),
    [
        in_body(RUN, f"{RUN}<w:ins {BY}><w:r><w:t>代</w:t></w:r></w:ins>", "tracked_change", shown="代"),
        in_body(
            RUN,
            f"{RUN}<w:del {BY}><w:r><w:delText>旧</w:delText></w:r></w:del>",
            "tracked_change",
            shown="旧",
        ),
        in_body(
            RUN, f"{RUN}<w:moveFrom {BY}><w:r><w:t>搬</w:t></w:r></w:moveFrom>", "tracked_change", shown="搬"
        ),
        in_body(
            RUN, f"{RUN}<w:moveTo {BY}><w:r><w:t>来</w:t></w:r></w:moveTo>", "tracked_change", shown="来"
        ),
        in_body(
            f"<w:t>{NAME}",
            f"<w:rPr>{CHANGE('rPrChange', BY, 'rPr')}</w:rPr><w:t>{NAME}",
            "tracked_change",
            shown="rPrChange",
        ),
        in_body(ROW, f"{ROW}<w:ins {BY}/>", "tracked_change", FIRST_ROW, "ins"),
        in_body(ROW, f"{ROW}{CHANGE('trPrChange', BY, 'trPr')}", "tracked_change", FIRST_ROW, "trPrChange"),
        in_body(
            "<w:titlePg/>",
            f"<w:titlePg/>{CHANGE('sectPrChange', BY, 'sectPr')}",
            "tracked_change",
            BODY,
            "sectPrChange",
        ),
        in_body(RUN, f'{RUN}<w:r><w:commentReference w:id="1"/></w:r>', "comment", shown="commentReference"),
        in_body(
            '<w:p><w:pPr><w:pStyle w:val="TableEnd"/>',
            '<w:altChunk/><w:p><w:pPr><w:pStyle w:val="TableEnd"/>',
            "embedded_document",
            BODY,
            "altChunk",
        ),
        in_body(
            LABEL,
            f"{LABEL}</w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>内部</w:t>",
            "hidden_text",
            "表 1 第 2 行第 1 格",
            "内部",
        ),
        in_settings("<w:trackRevisions/>", "tracking"),
        in_settings('<w:documentProtection w:edit="forms" w:enforcement="1"/>', "protected"),
        in_settings('<w:writeProtection w:recommended="1"/>', "protected"),
        in_settings("<w:mailMerge><w:query/></w:mailMerge>", "mail_merge"),
        in_settings('<w:docVars><w:docVar w:name="a" w:val="b"/></w:docVars>', "document_variables"),
        in_settings("<w:embedTrueTypeFonts/>", "embedded_fonts"),
    ],
)
def test_a_leftover_is_named_by_its_place(annex2, part, old, new, fault):
    edit(annex2, (old, new), part=part)
    assert fault in found()


def test_a_tag_typed_with_track_changes_on_is_named(annex2):
    edit(
        annex2, (f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>{RUN}', f"<w:ins {BY}><w:r>{RUN}</w:ins>")
    )
    assert found() == [("tracked_change", CELL, NAME[:24] + "……")]


def test_text_hidden_by_a_style_is_named(annex2):
    hidden = (
        '<w:style w:type="character" w:styleId="H"><w:name w:val="H"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="I"><w:name w:val="I"/><w:basedOn w:val="H"/></w:style>'
        "</w:styles>"
    )
    edit(annex2, ("</w:styles>", hidden), part=STYLES)
    assert found() == []
    edit(annex2, (LABEL, f'{LABEL}</w:r><w:r><w:rPr><w:rStyle w:val="I"/></w:rPr><w:t>内部</w:t>'))
    assert ("hidden_text", "表 1 第 2 行第 1 格", "内部") in found()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("word/comments.xml", "comment"),
        ("word/commentsExtended.xml", "comment"),
        ("word/people.xml", "comment"),
        ("word/fonts/font1.odttf", "embedded_fonts"),
        ("_xmlsignatures/sig1.xml", "signature"),
    ],
)
def test_a_part_that_is_left_is_named(annex2, name, code):
    edit(annex2, added={name: b"<x/>"})
    assert found() == [(code, WHOLE, name)]


@pytest.mark.parametrize(
    ("name", "xml", "named"),
    [
        (
            "docProps/core.xml",
            "<cp:lastModifiedBy>王五</cp:lastModifiedBy></cp:coreProperties>",
            "最后修改者“王五”",
        ),
        ("docProps/app.xml", "<Properties><Company>某公司</Company></Properties>", "单位“某公司”"),
        ("docProps/app.xml", "<Properties><Manager>赵六</Manager></Properties>", "经理“赵六”"),
    ],
)
def test_names_in_the_properties_are_noted(annex2, name, xml, named):
    if name.endswith("core.xml"):
        edit(annex2, ("</cp:coreProperties>", xml), part=name)
    else:
        edit(annex2, added={name: xml.encode()})
    notes = lint.check(catalog.edition("annex2", 2021)).notes
    assert [named in note.zh for note in notes if "属性" in note.zh] == [True]
    assert found() == []


def test_a_control_bound_to_data_is_named(annex2):
    cell = f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>{RUN}'
    bound = '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a" w:storeItemID="{0}"/></w:sdtPr><w:sdtContent>'
    edit(annex2, (cell, f"{bound}{cell}</w:sdtContent></w:sdt>"))
    assert ("bound_control", CELL, "dataBinding") in found()


PICTURE = '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="width:9pt"/></w:pict></w:r>'


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (BODY, "<w:p>", '<w:p w:rsidR="00AA11BB" w:rsidRDefault="00AA11BB">'),
        (
            BODY,
            RUN,
            f'{RUN}<w:proofErr/><w:bookmarkStart w:id="3" w:name="a"/><w:bookmarkEnd w:id="3"/>',
        ),
        (BODY, LABEL, f"{LABEL}</w:r>{PICTURE}<w:r>"),
        (
            SETTINGS,
            "<w:zoom",
            '<w:trackRevisions w:val="0"/><w:documentProtection w:edit="forms" w:enforcement="0"/><w:zoom',
        ),
        (SETTINGS, "<w:zoom", '<w:rsids><w:rsidRoot w:val="00AA11BB"/></w:rsids><w:zoom'),
        (BODY, LABEL, f'<w:rPr><w:vanish w:val="0"/></w:rPr>{LABEL}'),
    ],
    ids=["rsid", "bookmark", "shape", "off", "rsids", "not-hidden"],
)
@pytest.mark.parametrize("sample", ["minimal", "full"])
def test_what_lint_passes_gives_documents_that_check_passes(annex2, part, old, new, sample):
    edit(annex2, (old, new), part=part)
    edition = catalog.edition("annex2", 2021)
    assert found() == []
    made = generate("annex2", 2021, edition.sample(sample), ("docx",))["docx"]
    assert certify(made, edition).differences == ()
