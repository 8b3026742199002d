"""Reads every field of a form out of a document whose edition is known, and tells what is not certain."""

from __future__ import annotations

from service.extraction.align_tables import align
from service.extraction.extraction_result import Extraction
from service.extraction.read_paragraphs import read_body, read_title
from service.extraction.read_tables import read_table
from service.extraction.reading_results import ReadingResults
from service.extraction.skeleton import Skeleton
from service.extraction.word_document import Document


def read(form: Skeleton, document: Document) -> Extraction:
    """The payload of a document that is `form` filled in, and the warnings in the order of the parts."""
    results, matched = ReadingResults(form), align(form.document, document)
    read_body(form, document, matched.added, results)
    for match in matched.tables:
        read_table(form, match, results)
    read_title(form, document, results)
    return results.extraction()
