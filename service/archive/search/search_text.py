"""The texts that a record is found by, and the parts of a text that is looked for."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service import catalog
from service.errors import KexieError
from service.payload_json import parse

_BETWEEN = "\n"  # what is looked for never reaches from one text into the next
_ORDERED = 20  # characters of a name that decide its place


@dataclass(frozen=True)
class SearchText:
    """What the files of a record say of it: the submitter, other texts, and the pages of the PDF."""

    submitter: str = ""
    others: tuple[str, ...] = ()
    pages: int | None = None

    def columns(self, id: str) -> dict[str, Any]:
        """The columns of the search table, for a record with this id."""
        return {
            "pages": self.pages,
            "submitter": self.submitter,
            "name": folded(self.submitter),
            "name_order": _order(self.submitter),
            "text": _BETWEEN.join(map(folded, (id, self.submitter, *self.others))),
        }


def of(form: str, year: int, files: Mapping[str, bytes]) -> SearchText:
    """The texts of a record's files; blank without a payload that can be read, or if the edition is gone."""
    pages = _pages(files["pdf"]) if "pdf" in files else None
    submitter, others = _read(form, year, files["payload"]) if "payload" in files else ("", ())
    return SearchText(submitter, others, pages)


def submitter_of(form: str | None, year: int | None, payload: bytes) -> str:
    """The submitter's name in a payload; "" if it has none, cannot be read, or the edition is gone."""
    return _read(form, year, payload)[0]


def _read(form: str | None, year: int | None, payload: bytes) -> tuple[str, tuple[str, ...]]:
    """The submitter's name and the other texts of a payload."""
    edition = catalog.find(form, year)
    if edition is None:
        return "", ()
    try:
        data = parse(payload)
    except KexieError:
        return "", ()
    others = filter(None, map(_storable, edition.schema.searchable_in(data)))
    return _storable(edition.schema.submitter_in(data)), tuple(others)


def folded(text: str) -> str:
    """A text without what people type one way or another: width, case, white space."""
    return "".join(_storable(unicodedata.normalize("NFKC", text).casefold()).split())


def parts(wanted: str) -> list[str]:
    """The parts of what is looked for, each once, which white space separates; all are to be found."""
    return list(dict.fromkeys(filter(None, map(folded, wanted.split()))))


def _storable(text: str) -> str:
    """A text without what no database stores: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _order(name: str) -> str:
    """A key that sorts names: by GB 18030, whose 3755 most common characters are in the order of Pinyin."""
    return name[:_ORDERED].encode("gb18030", "ignore").hex()[:80]


def _pages(pdf: bytes) -> int | None:
    from service.conversion.pdf.page_images import page_count  # PDFium

    return page_count(pdf)
