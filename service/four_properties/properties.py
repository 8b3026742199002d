"""The checks of each property, from what verification, the database and the documents have shown."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from service.archive import Archive, Verification
from service.archive.private_files import OBJECTS, open_to_others
from service.archive.sqlite_database import sqlite_file
from service.audit.chain_proof import Proof
from service.errors import Bilingual
from service.four_properties.check import EXPLAIN, PASSED, Check, checked, filled, unchecked
from service.four_properties.content import ADDED, Content
from service.four_properties.database_findings import Rows
from service.four_properties.texts import ON_SERVERS, SIGNED
from service.signatures.verdicts import VERDICTS

AUTHENTICITY, INTEGRITY, USABILITY, SECURITY = "authenticity", "integrity", "usability", "security"
PROPERTIES = {
    AUTHENTICITY: Bilingual("真实性", "authenticity"),
    INTEGRITY: Bilingual("完整性", "integrity"),
    USABILITY: Bilingual("可用性", "usability"),
    SECURITY: Bilingual("安全性", "security"),
}
_ALTERED = {"changed", "changed_before", "broken", "revoked"}  # verdicts
_UNLIKE_LOG = (
    *("differs_from_log", "addition_unlogged", "hold_missing"),
    *("period_differs", "hold_differs", "list_differs", "key_differs"),
)
_DIGITS = 16  # of a hash


@dataclass(frozen=True)
class Findings:
    """What was found of an archive; `faults` counts those of the verification by code."""

    verified: Verification
    faults: Counter[str]
    log: Proof
    rows: Rows
    content: Content


def authenticity(found: Findings) -> list[Check]:
    """真实性: documents are what was archived, by whom, and unchanged since."""
    records, faults, rows = found.verified.records, found.faults, found.rows
    changed = faults["object_changed"] + faults["wrong_size"] + faults["sm3_differs"]
    unlike_log = sum(faults[code] for code in _UNLIKE_LOG)
    files = checked("files_unchanged", found.verified.files, changed, added=found.content.all(ADDED))
    if faults["sm3_unchecked"] and not changed:
        files = replace(files, result=EXPLAIN)
    return [
        files,
        checked("manifests_unchanged", records, faults["manifest_changed"]),
        checked("metadata_agree", records, faults["row_differs"] + faults["search_differs"] + unlike_log),
        _chain(found.log),
        checked("origin_logged", records, rows.unlogged, EXPLAIN),
        _signatures(rows),
    ]


def _chain(log: Proof) -> Check:
    check = checked("audit_chain", log.rows, int(log.fault is not None), hash=log.hash[:_DIGITS])
    return replace(check, evidence=log.fault.message) if log.fault else check


def _signatures(rows: Rows) -> Check:
    signed = {code: rows.verdicts[code] for code in sorted(filter(None, rows.verdicts))}
    check = checked("signatures", sum(signed.values()), sum(signed.get(code, 0) for code in _ALTERED))
    if not signed:
        return check
    verdicts = Bilingual(
        "，".join(f"{VERDICTS[code].zh} {number} 件" for code, number in signed.items()),
        ", ".join(f"{VERDICTS[code].en} {number}" for code, number in signed.items()),
    )
    doubtful = check.result == PASSED and set(signed) != {"valid"}
    result = EXPLAIN if doubtful else check.result
    return replace(check, result=result, evidence=filled(SIGNED, verdicts=verdicts))


def integrity(found: Findings) -> list[Check]:
    """完整性: nothing is missing, and nothing is there that does not belong."""
    records, files = found.verified.records, found.verified.files
    faults, rows = found.faults, found.rows
    foreign = faults["object_without_row"] + faults["foreign_file"] + faults["young_object_without_row"]
    return [
        checked("manifests_present", records, faults["row_without_object"] + faults["record_missing"]),
        checked("files_present", files, faults["object_missing"] + faults["addition_missing"]),
        checked("nothing_foreign", files, foreign),
        checked("versions_complete", rows.submissions, rows.gaps),
        checked("submitters_present", records, rows.unnamed, EXPLAIN),
        checked("log_complete", rows.acts, rows.lost, EXPLAIN),
    ]


def usability(found: Findings) -> list[Check]:
    """可用性: documents open, in formats that last."""
    content = found.content
    opened = {part: (content.all(part), content.broken(part)) for part in ("pdf", "docx", "payload", ADDED)}
    formats = sorted(content.formats.items())
    listed = Bilingual(
        "，".join(f"{name} {number} 份" for name, number in formats) or "没有文件",
        ", ".join(f"{name} {number}" for name, number in formats) or "no files",
    )
    return [
        checked("pdf_opens", *opened["pdf"], pages=content.pages),
        checked("pdf_a", content.read["pdf"], content.wrong["pdf_a"].count, EXPLAIN),
        checked("docx_opens", *opened["docx"]),
        checked("payload_readable", *opened["payload"]),
        checked("added_opens", *opened[ADDED]),
        checked("added_pdf_a", content.added_pdfs, content.wrong["added_pdf_a"].count, EXPLAIN),
        checked("formats", content.read.total(), content.wrong["formats"].count, EXPLAIN, formats=listed),
    ]


def security(archive: Archive, found: Findings) -> list[Check]:
    """安全性: who can reach the files, what in them could do harm; and what the service cannot check."""
    content, acts = found.content, found.rows.acts
    return [
        permissions(archive),
        checked("no_macros", content.read["docx"], content.wrong["no_macros"].count),
        checked("acts_logged", acts, 0, acts=acts),
        unchecked("viruses"),
        unchecked("media"),
    ]


def permissions(archive: Archive) -> Check:
    """Whether the folders and the index are closed to others."""
    places: list[Path] = []
    if file := sqlite_file(archive.engine.url):
        places += [file.parent, file]
    if archive.objects.folder:
        places.append(archive.objects.folder / OBJECTS)
    if not places:
        return unchecked("permissions", ON_SERVERS)
    return checked("permissions", len(places), sum(map(open_to_others, places)))
