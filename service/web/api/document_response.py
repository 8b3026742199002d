"""A document as a download, with what its submitter should know in headers."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response

from service import pipeline
from service.character_notices import FieldNotice
from service.errors import Remarks
from service.submission import Submission
from service.web.http.parameters import MEDIA_TYPES, accepted_language
from service.web.http.urls import saved_as, with_version

_HEADER_LIMIT = 4096  # bytes of a header that every proxy accepts


def download(
    submission: Submission,
    document: bytes,
    format: str,
    warnings: Sequence[FieldNotice],
    extension: str | None = None,
    version: int = 1,
) -> Response:
    """Responds with a document as a download with a Chinese name, its warnings in headers.

    `version`: of the record that it was archived as.
    """
    name, dot, end = pipeline.file_name(submission.edition, submission, extension or format).rpartition(".")
    name = f"{with_version(name, version)}{dot}{end}"
    response = Response(document, content_type=MEDIA_TYPES[format])
    response.set_etag(hashlib.sha256(document).hexdigest())
    response.headers["Content-Disposition"] = saved_as(f"form.{format}", name)
    response.headers.update(_warned(warnings))
    return response


def remarked(remarks: Remarks) -> dict[str, str]:
    """The headers with the numbers of advice and missing fields, and the advice that fits."""
    headers = {}
    if remarks.advice:
        listed = _listed(each.as_dict(accepted_language()) for each in remarks.advice)
        headers = {"X-Advice-Count": str(len(remarks.advice)), "X-Advice": listed}
    return headers | ({"X-Missing-Count": str(len(remarks.missing))} if remarks.missing else {})


def _warned(warnings: Sequence[FieldNotice]) -> dict[str, str]:
    """The headers with the number of warnings, and those that fit."""
    if not warnings:
        return {}
    listed = _listed(warning.as_dict(accepted_language()) for warning in warnings)
    return {"X-Warning-Count": str(len(warnings)), "X-Warnings": listed}


def _listed(found: Iterable[dict[str, Any]]) -> str:
    """What fits into a header of these, as ASCII JSON."""
    items: list[str] = []
    size = 1
    for each in found:
        item = json.dumps(each, separators=(",", ":"))
        size += len(item) + 1
        if size > _HEADER_LIMIT:
            break
        items.append(item)
    return f"[{','.join(items)}]"
