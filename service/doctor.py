"""Checks what the service needs on this machine, and how to install what is missing."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from service import archive, catalog, conversion
from service.access import Authenticator
from service.archive import sm3
from service.config import Settings
from service.conversion.fonts.face_table import Face, faces
from service.conversion.fonts.font_substitutes import same_design
from service.errors import ArchiveFault, ConversionFault, KexieError, TemplateFault, UsageError
from service.forms.form_folder import BUILT_IN, font_folders
from service.processes import open_files
from service.signatures.trust import trusted

_ENGINES = {
    True: "LibreOffice 常驻进程 / persistent LibreOffice processes",
    False: "未安装，每份文书启动一次 LibreOffice，慢十倍 / missing, so each document starts LibreOffice, "
    "ten times slower: apt-get install python3-uno",
}
_OPEN = "没有，服务只对本机开放 / none, so the service is open to this machine only: kexie-forms keys add"
_SECRET = 32  # bytes


@dataclass(frozen=True)
class CheckResult:
    """The result of one check; `needed` if the service cannot run without it."""

    name: str
    ok: bool
    detail: str
    needed: bool = True
    exit_code: int = ConversionFault.exit_code  # of the command if it is missing

    def __str__(self) -> str:
        mark = "✓" if self.ok else "✗" if self.needed else "–"
        return f"{mark} {self.name}：{self.detail}"

    def as_dict(self) -> dict[str, Any]:
        """The result for JSON."""
        return {name: value for name, value in asdict(self).items() if name != "exit_code"}


def examine(settings: Settings) -> list[CheckResult]:
    """Checks LibreOffice, fonts, editions, archive and keys, in this order."""
    return list(_checks(settings))


def _checks(settings: Settings) -> Iterator[CheckResult]:
    status = conversion.status(settings)
    missing = "未安装 / missing: apt-get install libreoffice-writer-nogui"
    yield CheckResult("LibreOffice", status.version is not None, status.version or missing)
    yield CheckResult("python3-uno", status.uno, _ENGINES[status.uno], needed=False)
    box = status.sandbox
    detail = f"{box.text.zh} / {box.text.en}"
    yield CheckResult("沙箱 / sandbox", box.mechanism is not None, detail, not box.allowed)
    yield _fontconfig()
    for face in faces(font_folders(settings)):
        yield _font(face, status.faces[face.official], status.font_check.count(face.official))
    yield from _forms()
    for part in archive.part_statuses(settings):
        yield CheckResult(part.name, part.ok, part.detail, part.needed, ArchiveFault.exit_code)
    yield _sm3(settings)
    yield _keys(settings)
    yield _secret(settings)
    yield _signing(settings)
    yield _open_files(settings)


def _fontconfig() -> CheckResult:
    there = shutil.which("fc-list") is not None
    missing = "未安装，所以下列字体一种也找不到 / missing, so that no face below is found"
    detail = "已安装 / installed" if there else f"{missing}: apt-get install fontconfig"
    return CheckResult("fontconfig", there, detail)


def _forms() -> Iterator[CheckResult]:
    for edition in catalog.sound():
        name = f"{edition.form} {edition.year}"
        place = "" if edition.folder is BUILT_IN else f"；{edition.folder}"
        yield CheckResult(name, edition.template_path.is_file(), edition.provenance_text + place)
    for each, left_out in catalog.broken():
        detail = f"{'已略过 / left out：' if left_out else ''}{each.text.zh} / {each.text.en}"
        yield CheckResult(each.name, False, detail, not left_out, TemplateFault.exit_code)


def _sm3(settings: Settings) -> CheckResult:
    known = sm3.available()
    detail = "本机的 OpenSSL 支持 / OpenSSL has it" if known else "本机的 OpenSSL 不支持 / OpenSSL lacks it"
    used = "记入清单 / in manifests" if settings.sm3 else "未启用 / not in use: KEXIE_SM3"
    return CheckResult("SM3", known, f"{detail}；{used}", settings.sm3, UsageError.exit_code)


def _keys(settings: Settings) -> CheckResult:
    name = "密钥 / keys"
    try:
        configured = Authenticator(settings).configured()
    except KexieError as error:
        return CheckResult(name, False, str(error.text), exit_code=error.exit_code)
    detail = "调用须带密钥 / callers need a key"
    return CheckResult(name, configured, detail if configured else _OPEN, needed=False)


def _secret(settings: Settings) -> CheckResult:
    length = len((settings.secret or "").encode())
    if length == 0:
        detail = "未设置，不能签发嵌入令牌 / not set, so no tokens of embedded forms"
    elif length < _SECRET:
        detail = f"只有 {length} 字节，应有 {_SECRET} 以上 / {length} bytes, too few: {_SECRET} or more"
    else:
        detail = "已设置 / set"
    return CheckResult("KEXIE_SECRET", length >= _SECRET, detail, needed=False)


def _signing(settings: Settings) -> CheckResult:
    name = "签名 / signing"
    try:
        known = len(trusted(settings))
        if not settings.sign_key:
            detail = f"不签名 / not in use: KEXIE_SIGN_KEY；信任 {known} 个 / {known} trusted: KEXIE_TRUST"
            return CheckResult(name, True, detail, needed=False)
        from service.signatures.sign import PdfSigner  # pyHanko, for this line alone

        level = PdfSigner(settings).level
    except KexieError as error:
        return CheckResult(name, False, str(error.text), exit_code=error.exit_code)
    return CheckResult(name, True, f"PAdES {level}；信任 {known} 个 / {known} trusted")


def _open_files(settings: Settings) -> CheckResult:
    shortage = open_files.too_few(settings)
    detail = str(shortage) if shortage else "够用 / enough"
    return CheckResult("打开文件数 / open files", shortage is None, detail, exit_code=UsageError.exit_code)


def _font(face: Face, chosen: str | None, covered: int) -> CheckResult:
    official = face.official
    if chosen is None:
        return CheckResult(official, False, f"没有可用的字体 / no face: {face.package}")
    many = f"，共 {covered:,} 字 / {covered:,} characters"
    if chosen == official:
        return CheckResult(official, True, f"已安装正式字体 / the official face itself{many}")
    if same_design(chosen, face.stand_ins[0]):
        return CheckResult(official, True, f"以 {chosen} 代替 / drawn by {chosen}{many}")
    better = f"更接近的字体见 / a closer face is in {face.package}"
    return CheckResult(
        official, False, f"只能以 {chosen} 代替 / only {chosen} is installed；{better}", needed=False
    )
