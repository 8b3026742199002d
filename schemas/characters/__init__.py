"""The characters of texts: those made plain or refused, and those that look like others."""

from schemas.characters.character_table import (
    EMAIL,
    EXACT,
    NOTATION,
    PHONE,
    REMOVED,
    REPLACED,
    RIGHT_TO_LEFT,
    TEXT,
    CharacterTable,
    PlainCharacter,
    code_point,
    either_width,
)
from schemas.characters.look_alikes import LOOK_ALIKE, LookAlike, look_alikes

__all__ = [
    "EMAIL",
    "EXACT",
    "LOOK_ALIKE",
    "NOTATION",
    "PHONE",
    "REMOVED",
    "REPLACED",
    "RIGHT_TO_LEFT",
    "TEXT",
    "CharacterTable",
    "LookAlike",
    "PlainCharacter",
    "code_point",
    "either_width",
    "look_alikes",
]
