"""What is called .doc or .docx and is none says what it is, and what to do."""

from __future__ import annotations

import pytest

from service.conversion import file_kind
from service.errors import UnreadableDocument
from tests.helpers.docx_builder import docx, paragraph, zipped

SAVE, SUBMIT, UNPACK = "请用 Word 或 WPS 打开，另存为 .docx", "请提交 .docx 文书", "请解压后提交"
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
HTML = "<html><head><meta charset='gb2312'></head><body>县级科协名称</body></html>"
WORDML = "http://schemas.microsoft.com/office/word/2003/wordml"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


def ole(*streams, sector=b""):
    return OLE + sector.ljust(512, b"\0") + b"".join(name.encode("utf-16-le") for name in streams)


def locked_zip():
    """A zip whose members are marked as encrypted (APPNOTE 4.4.4)."""
    content = bytearray(zipped({"a.docx": "x"}))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(mark) + at] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "name", "advice"),
    [
        (HTML.encode(), "网页（HTML）", SAVE),
        (HTML.upper().encode("gb18030"), "网页（HTML）", SAVE),
        (HTML.encode("utf-16"), "网页（HTML）", SAVE),
        (b"\xef\xbb\xbf\r\n<!-- made by a portal -->\n<!DOCTYPE html>" + HTML.encode(), "网页（HTML）", SAVE),
        (f'{DECLARED}<html xmlns="http://www.w3.org/1999/xhtml">'.encode(), "网页（HTML）", SAVE),
        (b"<table><tr><td>a</td></tr></table>", "网页（HTML）", SAVE),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n\r\n--x", "MHTML", SAVE),
        (
            b"From: <Saved by WPS>\r\nSubject: a\r\nContent-Type: multipart/related; boundary=x\r\n",
            "MHTML",
            SAVE,
        ),
        (
            f'{DECLARED}<?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="x">'.encode(),
            "Word 2003 XML",
            SAVE,
        ),
        (f'<wordDocument xmlns="{WORDML}"><body/></wordDocument>'.encode(), "Word 2003 XML", SAVE),
        (
            f'{DECLARED}<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'.encode(
                "utf-16"
            ),
            "Flat OPC",
            SAVE,
        ),
        (f"{DECLARED}<office:document office:version='1.2'>".encode(), "OpenDocument", SAVE),
        (f"{DECLARED}<uof:UOF>".encode(), "UOF", SAVE),
        (f"{DECLARED}<data/>".encode(), "XML 文件", SAVE),
        ("县级科协名称\t云泽县".encode("gb18030"), "纯文本", SAVE),
        (b"", "空文件", SUBMIT),
        (b"\x89PNG\r\n\x1a\n" + bytes(9), "图片或扫描件", SUBMIT),
        (b"\xff\xd8\xff\xe0" + bytes(9), "图片或扫描件", SUBMIT),
        (b"Rar!\x1a\x07\x01\0", "压缩包", UNPACK),
        (b"PK\5\6" + bytes(18), "压缩包", UNPACK),
        (zipped({"材料/申报书.docx": docx(paragraph("x"))}), "压缩包，文书在其中", UNPACK),
        (zipped({"xl/workbook.xml": "<a/>"}), "Excel", SUBMIT),
        (zipped({"ppt/presentation.xml": "<a/>"}), "PowerPoint", SUBMIT),
        (zipped({"OFD.xml": "<a/>"}), "OFD", SUBMIT),
        (ole("Root Entry", "Workbook"), "Excel", SUBMIT),
        (ole("PowerPoint Document"), "PowerPoint", SUBMIT),
        (ole("__substg1.0_0037001F"), "Outlook", SUBMIT),
        (ole("Root Entry"), "不是 Word 或 WPS", SAVE),
        (b"\0\1\2\3" * 99, "不是 Word 文书", SAVE),
        (zipped({"a.txt": "x"}), "压缩包", SAVE),
        (locked_zip(), "设有密码", "取消密码"),
        (ole("WordDocument", sector=b"\xec\xa5\xc1\0" + bytes(6) + b"\0\x13"), "设有密码", "取消密码"),
        (ole("WordDocument", "EncryptedPackage"), "设有密码", "取消密码"),
    ],
)
def test_the_refusal_says_what_it_is_and_what_to_do(content, name, advice):
    with pytest.raises(UnreadableDocument) as caught:
        file_kind.kind(content)
    assert name in caught.value.text.zh
    assert advice in caught.value.text.zh
    assert caught.value.text.en


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (docx(paragraph("x")), file_kind.DOCX),
        (b"{\\rtf1 <html>}", file_kind.RTF),
        (ole("WordDocument", sector=b"\xec\xa5\xc1\0" + bytes(6) + b"\0\x12"), file_kind.DOC),
        (b"%PDF-1.7 <html>", file_kind.PDF),
    ],
)
def test_the_name_does_not_matter(content, kind):
    assert file_kind.kind(content) == kind


def test_a_long_text_is_looked_at_in_part():
    with pytest.raises(UnreadableDocument, match="纯文本"):
        file_kind.kind("字".encode() * 3_000_000)
