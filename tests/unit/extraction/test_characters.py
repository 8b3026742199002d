"""Text as labels are compared."""

import sys
import unicodedata

from service.extraction.characters import bare


def test_of_all_characters_white_space_and_formats_alone_count_nothing():
    assigned = {c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) != "Cn"}
    nothing = {c for c in assigned if bare(c) == ""}
    assert nothing == {c for c in assigned if unicodedata.category(c) == "Cf" or c.isspace()}
