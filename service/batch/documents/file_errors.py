"""The errors of uploaded files: of a whole upload, and of a single file."""

from schemas.bilingual import Bilingual
from service.errors import FieldError, UnreadableInput

PASSED_OVER = "passed_over"

#: Errors of the whole upload.
UPLOAD_MESSAGES: dict[str, tuple[str, str]] = {
    "not_a_zip": (
        "“{name}”不是完整的 .zip 压缩包。请重新压缩后提交；.rar、.7z 请改用 .zip。",
        "'{name}' is not a complete .zip. Pack it again; use .zip in place of .rar or .7z.",
    ),
    "zip_of_too_many": (
        "“{name}”里的文件太多。请分成几个压缩包提交。",
        "'{name}' has too many files: submit several smaller ones.",
    ),
    "no_documents": (
        "没有可以读取的文书。请提交填好的 .docx 等文书，或装有这些文书的 .zip。",
        "There is no document to read. Submit filled forms such as .docx, or a .zip of them.",
    ),
}

#: Errors of a file, of which the others know nothing; and the warning of those that are passed over.
FILE_MESSAGES: dict[str, tuple[str, str]] = {
    "odd_path": (
        "压缩包中这个文件的路径含“..”或从根目录起，不予读取。请重新压缩后提交。",
        "The path of this file in the zip has '..' or begins at the root, so it is not read: pack it again.",
    ),
    "packed_again": (
        "压缩包中的压缩包不展开。请解压后提交其中的文书。",
        "A zip inside a zip is not unpacked: unpack it and submit its documents.",
    ),
    "no_document": (
        "不是可以读取的文书（{kinds}）。请在 Word 或 WPS 中另存为 .docx 后提交。",
        "Not a document that can be read ({kinds}): save it as .docx in Word or WPS.",
    ),
    "sheet_among_files": (
        "表格不能与其他文件一起提交。请单独提交这份表格。",
        "A sheet cannot be submitted together with other files: submit it alone.",
    ),
    "not_saved_data": (
        "不是填写页保存的数据文件，或已损坏。请重新保存后提交。",
        "Not a file of data that the form page has saved, or damaged: save it again.",
    ),
    "file_too_large": (
        "文件超过 {maximum} MB，不予读取。请缩小图片后重新提交。",
        "The file is larger than {maximum} MB, so it is not read: reduce its pictures.",
    ),
    "zip_too_large": (
        "展开后共超过 {maximum} MB，这个文件及其后的没有读取。请分成几次提交。",
        "Unpacked, the files have more than {maximum} MB, so this one and those behind it are not read: "
        "submit them in several parts.",
    ),
    "locked_entry": (
        "压缩包设有密码，不能读取。请不设密码重新压缩。",
        "The zip is protected by a password: pack it again without one.",
    ),
    "broken_entry": (
        "压缩包中的这个文件已损坏，或压缩方式不受支持。请重新压缩后提交。",
        "This file in the zip is damaged or packed in an unsupported way: pack it again.",
    ),
    PASSED_OVER: (
        "临时文件和隐藏文件共 {count} 个，已略过：{names}。",
        "{count} temporary or hidden file(s) were passed over: {names}.",
    ),
}


def unreadable(code: str, **values: object) -> UnreadableInput:
    """The error `code` of `UPLOAD_MESSAGES`, to be raised."""
    zh, en = UPLOAD_MESSAGES[code]
    return UnreadableInput(zh.format(**values), en.format(**values))


def file_error(code: str, **values: object) -> FieldError:
    """The error or warning `code` of `FILE_MESSAGES`."""
    zh, en = FILE_MESSAGES[code]
    return FieldError("", "文件", code, Bilingual(zh.format(**values), en.format(**values)))
