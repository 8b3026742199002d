"""The faces that the service brings draw each character as itself."""

import pytest
from fontTools.ttLib import TTFont

from tests.helpers import ROOT

FACES = ["FandolFang-Regular", "FandolSong-Bold"]


@pytest.fixture(params=FACES)
def face(request):
    with TTFont(ROOT / "service" / "conversion" / "faces" / f"{request.param}.ttf") as found:
        yield found


def outline(face, character):
    return face["glyf"][face.getBestCmap()[ord(character)]].coordinates


def test_a_full_width_yen_is_no_dollar(face):
    assert outline(face, "￥") != outline(face, "＄")
    assert len(outline(face, "￥")) == len(outline(face, "¥"))


def test_no_traditional_character_is_drawn_as_a_simplified_one(face):
    assert [each for each in "幹醜餘準衹捨鬆癥鹼鬱" if ord(each) in face.getBestCmap()] == []
