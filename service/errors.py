"""The errors of kexie-forms, each with a stable code, an exit code and an HTTP status.

KexieError                    1  500  internal_error
├── UsageError                2  400  usage
│   ├── UnknownForm           2  404  unknown_form
│   ├── UnknownYear           2  404  unknown_year
│   ├── UnknownRecord         2  404  unknown_record
│   ├── UnknownBatch          2  404  unknown_batch
│   ├── UnknownKey            2  404  unknown_key
│   ├── Unauthorized          2  401  unauthorized
│   ├── Forbidden             2  403  forbidden
│   ├── RateExceeded          2  429  rate_exceeded
│   ├── IdempotencyKeyReused  2  422  idempotency_key_reused
│   └── IdempotencyConflict   2  409  idempotency_conflict
├── PayloadError              3
│   ├── NotJson               3  400  not_json
│   ├── InvalidPayload        3  422  invalid_payload    carries every FieldError at once
│   ├── UnreadableDocument    3  422  unreadable_document
│   ├── UnrecognisedForm      3  422  unrecognised_form
│   └── UnreadableInput       3  422  unreadable_input
├── TemplateFault             4  500  template_fault
├── ConversionFault           5  500  conversion_fault
│   ├── CharacterNotDrawable  5  422  character_not_drawable    carries every FieldError at once
│   │   └── FormNotDrawable   5  503  character_not_drawable    the form's own characters
│   ├── ConversionTimeout     5  503  conversion_timeout
│   ├── ConverterMissing      5  503  converter_missing
│   ├── DocumentRefused       5  500  document_refused
│   ├── QueueFull             5  429  queue_full
│   └── TempFolderFault       5  503  temp_folder_fault
├── ArchiveFault              6  500  archive_fault
│   ├── ObjectMissing         6  500  archive_fault
│   └── ArchiveUnavailable    6  503  archive_unavailable
│       └── ArchiveUnwritable 6  503  archive_unavailable    the disk is full, or must not be written
├── AccessFault               1  503  access_unavailable    who calls cannot be known, or proved
└── ProofFault                1  500  proof_failed    carries every FieldError at once

Errors are told by class. Their texts are for people: Chinese first, English beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Text:
    """One sentence in the two languages of the service."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"

    def of(self, lang: str) -> str:
        """The sentence in `lang`, "zh" or "en"."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class FieldError:
    """One fault of a payload: where (JSON Pointer, RFC 6901; official label), what, and what to do."""

    pointer: str
    label: str
    code: str
    message: Text

    def as_dict(self, lang: str = "zh") -> dict[str, str]:
        """The error as the API prints it, its message in `lang`."""
        return {
            "pointer": self.pointer,
            "label": self.label,
            "code": self.code,
            "message": self.message.of(lang),
        }


class KexieError(Exception):
    """Base of every expected error: `title` names the kind, `text` says what happened and what to do.

    `errors` tells each fault of the data, where the error is about data.
    """

    code: ClassVar[str] = "internal_error"
    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500
    title: ClassVar[Text] = Text("服务内部错误", "Internal error")
    retry_after: int = 5  # seconds, where another try later is worth it

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Text(zh, en)
        self.errors: tuple[FieldError, ...] = ()


class UsageError(KexieError):
    """The call itself is wrong: an unknown option, format or combination."""

    code = "usage"
    exit_code = 2
    status = 400
    title = Text("用法错误", "Usage error")


class UnknownForm(UsageError):
    """No form of that name."""

    code = "unknown_form"
    status = 404
    title = Text("没有这个表单", "Unknown form")


class UnknownYear(UsageError):
    """The form exists, but not in that plan year."""

    code = "unknown_year"
    status = 404
    title = Text("没有这个年度的版次", "Unknown year")


class UnknownRecord(UsageError):
    """The archive has no record of that key, or the record has no such part."""

    code = "unknown_record"
    status = 404
    title = Text("没有这条记录", "Unknown record")


class UnknownBatch(UsageError):
    """There is no batch of that name, or it has no such part."""

    code = "unknown_batch"
    status = 404
    title = Text("没有这个批次", "Unknown batch")


class UnknownKey(UsageError):
    """No key has that public id."""

    code = "unknown_key"
    status = 404
    title = Text("没有这个密钥", "Unknown key")


class Unauthorized(UsageError):
    """No key or token where one is needed, or one that does not count; `challenge` as RFC 6750, 3."""

    code = "unauthorized"
    status = 401
    title = Text("需要有效的密钥", "A valid key is needed")

    def __init__(self, zh: str, en: str, *, sent: bool = False) -> None:
        super().__init__(zh, en)
        self.challenge = 'Bearer error="invalid_token"' if sent else "Bearer"


class Forbidden(UsageError):
    """The caller is known, but may not do this; `challenge` as RFC 6750, 3."""

    code = "forbidden"
    status = 403
    title = Text("没有权限", "Forbidden")

    def __init__(self, zh: str, en: str, *, scopes: tuple[str, ...] = ()) -> None:
        super().__init__(zh, en)
        scope = f', scope="{" ".join(scopes)}"' if scopes else ""
        self.challenge = f'Bearer error="insufficient_scope"{scope}'


class RateExceeded(UsageError):
    """The caller makes more requests than KEXIE_RATE allows; `retry_after` tells when the next may come."""

    code = "rate_exceeded"
    status = 429
    title = Text("请求太多", "Too many requests")

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"请求过于频繁，请在 {retry_after} 秒后重试。",
            f"Too many requests: try again in {retry_after} seconds.",
        )
        self.retry_after = retry_after


class IdempotencyKeyReused(UsageError):
    """The Idempotency-Key came before, with another request."""

    code = "idempotency_key_reused"
    status = 422
    title = Text("Idempotency-Key 已用于别的请求", "Idempotency-Key was used for another request")

    def __init__(self) -> None:
        super().__init__(
            "这个 Idempotency-Key 已用于内容不同的请求。请为新的请求换一个。",
            "This Idempotency-Key came with another request: take a new one for a new request.",
        )


class IdempotencyConflict(UsageError):
    """The request with this Idempotency-Key is still at work."""

    code = "idempotency_conflict"
    status = 409
    title = Text("同一请求正在处理", "The same request is at work")

    def __init__(self) -> None:
        super().__init__(
            "带有这个 Idempotency-Key 的请求仍在处理，请稍后原样重试。",
            "The request with this Idempotency-Key is still at work: send it again later, unchanged.",
        )


class PayloadError(KexieError):
    """The payload cannot be taken."""

    code = "payload_error"
    exit_code = 3
    status = 400
    title = Text("报文有误", "Payload error")


class NotJson(PayloadError):
    """The payload is not JSON in UTF-8 (RFC 8259)."""

    code = "not_json"
    title = Text("报文不是有效的 JSON", "Not valid JSON")


class InvalidPayload(PayloadError):
    """The payload is JSON, but its data are wrong; `errors` holds every fault."""

    code = "invalid_payload"
    status = 422
    title = Text("申报数据有误", "Invalid data")

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(
            f"共有 {len(errors)} 处错误，请逐条改正后重新提交。",
            f"{len(errors)} error(s): mend each and send the payload again.",
        )
        self.errors = errors


class UnreadableDocument(PayloadError):
    """A file that was sent to be read is no Word document, or a broken one."""

    code = "unreadable_document"
    status = 422
    title = Text("无法读取文书", "The document cannot be read")


class UnrecognisedForm(PayloadError):
    """A document that was sent to be read is none of the official forms, or does not tell its year."""

    code = "unrecognised_form"
    status = 422
    title = Text("认不出是哪份表单", "Unrecognised form")


class UnreadableInput(PayloadError):
    """A batch's file cannot be read as a whole: broken, too large, or without headings."""

    code = "unreadable_input"
    status = 422
    title = Text("无法读取批次文件", "The batch's file cannot be read")


class TemplateFault(KexieError):
    """A template cannot be read, compiled or rendered."""

    code = "template_fault"
    exit_code = 4
    title = Text("模板故障", "Template fault")


class ConversionFault(KexieError):
    """LibreOffice gave no usable PDF."""

    code = "conversion_fault"
    exit_code = 5
    title = Text("转换 PDF 失败", "Conversion to PDF failed")


class CharacterNotDrawable(ConversionFault):
    """No installed font has a shape for some characters; `errors` names each, and the field that holds it."""

    code = "character_not_drawable"
    status = 422
    title = Text("有字符无法印出", "Characters that no font draws")

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(
            f"共有 {len(errors)} 处字符没有字体可以印出，未生成 PDF。请逐条处理，或改取 .docx。",
            f"{len(errors)} character(s) have no font, so there is no PDF: mend each, or take the .docx.",
        )
        self.errors = errors


class FormNotDrawable(CharacterNotDrawable):
    """No installed font has a shape for some characters of the form itself, whatever the payload says."""

    status = 503


class ConversionTimeout(ConversionFault):
    """No PDF in time: LibreOffice passed its deadline, did not start, or its pool ended or gave no answer."""

    code = "conversion_timeout"
    status = 503
    title = Text("转换 PDF 超时", "Conversion to PDF timed out")


class ConverterMissing(ConversionFault):
    """LibreOffice or fonts are not installed, or cannot be used."""

    code = "converter_missing"
    status = 503
    title = Text("没有可用的 LibreOffice 或字体", "LibreOffice or fonts are not available")


class DocumentRefused(ConversionFault):
    """The document ended or hung LibreOffice twice; it is not tried again for a while."""

    code = "document_refused"
    title = Text("文书使 LibreOffice 反复失败", "The document breaks LibreOffice")


class QueueFull(ConversionFault):
    """As many documents as may wait are waiting."""

    code = "queue_full"
    status = 429
    title = Text("等待转换的文书太多", "Too many documents are waiting")


class TempFolderFault(ConversionFault):
    """The folder for temporary files is not there, cannot be written, or is full."""

    code = "temp_folder_fault"
    status = 503
    title = Text("无法使用临时目录", "The temporary folder cannot be used")


class ArchiveFault(KexieError):
    """The archive's data are not as they were written, or cannot be used as they are."""

    code = "archive_fault"
    exit_code = 6
    title = Text("档案故障", "Archive fault")


class ObjectMissing(ArchiveFault):
    """A file of the archive is not there."""


class ArchiveUnavailable(ArchiveFault):
    """Database or store of the archive do not answer, are full, or must not be written; worth another try."""

    code = "archive_unavailable"
    status = 503
    title = Text("档案暂不可用", "The archive is not available")


class ArchiveUnwritable(ArchiveUnavailable):
    """The disk under the archive is full, or must not be written: no item is at fault."""


class AccessFault(KexieError):
    """Tokens cannot be checked or signed: the issuer's keys cannot be had, or KEXIE_SECRET is not set."""

    code = "access_unavailable"
    status = 503
    title = Text("暂不能核对或签发令牌", "Tokens cannot be checked or signed")


class ProofFault(KexieError):
    """A .docx, read back, is not what it was made of. Exit code 1: who is at fault, the proof cannot tell."""

    code = "proof_failed"
    title = Text("文书未通过读回校验", "The document failed its proof")

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(
            f"文书读回后有 {len(errors)} 处与申报数据不符，未予交付。这是服务的故障，请告知管理员。",
            f"Read back, it differs from the data in {len(errors)} place(s): tell the administrator.",
        )
        self.errors = errors
