"""Text as labels are compared."""

import sys
import unicodedata

from service.extraction.characters import bare


def test_of_all_characters_white_space_and_formats_alone_count_nothing():
    nothing = {chr(code) for code in range(sys.maxunicode + 1) if bare(chr(code)) == ""}
    is_format = {chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Cf"}
    is_space = {chr(c) for c in range(sys.maxunicode + 1) if chr(c).isspace()}
    assert nothing == is_format | is_space
