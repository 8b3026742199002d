"""The direction characters (UAX 9) with the effect of markup: `w:bdo`, `w:dir` (17.3.2.3, 17.3.2.8)."""

from service.wordml import W

#: The character that begins text from right to left, by element.
BEGINNING = {W + "bdo": "\N{RIGHT-TO-LEFT OVERRIDE}", W + "dir": "\N{RIGHT-TO-LEFT EMBEDDING}"}
#: The character that ends it.
END = "\N{POP DIRECTIONAL FORMATTING}"
