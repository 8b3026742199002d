"""LibreOffice gave no usable PDF."""

from __future__ import annotations

from service.errors.base import Bilingual, FieldError, KexieError


class ConversionFault(KexieError):
    """LibreOffice gave no usable PDF."""

    code = "conversion_fault"
    exit_code = 5
    title = Bilingual("转换 PDF 失败", "Conversion to PDF failed")


class CharacterNotDrawable(ConversionFault):
    """No installed font has a shape for some characters; `errors` names each, and the field that holds it."""

    code = "character_not_drawable"
    status = 422
    title = Bilingual("有字符无法印出", "Characters that no font draws")

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
    title = Bilingual("转换 PDF 超时", "Conversion to PDF timed out")


class ConverterMissing(ConversionFault):
    """LibreOffice or fonts are not installed, or cannot be used."""

    code = "converter_missing"
    status = 503
    title = Bilingual("没有可用的 LibreOffice 或字体", "LibreOffice or fonts are not available")


class DocumentRefused(ConversionFault):
    """The document ended or hung LibreOffice twice; it is not tried again for a while."""

    code = "document_refused"
    title = Bilingual("文书使 LibreOffice 反复失败", "The document breaks LibreOffice")


class QueueFull(ConversionFault):
    """As many documents as may wait are waiting."""

    code = "queue_full"
    status = 429
    title = Bilingual("等待转换的文书太多", "Too many documents are waiting")


class TempFolderFault(ConversionFault):
    """The folder for temporary files is not there, cannot be written, or is full."""

    code = "temp_folder_fault"
    status = 503
    title = Bilingual("无法使用临时目录", "The temporary folder cannot be used")
