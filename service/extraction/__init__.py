"""Extracts the payload of a filled .docx by the official labels around each field.

word_document       .docx → paragraphs and tables (paragraph_text, paragraph_note, characters)
skeleton            edition → the same of its form, with a mark for each field
recognise           form and year of a document
align_tables        the document's tables and rows against the form's (split_tables, match_cells, match_lines)
field_pattern       the content of each field (boxes: those of options, ticked or standing out)
reading_results     contents as the values of their fields, uncertain ones as warnings
read_paragraphs     the fields outside tables; read_tables: those in tables (label_units)
own_notes           what the form has itself, such as a logo
cell_pictures       the picture of a field in its cell
read_rest           warnings of all text that is left (headers_footers)
extraction_result   payload and warnings, with their messages
"""

from service.extraction.align_tables import align
from service.extraction.extraction_result import Extraction, ReadingWarning
from service.extraction.read_paragraphs import read_body, read_title
from service.extraction.read_rest import read_rest
from service.extraction.read_tables import read_table
from service.extraction.reading_results import ReadingResults
from service.extraction.recognise import recognise
from service.extraction.skeleton import skeleton
from service.extraction.word_document import Document, load

__all__ = ["Extraction", "ReadingWarning", "extract"]


def extract(docx: bytes | Document, form: str | None = None, year: int | None = None) -> Extraction:
    """The payload of a filled form, and warnings for what could not be read with certainty.

    Form and year are recognised from the document unless given. Raises UnreadableDocument if `docx` is no
    Word document, UnrecognisedForm if it is none of the forms, UnknownForm, UnknownYear.
    """
    document = load(docx) if isinstance(docx, bytes) else docx
    edition = recognise(document, form, year)
    marked = skeleton(edition)
    results, matched = ReadingResults(marked, document.parts), align(marked.document, document)
    read_body(marked, document, matched.added, results)
    for match in matched.tables:
        read_table(marked, match, document, results)
    read_title(marked, document, results)
    read_rest(marked, document, results)
    return results.extraction()
