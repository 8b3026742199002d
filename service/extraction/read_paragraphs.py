"""Reads the fields outside tables and in the document's title; warns of other text there."""

from collections.abc import Mapping, Sequence

from service.errors import Bilingual
from service.extraction.boxes.option_looks import with_looks
from service.extraction.extraction_result import in_paragraph, in_table
from service.extraction.field_pattern import NoMatch, Written, take
from service.extraction.match_lines import FormLine, MatchedLine, read_lines
from service.extraction.own_notes import own_notes
from service.extraction.reading_results import ReadingResults
from service.extraction.recognise import arabic, in_year, years
from service.extraction.skeleton import Skeleton, Slot, fixed, marks
from service.extraction.word_document import Document, Table


def read_body(form: Skeleton, document: Document, added: Sequence[Table], results: ReadingResults) -> None:
    """Reads the paragraphs, and the additional tables `added`, which may contain lines of the form."""
    lines, beside = read_lines(form, document, added)
    used: dict[int, list[Slot | None]] = {}
    for line in lines:
        slot = form.first(line.official.text) if line.official else None
        for number in line.numbers:
            used.setdefault(number, []).append(slot)
    for line in lines:
        if line.official and line.written:
            place = in_table(*line.cell) if line.cell else in_paragraph(line.numbers[0])
            results.fields(_looked_at(form, document, line.official, line), place, line.text)
        elif line.official:
            place, official = Bilingual("正文", "the text"), line.official.text
            results.warn("line_missing", place, fixed(official), form.first(official))
    for line in beside:
        results.warn("unread_text", in_paragraph(line.numbers[0]), line.text)
    _unread_paragraphs(form, document, used, results)
    _unread_rows(lines, added, results)


def _looked_at(
    form: Skeleton, document: Document, official: FormLine, line: MatchedLine
) -> dict[str, Written]:
    paragraphs = [document.paragraphs[number - 1] for number in line.numbers]
    found, blank = (paragraphs, document.formatting), (official.blank, form.blank.formatting)
    return with_looks(line.written, official.text, form.slots, found, blank)


def read_title(form: Skeleton, document: Document, results: ReadingResults) -> None:
    """Reads a field that is printed only in the title property of the document.

    The title may name any year, since people who change the year on the form leave the properties.
    """
    title, found = form.document.title, document.title
    if form.printed.issuperset(marks(title)):
        return
    if str(form.edition.year) in title:
        found = in_year(found, form.edition.year)
    try:
        written = take(title, form.blank.title, found, form.slots)
    except NoMatch:
        return
    if all(each.exact for each in written.values()):
        results.fields(written, Bilingual("文档属性", "the document's properties"), found)


def _unread_paragraphs(
    form: Skeleton, document: Document, used: Mapping[int, list[Slot | None]], results: ReadingResults
) -> None:
    """Warns of paragraphs without a field, and of what is no text in any; `used` are those with fields.

    What Word imports into a line of its own may belong to the line above.
    """
    own = own_notes(form)
    written_years = years(document, form.edition)
    above = list[Slot | None]([None])
    for number, paragraph in enumerate(document.paragraphs, 1):
        text = arabic(paragraph.bare)
        codes = {note.code for note in paragraph.notes}
        if text or number in used:
            above = used.get(number, [None])
        slots = above if number in used or "imported_part" in codes else [None]
        for slot in slots:
            results.notes(paragraph, in_paragraph(number), slot)
        is_own = text in form.lines or ("numbering" in codes and text in own.unnumbered)
        if text and number not in used and not is_own:
            year = str(form.edition.year)
            of_other_year = any(text.replace(str(other), year) in form.lines for other in written_years)
            code = "year_differs" if of_other_year else "unread_text"
            results.warn(code, in_paragraph(number), paragraph.text)


def _unread_rows(lines: Sequence[MatchedLine], added: Sequence[Table], results: ReadingResults) -> None:
    """Warns of the text in additional tables, but for labels and the cells read beside them."""
    cells = [line.cell for line in lines if line.cell]
    read = {each for row, number, cell in cells for each in ((row, number, cell), (row, number, cell - 1))}
    rows = {cell[:2] for cell in cells}
    for table in added:
        for number, row in enumerate(table.rows, 1):
            if (table.number, number) not in rows and row.text.strip():
                results.warn("unread_text", in_table(table.number, number), row.text)
            for at, cell in enumerate(row.cells, 1):
                place = in_table(table.number, number, at)
                for paragraph in cell.paragraphs:
                    results.notes(paragraph, place)
                is_left = (table.number, number) in rows and (table.number, number, at) not in read
                if is_left and cell.bare:
                    results.warn("unread_text", place, cell.text)
