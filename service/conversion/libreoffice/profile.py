"""Creates LibreOffice profiles: no dialogs, no network access, no macros, no links, fast start."""

import hashlib
import os
import re
from html import escape
from pathlib import Path

_COMMON = "/org.openoffice.Office.Common"
_WRITER = "/org.openoffice.Office.Writer"
_CALC = "/org.openoffice.Office.Calc"
_LINGUISTIC = "/org.openoffice.Office.Linguistic"
_PROXY = "/org.openoffice.Inet/Settings"
_DEAD_PROXY = ("127.0.0.1", "9")  # RFC 863: the discard port, where nothing listens

_KINDS = ("HTTP", "HTTPS", "FTP")

# Settings that differ from LibreOffice's defaults: (node, property, value).
_REGISTRY = (
    (f"{_COMMON}/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{_COMMON}/Security/Scripting", "MacroSecurityLevel", "3"),
    # The only setting that keeps LibreOffice 7.4 from fetching linked pictures; disabling updates does not.
    (f"{_COMMON}/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    # What LibreOffice 24.2 and later know; older ones ignore it. Not DisableActiveContent, with which 25.2
    # aborts at each chart.
    (f"{_COMMON}/Security/Scripting", "DisableOLEAutomation", "true"),
    (f"{_COMMON}/Security/Scripting", "DisablePythonRuntime", "true"),
    (f"{_COMMON}/Security/Scripting", "ExecutePlugins", "false"),
    (f"{_WRITER}/Content/Update", "Link", "0"),  # 0 is never
    (f"{_CALC}/Content/Update", "Link", "1"),  # 1 is never
    ("/org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
    (f"{_COMMON}/Misc", "FirstRun", "false"),
    (f"{_COMMON}/Misc", "CrashReport", "false"),
    ("/org.openoffice.Office.Recovery/RecoveryInfo", "Enabled", "false"),
    ("/org.openoffice.Office.Recovery/AutoSave", "Enabled", "false"),
    (_PROXY, "ooInetProxyType", "2"),
    (_PROXY, "ooInetNoProxy", ""),
    *((_PROXY, f"ooInet{kind}ProxyName", _DEAD_PROXY[0]) for kind in _KINDS),
    *((_PROXY, f"ooInet{kind}ProxyPort", _DEAD_PROXY[1]) for kind in _KINDS),
    # Interactive features; without them a form loads about 3 ms faster.
    (f"{_WRITER}/AutoFunction/Completion", "Enable", "false"),
    (f"{_WRITER}/AutoFunction/Completion", "CollectWords", "false"),
    (f"{_LINGUISTIC}/SpellChecking", "IsSpellAuto", "false"),
    (f"{_LINGUISTIC}/GrammarChecking", "IsAutoCheck", "false"),
    (f"{_LINGUISTIC}/Hyphenation", "IsHyphAuto", "false"),
    (f"{_COMMON}/Undo", "Steps", "0"),
    (f"{_COMMON}/History", "PickListSize", "0"),
    (f"{_COMMON}/Save/Document", "LoadPrinter", "false"),
    # With a version older than its own, LibreOffice tests its rendering for 0.8 s at the start.
    ("/org.openoffice.Setup/Product", "ooSetupLastVersion", "99.9"),
)


def make(folder: Path, soffice: Path) -> str:
    """Creates a profile in `folder` for the LibreOffice command `soffice` and returns its URL."""
    user = folder / "user"
    (user / "extensions").mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    if build := _build(soffice):
        # Without it LibreOffice considers its extensions stale and exits with 81 to be restarted.
        (user / "extensions" / "buildid").write_text(build, encoding="utf-8")
    return folder.absolute().as_uri()


def pipe(url: str) -> str:
    """The UNO pipe name of the LibreOffice with the profile at `url`."""
    return f"kexie{hashlib.sha256(url.encode()).hexdigest()[:32]}"


def sockets(url: str) -> list[Path]:
    """Paths of a LibreOffice's sockets: of its profile at `url` and of its UNO pipe.

    They are in /tmp regardless of TMPDIR, with the user's number where /etc/passwd can be read. The
    profile's is named after the MD5 of the URL in UTF-16, each byte in hexadecimal without leading zero
    (LibreOffice 7.4, desktop/unx/source/start.c, get_pipe_path).
    """
    digest = hashlib.md5(url.encode("utf-16-le"), usedforsecurity=False).digest()
    instance = f"SingleOfficeIPC_{''.join(f'{byte:x}' for byte in digest)}"
    return [
        Path(folder, f"OSL_PIPE_{user}{name}")
        for name in (instance, pipe(url))
        for user in (f"{os.getuid()}_", "")
        for folder in ("/tmp", "/var/tmp")  # noqa: S108 - LibreOffice's choice
    ]


def forget(url: str) -> None:
    """Removes the sockets of a killed LibreOffice with the profile at `url`."""
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
    """LibreOffice's build identifier from `versionrc` beside its program."""
    try:
        text = soffice.resolve().with_name("versionrc").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = re.search(r"^buildid=(.+)$", text, re.MULTILINE)
    return found and found[1].strip()
