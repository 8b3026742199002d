"""The certificates and revocation lists that an administrator trusts (KEXIE_TRUST)."""

import re
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from service.config import Settings
from service.errors import UsageError

CERTIFICATE, LIST = "crt", "crl"
_CERTIFICATES = re.compile(b"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_LISTS = re.compile(b"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)
_SUFFIXES = (".pem", ".crt", ".cer", ".der", ".crl")
_LARGEST = 16 * 1024 * 1024  # bytes of a file; revocation lists are long


def trusted(settings: Settings) -> list[tuple[str, bytes]]:
    """Each certificate (CERTIFICATE) and revocation list (LIST) in DER; none without the setting.

    Raises UsageError for a file or folder that cannot be read, or holds neither.
    """
    if settings.trust is None:
        return []
    try:
        found = [each for file in _files(settings.trust) for each in _read(file)]
    except (OSError, ValueError) as error:
        raise _unusable(settings.trust) from error
    if not any(kind == CERTIFICATE for kind, _ in found):
        raise _unusable(settings.trust)
    return found


def _files(place: Path) -> list[Path]:
    if place.is_dir():
        return sorted(file for file in place.iterdir() if file.suffix.lower() in _SUFFIXES)
    return [place]


def _read(file: Path) -> Iterator[tuple[str, bytes]]:
    """What a file holds: any number of PEM blocks, or one object in DER, a list if it is named .crl."""
    if file.stat().st_size > _LARGEST:
        raise ValueError(file)
    content = file.read_bytes()
    if b"-----BEGIN" not in content:
        is_list = file.suffix.lower() == ".crl"
        x509.load_der_x509_crl(content) if is_list else x509.load_der_x509_certificate(content)
        yield LIST if is_list else CERTIFICATE, content
        return
    for block in _CERTIFICATES.findall(content):
        yield CERTIFICATE, x509.load_pem_x509_certificate(block).public_bytes(Encoding.DER)
    for block in _LISTS.findall(content):
        yield LIST, x509.load_pem_x509_crl(block).public_bytes(Encoding.DER)


def _unusable(place: Path) -> UsageError:
    return UsageError(
        f"KEXIE_TRUST（{place}）读不出可信证书：须是 PEM 或 DER 的证书文件，或放这些文件的目录。",
        f"KEXIE_TRUST ({place}) holds no readable certificate: name a file in PEM or DER, or a folder "
        "of them.",
    )
