"""Filled forms dressed at random as people and programs leave them, and what they do not give back."""

from __future__ import annotations

import copy
import datetime
import random

from schemas.fields import Count, Day, Email, Group, Line, Money, Phone, Points, Rows, Text, YesNo
from service import catalog
from service.extraction import extract
from tests.helpers.docx_read import W
from tests.helpers.hand_made import (
    WHO,
    Paper,
    control,
    deleted,
    elements,
    field,
    flat,
    set_property,
    style,
    t,
    text_of,
)
from tests.helpers.hostile.dressed_content import CONTENT
from tests.helpers.hostile.dressed_content import KEPT as CONTENT_KEPT

_WORDS = "云泽县科学技术协会组织建设服务能力提升计划2021年第3期，。、（二）ABC x-1"
_STYLES = (
    style("character", "Struck", "<w:strike/>")
    + style("character", "StruckToo", "<w:b/>", based_on="Struck")
    + style("character", "Gone", "<w:vanish/>")
    + style("character", "Loud", '<w:b/><w:color w:val="C00000"/>')
)
LIST = (
    '<w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="4"/></w:num>'
)
_CHOICE = (
    '<mc:AlternateContent><mc:Choice Requires="{}">{}</mc:Choice>'
    "<mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"
)


def some_payload(schema, rng):
    """A random valid payload of a form, fields left out included."""
    made = {}
    for name, each in schema.fields.items():
        if name != "total" and rng.random() < 0.8:
            made[each.data_key or name] = _value(each, rng)
    return made


def _value(each, rng):
    if isinstance(each, Rows):
        return [some_payload(each.inside, rng) for _ in range(rng.randint(0, 3))]
    if isinstance(each, Group):
        return some_payload(each.inside, rng)
    makers = [
        (Phone, lambda: f"0520-5550 {rng.randint(1000, 9999)}"),
        (Email, lambda: f"kexie{rng.randint(0, 99)}@example.org"),
        (Line, lambda: _words(rng, 8)),
        (Text, lambda: "\n".join(_words(rng, 14) for _ in range(rng.randint(1, 3)))),
        (YesNo, lambda: rng.random() < 0.5),
        (Day, lambda: datetime.date(2021, rng.randint(1, 12), rng.randint(1, 28)).isoformat()),
        (Count, lambda: rng.randint(0, 9999)),
        (Money, lambda: f"{rng.randint(0, 99999) / 100:.2f}"),
        (Points, lambda: rng.randint(0, 2 * each.maximum) / 2),
    ]
    return next(make for kind, make in makers if isinstance(each, kind))()


def _words(rng, most):
    return "字" + "".join(rng.choice(_WORDS) for _ in range(rng.randint(1, most))).strip()


class Dresser:
    """Dresses one paper with the choices of a random generator; `worn` are the names of what it put on."""

    def __init__(self, paper, rng):
        self.paper, self.rng, self.worn = paper, rng, []
        values = [str(value) for _, value in flat(paper.data).values()]
        self._texts = "☑□" + "\n".join(values)  # a run is filled in if these hold its text
        paper.add_styles(_STYLES)
        paper.add_lists(LIST)

    def dress(self, number, pieces):
        """Puts on that many of the pieces, each on text chosen at random."""
        for _ in range(number):
            runs = [run for run in self.paper.body.iter(W + "r") if _is_plain(run)]
            filled = [run for run in runs if run.find(W + "t").text in self._texts]
            run = self._part_of(self.rng.choice(filled if filled and self.rng.random() < 0.9 else runs))
            piece = self.rng.choice(pieces)
            self.worn.append(f"{piece.__name__} {text_of(run)!r}")
            piece(run, self)

    def _part_of(self, run):
        """A part of a run: what is before and behind it stays in runs of its own."""
        node = run.find(W + "t")
        text = node.text
        start = self.rng.randint(0, len(text) - 1)
        end = self.rng.randint(start + 1, len(text))
        for piece, place in ((text[:start], run.addprevious), (text[end:], run.addnext)):
            if piece:
                other = copy.deepcopy(run)
                _write(other, piece)
                place(other)
        _write(run, text[start:end])
        return run


def _write(run, text):
    run.find(W + "t").text = text
    run.find(W + "t").set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


_AROUND = (
    "p",
    "tc",
    "tr",
    "tbl",
    "body",
    "document",
    "sdt",
    "sdtContent",
    "ins",
    "hyperlink",
    "smartTag",
    "moveTo",
)


def _is_plain(run):
    inside = [child.tag for child in run if child.tag != W + "rPr"]
    above = {each.tag for each in run.iterancestors()}
    return inside == [W + "t"] and run[-1].text and above <= {W + name for name in _AROUND}


def struck_directly(run, dresser):
    set_property(run, "rPr", f"<w:{dresser.rng.choice(['strike', 'dstrike', 'vanish'])}/>")


def formatted(run, dresser):
    marks = ["<w:b/>", "<w:i/>", '<w:u w:val="wave"/>', '<w:highlight w:val="yellow"/>', '<w:sz w:val="18"/>']
    set_property(run, "rPr", dresser.rng.choice(marks))


def in_a_character_style(run, dresser):
    name = dresser.rng.choice(["Struck", "StruckToo", "Gone", "Loud"])
    set_property(run, "rPr", f'<w:rStyle w:val="{name}"/>')
    properties = run.find(W + "rPr")
    properties.insert(0, properties[-1])


def in_a_paragraph_style(run, dresser):
    paragraph = next(run.iterancestors(W + "p"))
    own = paragraph.find(f"{W}pPr/{W}pStyle")
    base = "Normal" if own is None else own.get(W + "val")
    kind = dresser.rng.choice(["<w:strike/>", "<w:vanish/>", "<w:i/>", ""])
    numbers = "" if kind else '<w:numPr><w:numId w:val="7"/></w:numPr>'
    name = f"P{len(dresser.worn)}"
    dresser.paper.add_styles(style("paragraph", name, kind, numbers, base))
    set_property(paragraph, "pPr", f'<w:pStyle w:val="{name}"/>')
    properties = paragraph.find(W + "pPr")
    properties.insert(0, properties[-1])


def hard_to_see(run, dresser):
    set_property(run, "rPr", dresser.rng.choice(['<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>']))


def _wrapped(markup):
    def wrap(run, dresser):
        outer = elements(markup)[0]
        run.addprevious(outer)
        here = outer.find(".//here")
        here.getparent().replace(here, run)

    return wrap


def in_a_control(run, dresser):
    _wrapped(control("<here/>", '<w:alias w:val="栏"/><w:id w:val="12"/>'))(run, dresser)


def inserted_here(run, dresser):
    _wrapped(f"<w:ins {WHO}><here/></w:ins>")(run, dresser)


def beside_a_deletion(run, dresser):
    run.addnext(elements(deleted("旧稿"))[0])


def in_a_link(run, dresser):
    _wrapped('<w:hyperlink w:anchor="top"><here/></w:hyperlink>')(run, dresser)


def in_a_tag(run, dresser):
    _wrapped('<w:smartTag w:uri="urn:x" w:element="y"><here/></w:smartTag>')(run, dresser)


def in_a_field(run, dresser):
    pieces = elements(field("QUOTE 甲", text_of(run) or " "))
    node = run.find(W + "t")
    pieces[3].find(W + "t").text = node.text
    for piece in pieces:
        run.addprevious(piece)
    run.getparent().remove(run)


def a_field_without_result(run, dresser):
    for piece in elements(field("EQ \\o\\ac(○,是)", None)):
        run.addprevious(piece)


def in_alternate_content(run, dresser):
    known = dresser.rng.random() < 0.5
    own, other = etree_text(run), t("另")
    pair = (own, other) if known else (other, own)
    run.addprevious(elements(_CHOICE.format("wps" if known else "zzz", *pair))[0])
    run.getparent().remove(run)


def etree_text(run):
    return t(run.find(W + "t").text)


def as_symbols(run, dresser):
    made = "".join(
        f'<w:r><w:sym w:font="宋体" w:char="{ord(character):04X}"/></w:r>'
        for character in run.find(W + "t").text
    )
    for piece in elements(made):
        properties = run.find(W + "rPr")
        piece[:0] = [] if properties is None else [copy.deepcopy(properties)]
        run.addprevious(piece)
    run.getparent().remove(run)


def with_marks_between(run, dresser):
    run.addprevious(elements('<w:bookmarkStart w:id="9" w:name="b"/>')[0])
    run.addnext(elements('<w:bookmarkEnd w:id="9"/>')[0])
    run.addprevious(elements('<w:proofErr w:type="spellStart"/>')[0])


def numbered(run, dresser):
    set_property(
        next(run.iterancestors(W + "p")), "pPr", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
    )


def with_a_deleted_mark(run, dresser):
    """Parts the paragraph, with a mark whose deletion is tracked."""
    paragraph = next(run.iterancestors(W + "p"))
    if run.getparent() is not paragraph:
        return
    later = copy.deepcopy(paragraph)
    at = list(paragraph).index(run)
    for child in list(paragraph)[at:]:
        paragraph.remove(child)
    for child in list(later)[:at]:
        if child.tag != W + "pPr":
            later.remove(child)
    set_property(paragraph, "pPr", f"<w:rPr><w:del {WHO}/></w:rPr>")
    paragraph.addnext(later)


def with_ruby(run, dresser):
    text = run.find(W + "t").text
    made = f"<w:r><w:ruby><w:rubyPr/><w:rt>{t('yin')}</w:rt><w:rubyBase>{t(text)}</w:rubyBase></w:ruby></w:r>"
    run.addprevious(elements(made)[0])
    run.getparent().remove(run)


_OWN = [
    struck_directly, formatted, in_a_character_style, in_a_paragraph_style, hard_to_see, in_a_control,
    inserted_here, beside_a_deletion, in_a_link, in_a_tag, in_a_field, a_field_without_result,
    in_alternate_content, as_symbols, with_marks_between, numbered, with_a_deleted_mark, with_ruby,
]  # fmt: skip
PIECES, KEPT = [*_OWN, *CONTENT], [*_OWN, *CONTENT_KEPT]


def dressed(seed, pieces=None):
    """A form filled and dressed by a seed, with `pieces` alone if given: the paper, and what it wears."""
    rng = random.Random(seed)
    form = rng.choice(["annex1", "annex2", "annex2", "annex3"])
    paper = Paper(form, some_payload(catalog.edition(form, 2021).schema, rng))
    dresser = Dresser(paper, rng)
    dresser.dress(rng.randint(1, 6), pieces or PIECES)
    return paper, dresser.worn


def silent(paper, docx):
    """The fields that a document does not give back as the paper had them, without a warning."""
    read = extract(docx, paper.edition.form, paper.edition.year)
    before, after = flat(paper.data), flat(read.data)
    reported = {warning.pointer for warning in read.warnings}
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return {key: (before.get(key), after.get(key)) for key in differing if key not in reported}
