"""The program that reads a stranger's PDF in the sandbox and writes the facts of its signatures as JSON.

It imports nothing of the service, whose folders the sandbox does not show. Arguments: the PDF, a folder with
trusted certificates and revocation lists in DER, the bytes that the archived PDF has at its beginning (0: not
known), and the file to write.
"""

import asyncio
import io
import json
import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdfium2
from asn1crypto import crl, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign import diff_analysis as diff
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, extract_contents
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

MOST = 50  # signatures; each is checked against all that follows it
_ENDING = 1024  # bytes at the end, which contain %%EOF unless the file was cut
_TEXT = 200  # characters of a name
_CHINESE = bytes.fromhex("2a811ccf55")  # beginning of the DER of 1.2.156.10197, GM/T 0006
_ANY_USAGE = KeyUsageConstraints(key_usage=set())  # seals are often issued for digital_signature alone
_UNREADABLE = (
    PdfError,
    SignatureValidationError,
    NotImplementedError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
_CATALOG = diff.CatalogModificationRule(diff.CatalogModificationRule().ignored_keys | {"/Perms"})
_FORM = diff.FormUpdatingRule(
    [diff.SigFieldCreationRule(), diff.SigFieldModificationRule()],
    diff.FormUpdatingRule([]).ignored_acroform_keys | {"/SigFlags"},
)
#: What signing adds: the default, which begins with the rule on the catalog, without values of other fields.
_SIGNING = diff.StandardDiffPolicy([_CATALOG, *diff.DEFAULT_DIFF_POLICY.global_rules[1:]], _FORM)


class Reader(PdfFileReader):
    """pyHanko's reader, which reads the table of an object stream once, not for each object in it."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(io.BytesIO(pdf), strict=False)
        self._tables: dict[int, tuple[bytes, dict[int, int]]] = {}

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        try:
            if stmnum not in self._tables:
                self._tables[stmnum] = self._table(generic.Reference(stmnum, 0, self).get_object())
            content, places = self._tables[stmnum]
            stream = io.BytesIO(content)
            stream.seek(places[idnum])
            return generic.read_object(stream, generic.Reference(idnum, 0, self))
        except _UNREADABLE:
            return super()._get_object_from_stream(idnum, stmnum, idx)  # type: ignore[no-untyped-call]

    @staticmethod
    def _table(stream: Any) -> tuple[bytes, dict[int, int]]:
        """The content of an object stream, and where each object is in it (ISO 32000-2, 7.5.7)."""
        content, first = stream.read_data(DecodePurpose.OBJECT_STREAM), int(stream["/First"])
        numbers = list(map(int, content[:first].split()[: 2 * int(stream["/N"])]))
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        return content, {number: first + place for number, place in reversed(pairs)}


class BeforeSigning:
    """What was added to the archived PDF, the first `archived` bytes of a file, until it was signed."""

    def __init__(self, reader: Reader, pdf: bytes, archived: int) -> None:
        self._reader, self._archived = reader, pdf[:archived]

    def until(self, signed: int) -> str:
        """ "unchanged" if the revisions to that number add what signing does, "changed", or "undecided"."""
        try:
            last = self._last_archived()
            for revision in range(last + 1, signed + 1):
                old, new = map(self._reader.get_historical_resolver, (last, revision))
                _SIGNING.apply(_with_form(old), _with_form(new))
        except diff.SuspiciousModification:
            return "changed"
        except _UNREADABLE:
            return "undecided"
        return "unchanged"

    def _last_archived(self) -> int:
        """The number of the revision that ends the archived PDF; what follows has to continue it."""
        archived, found = Reader(self._archived).xrefs, self._reader.xrefs
        for each in range(archived.total_revisions):
            place = archived.get_startxref_for_revision(each)
            if each >= found.total_revisions or found.get_startxref_for_revision(each) != place:
                raise diff.SuspiciousModification("the archived revisions are not continued")
        return int(archived.total_revisions) - 1


def _with_form(of: HistoricalResolver) -> HistoricalResolver:
    """A revision, with an empty form if it has none: pyHanko compares forms where both revisions have one."""
    if "/AcroForm" not in of.root:
        of.root["/AcroForm"] = generic.DictionaryObject({"/Fields": generic.ArrayObject()})
    return of


class Trust:
    """The certificates that are trusted, and the revocation lists that are known."""

    def __init__(self, folder: Path) -> None:
        self._roots = [x509.Certificate.load(file.read_bytes()) for file in sorted(folder.glob("*.crt"))]
        self._lists = [crl.CertificateList.load(file.read_bytes()) for file in sorted(folder.glob("*.crl"))]

    def context(self, moment: datetime | None = None) -> ValidationContext:
        """A context for one signature, as of `moment` or now; it fetches nothing."""
        return ValidationContext(
            trust_roots=self._roots, crls=self._lists, moment=moment, allow_fetching=False
        )


def facts(pdf: bytes, trust: Trust, archived: int = 0) -> dict[str, Any]:
    """`state` is "read", "encrypted", "damaged" or "crowded"; `signatures` are the facts of each in order.

    `archived` is the length of the archived PDF with which the file begins, if it does.
    """
    try:
        reader = Reader(pdf)
        if reader.encrypted:
            return {"state": "encrypted", "signatures": []}
        fields = list(enumerate_sig_fields(reader, filled_status=True))[: MOST + 1]
    except _UNREADABLE as error:
        return _irregular(pdf, type(error).__name__)
    if len(fields) > MOST:
        return {"state": "crowded", "signatures": []}
    before = BeforeSigning(Reader(pdf), pdf, archived) if archived else None
    found = [_signature(reader, name, value, field, trust, before) for name, value, field in fields]
    return {"state": "read", "signatures": sorted(found, key=lambda each: each.pop("place"))}


def _irregular(pdf: bytes, fault: str) -> dict[str, Any]:
    """A file that other readers may open, as those of some scanners; its signatures cannot be read."""
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            readable = len(document) > 0 and b"%%EOF" in pdf[-_ENDING:]
    except pypdfium2.PdfiumError:
        readable = False
    if not readable:
        return {"state": "damaged", "signatures": []}
    return {"state": "read", "signatures": [{"field": "", "fault": fault}] if b"/ByteRange" in pdf else []}


def _signature(
    reader: Reader, name: str, value: Any, field: Any, trust: Trust, before: BeforeSigning | None
) -> dict[str, Any]:
    known: dict[str, Any] = {"field": name[:_TEXT], "place": sys.maxsize}
    try:
        value = value.get_object()
        known["chinese"] = _CHINESE in extract_contents(value)
        known["subfilter"] = str(value.get("/SubFilter", ""))[:_TEXT]
        signature = EmbeddedPdfSignature(reader, field, name)
        known["place"] = signature.signed_revision
        if before:
            known["before"] = before.until(signature.signed_revision)
        return known | asyncio.run(_verified(signature, trust))
    except _UNREADABLE as error:
        return known | {"fault": type(error).__name__}


async def _verified(signature: EmbeddedPdfSignature, trust: Trust) -> dict[str, Any]:
    if signature.sig_object_type == "/DocTimeStamp":
        stamped = await async_validate_pdf_timestamp(signature, trust.context())
        when = stamped.timestamp.isoformat()
        return {"kind": "timestamp", **_of_status(stamped), "time": when, "stamped": True}
    status = await _status(signature, trust, None)
    stamp = status.timestamp_validity
    if stamp is not None and not stamp.trusted:
        stamp = None  # it proves no more than the signer's own word
    if stamp is not None and not status.trusted:
        # What the certificate was when the time stamp was made.
        status = await _status(signature, trust, stamp.timestamp)
    time = stamp.timestamp if stamp else signature.self_reported_timestamp
    return {
        "kind": "signature",
        **_of_status(status),
        "time": time.isoformat() if time else None,
        "stamped": stamp is not None,
    }


async def _status(
    signature: EmbeddedPdfSignature, trust: Trust, moment: datetime | None
) -> PdfSignatureStatus:
    return await async_validate_pdf_signature(
        signature, trust.context(moment), trust.context(moment), key_usage_settings=_ANY_USAGE
    )


def _of_status(status: PdfSignatureStatus | DocumentTimestampStatus) -> dict[str, Any]:
    certificate, problem = status.signing_cert, status.trust_problem_indic
    return {
        "intact": bool(status.intact and status.valid),
        "coverage": None if status.coverage is None else status.coverage.name,
        "allowed": bool(status.docmdp_ok),
        "trusted": status.trusted,
        "problem": None if problem is None else problem.standard_name,
        "revoked": status.revoked,
        "signer": shown(certificate.subject),
        "issuer": shown(certificate.issuer),
        "serial": f"{certificate.serial_number:x}"[:_TEXT],
        "certificate": certificate.sha256.hex(),
        "not_before": certificate.not_valid_before.isoformat(),
        "not_after": certificate.not_valid_after.isoformat(),
        "algorithm": f"{status.pkcs7_signature_mechanism} {status.md_algorithm}"[:_TEXT],
    }


def shown(name: x509.Name) -> str:
    """Common name, unit, organisation: what of them the certificate has."""
    native = name.native
    parts = (native.get(key) for key in ("common_name", "organizational_unit_name", "organization_name"))
    texts = ["、".join(part) if isinstance(part, list) else part for part in parts if part]
    return "，".join(dict.fromkeys(texts))[:_TEXT] or name.human_friendly[:_TEXT]


def main(pdf: str, trusted: str, archived: str, answer: str) -> None:
    """Writes the facts of a PDF's signatures."""
    logging.disable()  # pyHanko logs what it finds in the file
    found = facts(Path(pdf).read_bytes(), Trust(Path(trusted)), int(archived))
    Path(answer).write_text(json.dumps(found), "ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
