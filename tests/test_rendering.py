"""Rendering gives docxtpl's documents: the same XML, the same bytes each time, and faults that say where."""

import copy
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx_builder as build
import pytest
from docx_builder import cell, docx, paragraph, row, table
from docx_check import problems
from docxtpl import DocxTemplate, Listing, RichText
from docxtpl.richtext import RichTextParagraph
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from service import catalog, context, submission
from service.errors import TemplateFault
from service.rendering import load_template

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ROOT = Path(__file__).parent.parent
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


@pytest.fixture
def load(tmp_path):
    def loaded(template):
        path = tmp_path / f"{hashlib.sha256(template).hexdigest()[:12]}.docx"
        path.write_bytes(template)
        return load_template(path)

    return loaded


def rich():
    value = RichText("红", color="FF0000", bold=True)
    value.add(" & 黑\n次行\t后", italic=True)
    return value


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
    "a form": (build.form(), True),
}


# Not valid from docxtpl either: it puts gridSpan and shd before tcW, and runs into text.
INVALID = {"colspan", "cell background", "rich text without r"}


def context_for(name):
    return build.form_context() if name == "a form" else CONTEXT


@pytest.mark.parametrize("name", TEMPLATES)
def test_same_document_as_docxtpl(load, name):
    template, fast = TEMPLATES[name]
    loaded = load(template)
    assert loaded.is_fast is fast
    theirs = by_docxtpl(template, copy.deepcopy(context_for(name)))
    assert parts(loaded.render(context_for(name))) == parts(theirs)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in INVALID])
def test_word_opens_the_document(load, name):
    document = load(TEMPLATES[name][0]).render(context_for(name))
    assert problems(document, braces_allowed=True) == []


XML_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        st.sampled_from("\t\n\r &<>'\"{}%_#\\/\x7f\x85\u2028]云😀𠀀"),
    ),
    max_size=40,
)
SPOILT_BY_DOCXTPL = ("{_{", "}_}", "{_%", "%_}")
ANY_VALUE = docx(
    paragraph("甲{{ a }}乙", "{{ b }}", properties="<w:b/>")
    + "".join(LOOP)
    + table(
        2,
        row("头", "{{ a }}"),
        row("{%tr for l in lines %}", ""),
        row("{{ l }}", "{{ b }}"),
        row("{%tr endfor %}", ""),
    ),
    header=paragraph("{{ a }}", " ", "{{ b }}"),
    footer=paragraph("{% if a %}{{ a }}{% endif %}"),
    footnote="{{ b }}",
)


@pytest.fixture(scope="module")
def any_value(tmp_path_factory):
    path = tmp_path_factory.mktemp("templates") / "any.docx"
    path.write_bytes(ANY_VALUE)
    return load_template(path)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=XML_TEXT, b=XML_TEXT, lines=st.lists(XML_TEXT, max_size=4))
def test_any_text_prints_as_docxtpl_prints_it(any_value, a, b, lines):
    context = {"a": a, "b": b, "lines": lines}
    assume(not any(spoilt in value for spoilt in SPOILT_BY_DOCXTPL for value in (a, b, *lines)))
    assert parts(any_value.render(context)) == parts(by_docxtpl(ANY_VALUE, context))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=XML_TEXT)
def test_any_text_without_line_ends_stands_in_the_document_as_sent(any_value, text):
    assume(not set(text) & set("\t\n\r"))
    document = any_value.render({"a": text, "b": "", "lines": []})
    assert texts(document)[0] == f"甲{text}乙"
    assert texts(document, "word/header.xml") == [f"{text} "]
    assert problems(document, braces_allowed=True) == []


LEAVES = "甲| |{{ a }}|{{ odd }}|{{ l[0] }}|{{r a }}|{% cellbg a %}|{% colspan n %}|{_{|PICTURE".split("|")
OPENINGS = "{%KIND if a -%}|{%KIND if no %}|{%- KIND for i in l %}|{%KIND for i in no %}".split("|")
KINDS = ("", "", "", "p", "tr", "tc")
BREAKS = ("", "run", "run", "paragraph", "cell", "row", "block")


def in_a_block(inner):
    def written(drawn):
        opening, kind, tokens, other = drawn
        end = "{%KIND endif %}" if " if " in opening else "{%KIND endfor %}"
        middle = ["{%KIND else %}", *other] if other else []
        return [tag.replace("KIND", kind) for tag in (opening, *tokens, *middle, end)]

    tokens = st.lists(inner, max_size=3).map(lambda lists: [token for tokens in lists for token in tokens])
    return st.tuples(st.sampled_from(OPENINGS), st.sampled_from(KINDS), tokens, tokens).map(written)


TAGS = st.recursive(st.sampled_from(LEAVES).map(lambda leaf: [leaf]), in_a_block, max_leaves=8)


@st.composite
def any_body(draw):
    """Tags balanced for Jinja, but strewn over runs, paragraphs, cells, rows and tables anyhow."""
    blocks = [[[[[""]]]]]
    for token in (token for tokens in draw(st.lists(TAGS, max_size=4)) for token in tokens):
        place = BREAKS.index(draw(st.sampled_from(BREAKS)))
        if place == 6:
            blocks.append([[[[""]]]])
        elif place == 5:
            blocks[-1].append([[[""]]])
        elif place == 4:
            blocks[-1][-1].append([[""]])
        elif place == 3:
            blocks[-1][-1][-1].append([""])
        elif place:
            blocks[-1][-1][-1][-1].append("")
        blocks[-1][-1][-1][-1][-1] += token
    return "".join(draw(st.sampled_from((tabled, flowing)))(block, draw) for block in blocks)


def tabled(block, draw):
    columns = draw(st.integers(1, max(map(len, block))))
    rows = [
        row(*(cell(*map(flow, paragraphs), span=draw(st.sampled_from((1, 1, 2)))) for paragraphs in cells))
        for cells in block
    ]
    return table(columns, *rows)


def flowing(block, draw):
    return "".join(flow(runs) for cells in block for paragraphs in cells for runs in paragraphs)


def flow(runs):
    return paragraph(*(text.replace("PICTURE", "") for text in runs)) + build.picture() * str(runs).count(
        "PICTURE"
    )


DATA = {"a": "甲 <乙>", "odd": "&\t{{", "no": "", "l": ["一", "二"], "n": 2}


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=any_body(), header=any_body())
def test_any_template_renders_as_docxtpl_renders_it(load, body, header):
    template = docx(body + paragraph("尾"), header=paragraph("首") + header, image=True)
    try:
        theirs = parts(by_docxtpl(template, DATA))
    except Exception:
        with pytest.raises(TemplateFault):
            load(template).render(DATA)
    else:
        assert parts(load(template).render(DATA)) == theirs


@pytest.mark.parametrize(
    "value",
    [
        "{{ a }}",
        "{_{",
        "}_} {_% %_}",
        "{% raw %}",
        "}}",
        "R&D",
        "a<b",
        "]]>",
        "&amp;",
        "&#9;",
        "“{{”",
        "\\",
        "{#",
    ],
)
def test_values_print_as_sent_everywhere(load, value):
    template = load(
        docx(
            paragraph("{{ v }}"),
            header=paragraph("{{ v }}"),
            footer=paragraph("{{ v }}"),
            footnote="{{ v }}",
            title="{{ v }}",
        )
    )
    document = template.render({"v": value})
    for part in ("word/document.xml", "word/header.xml", "word/footer.xml", "word/footnotes.xml"):
        assert texts(document, part) == [value]
    core = etree.fromstring(parts(document)[CORE])
    assert core.findtext("{http://purl.org/dc/elements/1.1/}title") == value


def test_none_prints_nothing(load):
    document = load(docx(paragraph("[{{ x }}]"), title="[{{ x }}]")).render({"x": None})
    assert texts(document) == ["[]"]
    assert b">[]<" in parts(document)[CORE]


def test_title_may_be_longer_than_python_docx_allows(load):
    assert (
        "长" * 300
        in parts(load(docx(paragraph("x"), title="{{ t }}")).render({"t": "长" * 300}))[CORE].decode()
    )


def test_a_package_without_properties_gets_docxtpls_with_a_fixed_time(load):
    template = docx(paragraph("{{ name }}"), title=None)
    ours, theirs = (parts(d) for d in (load(template).render(CONTEXT), by_docxtpl(template, CONTEXT)))
    assert ours.keys() == theirs.keys()
    assert b"1980-01-01T00:00:00Z" in ours.pop(CORE)
    theirs.pop(CORE)
    assert ours == theirs


def test_footnotes_are_rendered_once_however_many_sections(load):
    two = f"<w:p><w:pPr>{build.SECTION.format('')}</w:pPr></w:p>"
    document = load(docx(two + paragraph("x"), footnote="{{ v }}")).render({"v": "{{ 1 + 1 }}"})
    assert texts(document, "word/footnotes.xml") == ["{{ 1 + 1 }}"]


def test_the_same_context_gives_the_same_bytes(load):
    template = load(build.form())
    first = template.render(build.form_context())
    assert template.render(build.form_context()) == first
    assert load_template(template.path).render(build.form_context()) == first


RENDER = """
import hashlib, json, sys
from service.rendering import load_template
print(hashlib.sha256(load_template(sys.argv[1]).render(json.loads(sys.argv[2]))).hexdigest())
"""


def test_two_processes_give_the_same_bytes(load):
    template = load(build.form())
    command = [sys.executable, "-c", RENDER, str(template.path), json.dumps(build.form_context())]
    hashes = {
        subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert hashes == {hashlib.sha256(template.render(build.form_context())).hexdigest()}


def test_zip_order_and_times(load):
    with zipfile.ZipFile(io.BytesIO(load(build.form()).render(build.form_context()))) as package:
        assert package.testzip() is None
        assert package.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_template_tells_its_path_and_hash(load):
    template = load(build.form())
    assert template.sha256 == hashlib.sha256(template.path.read_bytes()).hexdigest()
    assert template.path.suffix == ".docx"


def test_rendering_leaves_the_context_alone(load):
    context = build.form_context()
    load(build.form()).render(context)
    assert context == build.form_context()


def test_many_threads_render_at_once(load):
    template = load(docx(paragraph("{{ a }}") + paragraph("{{ b }}"), header=paragraph("{{ a }}")))
    contexts = [{"a": f"甲{n}", "b": RichText(f"乙{n}") if n % 3 else f"乙\t{n}"} for n in range(120)]
    alone = [template.render(context) for context in contexts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(template.render, contexts)) == alone


EDITIONS = [
    pytest.param(
        catalog.edition(path.stem, int(path.parent.name)),
        sample,
        id=f"{path.stem}-{path.parent.name}-{sample}",
    )
    for path in sorted((ROOT / "docx_templates").glob("*/*.docx"))
    for sample in ("blank", "minimal", "full")
]


@pytest.mark.parametrize(("edition", "sample"), EDITIONS)
def test_the_forms_are_docxtpls_and_take_the_fast_way(edition, sample):
    payload = {} if sample == "blank" else edition.sample(sample)
    data = context.build(submission.validate(edition, payload))
    template = load_template(edition.template_path)
    document = template.render(data)
    assert template.is_fast
    assert parts(document) == parts(by_docxtpl(edition.template_path.read_bytes(), data))
    assert problems(document) == []


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
def test_broken_files_are_told_by_name(load, tmp_path, name):
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
