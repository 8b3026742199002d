"""Lint: every shipped edition is clean; every kind of fault is named by its place."""

from __future__ import annotations

import dataclasses
import json

import pytest
from click.testing import CliRunner

from schemas.annex3 import Annex3
from schemas.fields import Line
from schemas.form_schema import FormSchema
from service import catalog, lint
from service.cli import main
from tests.helpers.docx_edit import BODY, edit

RELATIONS = "word/_rels/document.xml.rels"
MOBILE = "{{ basic_info.mobile }}"
WHOLE = "the template as a whole"
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DA</w:instrText></w:r>'
    '<w:r><w:instrText>TE \\@ "yyyy"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def findings(form="annex2"):
    return [fault.text.en for fault in lint.check(catalog.edition(form, 2021)).faults]


@pytest.mark.parametrize("edition", catalog.editions(), ids=lambda found: f"{found.form}-{found.year}")
def test_every_shipped_edition_is_clean_and_published(edition):
    report = lint.check(edition)
    assert ([fault.text.zh for fault in report.faults], report.notes) == ([], ())


def change(name, old, new, *expected, part=BODY):
    return pytest.param(old, new, list(expected), part, id=name)


@pytest.mark.parametrize(
    ("old", "new", "expected", "part"),
    [
        change(
            "misspelled",
            "basic_info.mobile",
            "basic_info.mobil",
            "table 1, row 2, cell 6: {{ basic_info.mobil }} – not in the schema; "
            "did you mean basic_info.mobile?",
        ),
        change(
            "misspelled-group",
            "basic_info.mobile",
            "basic_inf.mobile",
            "table 1, row 2, cell 6: {{ basic_inf.mobile }} – not in the schema; "
            "did you mean basic_info.mobile?",
        ),
        change(
            "misspelled-in-a-row",
            "item.amount",
            "item.amont",
            "table 4, row 3, cell 3: {{ item.amont }} – not in the schema; did you mean item.amount?",
        ),
        change(
            "misspelled-loop",
            "in overall_approach",
            "in overal_approach",
            "table 2, row 1, cell 1: {%p for line in overal_approach %} – not in the schema; "
            "did you mean overall_approach?",
        ),
        change(
            "misspelled-condition",
            "{% if review.applicant_date",
            "{% if review.aplicant_date",
            "table 5, row 1, cell 1: {% if review.aplicant_date %} – not in the schema; "
            "did you mean review.applicant_date?",
        ),
        change(
            "method-of-a-dict",
            'in budget["items"]',
            "in budget.items",
            "table 4, row 2, cell 1: {%tr for item in budget.items %} – not in the schema; "
            'did you mean budget["items"]?',
        ),
        change(
            "outside-its-loop",
            MOBILE,
            MOBILE + "{{ item.name }}",
            "table 1, row 2, cell 6: {{ item.name }} – not in the schema",
        ),
        change(
            "in-the-properties",
            "{{ cover.applicant }}",
            "{{ cover.aplicant }}",
            "document property title: {{ cover.aplicant }} – not in the schema; "
            "did you mean cover.applicant?",
            part="docProps/core.xml",
        ),
        change(
            "missing",
            MOBILE,
            "",
            f"{WHOLE}: {MOBILE} – in the schema (手机), printed nowhere in the template",
        ),
        change(
            "missing-in-rows",
            "{{ item.item }}",
            "",
            f'{WHOLE}: {{{{ budget["items"][…].item }}}} – in the schema (计划开支项目), '
            "printed nowhere in the template",
        ),
        change(
            "missing-box",
            "{{ basic_info.is_independent.no }}",
            "□",
            f"{WHOLE}: {{{{ basic_info.is_independent.no }}}} – in the schema (是否独立建制 否), "
            "printed nowhere in the template",
        ),
        change(
            "tested-but-not-printed",
            "{{ review.applicant_date }}",
            "",
            f"{WHOLE}: {{{{ review.applicant_date }}}} – in the schema (申报单位承诺日期), "
            "printed nowhere in the template",
        ),
        change(
            "printed-lines",
            MOBILE,
            MOBILE + "{{ overall_approach }}",
            "table 1, row 2, cell 6: {{ overall_approach }} – has several lines: "
            "use {%p for line in overall_approach %} … {%p endfor %}",
        ),
        change(
            "printed-boxes",
            MOBILE,
            MOBILE + "{{ basic_info.is_independent }}",
            "table 1, row 2, cell 6: {{ basic_info.is_independent }} – has two boxes; "
            "use basic_info.is_independent.yes or basic_info.is_independent.no",
        ),
        change(
            "printed-group",
            MOBILE,
            MOBILE + "{{ cover }}",
            "table 1, row 2, cell 6: {{ cover }} – is a group of fields: name one of them",
        ),
        change(
            "loop-over-one-value",
            MOBILE,
            MOBILE + "{% for x in cover.email %}{% endfor %}",
            "table 1, row 2, cell 6: {% for x in cover.email %} – cannot be looped over",
        ),
        change(
            "syntax",
            MOBILE,
            MOBILE + "{{ basic_info..mobile }}",
            "table 1, row 2, cell 6: {{ basic_info..mobile }} – syntax error: expected name or number",
        ),
        change(
            "unknown-statement",
            "{% if review.applicant_date",
            "{% iff review.applicant_date",
            "table 5, row 1, cell 1: {% iff review.applicant_date %} – syntax error: "
            "Encountered unknown tag 'iff'.",
        ),
        change(
            "macro-of-jinja",
            MOBILE,
            MOBILE + "{% macro x() %}{% endmacro %}",
            "table 1, row 2, cell 6: {% macro x() %} – templates may use only for, if and set, "
            "with full paths",
            "table 1, row 2, cell 6: {% endmacro %} – templates may use only for, if and set, "
            "with full paths",
        ),
        change(
            "computed-path",
            MOBILE,
            MOBILE + "{{ basic_info[cover.email] }}",
            "table 1, row 2, cell 6: {{ basic_info[cover.email] }} – templates may use only for, if and set, "
            "with full paths",
        ),
        change(
            "unknown-filter",
            MOBILE,
            "{{ basic_info.mobile|loud }}",
            "table 1, row 2, cell 6: {{ basic_info.mobile|loud }} – there is no filter or test loud",
        ),
        change(
            "in-a-filter",
            MOBILE,
            "{{ basic_info.mobile|default(basic_info.mobil) }}",
            "table 1, row 2, cell 6: {{ basic_info.mobile|default(basic_info.mobil) }} – not in the schema; "
            "did you mean basic_info.mobile?",
        ),
        change(
            "random",
            MOBILE,
            "{{ basic_info.mobile|random }}",
            "table 1, row 2, cell 6: {{ basic_info.mobile|random }} – prints different content each time",
        ),
        change(
            "not-closed",
            MOBILE,
            MOBILE + "{{ basic_info.mobile",
            "table 1, row 2, cell 6: {{ basic_info.mobile – incomplete tag; "
            "it must open and close in one paragraph",
        ),
        change(
            "beside-a-row-tag",
            "{%tr for item",
            "金额{%tr for item",
            'table 4, row 2, cell 1: {%tr for item in budget["items"] %} – other content of its paragraph '
            "(row, cell) is not printed: move it elsewhere",
        ),
        change(
            "where-nothing-is-filled-in",
            "</w:styles>",
            "<!-- --><w:style><w:name>{{ cover.email }}</w:name></w:style></w:styles>",
            "word/styles.xml: {{ cover.email }} – tags are not rendered here",
            part="word/styles.xml",
        ),
        change(
            "words",
            "编制数",
            "编数",
            "table 1, row 3, cell 5: …组是□否□编数实有人员数… – "
            "the official text is “…组是□否□编制数实有人员数…”",
        ),
        change(
            "field",
            "<w:t>2021年</w:t></w:r>",
            f"<w:t>2021年</w:t></w:r>{FIELD}",
            'paragraph 10: DATE \\@ "yyyy" – the field changes when printed: use text instead; '
            "PAGE and NUMPAGES are allowed",
        ),
        change(
            "simple-field-in-the-footer",
            "<w:r>",
            '<w:fldSimple w:instr="FILENAME"/><w:r>',
            "footer1, paragraph 1: FILENAME – the field changes when printed: use text instead; "
            "PAGE and NUMPAGES are allowed",
            part="word/footer1.xml",
        ),
        change(
            "live-date",
            "<w:t>2021年</w:t>",
            "<w:t>2021年</w:t><w:dayLong/>",
            "paragraph 10: dayLong – the field changes when printed: use text instead; "
            "PAGE and NUMPAGES are allowed",
        ),
        change(
            "remote-template",
            "</Relationships>",
            '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'attachedTemplate" Target="http://example.org/a.dotm" TargetMode="External"/></Relationships>',
            f"{WHOLE}: {RELATIONS} http://example.org/a.dotm – it is attached to an external template: "
            "detach it",
            part=RELATIONS,
        ),
        change(
            "link",
            "</Relationships>",
            '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'hyperlink" Target="http://example.org/" TargetMode="External"/></Relationships>',
            f"{WHOLE}: {RELATIONS} http://example.org/ – external links are not allowed: remove it",
            part=RELATIONS,
        ),
    ],
)
def test_a_fault_is_named_by_its_place(annex2, old, new, expected, part):
    edit(annex2, (old, new), part=part)
    assert findings() == expected


def test_fonts_that_the_service_lacks_are_named(annex2):
    run = '<w:rPr><w:rFonts w:ascii="Comic Sans" w:eastAsiaTheme="minorEastAsia"/></w:rPr><w:t>2021年</w:t>'
    edit(annex2, ("<w:t>2021年</w:t>", run))
    edit(annex2, ('w:eastAsia="方正小标宋简体"', 'w:eastAsia="华文行楷"'), part="word/styles.xml")
    assert sorted(line.split(";")[0] for line in findings()) == [
        "paragraph 10: Comic Sans – unknown font",
        "paragraph 10: minorEastAsia – the font comes from the theme: name the font itself",
        "style Title: 华文行楷 – unknown font",
    ]


def test_a_macro_is_found(annex2):
    edit(annex2, added={"word/vbaProject.bin": b"x"})
    assert findings() == [f"{WHOLE}: word/vbaProject.bin – macros and programs are not allowed: remove it"]


def test_a_tag_that_is_split_over_runs_is_one_tag(annex2):
    edit(annex2, (MOBILE, "{{ basic_</w:t></w:r><w:r><w:t>info.mobil }}"))
    assert [line.split(" – ")[0] for line in findings()] == ["table 1, row 2, cell 6: {{ basic_info.mobil }}"]


def test_tags_that_do_not_match_are_named(annex2):
    edit(annex2, (MOBILE, MOBILE + "{% endif %}"))
    assert [line.split(" – ")[0] for line in findings()] == ["table 1, row 2, cell 6: {% endif %}"]


def test_all_faults_are_reported_at_once_in_both_languages(annex2):
    edit(
        annex2,
        ("basic_info.mobile", "basic_info.mobil"),
        ("cover.email", "cover.emial"),
        ("{{ item.name }}", ""),
    )
    result = CliRunner().invoke(main, ["lint", "annex2", "--year", "2021"])
    assert result.exit_code == 4
    lines = [line.strip() for line in result.output.splitlines()]
    assert lines[0] == "✗ annex2 2021：3 处故障 / 3 fault(s)"
    wrong = "表 1 第 2 行第 6 格：{{ basic_info.mobil }} – 数据模式中没有；是否应为 basic_info.mobile？"
    assert lines.index(wrong) + 1 == lines.index(
        "table 1, row 2, cell 6: {{ basic_info.mobil }} – not in the schema; did you mean basic_info.mobile?"
    )
    assert "第 8 段：{{ cover.emial }} – 数据模式中没有；是否应为 cover.email？" in lines
    assert len(lines) == 7


@pytest.mark.parametrize(
    ("content", "said"), [(b"not a template", "cannot be read"), (None, "cannot be read")]
)
def test_a_template_that_cannot_be_read_is_a_fault(annex2, content, said):
    annex2.unlink() if content is None else annex2.write_bytes(content)
    (fault,) = findings()
    assert said in fault


def test_a_field_of_the_schema_that_no_template_prints_is_a_fault():
    class Annex3Of2021(Annex3):
        fax = Line("传真")

    edition = dataclasses.replace(catalog.edition("annex3", 2021), schema=Annex3Of2021())
    faults = [fault for fault in lint.check(edition).faults if fault.code != lint.CHANGED]
    assert [fault.text.zh for fault in faults] == [
        "整个模板：{{ fax }} – 数据模式有此栏（传真），模板中没有印出"
    ]


def test_a_schema_without_fields_leaves_no_tag_right():
    edition = dataclasses.replace(catalog.edition("annex3", 2021), schema=FormSchema())
    wrong = {fault.shown for fault in lint.check(edition).faults if fault.code == "not_in_schema"}
    assert {"{{ association_name }}", "{{ case_name }}", "{%p for line in background %}"} <= wrong


def test_without_arguments_every_edition_has_a_line():
    result = CliRunner().invoke(main, ["lint"])
    assert result.exit_code == 0
    assert [line.split("：")[0] for line in result.output.splitlines()] == [
        f"✓ {edition.form} {edition.year}" for edition in catalog.editions()
    ]
    assert "推定，沿用2021年的版式" in result.output


@pytest.mark.parametrize(
    ("arguments", "editions"),
    [
        (["annex2"], [("annex2", 2019), ("annex2", 2020), ("annex2", 2021)]),
        (["--year", "2021"], [("annex1", 2021), ("annex2", 2021), ("annex3", 2021)]),
        (["annex3", "--year", "2020"], [("annex3", 2020)]),
    ],
)
def test_json_reports_form_year_and_faults(arguments, editions):
    result = CliRunner().invoke(main, ["lint", *arguments, "--json"])
    reports = json.loads(result.output)
    assert [(report["form"], report["year"]) for report in reports] == editions
    assert [report["faults"] for report in reports] == [[]] * len(editions)


@pytest.mark.parametrize("arguments", [["annex9"], ["--year", "1999"], ["annex2", "--year", "1999"]])
def test_an_edition_that_is_not_there_is_reported(arguments):
    assert CliRunner().invoke(main, ["lint", *arguments]).exit_code == 2


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "cover.email",
            "cover.mailing_address",
            [
                "paragraph 7 outside the tables: {{ cover.email }} – the label 通讯地址 belongs to "
                "cover.mailing_address",
                "paragraph 8 outside the tables: {{ cover.mailing_address }} – the label 电子信箱 belongs to "
                "cover.email",
            ],
        ),
        (
            "basic_info.townships",
            "basic_info.villages",
            [
                "table 1, row 7, cell 2: {{ basic_info.villages }} – the label 乡镇 belongs to "
                "basic_info.townships",
                "table 1, row 7, cell 8: {{ basic_info.townships }} – the label 行政村 belongs to "
                "basic_info.villages",
            ],
        ),
        (
            "basic_info.four_heads.hospital_directors.township",
            "basic_info.four_heads.school_principals.township",
            [
                "table 1, row 11, cell 6: {{ basic_info.four_heads.school_principals.township }} – the "
                "label 医院院长 belongs to basic_info.four_heads.hospital_directors",
                "table 1, row 12, cell 6: {{ basic_info.four_heads.hospital_directors.township }} – the "
                "label 学校校长 belongs to basic_info.four_heads.school_principals",
            ],
        ),
        (
            "item.name",
            "item.item",
            [
                "table 4, row 2, cell 1: {{ budget.items.*.item }} – the label 计划开支名称 belongs to "
                "budget.items.*.name",
                "table 4, row 2, cell 2: {{ budget.items.*.name }} – the label 计划开支项目 belongs to "
                "budget.items.*.item",
            ],
        ),
    ],
)
def test_fields_that_changed_places_are_reported_by_their_labels(annex2, one, other, expected):
    edit(annex2, (f"{{{{ {one} }}}}", "{{ PLACE }}"), (f"{{{{ {other} }}}}", f"{{{{ {one} }}}}"))
    edit(annex2, ("{{ PLACE }}", f"{{{{ {other} }}}}"))
    assert findings() == expected
