"""The program that reads the title and the text of a stranger's PDF in the sandbox.

It imports nothing of the service, whose folders the sandbox does not show. Arguments: the PDF, the file to
write.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2

_PAGES, _CHARACTERS = 30, 100_000  # that are read


def texts(pdf: bytes) -> list[str]:
    """Title and subject of a PDF, and the text of its first pages; nothing of one that cannot be read."""
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            found = document.get_metadata_dict()
            return [found.get("Title", ""), found.get("Subject", ""), *_pages(document)]
    except pypdfium2.PdfiumError:
        return []


def _pages(document: pypdfium2.PdfDocument) -> Iterator[str]:
    left = _CHARACTERS
    for number in range(min(len(document), _PAGES)):
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            found = text.get_text_bounded()[:left]
        left -= len(found)
        yield found


def main(pdf: str, answer: str) -> None:
    """Writes the texts of a PDF."""
    Path(answer).write_text(json.dumps(texts(Path(pdf).read_bytes())), "ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
