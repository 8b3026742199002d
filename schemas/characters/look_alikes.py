"""Radicals and compatibility ideographs: they look like an ordinary character, and are kept."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

#: The code of notices of them.
LOOK_ALIKE = "character_look_alike"

_SUPPLEMENT, _COMPATIBILITY = 0x2E80, 0xF900
# The ordinary characters of U+2E80–2EF3 (EquivalentUnifiedIdeograph.txt of Unicode 15.1); blank for none.
_RADICALS = (
    " 厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑\U0002b739忄心扌攵 旡日月歺母民氵氺灬爫爫丬牛"
    "犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑"
    "钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_PERHAPS = re.compile("[\u2e80-\u2ef3\u2f00-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")


@dataclass(frozen=True)
class LookAlike:
    """A character, `count` times in a text, that looks like `ordinary`."""

    character: str
    ordinary: str
    count: int

    code: ClassVar[str] = LOOK_ALIKE

    @property
    def is_radical(self) -> bool:
        """Whether it is a radical rather than a compatibility ideograph."""
        return ord(self.character) < _COMPATIBILITY


def look_alikes(text: str) -> list[LookAlike]:
    """The look-alikes in a text, each once, in their order."""
    found = Counter(_PERHAPS.findall(text))
    return [
        LookAlike(each, ordinary, count) for each, count in found.items() if (ordinary := _ordinary(each))
    ]


def _ordinary(character: str) -> str:
    """What a character looks like; "" for one of the twelve unified ideographs among the compatible ones."""
    place = ord(character) - _SUPPLEMENT
    if place < len(_RADICALS):
        return _RADICALS[place].strip()
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain != character else ""
