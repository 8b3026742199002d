"""The workbook of failed rows of a sheet uploaded over HTTP, with the faulty cells marked."""

import tempfile
from pathlib import Path

from service.archive import Archive
from service.batch.hosted.http_batch import HttpBatch, sheet_pieces
from service.batch.inputs.item import InputPlace
from service.batch.inputs.read_input import SHEETS
from service.batch.jobs.failures import failures
from service.batch.sheets import marked_sheet


def make(archive: Archive, batch: HttpBatch, folder: Path) -> bytes | None:
    """The .xlsx of `marked_sheet.make`; None if the input was no sheet or no row failed.

    The uploaded sheet is unpacked into an unnamed file in `folder`.
    """
    if batch.input not in SHEETS:
        return None
    places = ((found.place, found) for found in failures(archive, batch.job))
    rows = {(place.sheet, place.number): found for place, found in places if isinstance(place, InputPlace)}
    failed = {row: found.errors for row, found in rows.items()}
    remarks = {row: found.remarks for row, found in rows.items()}
    if not failed:
        return None
    with tempfile.TemporaryFile(dir=folder) as file:
        for piece in sheet_pieces(archive, batch.job):
            file.write(piece)
        if not file.tell():
            return None
        file.flush()
        source = Path(f"/proc/self/fd/{file.fileno()}")
        name = f"batch.{batch.input}"
        return marked_sheet.make(source, failed, batch.form, batch.year, name=name, remarks=remarks)
