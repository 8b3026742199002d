"""The official font names and the faces that draw them: the service's table, and those of font folders."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.errors import TemplateFault

TABLE = "faces.json"  # in a font folder: [{"official": name, "stand_ins": [name, …], "sample": character}, …]

# The end of every chain, so that a character is lost only if no face has it.
REST = ("HanaMinA", "HanaMinB", "Kexie Rare", "Liberation Serif", "DejaVu Sans")


@dataclass(frozen=True)
class Face:
    """An official font name, its preferred substitutes, and the Debian package of the first.

    `stand_ins` is the whole chain: the first installed face with a glyph draws the character.
    """

    official: str
    own: tuple[str, ...]
    package: str
    sample: str = "永"  # a character that the face must draw

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """The substitute faces in order."""
        return (*self.own, *(name for name in REST if name not in self.own))


FACES = (
    Face("仿宋_GB2312", ("FandolFang R",), "kexie-forms"),
    Face("仿宋", ("FandolFang R",), "kexie-forms"),
    Face("方正小标宋简体", ("FandolSong",), "kexie-forms"),
    Face("黑体", ("Kexie Hei",), "kexie-forms"),
    Face("楷体_GB2312", ("AR PL KaitiM GB",), "fonts-arphic-gkai00mp"),
    Face("宋体", ("AR PL SungtiL GB",), "fonts-arphic-gbsn00lp"),
    Face("Times New Roman", ("Liberation Serif",), "fonts-liberation", "R"),
    Face("Segoe UI Symbol", ("Kexie Box", "HanaMinA", "DejaVu Sans"), "kexie-forms", "☑"),
)


def faces(folders: Sequence[Path] = ()) -> tuple[Face, ...]:
    """The faces of every official name; where two tables have a name, the first counts.

    Raises TemplateFault, naming file and line, for a table in `folders` that cannot be read.
    """
    found = {face.official: face for face in FACES}
    for folder in folders:
        for face in _read(folder / TABLE):
            found.setdefault(face.official, face)
    return tuple(found.values())


def changed(folders: Sequence[Path]) -> tuple[int, ...]:
    """When the table of each of these folders was written, in ns; 0 where there is none."""
    tables = (folder / TABLE for folder in folders)
    return tuple(table.stat().st_mtime_ns if table.is_file() else 0 for table in tables)


def _read(path: Path) -> Iterator[Face]:
    if not path.is_file():
        return
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        for row in rows:
            names = row.get("stand_ins", [])
            face = Face(row["official"], tuple(names), str(path.parent), row.get("sample", "永"))
            if not all(isinstance(name, str) and name for name in (face.official, *names, face.sample)):
                raise ValueError(row)
            yield face
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        place = f"{path}:{error.lineno}" if isinstance(error, json.JSONDecodeError) else str(path)
        raise TemplateFault(
            f"字体表 {place} 有误（{error}）。每行写作 "
            '{"official": "表上的字体名", "stand_ins": ["代替它的字体"]}。',
            f"The table of faces {place} is faulty ({error}). A row is "
            '{"official": "font name on the form", "stand_ins": ["face that draws it"]}.',
        ) from error
