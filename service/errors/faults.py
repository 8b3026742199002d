"""The service's own faults: templates, archive, access, proof."""

from __future__ import annotations

from service.errors.base import Bilingual, FieldError, KexieError


class TemplateFault(KexieError):
    """A template cannot be read, compiled or rendered."""

    code = "template_fault"
    exit_code = 4
    title = Bilingual("模板故障", "Template fault")


class ArchiveFault(KexieError):
    """The archive's data are not as they were written, or cannot be used as they are."""

    code = "archive_fault"
    exit_code = 6
    title = Bilingual("档案故障", "Archive fault")


class ObjectMissing(ArchiveFault):
    """A file of the archive is not there."""


class ArchiveUnavailable(ArchiveFault):
    """Database or store of the archive do not answer, are full, or must not be written; worth another try."""

    code = "archive_unavailable"
    status = 503
    title = Bilingual("档案暂不可用", "The archive is not available")


class ArchiveUnwritable(ArchiveUnavailable):
    """The disk under the archive is full, or must not be written: no item is at fault."""


class AccessFault(KexieError):
    """Tokens cannot be checked or signed: the issuer's keys cannot be had, or KEXIE_SECRET is not set."""

    code = "access_unavailable"
    status = 503
    title = Bilingual("暂不能核对或签发令牌", "Tokens cannot be checked or signed")


class ProofFault(KexieError):
    """A .docx, read back, is not what it was made of. Exit code 1: who is at fault, the proof cannot tell."""

    code = "proof_failed"
    title = Bilingual("文书未通过读回校验", "The document failed its proof")

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(
            f"文书读回后有 {len(errors)} 处与申报数据不符，未予交付。这是服务的故障，请告知管理员。",
            f"Read back, it differs from the data in {len(errors)} place(s): tell the administrator.",
        )
        self.errors = errors
