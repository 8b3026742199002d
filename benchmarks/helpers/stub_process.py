"""A local worker process whose converter waits two seconds and answers with a PDF of the usual size."""

from __future__ import annotations

import time
from typing import Any

from service import pipeline
from service.batch.workers import worker_main

SECONDS = 2.0
_PDF = b"%PDF-1.7\n" + b"0123456789abcdef" * 6000 + b"\n%%EOF\n"  # 96 KB


def convert(docx: bytes, *_: Any, **__: Any) -> bytes:
    """A stub of LibreOffice that takes no processor time."""
    time.sleep(SECONDS)
    return _PDF + docx[-64:]


def main() -> None:
    """A worker process with the stub."""
    pipeline.convert = convert  # type: ignore[attr-defined]
    worker_main.main()
