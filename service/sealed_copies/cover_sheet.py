"""The cover sheet of a record: one page that leads from paper back to it, never part of the form itself."""

import functools
import io
from pathlib import Path

import segno

from schemas.normal_pictures import EMU, NormalPicture, PlacedPicture
from service import catalog, conversion
from service.archive import Record
from service.archive.search.record_code import code
from service.config import Settings
from service.rendering import Template, load_template
from service.submission import date_in_china

_TEMPLATE = Path(__file__).with_name("cover_sheet.docx")
_SIDE = 48  # mm of the QR code
_SCALE, _BORDER = 12, 2  # pixels and modules
_NO_NAME = "—"


def cover_sheet(record: Record, settings: Settings) -> bytes:
    """The cover sheet as PDF/A; the same bytes for the same record. Raises as `conversion.convert`."""
    edition = catalog.find(record.form, record.year)
    pdf, day = record.files.get("pdf"), date_in_china(record.created)
    values = {
        "title": edition.name.zh if edition else f"{record.form} {record.year}",
        "qr": _qr(record),
        "code": code(record),
        "id": record.id,
        "version": record.version,
        "submitter": record.submitter or _NO_NAME,
        "date": f"{day.year}年{day.month}月{day.day}日",
        "pages": record.pages or _NO_NAME,
        "key": record.key,
        "digest": " ".join(_groups(pdf.sha256)) if pdf else _NO_NAME,
    }
    return conversion.convert(_template().render(values), settings)


@functools.cache
def _template() -> Template:
    return load_template(_TEMPLATE)


def _groups(digest: str) -> list[str]:
    return [digest[start : start + 8] for start in range(0, len(digest), 8)]


def _qr(record: Record) -> PlacedPicture:
    made = segno.make(code(record), error="m", micro=False)
    png = io.BytesIO()
    made.save(png, kind="png", scale=_SCALE, border=_BORDER)
    side = int(made.symbol_size(_SCALE, _BORDER)[0])
    picture = NormalPicture(png.getvalue(), "png", side, side)
    return PlacedPicture(picture, _SIDE * EMU, _SIDE * EMU, f"二维码：{code(record)}")
