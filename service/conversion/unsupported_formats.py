"""Names what a file is that is called .doc or .docx and is neither, by its signature or first tag."""

import codecs
import re
from collections.abc import Collection

from service.conversion.conversion_errors import SAVE_AS_DOCX, unreadable
from service.errors import Bilingual, UnreadableDocument

_HEAD = 4096  # bytes looked at
_SUBMIT = Bilingual("请提交 .docx 文书。", "Submit the .docx document.")
_UNPACK = Bilingual("请解压后提交其中的文书。", "Unpack it and submit the document inside.")

_SIGNATURES: tuple[tuple[tuple[bytes, ...], Bilingual, Bilingual], ...] = (
    (
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"),
        Bilingual("图片或扫描件", "a picture or scan"),
        _SUBMIT,
    ),
    (
        (b"PK", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"),
        Bilingual("压缩包", "an archive"),
        _UNPACK,
    ),
    ((b"%!PS",), Bilingual("PostScript 文件", "a PostScript file"), _SUBMIT),
)
# The first tag, or the first lines, of what Word and WPS open as a document.
_TEXTS = {
    r"<(\w+:)?wordDocument\b|<\?mso-application[^>]*Word\.Document": (
        "Word 2003 XML 文件",
        "a Word 2003 XML file",
    ),
    r"<(\w+:)?package\b[^>]*xmlPackage": ("单一 XML 格式的 Word 文件（Flat OPC）", "a flat OPC file"),
    r"<office:document\b": ("单一 XML 格式的 OpenDocument 文件", "a flat OpenDocument file"),
    r"<uof:UOF\b": ("标文通（UOF）文件", "a UOF file"),
    r"(?is)\A(<\?xml[^>]*>|<!--.*?-->|\s)*"
    r"<(!doctype\s+html|html|head|body|meta|title|style|table|div|p|center)\b": (
        "网页（HTML）",
        "a web page (HTML)",
    ),
    r"(?im)^(mime-version:|content-type:\s*multipart/related)": (
        "单个文件网页（MHTML）",
        "a web archive (MHTML)",
    ),
    r"\A\s*<\?xml\b|\A\s*<\w": ("XML 文件", "an XML file"),
}
_EXCEL = Bilingual("Excel 表格", "an Excel workbook")
_POWERPOINT = Bilingual("PowerPoint 演示文稿", "a PowerPoint presentation")
_STREAMS = {  # of OLE files
    "Workbook": _EXCEL,
    "PowerPoint Document": _POWERPOINT,
    "__substg1.0_": Bilingual("Outlook 邮件", "an Outlook message"),
}
_PARTS = {  # of packages
    "xl/": _EXCEL,
    "ppt/": _POWERPOINT,
    "visio/": Bilingual("Visio 图", "a Visio drawing"),
    "OFD.xml": Bilingual("OFD 版式文件", "an OFD file"),
}
_DOCUMENT = re.compile(r"(?is).*\.(docx?|wps|odt|rtf|pdf)")


def refusal(content: bytes) -> UnreadableDocument:
    """The refusal of a file without a known signature, named where it can be."""
    if not content:
        return _refused(Bilingual("空文件", "an empty file"), _SUBMIT)
    for signatures, name, advice in _SIGNATURES:
        if content.startswith(signatures):
            return _refused(name, advice)
    text = _text(content[:_HEAD])
    if text is None:
        return unreadable(
            "这不是 Word 文书。请提交 .docx、.doc、.wps、.odt 或 .rtf 文件，"
            "或本服务生成的、携带数据的 PDF；Word 或 WPS 打得开的文件，",
            "This is not a Word document. Submit a .docx, .doc, .wps, .odt or .rtf file, or a PDF of this "
            "service with attached data. If Word or WPS opens it:",
        )
    for pattern, names in _TEXTS.items():
        if re.search(pattern, text):
            return _refused(Bilingual(*names), SAVE_AS_DOCX)
    return _refused(Bilingual("纯文本", "plain text"), SAVE_AS_DOCX)


def ole_refusal(content: bytes) -> UnreadableDocument:
    """The refusal of an OLE file ([MS-CFB]) without a Word document."""
    for stream, name in _STREAMS.items():
        if stream.encode("utf-16-le") in content:
            return _refused(name, _SUBMIT, "Word or WPS document")
    return unreadable("这个文件不是 Word 或 WPS 文字文书。", "This file is not a Word or WPS document.")


def package_refusal(names: Collection[str]) -> UnreadableDocument:
    """The refusal of a zip whose parts are no document."""
    for prefix, kind in _PARTS.items():
        if any(name.startswith(prefix) for name in names):
            return _refused(kind, _SUBMIT, ".docx or .odt")
    if any(_DOCUMENT.fullmatch(name) for name in names):
        return _refused(
            Bilingual("压缩包，文书在其中", "an archive with a document inside"), _UNPACK, ".docx or .odt"
        )
    return unreadable(
        "这个压缩包不是 .docx 或 .odt 文书，或已损坏。",
        "This archive is not a .docx or .odt, or it is damaged.",
    )


def _refused(name: Bilingual, advice: Bilingual, wanted: str = "Word document") -> UnreadableDocument:
    return UnreadableDocument(
        f"这个文件其实是{name.zh}，不是 Word 文书。{advice.zh}",
        f"The file is {name.en}, not a {wanted}. {advice.en}",
    )


def _text(head: bytes) -> str | None:
    """The beginning of a text file; None if the file is binary."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if b"\0" in head:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            return decoder.decode(head)
        except UnicodeDecodeError:
            continue
    return None
