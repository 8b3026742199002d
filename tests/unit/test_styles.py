"""Properties resolved through defaults, table styles with conditions, and lists."""

from __future__ import annotations

import copy

import pytest
from lxml import etree

from service.wordml import W, nearest, property_of, table_styles
from service.wordml.document_styles import formatting
from tests.helpers.hand_made import elements, style, t

HIDDEN = "<w:rPr><w:vanish/></w:rPr>"


def resolved(styles="", lists=""):
    """The formatting of a document with these styles and definitions of lists."""
    parts = {"word/styles.xml": ("styles", styles), "word/numbering.xml": ("numbering", lists)}

    def part(name):
        if name not in parts:
            return None
        root, markup = etree.Element(W + parts[name][0]), parts[name][1]
        root.extend(elements(markup))
        return root

    return formatting(part)


def hidden_cells(table, styles):
    """The rows of a table as letters: x for a hidden cell."""
    found = resolved(styles).styles
    hidden = {each: found.run(None, found.place(each)).is_hidden for each in table.iter(W + "p")}
    return [
        "".join("x" if hidden[each] else "." for each in row.iter(W + "p")) for row in table.iter(W + "tr")
    ]


def table(look, spans=(1, 1, 1)):
    cells = "".join(
        f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p>{t("1")}</w:p></w:tc>' for span in spans
    )
    settings = f'<w:tblPr><w:tblStyle w:val="T"/>{look}</w:tblPr>'
    return elements(f"<w:tbl>{settings}{f'<w:tr>{cells}</w:tr>' * 3}</w:tbl>")[0]


@pytest.mark.parametrize(
    ("condition", "look", "cells"),
    [
        ("wholeTable", "0600", ["xxx", "xxx", "xxx"]),
        ("firstRow", "0620", ["xxx", "...", "..."]),
        ("firstRow", "0600", ["...", "...", "..."]),
        ("lastRow", "0640", ["...", "...", "xxx"]),
        ("firstCol", "0680", ["x..", "x..", "x.."]),
        ("lastCol", "0700", ["..x", "..x", "..x"]),
        ("band1Horz", "0400", ["xxx", "...", "xxx"]),
        ("band1Horz", "0420", ["xxx", "xxx", "..."]),
        ("band2Horz", "0400", ["...", "xxx", "..."]),
        ("band1Vert", "0200", ["x.x", "x.x", "x.x"]),
        ("nwCell", "06A0", ["x..", "...", "..."]),
        ("nwCell", "0620", ["...", "...", "..."]),
        ("seCell", "0740", ["...", "...", "..x"]),
    ],
)
def test_a_table_style_applies_where_its_condition_holds(condition, look, cells):
    more = f'<w:tblStylePr w:type="{condition}">{HIDDEN}</w:tblStylePr>'
    made = table(f'<w:tblLook w:val="{look}"/>')
    assert hidden_cells(made, style("table", "T", more=more)) == cells
    assert hidden_cells(made, style("table", "T", based_on="U") + style("table", "U", more=more)) == cells


def test_a_condition_is_set_by_attributes_too_and_bands_count_columns_and_rows():
    more = f'<w:tblPr><w:tblStyleColBandSize w:val="2"/></w:tblPr><w:tblStylePr w:type="band2Vert">{HIDDEN}'
    made = table('<w:tblLook w:val="0600" w:noHBand="1" w:noVBand="0"/>', spans=(2, 1, 1))
    assert hidden_cells(made, style("table", "T", more=f"{more}</w:tblStylePr>")) == [".xx"] * 3


def test_the_rows_of_a_table_are_listed_once_for_all_its_cells(monkeypatch):
    listed = []
    monkeypatch.setattr(table_styles, "nearest", lambda *args: listed.append(args[1]) or nearest(*args))
    more = f'<w:tblStylePr w:type="lastRow">{HIDDEN}</w:tblStylePr>'
    assert hidden_cells(table('<w:tblLook w:val="0640"/>'), style("table", "T", more=more))[-1] == "xxx"
    assert listed == [W + "tr", *[W + "tc"] * 3]


def test_a_cell_straight_within_another_has_the_format_of_the_whole_table():
    made = table('<w:tblLook w:val="0600"/>')
    cell = next(made.iter(W + "tc"))
    cell.append(copy.deepcopy(cell))
    more = f'<w:tblStylePr w:type="lastRow">{HIDDEN}</w:tblStylePr>'
    assert hidden_cells(made, style("table", "T", run="<w:vanish/>", more=more))[0] == "xxxx"


def test_a_paragraph_style_outranks_the_table_style_but_toggles_cancel_out():
    made = table('<w:tblLook w:val="0600"/>')
    default = '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:rPr>{}</w:rPr></w:style>'
    for run, expected in (('<w:vanish w:val="0"/>', "xxx"), ("<w:vanish/>", "..."), ("", "xxx")):
        styles = style("table", "T", "<w:vanish/>") + default.format(run)
        assert hidden_cells(made, styles) == [expected] * 3


def test_a_default_that_is_on_stays_on_unless_set_directly():
    defaults = f"<w:docDefaults><w:rPrDefault>{HIDDEN}</w:rPrDefault></w:docDefaults>"
    found = resolved(defaults + style("character", "X", "<w:vanish/>")).styles
    place = found.place(elements("<w:p/>")[0])
    for own, hidden in (("", True), ('<w:rStyle w:val="X"/>', True), ('<w:vanish w:val="0"/>', False)):
        assert found.run(elements(f"<w:rPr>{own}</w:rPr>")[0], place).is_hidden == hidden


LEVEL = '<w:lvl w:ilvl="{}">{}<w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'


def lists(*levels, more=""):
    return (
        f'<w:abstractNum w:abstractNumId="4">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="7"><w:abstractNumId w:val="4"/>{more}</w:num>'
    )


def numbered(styles, defined, own=""):
    found = resolved(styles, defined)
    paragraph = elements(f'<w:p><w:pPr><w:pStyle w:val="X"/>{own}</w:pPr>{t("甲")}</w:p>')[0]
    numbering = property_of(paragraph, "pPr", "numPr")
    return found.numbering.numbers(numbering, found.styles.place(paragraph))


PLAIN = style("paragraph", "X")
NUMBERED = '<w:numPr><w:numId w:val="7"/></w:numPr>'
LISTED = style("paragraph", "X", "", NUMBERED)
CHINESE = lists(LEVEL.format(0, "", "chineseCountingThousand", "（%1）"))


@pytest.mark.parametrize(
    ("styles", "defined", "own", "expected"),
    [
        (LISTED, CHINESE, "", True),
        (style("paragraph", "X", based_on="Y") + style("paragraph", "Y", "", NUMBERED), CHINESE, "", True),
        (LISTED, CHINESE, '<w:numPr><w:numId w:val="0"/></w:numPr>', False),
        (
            style("paragraph", "X", "", '<w:numPr><w:numId w:val="0"/></w:numPr>', "Y")
            + style("paragraph", "Y", "", NUMBERED),
            CHINESE,
            "",
            False,
        ),
        (LISTED, CHINESE, '<w:numPr><w:ilvl w:val="0"/></w:numPr>', True),
        (
            PLAIN,
            lists(LEVEL.format(1, '<w:pStyle w:val="X"/>', "decimal", "%2.")),
            "",
            True,
        ),
        (
            PLAIN,
            lists(LEVEL.format(1, '<w:pStyle w:val="Y"/>', "decimal", "%2.")),
            "",
            False,
        ),
        (LISTED, lists(LEVEL.format(0, "", "none", "")), "", False),
        (LISTED, lists(LEVEL.format(0, "", "none", "%1")), "", False),
        (LISTED, lists(LEVEL.format(0, "", "none", "第")), "", True),
        (LISTED, lists(LEVEL.format(0, "", "bullet", "·")), "", True),
        (
            LISTED,
            lists(LEVEL.format(0, "", "none", ""), LEVEL.format(1, '<w:pStyle w:val="X"/>', "decimal", "%2")),
            "",
            True,
        ),
        (
            LISTED,
            lists(
                LEVEL.format(0, "", "none", ""),
                more=f'<w:lvlOverride w:ilvl="0">{LEVEL.format(0, "", "decimal", "%1")}</w:lvlOverride>',
            ),
            "",
            True,
        ),
        (
            LISTED + style("numbering", "L", "", '<w:numPr><w:numId w:val="8"/></w:numPr>'),
            lists('<w:numStyleLink w:val="L"/>')
            + '<w:abstractNum w:abstractNumId="5">'
            + LEVEL.format(0, "", "none", "")
            + '</w:abstractNum><w:num w:numId="8"><w:abstractNumId w:val="5"/></w:num>',
            "",
            False,
        ),
        (LISTED, "", "", True),
    ],
)
def test_a_style_numbers_its_paragraphs_if_its_list_prints_anything(styles, defined, own, expected):
    assert numbered(styles, defined, own) == expected
