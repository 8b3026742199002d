"""Reads every field of a form out of a document whose edition is known, and tells what is not certain."""

from __future__ import annotations

from service.extraction.align import align
from service.extraction.body import read_body, read_title
from service.extraction.document import Document
from service.extraction.findings import Extraction
from service.extraction.results import Results
from service.extraction.skeleton import Skeleton
from service.extraction.tables import read_table


def read(form: Skeleton, document: Document) -> Extraction:
    """The payload of a document that is `form` filled in, and the warnings in the order of the parts."""
    results, matched = Results(form), align(form.document, document)
    read_body(form, document, matched.added, results)
    for match in matched.tables:
        read_table(form, match, results)
    read_title(form, document, results)
    return results.extraction()
