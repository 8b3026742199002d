"""Templates to render, and what docxtpl and our renderer make of them, part by part."""

from __future__ import annotations

import hashlib
import io
import zipfile

from docx import Document
from docxtpl import DocxTemplate, Listing, RichText
from docxtpl.richtext import RichTextParagraph
from lxml import etree

from service.rendering import load_template
from tests.helpers import docx_builder as build
from tests.helpers.docx_builder import cell, docx, paragraph, row, table
from tests.helpers.docx_read import W

CORE = "docProps/core.xml"


def by_docxtpl(template, context):
    document = DocxTemplate(io.BytesIO(template))
    document.render(context, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def parts(document):
    """Each part by its name; XML in its canonical form."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        contents = {name: package.read(name) for name in package.namelist()}
    return {
        name: etree.tostring(etree.fromstring(content), method="c14n")
        if name.endswith((".xml", ".rels"))
        else content
        for name, content in contents.items()
    }


def texts(document, part="word/document.xml"):
    root = etree.fromstring(parts(document)[part])
    return ["".join(str(t.text or "") for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p")]


def loaded(template, folder):
    """The template of these bytes, by way of a file in `folder`."""
    path = folder / f"{hashlib.sha256(template).hexdigest()[:12]}.docx"
    path.write_bytes(template)
    return load_template(path)


def rich():
    value = RichText("红", color="FF0000", bold=True)
    value.add(" & 黑\n次行\t后", italic=True)
    return value


def by_python_docx():
    document = Document()
    document.add_heading("{{ name }}", 1)
    document.add_table(2, 3).cell(1, 1).text = "{{ odd }}"
    document.sections[0].header.paragraphs[0].text = "{{ number }}\t{{ name }}"
    document.core_properties.title = "{{ name }}"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


ITEMS = [{"name": "甲", "count": 1}, {"name": "乙 & 丙", "count": 2.5}, {"name": "<丁>", "count": 0}]
CONTEXT = {
    "name": "云泽县科协",
    "odd": "R&D <b>\"引\" 'x' {{ y }} {% z %} 😀 𠀀 𪚥 ＆",
    "empty": "",
    "lines": ["第一行", "  第二行  ", ""],
    "tabbed": "甲\t乙\n丙\t\n\n丁",
    "paged": "一\a二\f三",
    "returned": "甲\r\n乙\r丙",
    "blank": "   ",
    "items": ITEMS,
    "nothing": [],
    "yes": True,
    "number": 12,
    "colour": "FFCC00",
    "span": 2,
    "rich": rich(),
    "rich_p": RichTextParagraph(rich()),
    "listing": Listing("列 1 & 2\n列 3\a另段"),
    "budget": {"items": ITEMS, "total": "3.50"},
}
LOOP = (paragraph("{%p for line in lines %}"), paragraph("{{ line }}"), paragraph("{%p endfor %}"))
ROWS = (
    row("{%tr for item in items %}", "", ""),
    row("{{ loop.index }}", "{{ item.name }}", "{{ item.count }}"),
    row("{%tr endfor %}", "", ""),
)
COLUMNS = ("{%tc for item in items %}", "{{ item.name }}", "{%tc endfor %}")

# name: (template, whether the fast way must be taken)
TEMPLATES = {
    "plain values": (
        docx(paragraph("甲 {{ name }} 乙 {{ odd }}") + paragraph("{{ number }}", "{{ empty }}")),
        True,
    ),
    "tag over runs": (docx(paragraph("{", "{ na", "me }", "}", " 后")), True),
    "curly quotes": (docx(paragraph("{{ budget[“total”] }}{% if number &gt; 3 %}大{% endif %}")), True),
    "paragraph loop": (docx("".join(LOOP)), True),
    "paragraph loop in a cell": (docx(table(2, row("总体思路", cell(*LOOP)))), True),
    "if, elif, else": (
        docx(paragraph("{% if empty %}甲{% elif number == 12 %}{{ name }}{% else %}丙{% endif %}")),
        True,
    ),
    "if over runs": (
        docx(paragraph("前", "{% if name %}", "{{ name }}", "{% else %}", "无", "{% endif %}", "后")),
        True,
    ),
    "if over paragraphs": (
        docx(paragraph("{% if nothing %}") + paragraph("{{ name }}") + paragraph("{% endif %}尾")),
        True,
    ),
    "loop over paragraphs": (
        docx(paragraph("{% for i in items %}") + paragraph("{{ i.name }}{% endfor %}")),
        True,
    ),
    "loop over table borders": (
        docx(table(1, row("{% for i in items %}{{ i.name }}")) + table(1, row("{% endfor %}尾"))),
        False,
    ),
    "row loop": (docx(table(3, row("序", "名", "数"), *ROWS)), True),
    "row loop alone": (docx(table(3, *ROWS)), False),
    "row loop over nothing": (
        docx(table(2, row("{%tr for i in nothing %}", ""), row("{{ i }}", ""), row("{%tr endfor %}", ""))),
        False,
    ),
    "row loop with else": (
        docx(
            table(
                2,
                row("{%tr for i in nothing %}", ""),
                row("{{ i }}", "x"),
                row("{%tr else %}", ""),
                row("", "空"),
                row("{%tr endfor %}", ""),
            )
        ),
        True,
    ),
    "column loop": (docx(table(2, row("头", *COLUMNS), row("尾", ""))), False),
    "fewer cells than columns": (docx(table(5, row("甲", "{{ name }}"))), False),
    "more cells than columns": (docx(table(1, row("甲", "乙", "{{ name }}"), row("丙"))), False),
    "nested table": (docx(table(2, row("甲", cell(table(2, row("{{ name }}", "乙")), "丙")))), True),
    "colspan": (docx(table(2, row("甲", "乙"), row("{% colspan span %}{{ name }}"))), False),
    "cell background": (docx(table(1, row("{% cellbg colour %}{{ name }}"))), True),
    "vertical merge": (
        docx(
            table(
                2,
                row("甲", "乙"),
                row("{%tr for item in items %}", ""),
                row("{% vm %}组", "{{ item.name }}"),
                row("{%tr endfor %}", ""),
            )
        ),
        True,
    ),
    "horizontal merge": (
        docx(table(2, row("{%tc for i in items %}", "{% hm %}合", "{%tc endfor %}"))),
        False,
    ),
    "white space control": (
        docx(paragraph("甲 ") + paragraph("{%- if name -%}") + paragraph(" 乙{% endif %}")),
        True,
    ),
    "comments": (docx(paragraph("{#p 注 #}") + paragraph("甲{# 注 #}乙")), True),
    "set": (docx(paragraph("{% set a = name %}{{ a }}")), True),
    "macro": (docx(paragraph("{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(odd) }}")), False),
    "filter": (
        docx(paragraph('{{ lines|join("、") }} {{ name|length }} {{ odd|e }} {{ "%.2f"|format(number) }}')),
        True,
    ),
    "literal braces": (docx(paragraph("{_{ 原样 }_} {_% 原样 %_}") + paragraph('{{ "{_{" }}')), True),
    "rich text": (docx(paragraph("前 {{r rich }} 后", properties="<w:i/>")), False),
    "rich text without r": (docx(paragraph("{{ rich }}")), True),
    "rich paragraph": (docx(paragraph("{{p rich_p }}")), False),
    "listing": (docx(paragraph("{{ listing }}", properties="<w:b/>")), True),
    "tabs and line ends": (
        docx(paragraph("{{ tabbed }}", properties="<w:b/>") + paragraph("{{ returned }}")),
        True,
    ),
    "page and paragraph ends": (docx(paragraph("{{ paged }}", properties="<w:b/>")), True),
    "spaces": (docx(paragraph("{{ blank }}", " {{ blank }} ") + paragraph("  ")), True),
    "attributes method": (
        docx(paragraph('{% for i in budget["items"] %}{{ i.name }}{% endfor %}{{ budget.total }}')),
        True,
    ),
    "items of a dict": (
        docx(paragraph("{% for k, v in items[0].items() %}{{ k }}={{ v }};{% endfor %}")),
        True,
    ),
    "header and footer": (
        docx(
            paragraph("正文"),
            header=paragraph("{{ odd }}"),
            footer=paragraph("{{ tabbed }}") + table(2, row("{{ name }}")),
        ),
        True,
    ),
    "blanks in a header": (
        docx(paragraph("x"), header=paragraph("{{ blank }}", " ", " {{ blank }}", "{{ empty }}")),
        True,
    ),
    "rich text in a footer": (docx(paragraph("x"), footer=paragraph("{{r rich }} ", "{{r blank }}")), False),
    "footnotes": (docx(paragraph("{{ name }}"), footnote="注 {{ odd }} {{ tabbed }}"), True),
    "title": (docx(paragraph("x"), title="{% if name %}（{{ name }}）{% endif %}"), True),
    "no tags": (docx(paragraph("只有字"), header=paragraph("眉"), footnote="注", title="题"), True),
    "pictures": (docx(build.picture(7) + paragraph("{{ name }}") + build.picture(7), image=True), True),
    "pictures in a loop": (
        docx(paragraph("{%p for i in items %}") + build.picture() + paragraph("{%p endfor %}"), image=True),
        False,
    ),
    "made by python-docx": (by_python_docx(), True),
    "a form": (build.form(), True),
}
