"""Any text and any tags: the same result as docxtpl, or an error where docxtpl fails."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service.errors import TemplateFault
from tests.helpers import docx_builder as build
from tests.helpers.docx_builder import cell, docx, paragraph, row, table
from tests.helpers.docx_check import problems
from tests.helpers.rendering import LOOP, by_docxtpl, loaded, parts, texts

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
    return loaded(ANY_VALUE, tmp_path_factory.mktemp("templates"))


@pytest.fixture
def load(tmp_path):
    return lambda template: loaded(template, tmp_path)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=XML_TEXT, b=XML_TEXT, lines=st.lists(XML_TEXT, max_size=4))
def test_any_text_prints_as_docxtpl_prints_it(any_value, a, b, lines):
    context = {"a": a, "b": b, "lines": lines}
    assume(not any(spoilt in value for spoilt in SPOILT_BY_DOCXTPL for value in (a, b, *lines)))
    assert parts(any_value.render(context)) == parts(by_docxtpl(ANY_VALUE, context))


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=XML_TEXT)
def test_any_text_without_line_ends_is_in_the_document_as_sent(any_value, text):
    assume(not set(text) & set("\t\n\r"))
    document = any_value.render({"a": text, "b": "", "lines": []})
    assert texts(document)[0] == f"甲{text}乙"
    assert texts(document, "word/header.xml") == [f"{text} "]
    assert problems(document, braces_allowed=True) == []


LEAVES = [
    "甲",
    " ",
    "{{ a }}",
    "{{ odd }}",
    "{{ l[0] }}",
    "{{r a }}",
    "{% cellbg a %}",
    "{% colspan n %}",
    "PICTURE",
]
OPENINGS = [
    "{%KIND if a %}",
    "{%KIND if no -%}",
    "{%- if no %}",
    "{%KIND for i in l %}",
    "{%KIND for i in no %}",
]
KINDS = ("", "", "", "p", "tr", "tc")
# Before a piece: nothing new (0), a run (1), paragraph (2), cell (3), row (4) or block (5).
BREAKS = (0, 1, 1, 2, 3, 4, 5)
OWN_BREAKS = {"{%p ": 2, "{%tc": 3, "{%tr": 4}


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
    before = 0
    for piece in (piece for pieces in draw(st.lists(TAGS, max_size=4)) for piece in pieces):
        own = OWN_BREAKS.get(piece[:4], 0)
        depth = max(draw(st.sampled_from(BREAKS)), own, before)
        before = own
        level = blocks
        for _ in range(5 - depth):
            level = level[-1]
        if depth:
            level.append(["", [""], [[""]], [[[""]]], [[[[""]]]]][depth - 1])
        blocks[-1][-1][-1][-1][-1] += piece
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


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
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
