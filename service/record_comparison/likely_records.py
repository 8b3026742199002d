"""Records that a file may be of, by traces of them in it or in its name: clues, which prove nothing."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import sqlalchemy as sa

from service import catalog
from service.archive import Archive, Record, index
from service.archive.record_tables import FILES
from service.archive.search import record_code
from service.archive.search.search_table import SEARCH
from service.archive.search.search_text import folded
from service.config import Settings
from service.conversion import pdf_texts
from service.document_data import MANIFEST
from service.errors import Bilingual, UnreadableDocument

_NAMED, _TRIED, _CODES, _PIECES = 5, 50, 5, 5_000  # records, records before, codes and pieces of text
_SHORTEST = 4  # characters of a number or name that is looked for
_KEY = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_SHA256 = re.compile("[0-9a-f]{64}")
_BETWEEN = re.compile(r"[\s:：（）()、，,；;“”\"]+")
_NUMBER = re.compile("[!-~]+")  # such as an id between Chinese characters
_PDF_ID = re.compile(rb"/ID\s*\[\s*<([0-9A-Fa-f]{16,128})>")  # ISO 32000-2, 14.4: the first one stays
SAME_PDF_ID = Bilingual(
    "PDF 的文件标识（/ID）与归档的相同", "the identifier of the PDF (/ID) is that of the archived one"
)
WRITTEN_KEY = Bilingual("其中写有它的记录号", "its key is written in it")
WRITTEN_CODE = Bilingual("其中写有它的封面码或校验值", "its cover code or a hash of it is written in it")
CARRIED_HASH = Bilingual("附件里有它的校验值", "an attachment has a hash of it")
SAME_NUMBER = Bilingual("文件名或文中有它的编号", "its id is in the name or text of the file")
SAME_NAME = Bilingual("题名或文中有同样的名称", "its submitter is named in the title or text of the file")


@dataclass(frozen=True)
class LikelyRecord:
    """A record that a file may be of, and why."""

    record: Record
    reason: Bilingual


def text_of(content: bytes, name: str, settings: Settings) -> str:
    """The name of a file, and title and text of a PDF, a line each."""
    return f"{PurePath(name).stem}\n{pdf_texts.read(content, settings) if _is_pdf(content) else ''}"


def titled(text: str) -> set[str]:
    """The forms whose titles are in a text."""
    whole = folded(text)
    return {each.form for each in catalog.editions() if folded(each.title) in whole}


def likely(archive: Archive, content: bytes, text: str, tenant: str | None) -> list[LikelyRecord]:
    """Up to 5 submissions that a file with that `text_of` may be of, those with the strongest clue first.

    If any archived PDF has the same /ID, those records alone. Raises ArchiveFault, ArchiveUnavailable.
    """
    reasons: dict[str, Bilingual] = {}
    with archive.reading() as connection:
        for reason, keys in _clues(connection, content, text, tenant):
            reasons |= {key: reason for key in keys if key not in reasons}
        known = {each.key: each for each in index.by_keys(connection, [*reasons][:_TRIED])}
    found = [known[key] for key in reasons if key in known and tenant in (None, known[key].tenant)]
    if same := _with_pdf_id(archive, found, content):
        return [LikelyRecord(each, SAME_PDF_ID) for each in same[:_NAMED]]
    return [LikelyRecord(each, reasons[each.key]) for each in _newest(found)[:_NAMED]]


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-")


def _clues(
    connection: sa.Connection, content: bytes, text: str, tenant: str | None
) -> Iterator[tuple[Bilingual, Sequence[str]]]:
    """The keys of records by what names them, the strongest clue first."""
    yield WRITTEN_KEY, _KEY.findall(text)[:_TRIED]
    yield WRITTEN_CODE, [*_by_codes(connection, text)]
    yield CARRIED_HASH, _by_hashes(connection, content)
    pieces = _pieces(text)
    yield SAME_NUMBER, _searched(connection, tenant, SEARCH.c.id.in_(pieces))
    names, forms = {*map(folded, pieces)}, titled(text)
    of_form = SEARCH.c.form.in_(forms) if forms else sa.true()
    yield SAME_NAME, _searched(connection, tenant, SEARCH.c.name.in_(names - {""}), of_form)


def _by_codes(connection: sa.Connection, text: str) -> Iterator[str]:
    for _ in range(_CODES):
        if (found := record_code.recognised(connection, text)) is None:
            return
        text, keys = found
        yield from connection.execute(keys).scalars()


def _by_hashes(connection: sa.Connection, content: bytes) -> Sequence[str]:
    """The records with a file that the manifest attached to a PDF lists."""
    from service.conversion.pdf.attachments import attachments  # pikepdf, which other files need not

    try:
        listed = json.loads(attachments(content, (MANIFEST,))[MANIFEST])["files"]
        digests = [each["sha256"] for each in listed if _SHA256.fullmatch(each["sha256"])]
    except (UnreadableDocument, ValueError, LookupError, TypeError, RecursionError):
        return []
    wanted = sa.select(FILES.c.record).where(FILES.c.sha256.in_(digests[:_TRIED]))
    return connection.execute(wanted.limit(_TRIED)).scalars().all()


def _searched(
    connection: sa.Connection, tenant: str | None, *wanted: sa.ColumnElement[bool]
) -> Sequence[str]:
    """The newest records that meet conditions."""
    found = sa.select(SEARCH.c.record).where(*wanted).order_by(SEARCH.c.created.desc()).limit(_TRIED)
    if tenant is not None:
        found = found.where(SEARCH.c.tenant == tenant)
    return connection.execute(found).scalars().all()


def _pieces(text: str) -> list[str]:
    """The lines of a text, what is between their spaces, brackets and colons, and what is ASCII of it."""
    between = [part for line in text.splitlines() for part in (line.strip(), *_BETWEEN.split(line))]
    parts = [each for part in between for each in (part, *_NUMBER.findall(part))]
    return [*dict.fromkeys(part for part in parts if len(part) >= _SHORTEST and part.isprintable())][:_PIECES]


def _with_pdf_id(archive: Archive, records: Sequence[Record], content: bytes) -> list[Record]:
    """Those of the records whose archived PDF has the identifier that a PDF has."""
    wanted = {each.lower() for each in _PDF_ID.findall(content)} if _is_pdf(content) else set()
    if not wanted:
        return []
    with_pdf = (each for each in records if "pdf" in each.files)
    return [each for each in with_pdf if not wanted.isdisjoint(_pdf_ids(archive.read(each, "pdf")))]


def _pdf_ids(pdf: bytes) -> set[bytes]:
    return {each.lower() for each in _PDF_ID.findall(pdf)}


def _newest(records: Sequence[Record]) -> list[Record]:
    """The newest version of each submission, in the order of the first ones."""
    newest: dict[tuple[str, str, int, str], Record] = {}
    for each in records:
        of = each.tenant, each.form, each.year, each.id
        newest[of] = max(newest.get(of, each), each, key=lambda found: found.version)
    return [*newest.values()]
