"""The characters that each implementation level of GB 18030-2022 demands, and the blocks of ideographs.

Level 1: the codes of one and two bytes, and in four bytes extension A and 66 more characters (U+9FA6–9FB3,
U+9FBC–9FEF). Level 2: 通用规范汉字表 (2013) too, of which 196 characters are beyond level 1. Level 3: every
Chinese character of the standard, 87,887, and the 214 radicals of Kangxi.
"""

from collections.abc import Mapping

from schemas.characters.private_use import PRESENT

# First and last code point of each block of unified ideographs: in GB 18030-2022, and in Unicode 16.
_UNIFIED = {
    "基本区 / URO": (0x4E00, 0x9FEF, 0x9FFF),
    "扩展 A / extension A": (0x3400, 0x4DB5, 0x4DBF),
    "扩展 B / extension B": (0x20000, 0x2A6D6, 0x2A6DF),
    "扩展 C / extension C": (0x2A700, 0x2B734, 0x2B739),
    "扩展 D / extension D": (0x2B740, 0x2B81D, 0x2B81D),
    "扩展 E / extension E": (0x2B820, 0x2CEA1, 0x2CEA1),
    "扩展 F / extension F": (0x2CEB0, 0x2EBE0, 0x2EBE0),
}
_LATER = {
    "扩展 G / extension G": (0x30000, 0x3134A),
    "扩展 H / extension H": (0x31350, 0x323AF),
    "扩展 I / extension I": (0x2EBF0, 0x2EE5D),
}
_KANGXI = range(0x2F00, 0x2FD6)
_DROPPED = "\uf92c\uf979\uf995\uf9e7\uf9f1\ufa0c\ufa0d\ufa18\ufa20"  # from GB 18030-2022
# Of 通用规范汉字表, those of extensions B to E (kTGH of Unihan 15.1).
_COMMON = (
    "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀"
    "𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷"
    "𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮"
    "𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)


def levels() -> Mapping[str, frozenset[str]]:
    """The characters that each implementation level of GB 18030-2022 demands."""
    of_standard = {name: _span(first, last) for name, (first, last, _) in _UNIFIED.items()}
    basic, extension_a, *_ = of_standard.values()
    first = frozenset({*_short_codes(), *basic, *extension_a})
    second = first | frozenset(_COMMON)
    third = second.union(*of_standard.values(), map(chr, _KANGXI))
    return {"级别 1 / level 1": first, "级别 2 / level 2": second, "级别 3 / level 3": third}


def blocks() -> Mapping[str, frozenset[str]]:
    """The characters of each block of Chinese characters in Unicode 16, up to extension I."""
    unified = {name: _span(first, last) for name, (first, _, last) in _UNIFIED.items()}
    later = {name: _span(first, last) for name, (first, last) in _LATER.items()}
    return {
        **unified,
        **later,
        "康熙部首 / Kangxi radicals": frozenset(map(chr, _KANGXI)),
        "部首补充 / radicals supplement": _span(0x2E80, 0x2EF3) - {"\u2e9a"},
        "兼容汉字 / compatibility ideographs": _span(0xF900, 0xFAD9) - {"\ufa6e", "\ufa6f"},
        "兼容补充 / compatibility supplement": _span(0x2F800, 0x2FA1D),
    }


def _span(first: int, last: int) -> frozenset[str]:
    return frozenset(map(chr, range(first, last + 1)))


def _short_codes() -> set[str]:
    """The visible characters with a code of one or two bytes; those beyond U+FFFF have one of four."""
    seconds = [*range(0x40, 0x7F), *range(0x80, 0xFF)]
    codes = (bytes((lead, second)) for lead in range(0x81, 0xFF) for second in seconds)
    found = {PRESENT.get(each, each) for each in (code.decode("gb18030") for code in codes)}
    others = {each for each in found if "\ue000" <= each <= "\uf8ff" or each > "\uffff"}
    return found - others - set(_DROPPED) - {"\u3000"} | set(map(chr, range(0x21, 0x7F)))
