"""Splits a text into what is drawn together, and finds which font name of a run applies to it."""

import re
import unicodedata
from collections.abc import Iterator

from service.conversion.fonts.docx_runs import FontNames

# What LibreOffice always treats as Chinese and as Latin (i18npool, breakiteratorImpl.cxx); other
# characters may follow their neighbours.
_ASIAN = re.compile(
    "[\u2e80-\u303f\u3041-\u31e3\u31f0-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffee"
    "\U00020000-\U0003fffd]"
)
_LATIN = re.compile("[!-~\u00a1-\u00b1\u00b4-\u00b8\u00ba-\u02af\u0370-\u052f\u1e00-\u1fff]")
_IGNORED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
VARIANT = re.compile("(?<=[^\U000e0100-\U000e01ef])[\U000e0100-\U000e01ef]")  # UTS 37
_VISIBLE_FORMATS = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f]"
)
# Invisible characters for which LibreOffice draws a box.
DROPPED = re.compile("[\x7f-\x9f\U0001bca0-\U0001bca3]")


def needs_glyph(character: str) -> bool:
    """Whether a character is visible: not white space, a control or a default ignorable (UAX 44)."""
    kind = unicodedata.category(character)
    if kind == "Cf":
        return _VISIBLE_FORMATS.match(character) is not None
    return kind[0] != "Z" and kind != "Cc" and not _IGNORED.match(character)


def units(cluster: str) -> Iterator[str]:
    """The visible characters of a cluster, each with the variation selector behind it."""
    for at, character in enumerate(cluster):
        if needs_glyph(character):
            yield character + (cluster[at + 1] if VARIANT.match(cluster, at + 1) else "")


def officials(cluster: str, names: FontNames) -> tuple[str, ...]:
    """The font names of which LibreOffice may take one for a cluster."""
    if names.latin == names.asian or _LATIN.fullmatch(cluster):
        return (names.latin,)
    return (names.asian,) if _ASIAN.fullmatch(cluster) else (names.asian, names.latin)


def clusters(text: str) -> list[str]:
    """Splits `text` into characters, each with its following marks and joiners."""
    found: list[str] = []
    for character in text:
        joined = (
            unicodedata.category(character)[0] == "M" or character == "\u200d" or _IGNORED.match(character)
        )
        if found and (joined or found[-1].endswith("\u200d")):
            found[-1] += character
        else:
            found.append(character)
    return found
