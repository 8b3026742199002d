"""安全性: who can reach the files, what in them could do harm; and what the service cannot check."""

from functools import partial
from pathlib import Path

from service.archive import Archive
from service.archive.private_files import OBJECTS, open_to_others
from service.archive.sqlite_database import sqlite_file
from service.errors import Bilingual
from service.four_properties.check import EXPLAIN, PASSED, UNCHECKED, Check, result
from service.four_properties.content import Content

_Check = partial(Check, "security")


def security(archive: Archive, content: Content, acts: int) -> list[Check]:
    """The checks of security; `acts` are the rows of the audit log."""
    return [
        _permissions(archive),
        _Check(
            "no_macros",
            Bilingual("可编辑的文书中没有宏", "No macros in Word documents"),
            content.count("docx"),
            result(len(content.macros)),
            Bilingual(f"有宏的 {len(content.macros)} 份", f"{len(content.macros)} with macros"),
        ),
        _Check(
            "acts_logged",
            Bilingual("归档、利用过程有日志", "Acts are logged"),
            acts,
            PASSED if acts else EXPLAIN,
            Bilingual(f"审计日志 {acts} 行", f"the audit log has {acts} rows"),
        ),
        _Check(
            "viruses",
            Bilingual("病毒检测", "Viruses"),
            0,
            UNCHECKED,
            Bilingual(
                "本服务不查毒，请用本单位的防病毒软件检测档案目录",
                "not done by the service: scan the archive's folder",
            ),
        ),
        _Check(
            "media",
            Bilingual("载体与备份", "Media and backups"),
            0,
            UNCHECKED,
            Bilingual("由保管单位另行检查", "to be checked by whoever keeps them"),
        ),
    ]


def _permissions(archive: Archive) -> Check:
    places: list[Path] = []
    if file := sqlite_file(archive.engine.url):
        places += [file.parent, file]
    if archive.objects.folder:
        places.append(Path(archive.objects.folder) / OBJECTS)
    wide = [each for each in places if open_to_others(each)]
    closed = Bilingual(f"查目录和索引，对他人开放的 {len(wide)} 处", f"{len(wide)} places are open to others")
    elsewhere = Bilingual("档案在数据库服务器和对象存储中，请检查其授权", "on servers: check their grants")
    return _Check(
        "permissions",
        Bilingual("档案目录对他人关闭", "Folders closed to others"),
        len(places),
        result(len(wide)) if places else UNCHECKED,
        closed if places else elsewhere,
    )
