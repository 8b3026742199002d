"""The documents in a folder to import, their ids, and the files that are passed over."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.batch.documents.document_ids import is_temporary, printable
from service.batch.jobs.job_store import sha256
from service.errors import Bilingual, UsageError

PASSED_OVER = "passed_over"  # the state in reports
SUFFIXES = (".docx", ".doc", ".odt", ".wps")
# The suffixes of other files, by the code of why they are passed over.
_OTHERS = {
    "other_document": (
        ".rtf", ".dot", ".dotx", ".ott", ".uot", ".fodt", ".wpt", ".htm", ".html", ".mht", ".xml", ".txt",
        ".pages",
    ),
    "macro_document": (".docm", ".dotm"),
    "pdf": (".pdf",),
    "picture": (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg"),
    "packed": (".zip", ".rar", ".7z", ".gz", ".tar"),
}  # fmt: skip
_NAMED = 5  # files in the error of a folder without documents

_SAVE = "请在 Word 或 WPS 中另存为 .docx 后再导入。"
_SAVE_EN = "save it as .docx in Word or WPS, and import that."
#: Why a file is passed over, by code.
REASONS: dict[str, Bilingual] = {
    "temporary_file": Bilingual(
        "打开文书时产生的临时文件或隐藏文件。", "A temporary or hidden file, not a document."
    ),
    "other_document": Bilingual(f"不导入这种格式，{_SAVE}", f"This format is not imported: {_SAVE_EN}"),
    "macro_document": Bilingual(
        f"带宏的文档不予导入，{_SAVE}", f"Documents with macros are refused: {_SAVE_EN}"
    ),
    "pdf": Bilingual(
        "PDF 不作为原件导入。请导入其 Word 原件；本服务生成的携带数据的 PDF 可用 kexie-forms extract 读出。",
        "A PDF is not imported: import its Word original. `kexie-forms extract` reads a PDF of this service "
        "with attached data.",
    ),
    "picture": Bilingual(
        "图片中的文字无法读取，请导入 Word 原件。", "A picture has no text: import the Word original."
    ),
    "packed": Bilingual(
        "压缩包不展开，请解压后再导入。", "Archives are not unpacked: unpack it, and import again."
    ),
    "other_file": Bilingual(f"不是 {'、'.join(SUFFIXES)} 文书。", f"No {', '.join(SUFFIXES)} document."),
    "not_a_file": Bilingual(
        "不是普通文件（链接失效、指向目录，或是设备、管道），没有读取。",
        "Not a regular file (a broken link, a link to a folder, a device or pipe): not read.",
    ),
    "unreadable_folder": Bilingual(
        "目录无法打开，其中的文件没有读取。请检查权限。",
        "The folder cannot be opened: check its permissions.",
    ),
}


@dataclass(frozen=True)
class PassedOver:
    """A file that is not imported: its path below the folder, and a code of `REASONS`."""

    path: str
    code: str

    @property
    def reason(self) -> Bilingual:
        """Why it is passed over, and what to do."""
        return REASONS[self.code]

    def as_dict(self) -> dict[str, str]:
        """The file for JSON."""
        return {"file": printable(self.path), "code": self.code, "message": self.reason.zh}

    def as_entry(self) -> dict[str, Any]:
        """The file as an entry of the report, with the reason as its error."""
        nothing: dict[str, Any] = {"form": None, "year": None, "id": None, "key": None}
        error = {**self.as_dict(), "pointer": "", "label": ""}
        lists = {"warnings": [], "layout": [], "errors": [error]}
        return {**nothing, **lists, "file": error["file"], "state": PASSED_OVER}


@dataclass(frozen=True)
class FoundDocuments:
    """The documents of a folder, sorted by path, the folder itself, and what else is in it."""

    folder: Path
    paths: tuple[str, ...]
    passed_over: tuple[PassedOver, ...] = ()

    def digest(self) -> str:
        """A hash of all paths and contents."""
        whole = hashlib.sha256(os.fsencode(self.folder.absolute()))
        for path in self.paths:
            whole.update(f"\0{path}\0{sha256(self.folder / path)}".encode("utf-8", "surrogateescape"))
        return whole.hexdigest()


def find_documents(folder: Path) -> FoundDocuments:
    """Finds the documents below a folder by suffix. Raises UsageError if there are none."""
    if not folder.is_dir():
        raise UsageError(f"“{folder}”不是目录，请检查路径。", f"'{folder}' is not a folder: check the path.")
    files = sorted(_files(folder))
    paths = tuple(path for path, code in files if not code)
    others = tuple(PassedOver(path, code) for path, code in files if code)
    if not paths:
        names = [printable(each.path) for each in others[:_NAMED]] + ["……"] * (len(others) > _NAMED)
        zh, en = (f"，只有 {'、'.join(names)}", f", only {', '.join(names)}") if others else ("", "")
        raise UsageError(
            f"“{folder}”中没有 {'、'.join(SUFFIXES)} 文件{zh}。请检查路径，或另存为 .docx。",
            f"No {', '.join(SUFFIXES)} file in '{folder}'{en}: check the path, or save them as .docx.",
        )
    return FoundDocuments(folder, paths, others)


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yields everything below a folder but folders: its path, and why it is passed over, or ""."""
    failed: list[str] = []
    for parent, folders, names in os.walk(folder, onerror=lambda error: failed.append(str(error.filename))):
        links = (path for path in (Path(parent, name) for name in folders) if path.is_symlink())
        for path in (*(Path(parent, name) for name in names), *links):
            yield path.relative_to(folder).as_posix(), _reason(path)
    yield from ((Path(each).relative_to(folder).as_posix(), "unreadable_folder") for each in failed)


def _reason(path: Path) -> str:
    """Why a file is passed over, a code of `REASONS`; "" for a document."""
    suffix = path.suffix.lower()
    if is_temporary(path.name):
        return "temporary_file"
    if not path.is_file():
        return "not_a_file"
    if suffix in SUFFIXES:
        return ""
    return next((code for code, suffixes in _OTHERS.items() if suffix in suffixes), "other_file")
