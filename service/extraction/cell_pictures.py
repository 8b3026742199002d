"""Reads the picture of a field from its cell."""

from schemas.normal_pictures import encoded, kind
from service.errors import Bilingual
from service.extraction.displayed.embedded_pictures import embedded
from service.extraction.match_cells import CellMatch
from service.extraction.paragraph_note import Note
from service.extraction.reading_results import ReadingResults
from service.extraction.skeleton import RowNumbers, Slot
from service.wordml.word_package import MAIN


def read_picture(
    cell: CellMatch,
    slot: Slot,
    parts: dict[str, bytes],
    place: Bilingual,
    results: ReadingResults,
    rows: RowNumbers,
) -> Note | None:
    """Reads the picture, in the text rather than floating as a seal does; its note, None if uncertain."""
    notes = [note for each in cell.found for one in each.paragraphs for note in one.notes]
    found = [
        (note, picture)
        for note in notes
        if note.drawing is not None and (picture := embedded(note.drawing, parts, MAIN))
        if kind(picture.content)
    ]
    certain = [pair for pair in found if not pair[1].floats] or found
    if len(certain) != 1:
        return None
    note, picture = certain[0]
    results.put(slot, rows, encoded(picture.content))
    if picture.is_cropped:
        results.warn("picture_cropped", place, "", slot, rows)
    return note
