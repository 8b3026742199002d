"""Certificates, signed PDFs and time stamps, made for a test."""

from __future__ import annotations

import asyncio
import functools
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
from asn1crypto import crl, keys, x509
from cryptography import x509 as made
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from service.signatures import verdicts, verify_worker
from service.signatures.verifier_process import Examined

ROOT = "云泽测试根证书"
_NOW = datetime.now(UTC).replace(microsecond=0)
_DER = serialization.Encoding.DER


@dataclass(frozen=True)
class Identity:
    """A certificate and its key."""

    certificate: made.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def der(self):
        return self.certificate.public_bytes(_DER)

    @property
    def asn1(self):
        return x509.Certificate.load(self.der)

    @property
    def asn1_key(self):
        plain = serialization.NoEncryption()
        return keys.PrivateKeyInfo.load(
            self.key.private_bytes(_DER, serialization.PrivateFormat.PKCS8, plain)
        )

    def pkcs12(self, passphrase, *above):
        """The identity as a PKCS#12 file, with the certificates `above` it."""
        locked = serialization.BestAvailableEncryption(passphrase.encode())
        chain = [each.certificate for each in above]
        return pkcs12.serialize_key_and_certificates(b"seal", self.key, self.certificate, chain, locked)


def _name(common, organisation="云泽县科学技术协会"):
    oid = NameOID
    parts = {oid.COUNTRY_NAME: "CN", oid.ORGANIZATION_NAME: organisation, oid.COMMON_NAME: common}
    return made.Name([made.NameAttribute(*part) for part in parts.items()])


def _usage(**wanted):
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment"]
    names += ["key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return made.KeyUsage(**{name: wanted.get(name, False) for name in names})


def authority(common=ROOT):
    """The root of that name."""
    return _authority(common)


@functools.cache
def _authority(common):
    key = ec.generate_private_key(ec.SECP256R1())
    return Identity(_certificate(_name(common), key, _name(common), key, None, ca=True), key)


def identity(common="云泽县科协公章", by=ROOT, days=(-1, 365), stamps=False):
    """A certificate of the root `by`, valid from and to these days from now; `stamps`: for time stamps."""
    return _identity(common, by, days, stamps)


@functools.cache
def _identity(common, by, days, stamps):
    above = authority(by)
    # pyHanko's time stamp authority for tests signs with RSA only.
    key = rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
    return Identity(_certificate(_name(common), key, above.certificate.subject, above.key, days, stamps), key)


def _certificate(subject, key, issuer, signing, days, stamps=False, *, ca=False):
    start, end = days or (-3650, 3650)
    builder = made.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=made.random_serial_number(),
        not_valid_before=_NOW + timedelta(days=start),
        not_valid_after=_NOW + timedelta(days=end),
    )
    usage = (
        _usage(key_cert_sign=True, crl_sign=True)
        if ca
        else _usage(digital_signature=True, content_commitment=True)
    )
    builder = builder.add_extension(made.BasicConstraints(ca, None), True).add_extension(usage, True)
    if not ca:
        places = [made.UniformResourceIdentifier("http://ca.invalid/revoked.crl")]
        point = made.DistributionPoint(places, None, None, None)
        builder = builder.add_extension(made.CRLDistributionPoints([point]), False)
    if stamps:
        builder = builder.add_extension(made.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    return builder.sign(signing, hashes.SHA256())


def trust(folder: Path, *roots):
    """A file with the certificates of these roots, as KEXIE_TRUST names it."""
    file = folder / "trusted.pem"
    file.write_bytes(b"".join(each.certificate.public_bytes(serialization.Encoding.PEM) for each in roots))
    return file


def blank_pdf(mark=""):
    """A PDF of one empty page, another for each mark."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    document.docinfo["/Title"] = mark
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _signer(of, above=(ROOT,)):
    known = SimpleCertificateStore()
    known.register_multiple([of.asn1, *(authority(each).asn1 for each in above)])
    return signers.SimpleSigner(signing_cert=of.asn1, signing_key=of.asn1_key, cert_registry=known)


def stamper(at=None):
    """A time stamp authority of the root."""
    of = identity("云泽时间戳", days=(-1000, 1000), stamps=True)
    known = SimpleCertificateStore()
    known.register_multiple([of.asn1, authority().asn1])
    return DummyTimeStamper(of.asn1, of.asn1_key, certs_to_embed=known, fixed_dt=at)


def signed(pdf, of=None, field="Seal1", at=None, above=(ROOT,), **metadata):
    """The PDF, signed by an identity of the roots `above`, with a time stamp of the time `at` if given."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    about = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256", **metadata
    )
    signing = signers.PdfSigner(
        about, _signer(of or identity(), above), timestamper=stamper(at) if at else None
    )
    with ThreadPoolExecutor(1) as thread:  # a test's own may have a running loop
        return thread.submit(asyncio.run, signing.async_sign_pdf(writer)).result().getvalue()


def with_revocation_data(pdf):
    """A signed PDF with what proves its signature (DSS: certificates, revoked ones) added behind."""
    roots, lists = [authority().asn1], [crl.CertificateList.load(revocation_list())]
    known = ValidationContext(trust_roots=roots, crls=lists, allow_fetching=False)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1]
    with ThreadPoolExecutor(1) as thread:  # a test's own may have a running loop
        adding = async_add_validation_info(signature, known)
        return thread.submit(asyncio.run, adding).result().getvalue()


def visibly_signed(pdf, field="Seal1", **metadata):
    """The PDF, signed with a seal that is seen on its page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    fields.append_signature_field(writer, fields.SigFieldSpec(field, on_page=0, box=(100, 100, 250, 200)))
    about = signers.PdfSignatureMetadata(field_name=field, **metadata)
    with ThreadPoolExecutor(1) as thread:  # a test's own may have a running loop
        signing = signers.PdfSigner(about, _signer(identity())).async_sign_pdf(writer)
        return thread.submit(asyncio.run, signing).result().getvalue()


def changed(pdf):
    """A signed PDF whose page was changed afterwards, in a further revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/MediaBox"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 300)))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def painted(pdf):
    """A PDF on whose page a red bar was painted afterwards, in a further revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    bar = writer.add_object(generic.StreamObject(stream_data=b"1 0 0 rg 100 400 300 30 re f"))
    page["/Contents"] = generic.ArrayObject([bar])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def encrypted(pdf):
    """A PDF that opens with a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return out.getvalue()


def with_foreign_seal(pdf, form):
    """A signed PDF whose signature claims SM2 as its algorithm, and another form if one is given."""
    sealed = pdf.replace(b"/ETSI.CAdES.detached", form.ljust(20)) if form else pdf
    ecdsa_with_sha256, sm2_with_sm3 = b"2A8648CE3D040302", b"2A811CCF55018375"
    at = sealed.upper().rindex(ecdsa_with_sha256)  # the signature's, behind the certificates'
    return sealed[:at] + sm2_with_sm3.lower() + sealed[at + len(sm2_with_sm3) :]


def revocation_list(*gone):
    """The root's list of revoked certificates, in DER."""
    root = authority()
    builder = made.CertificateRevocationListBuilder(
        root.certificate.subject, _NOW - timedelta(days=2), _NOW + timedelta(days=30)
    )
    for each in gone:
        row = made.RevokedCertificateBuilder(each.certificate.serial_number, _NOW - timedelta(days=2))
        builder = builder.add_revoked_certificate(row.build())
    return builder.sign(root.key, hashes.SHA256()).public_bytes(_DER)


def examine_here(folder: Path) -> Callable[..., Examined]:
    """`examine` in this process; it trusts the test's root, which is written to `folder`."""
    (folder / "0.crt").write_bytes(authority().der)
    trust = verify_worker.Trust(folder)

    def examine(pdf: bytes, _: object, archived: int = 0) -> Examined:
        found = verify_worker.facts(pdf, trust, archived)
        return Examined(found["state"], tuple(map(verdicts.signature, found["signatures"])))

    return examine
