"""Validates an item into a submission, or reports all of its errors at once."""

from service import catalog
from service.batch.inputs.item import Item
from service.errors import InvalidPayload
from service.submission import Submission, validate


def check(item: Item) -> Submission:
    """The submission of an item.

    Raises InvalidPayload with the errors of the input and of the data, located by sheet, row and column if
    the item is a row. A field that cannot be read has the input's error only.
    """
    found = list(item.errors)
    known = {error.pointer for error in item.errors if error.pointer}
    if item.form and item.year and item.data is not None and known.isdisjoint(("/form", "/year")):
        try:
            submission = validate(catalog.edition(item.form, item.year), item.data)
        except InvalidPayload as error:
            found += [item.place.locate(each) for each in error.errors if each.pointer not in known]
        else:
            if not found:
                return submission
    raise InvalidPayload(tuple(found))
