"""Validates an item into a submission, or reports all of its errors at once."""

from service import catalog
from service.batch.inputs.item import Item
from service.errors import InvalidPayload
from service.submission import Submission, review


def check(item: Item, *, complete: bool = False) -> Submission:
    """The submission of an item, with `complete` only if it is complete.

    Raises InvalidPayload, with remarks, and with the errors of the input and of the data, located by sheet,
    row and column if the item is a row. A field that cannot be read has the input's error only.
    """
    found = list(item.errors)
    known = {error.pointer for error in item.errors if error.pointer}
    remarks = None
    if item.form and item.year and item.data is not None and known.isdisjoint(("/form", "/year")):
        try:
            edition = catalog.edition(item.form, item.year)
            submission, remarks = review(edition, item.data, complete=complete)
        except InvalidPayload as error:
            remarks = error.remarks
            found += [item.place.locate(each) for each in error.errors if each.pointer not in known]
        else:
            if not found:
                return submission
    refused = InvalidPayload(tuple(found))
    refused.remarks = remarks
    raise refused
