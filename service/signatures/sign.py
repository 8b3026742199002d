"""Signs a PDF with the service's own key as PAdES (ETSI EN 319 142-1), in a further revision of the file."""

import asyncio
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import crl, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko_certvalidator import ValidationContext

from service.config import Settings
from service.errors import SigningFault
from service.signatures import pkcs11_key
from service.signatures.time_stamps import HttpTimeStamper
from service.signatures.trust import CERTIFICATE, LIST, trusted
from service.signatures.verify_worker import shown

logging.getLogger("pyhanko").setLevel(logging.ERROR)  # it warns that nothing is fetched

_FIELD = "KexieFormsSignature"
_FAULTS = (PdfError, OSError, ValueError, LookupError, AttributeError, NotImplementedError, TypeError)


@dataclass(frozen=True)
class SignedPdf:
    """A signed PDF, and what is known of the signature, as JSON."""

    content: bytes
    result: dict[str, Any]


class _Revision(IncrementalPdfFileWriter):
    """A further revision that leaves the document's metadata, its PDF/A claim among them, as they are."""

    def _update_meta(self) -> None:
        pass


class PdfSigner:
    """The service's key, loaded once, with the time stamp authority and the revocation lists of the settings.

    Level B-T with a time stamp authority, B-LT if KEXIE_TRUST has revocation lists beside it, else B-B.
    """

    def __init__(self, settings: Settings) -> None:
        """Raises SigningFault if the key cannot be used, UsageError for a wrong setting."""
        assert settings.sign_key
        with _faults():
            self._signer = _signer(settings.sign_key, settings.sign_passphrase)
        self._stamper = HttpTimeStamper(settings.timestamp_url, settings) if settings.timestamp_url else None
        self._known = trusted(settings)
        lists = any(kind == LIST for kind, _ in self._known)
        self.level = "B-B" if self._stamper is None else "B-LT" if lists else "B-T"

    def sign(self, pdf: bytes) -> SignedPdf:
        """The PDF, whose bytes it keeps, with an invisible signature behind. Raises SigningFault."""
        complete = self.level == "B-LT"
        about = signers.PdfSignatureMetadata(
            field_name=_FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            embed_validation_info=complete,
            validation_context=self._context() if complete else None,
        )
        with _faults():
            signing = signers.PdfSigner(about, self._signer, timestamper=self._stamper)
            out = asyncio.run(signing.async_sign_pdf(_Revision(io.BytesIO(pdf))))
        certificate = self._signer.signing_cert
        assert certificate is not None
        result = {
            "level": f"PAdES {self.level}",
            "signer": shown(certificate.subject),
            "certificate": certificate.sha256.hex(),
            "stamped": self._stamper is not None,
        }
        return SignedPdf(out.getvalue(), result)

    def _context(self) -> ValidationContext:
        roots = [x509.Certificate.load(content) for kind, content in self._known if kind == CERTIFICATE]
        lists = [crl.CertificateList.load(content) for kind, content in self._known if kind == LIST]
        return ValidationContext(trust_roots=roots, crls=lists, allow_fetching=False)


def _signer(place: Path | str, passphrase: str | None) -> signers.Signer:
    if isinstance(place, str):
        return pkcs11_key.signer(place, passphrase)
    content = place.read_bytes()
    secret = None if passphrase is None else passphrase.encode()
    found: signers.Signer = signers.SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=secret)
    return found


@contextmanager
def _faults() -> Iterator[None]:
    """Turns what fails into SigningFault; its reason names neither the passphrase nor what was signed."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, _FAULTS) and not type(error).__module__.startswith("pkcs11"):
            raise
        reason = str(error).split("\n", 1)[0][:200] or type(error).__name__
        raise SigningFault(
            f"签名没有做成：{reason}。请检查 KEXIE_SIGN_KEY、KEXIE_SIGN_PASSPHRASE、KEXIE_TIMESTAMP_URL。",
            f"Signing failed: {reason}. Check KEXIE_SIGN_KEY, KEXIE_SIGN_PASSPHRASE, KEXIE_TIMESTAMP_URL.",
        ) from error
