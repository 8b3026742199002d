"""Payload and manifest attached to a document: written and read back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from service import catalog
from service.catalog import Edition
from service.character_notices import FieldNotice
from service.conversion.pdf.attachments import Attachment, attachments
from service.errors import NotJson, UnreadableDocument, UnrecognisedForm
from service.extraction import Extraction
from service.payload_json import dump, parse
from service.submission import Submission
from service.version import VERSION

PAYLOAD, MANIFEST = "payload.json", "manifest.json"


def manifest(edition: Edition, files: Mapping[str, bytes], warned: Sequence[FieldNotice]) -> bytes:
    """The manifest as JSON: edition, service version, SHA-256 and size in bytes of each file, warnings."""
    manifest_data = {
        **edition.summary(),
        "service": VERSION,
        "files": [
            {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            for name, content in files.items()
        ],
        "warnings": [warning.as_dict() for warning in warned],
    }
    return json.dumps(manifest_data, ensure_ascii=False, indent=2).encode()


def attached(
    submission: Submission, files: Mapping[str, bytes], warned: Sequence[FieldNotice]
) -> tuple[Attachment, ...]:
    """The attachments of a submission's PDF; the manifest lists `files`."""
    return (
        Attachment(PAYLOAD, "申报数据 / the data as submitted", dump(submission.payload)),
        Attachment(
            MANIFEST, "版次与校验值 / edition and checksums", manifest(submission.edition, files, warned)
        ),
    )


def read_back(pdf: bytes, form: str | None = None, year: int | None = None) -> Extraction:
    """The payload attached to a PDF, of the edition named by its manifest.

    Raises UnreadableDocument if it has none, UnrecognisedForm if the edition is not given, or is
    another than `form` and `year`, and UnknownForm or UnknownYear.
    """
    carried = attachments(pdf, (PAYLOAD, MANIFEST))
    if PAYLOAD not in carried:
        raise UnreadableDocument(
            "这份 PDF 没有携带数据。只能读取附有数据的 PDF。",
            "This PDF has no attached data. Only PDFs with attached data can be read.",
        )
    payload = _json(carried[PAYLOAD])
    manifest_data = _json(carried[MANIFEST]) if MANIFEST in carried else {}
    edition = _edition(manifest_data.get("form", form), manifest_data.get("year", year))
    if (form or edition.form, year or edition.year) != (edition.form, edition.year):
        raise UnrecognisedForm(
            f"这份 PDF 是 {edition.form} {edition.year} 年的版次，与所指定的不符。请改正或不指定。",
            f"The PDF is of {edition.form} {edition.year}, not of the given edition. Correct or omit it.",
        )
    return Extraction(edition, payload, ())


def _edition(form: Any, year: Any) -> Edition:
    if not isinstance(form, str) or not isinstance(year, int):
        raise UnrecognisedForm(
            "PDF 内没有写明表单和年度，请指定 form 和 year。",
            "The PDF does not name its form and year. Specify both.",
        )
    return catalog.edition(form, year)


def _json(content: bytes) -> dict[str, Any]:
    try:
        read = parse(content)
        parse(dump(read))  # fails for numbers and characters that JSON text cannot hold
    except (NotJson, UnicodeEncodeError) as error:
        raise _altered() from error
    if not isinstance(read, dict):
        raise _altered()
    return read


def _altered() -> UnreadableDocument:
    return UnreadableDocument(
        "PDF 内的数据已损坏。请使用生成时的原文件。",
        "The data attached to the PDF are damaged. Use the original file as it was made.",
    )
