"""The program that reads a stranger's PDF in the sandbox and writes the facts of its signatures as JSON.

It imports nothing of the service, whose folders the sandbox does not show. Arguments: the PDF, a folder with
trusted certificates and revocation lists in DER, and the file to write.
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
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
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


def facts(pdf: bytes, trust: Trust) -> dict[str, Any]:
    """`state` is "read", "encrypted", "damaged" or "crowded"; `signatures` are the facts of each in order."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            return {"state": "encrypted", "signatures": []}
        fields = list(enumerate_sig_fields(reader, filled_status=True))[: MOST + 1]
    except _UNREADABLE as error:
        return _irregular(pdf, type(error).__name__)
    if len(fields) > MOST:
        return {"state": "crowded", "signatures": []}
    found = [_signature(reader, name, value, field, trust) for name, value, field in fields]
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


def _signature(reader: PdfFileReader, name: str, value: Any, field: Any, trust: Trust) -> dict[str, Any]:
    known: dict[str, Any] = {"field": name[:_TEXT], "place": sys.maxsize}
    try:
        value = value.get_object()
        known["chinese"] = _CHINESE in extract_contents(value)
        known["subfilter"] = str(value.get("/SubFilter", ""))[:_TEXT]
        signature = EmbeddedPdfSignature(reader, field, name)
        known["place"] = signature.signed_revision
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


def main(pdf: str, trusted: str, answer: str) -> None:
    """Writes the facts of a PDF's signatures."""
    logging.disable()  # pyHanko logs what it finds in the file
    found = facts(Path(pdf).read_bytes(), Trust(Path(trusted)))
    Path(answer).write_text(json.dumps(found), "ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
