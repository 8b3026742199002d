"""Faults of the archive, of keys and of proofs."""

from service.errors.base import FieldError, KexieError


class ArchiveFault(KexieError, exit_code=6, zh="档案故障", en="Archive fault"):
    """The archive's data differ from what was written, or cannot be used."""


class ObjectMissing(ArchiveFault):
    """A file of the archive is missing."""


class ArchiveUnavailable(ArchiveFault, status=503, zh="档案暂不可用", en="The archive is not available"):
    """The archive's database or store does not answer, is full, or is read-only; retry later."""


class ArchiveUnwritable(ArchiveUnavailable):
    """The disk under the archive is full or read-only: no item is at fault."""


class UnreadablePackage(ArchiveFault, status=422, zh="无法核对这个包", en="The package cannot be checked"):
    """A zip that is damaged, or no package, or that may harm this machine when it is unpacked."""


class PackageTimeout(
    ArchiveFault, status=503, zh="没有核对完这个包", en="The package was not checked in time"
):
    """A package takes longer to be checked than a request may; the command has no deadline."""


class SigningFault(KexieError, status=503, exit_code=6, zh="签名没有做成", en="Signing failed"):
    """The service's key cannot be used, or the time stamp authority does not answer; tried again later."""


class AccessFault(
    KexieError,
    code="access_unavailable",
    status=503,
    zh="暂不能核对或签发令牌",
    en="Tokens cannot be checked or signed",
):
    """Tokens cannot be checked or signed: the issuer's keys cannot be fetched, or KEXIE_SECRET is not set."""


class ProofFault(
    KexieError, code="proof_failed", zh="文书未通过读回校验", en="The document failed its round-trip check"
):
    """A .docx, read back, differs from its data.

    Exit code 1: the check does not know the cause.
    """

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(
            f"文书读回后有 {len(errors)} 处与申报数据不符，未予交付。这是服务的故障，请告知管理员。",
            f"Read back, it differs from the data in {len(errors)} place(s). Notify the administrator.",
            errors,
        )
