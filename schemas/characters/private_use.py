"""Private-use code points of characters that GBK and older editions of GB 18030 had, with their own ones.

After the index of the Encoding Standard (encoding.spec.whatwg.org) for GB 18030-2022: the own code point of
the two-byte code that had the private-use one. GB 18030-2022 codes six of them (U+E816 to U+E818, U+E831,
U+E83B, U+E855) in four bytes alone. U+E5E5 is what 0xA3A0, the space of old texts, became.
"""

_RUNS = {
    0xE5E5: "\u3000",
    0xE76C: "€",
    0xE78D: "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19",
    0xE7C7: "ḿǹ",
    0xE7E7: "〾⿰⿱⿲⿳⿴⿵⿶⿷⿸⿹⿺⿻",
    0xE815: "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱"
    "䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻",
}

#: The character of each private-use one.
PRESENT = {chr(first + number): each for first, run in _RUNS.items() for number, each in enumerate(run)}
