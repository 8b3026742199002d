"""An entry whose files are stored, until it is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.archive import manifest
from service.archive.object_store import stored_file
from service.archive.record import PARTS, Entry, Record, StoredFile
from service.archive.search import search_text
from service.archive.search.search_text import SearchText
from service.errors import NewerVersion

_COMPARED = ("payload", "docx", "pdf")


@dataclass(frozen=True)
class Pending:
    """An entry whose files are stored, and the version that it is expected to become.

    `manifest` is None if it equals the newest version, or gets its id in the transaction. `texts` are what
    its record is found by.
    """

    entry: Entry
    files: dict[str, StoredFile]
    version: int
    manifest: StoredFile | None
    texts: SearchText
    after: str | None = None  # the key of the version that it is made of, as `refuse_newer` has it

    @property
    def objects(self) -> list[StoredFile]:
        """All that is stored; a destruction of equal files may have deleted them since."""
        return [*self.files.values(), *([self.manifest] if self.manifest else [])]


def stored_files(entry: Entry) -> dict[str, StoredFile]:
    """The files of an entry by part, in the order of the manifest."""
    return {part: stored_file(entry.files[part]) for part in PARTS if part in entry.files}


def texts_of(entry: Entry) -> SearchText:
    """What the record of an entry is found by."""
    return search_text.of(entry.form, entry.year, entry.files)


def equal(one: Mapping[str, StoredFile], other: Mapping[str, StoredFile]) -> bool:
    """Whether payload, .docx and PDF are equal; without any of them, whether the originals are."""
    compared = [part for part in _COMPARED if part in one or part in other] or PARTS
    return all(one.get(part) == other.get(part) for part in compared)


def refuse_newer(newest: Record | None, after: str | None) -> None:
    """Raises NewerVersion if the newest version is not `after`, its key, "" for none; None is any."""
    if newest and after not in (None, newest.key):
        raise NewerVersion(newest.id, newest.version, newest.key)


def made(pending: Pending, version: int, described: StoredFile) -> Record:
    """The record of an entry as `version`, described by a stored manifest."""
    entry, texts = pending.entry, pending.texts
    of = (entry.tenant, entry.form, entry.year, entry.id, version)
    return Record(
        manifest.record_key(*of),
        *of,
        entry.edition["edition_hash"],
        entry.created,
        described.sha256,
        pending.files,
        len(entry.warnings),
        texts.submitter,
        texts.pages,
    )
