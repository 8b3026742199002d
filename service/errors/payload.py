"""What came to be read cannot be taken."""

from __future__ import annotations

from service.errors.base import Bilingual, FieldError, KexieError


class PayloadError(KexieError):
    """The payload cannot be taken."""

    code = "payload_error"
    exit_code = 3
    status = 400
    title = Bilingual("报文有误", "Payload error")


class NotJson(PayloadError):
    """The payload is not JSON in UTF-8 (RFC 8259)."""

    code = "not_json"
    title = Bilingual("报文不是有效的 JSON", "Not valid JSON")


class InvalidPayload(PayloadError):
    """The payload is JSON, but its data are wrong; `errors` holds every fault."""

    code = "invalid_payload"
    status = 422
    title = Bilingual("申报数据有误", "Invalid data")

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
    title = Bilingual("无法读取文书", "The document cannot be read")


class UnrecognisedForm(PayloadError):
    """A document that was sent to be read is none of the official forms, or does not tell its year."""

    code = "unrecognised_form"
    status = 422
    title = Bilingual("认不出是哪份表单", "Unrecognised form")


class UnreadableInput(PayloadError):
    """A batch's file cannot be read as a whole: broken, too large, or without headings."""

    code = "unreadable_input"
    status = 422
    title = Bilingual("无法读取批次文件", "The batch's file cannot be read")
