"""The one place that knows the order: payload, submission, context, .docx, PDF/A."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from service import catalog, context
from service.catalog import Edition
from service.config import Settings
from service.conversion import convert
from service.errors import UsageError
from service.rendering import Template, load_template
from service.submission import Submission, validate

FORMATS = ("docx", "pdf")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def generate(
    form: str,
    year: int,
    payload: Any,
    formats: Sequence[str] = FORMATS,
    settings: Settings | None = None,
) -> dict[str, bytes]:
    """The documents of a payload, as bytes by format ("docx", "pdf").

    Raises UnknownForm, UnknownYear, InvalidPayload, TemplateFault, ConversionFault, and
    UsageError for a format that there is not.
    """
    return documents(validate(catalog.edition(form, year), payload), formats, settings)


def documents(
    submission: Submission, formats: Sequence[str] = FORMATS, settings: Settings | None = None
) -> dict[str, bytes]:
    """The documents of a submission, as bytes by format. Raises as `generate` does."""
    if unknown := sorted(set(formats) - set(FORMATS)):
        raise UsageError(
            f"没有 {'、'.join(unknown)} 格式，可选：{'、'.join(FORMATS)}。",
            f"No format {', '.join(unknown)}; there are: {', '.join(FORMATS)}.",
        )
    docx = _template(submission.edition).render(context.build(submission))
    made = {"docx": docx}
    if "pdf" in formats:
        made["pdf"] = convert(docx, settings or Settings.from_env())
    return {format: made[format] for format in formats}


def blank(form: str, year: int, format: str, settings: Settings | None = None) -> bytes:
    """The official blank form: the document of an empty payload."""
    return generate(form, year, {}, (format,), settings)[format]


def bundle(submission: Submission, settings: Settings | None = None) -> bytes:
    """A zip of the .docx, the PDF and `manifest.json` with the edition and each file's SHA-256 and size."""
    files = {
        file_name(submission.edition, submission, format): document
        for format, document in documents(submission, FORMATS, settings).items()
    }
    manifest = {
        **submission.edition.summary(),
        "service": version("kexie-forms"),
        "files": [
            {"name": name, "sha256": hashlib.sha256(document).hexdigest(), "size": len(document)}
            for name, document in files.items()
        ],
    }
    files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=2).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def file_name(edition: Edition, submission: Submission | None, extension: str) -> str:
    """A document's file name: the form's title, the submitter where it is given, the extension."""
    submitter: Any = submission.data if submission else {}
    for key in edition.schema.submitter:
        submitter = (submitter or {}).get(key)
    plain = re.sub(r'[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\\/:*?"<>|]', "", submitter or "").strip(
        " ."
    )
    return f"{edition.title}{f'（{plain[:60]}）' if plain else ''}.{extension}"


def _template(edition: Edition) -> Template:
    path = edition.template_path
    return _compiled(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _compiled(path: Path, modified: int) -> Template:
    return load_template(path)
