"""How much of the national standard and of each block of Chinese characters is drawn."""

import codecs

import pytest

from schemas.characters.private_use import PRESENT
from service.conversion.fonts import font_substitutes, standard_characters
from service.conversion.fonts.coverage import coverage
from service.conversion.fonts.face_table import REST
from service.conversion.fonts.font_check import FontCheck
from tests.helpers import ROOT

INSTALLED = font_substitutes.installed()


def test_the_faces_that_end_every_chain_draw_all_but_some_of_extensions_g_and_h():
    check = FontCheck({name: INSTALLED[name] for name in REST})
    rows = {row.name.partition(" / ")[2]: (row.characters, row.missing) for row in coverage(check)}
    assert rows == {
        "level 1": (28_571, 0),
        "level 2": (28_767, 0),
        "level 3": (89_102, 0),
        "URO": (20_992, 0),
        "extension A": (6_592, 0),
        "extension B": (42_720, 0),
        "extension C": (4_154, 0),
        "extension D": (222, 0),
        "extension E": (5_762, 0),
        "extension F": (7_473, 0),
        "extension G": (4_939, 1_609),
        "extension H": (4_192, 1_825),
        "extension I": (622, 0),
        "Kangxi radicals": (214, 0),
        "radicals supplement": (115, 0),
        "compatibility ideographs": (472, 0),
        "compatibility supplement": (542, 0),
    }
    documents = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/design/fonts.md")]
    for drawn in ("3,330", "4,939", "2,367", "4,192"):
        assert all(drawn in document for document in documents)


def test_the_levels_hold_as_many_chinese_characters_as_the_standard_says():
    first, second, third = standard_characters.levels().values()
    radicals = {each for each in third if "\u2e80" <= each <= "\u2fdf"}
    symbols = (
        first
        - {each for each in first if each in "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩" or "㐀" <= each <= "鿿"}
        - radicals
    )
    assert [len(level - symbols - radicals) for level in (first, second, third)] == [27_570, 27_766, 87_887]
    assert len(radicals) == 228


def test_the_private_use_characters_are_those_of_the_two_byte_codes():
    """Python's codec has GB 18030-2000 or a later edition: what it has in such a cell is one of the two."""
    seconds = [*range(0x50, 0x7F), *range(0x80, 0xA1)]
    cells = [codecs.decode(bytes((0xFE, second)), "gb18030") for second in seconds]
    ours = [(chr(0xE815 + number), PRESENT[chr(0xE815 + number)]) for number in range(len(cells))]
    assert [pair for cell, pair in zip(cells, ours, strict=True) if cell not in pair] == []
    for private, present in PRESENT.items():
        code = private.encode("gb18030")
        assert len(code) == 4 or code.decode("gb18030") in (private, present)


@pytest.mark.parametrize("official", ["仿宋_GB2312", "Calibri"])
def test_a_face_of_the_office_s_own_draws_what_no_other_has(official):
    own = FontCheck({"HanaMinA": INSTALLED["HanaMinA"], "Office Han": INSTALLED["Kexie Rare"]})
    assert own.face(official, "\U00030000") == "Office Han"
    assert own.face(official, "䶮") == "HanaMinA"
