"""A fresh LibreOffice profile: nothing asked, nothing fetched, no macros, and a quick start."""

from __future__ import annotations

import hashlib
import os
import re
from html import escape
from pathlib import Path

_COMMON = "/org.openoffice.Office.Common"
_WRITER = "/org.openoffice.Office.Writer"
_LINGUISTIC = "/org.openoffice.Office.Linguistic"
_PROXY = "/org.openoffice.Inet/Settings"
_DEAD_PROXY = ("127.0.0.1", "9")  # RFC 863: discard; nobody listens

# What differs from LibreOffice's own values: (node, property, value).
_REGISTRY = (
    (f"{_COMMON}/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{_COMMON}/Security/Scripting", "MacroSecurityLevel", "3"),
    # The one switch that keeps LibreOffice 7.4 from fetching linked pictures; that of updates does not.
    (f"{_COMMON}/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (f"{_WRITER}/Content/Update", "Link", "0"),  # 0 is never
    ("/org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
    (f"{_COMMON}/Misc", "FirstRun", "false"),
    (f"{_COMMON}/Misc", "CrashReport", "false"),
    ("/org.openoffice.Office.Recovery/RecoveryInfo", "Enabled", "false"),
    ("/org.openoffice.Office.Recovery/AutoSave", "Enabled", "false"),
    (_PROXY, "ooInetProxyType", "2"),
    *((_PROXY, f"ooInet{kind}ProxyName", _DEAD_PROXY[0]) for kind in ("HTTP", "HTTPS")),
    *((_PROXY, f"ooInet{kind}ProxyPort", _DEAD_PROXY[1]) for kind in ("HTTP", "HTTPS")),
    # What only a person at the screen needs; without it a form loads some 3 ms faster.
    (f"{_WRITER}/AutoFunction/Completion", "Enable", "false"),
    (f"{_WRITER}/AutoFunction/Completion", "CollectWords", "false"),
    (f"{_LINGUISTIC}/SpellChecking", "IsSpellAuto", "false"),
    (f"{_LINGUISTIC}/GrammarChecking", "IsAutoCheck", "false"),
    (f"{_LINGUISTIC}/Hyphenation", "IsHyphAuto", "false"),
    (f"{_COMMON}/Undo", "Steps", "0"),
    (f"{_COMMON}/History", "PickListSize", "0"),
    (f"{_COMMON}/Save/Document", "LoadPrinter", "false"),
    # A version older than its own makes LibreOffice test its drawing for 0.8 s before it starts.
    ("/org.openoffice.Setup/Product", "ooSetupLastVersion", "99.9"),
)


def make(folder: Path, soffice: Path) -> str:
    """Makes a profile in `folder` for the LibreOffice whose command is `soffice`; returns its URL."""
    user = folder / "user"
    (user / "extensions").mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    if build := _build(soffice):
        # Without it LibreOffice takes its extensions for stale, ends with 81 and has to be started again.
        (user / "extensions" / "buildid").write_text(build, encoding="utf-8")
    return folder.absolute().as_uri()


def pipe(url: str) -> str:
    """The name of the UNO pipe of the LibreOffice whose profile is at `url`."""
    return f"kexie{hashlib.sha256(url.encode()).hexdigest()[:32]}"


def sockets(url: str) -> list[Path]:
    """Where the sockets of a LibreOffice lie: of its profile, at `url`, and of its UNO pipe.

    They lie in /tmp whatever TMPDIR says; that of the profile is named after the MD5 of the URL in
    UTF-16, each byte in hexadecimal without a leading zero (LibreOffice 7.4,
    desktop/unx/source/start.c, get_pipe_path).
    """
    digest = hashlib.md5(url.encode("utf-16-le"), usedforsecurity=False).digest()
    instance = f"SingleOfficeIPC_{''.join(f'{byte:x}' for byte in digest)}"
    return [
        Path(folder, f"OSL_PIPE_{os.getuid()}_{name}")
        for name in (instance, pipe(url))
        for folder in ("/tmp", "/var/tmp")  # noqa: S108 - LibreOffice's choice
    ]


def forget(url: str) -> None:
    """Removes the sockets that a killed LibreOffice left for the profile at `url`."""
    for path in sockets(url):
        path.unlink(missing_ok=True)


def _registry() -> str:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{escape(value)}</value></prop></item>\n"
        for path, name, value in _REGISTRY
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
        f"{items}</oor:items>\n"
    )


def _build(soffice: Path) -> str | None:
    """LibreOffice's build identifier, which stands in `versionrc` beside its program."""
    try:
        text = soffice.resolve().with_name("versionrc").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = re.search(r"^buildid=(.+)$", text, re.MULTILINE)
    return found and found[1].strip()
