"""Where the places of a blank form are in the order of its text."""

from lxml import etree

from service.blank_forms.place import Place


class Positions:
    """Numbers the elements of a document; a call gives the position of a place, which sorts places."""

    def __init__(self, root: etree._Element) -> None:
        self._numbers = {element: number for number, element in enumerate(root.iter())}

    def __call__(self, place: Place) -> tuple[int, int]:
        """The number of the element of its first spot, and the character in it."""
        spots = [*place.spots, *(spot for column in place.columns for spot in column.spots)]
        found = [(self._numbers[spot.line.element], spot.start) for spot in spots]
        return min(found, default=(self._numbers[place.rows[0]], 0) if place.rows else (0, 0))
