"""Whether the first line of a paragraph is indented (ECMA-376 part 1, 17.3.1.12)."""

from lxml import etree

from service.wordml import W, property_of, whole
from service.wordml.styles import Styles

_FIRST = (W + "firstLine", W + "firstLineChars")
_HANGING = (W + "hanging", W + "hangingChars")


def indents_first_line(styles: Styles, paragraph: etree._Element) -> bool:
    """Whether styles, or the paragraph itself, indent its first line."""
    layers = styles.paragraph_layers(styles.place(paragraph))
    found = [property_of(layer, "ind") for layer in layers] + [property_of(paragraph, "pPr", "ind")]
    set_: dict[str, str] = {}
    for indent in (each for each in found if each is not None):
        if any(whole(indent.get(name), 0) for name in _HANGING):
            set_.clear()
        set_ |= {name: amount for name in _FIRST if (amount := indent.get(name))}
    return any(whole(amount, 0) for amount in set_.values())
