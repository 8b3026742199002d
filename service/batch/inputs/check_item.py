"""An item of a batch as a submission, or everything that is wrong with it at once."""

from __future__ import annotations

from service import catalog
from service.batch.inputs.item import Item
from service.errors import InvalidPayload
from service.submission import Submission, validate


def check(item: Item) -> Submission:
    """The submission of an item.

    Raises InvalidPayload with the errors of the input and those of the data, each told with sheet, row and
    column where the item is a row; of a field that cannot be read, the input's error alone.
    """
    found = list(item.errors)
    if item.form and item.year and item.data is not None and not _unnamed(item):
        told = {error.pointer for error in item.errors if error.pointer}
        try:
            submission = validate(catalog.edition(item.form, item.year), item.data)
        except InvalidPayload as error:
            found += [item.place.locate(each) for each in error.errors if each.pointer not in told]
        else:
            if not found:
                return submission
    raise InvalidPayload(tuple(found))


def _unnamed(item: Item) -> bool:
    return any(error.pointer in ("/form", "/year") for error in item.errors)
