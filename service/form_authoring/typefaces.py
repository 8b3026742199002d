"""Rows of a font folder's table for typefaces that the service does not know."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from service.conversion.fonts.face_table import TABLE, faces
from service.wordml import W, parse, word_package

_KEYS = tuple(W + key for key in ("ascii", "hAnsi", "eastAsia", "cs"))
# The first that fits a font's name; a face for Chinese text draws 永.
_STAND_INS = (
    ("仿宋|FangSong", "FandolFang R", "永"),
    ("小标宋|大标宋|宋三|粗宋|ZhongSong|中宋", "FandolSong", "永"),
    ("楷|Kai", "AR PL KaitiM GB", "永"),
    ("黑|等线|圆|Hei|DengXian|YaHei|YouYuan|Unicode MS|Sans SC|苹方|隶|魏", "Kexie Hei", "永"),
    ("宋|明|Song|Sun|Ming|[\u3400-\u9fff]", "AR PL SungtiL GB", "永"),
    ("Symbol|Wingdings|Webdings", "OpenSymbol", "R"),
    ("Courier|Mono|Consolas", "Liberation Mono", "R"),
    ("Arial|Calibri|Helvetica|Tahoma|Verdana|Sans|Segoe|Microsoft", "Liberation Sans", "R"),
    ("", "Liberation Serif", "R"),
)


def unknown(parts: Mapping[str, bytes], folders: Sequence[Path]) -> list[str]:
    """The names of the fonts of a document that neither the service nor the font folders have."""
    known = {face.official for face in faces(folders)}
    found = dict.fromkeys(
        name
        for part, content in parts.items()
        if part.startswith("word/") and part.endswith(".xml")
        for name in _named(content)
    )
    return [name for name in found if name not in known]


def drawn(parts: Mapping[str, bytes], folders: Sequence[Path]) -> dict[str, bytes]:
    """The parts with the faces that draw these unknown fonts named in their place."""
    names = {name: str(_stand_in(name)[0]) for name in unknown(parts, folders)}
    changed = dict(parts)
    for part, content in parts.items() if names else ():
        if part.startswith("word/") and part.endswith(".xml"):
            root = parse(content)
            for element in root.iter(W + "rFonts", W + "sym"):
                for key, name in element.items():
                    element.set(str(key), names.get(str(name), str(name)))
            changed[part] = word_package.written(root)
    return changed


def table(folder: Path, names: Iterable[str]) -> bytes:
    """The table of a font folder with rows for these names."""
    return merged(folder, list(map(_row, names)))


def merged(folder: Path, further: Sequence[dict[str, object]]) -> bytes:
    """The table of a font folder with those of the further rows whose fonts it does not have."""
    path = folder / TABLE
    rows = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    known = {row["official"] for row in rows}
    new = [row for row in further if row["official"] not in known]
    lines = [json.dumps(row, ensure_ascii=False) for row in (*rows, *new)]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _named(content: bytes) -> Iterable[str]:
    root = parse(content)
    for element in root.iter(W + "rFonts", W + "sym"):
        keys = _KEYS if element.tag == W + "rFonts" else (W + "font",)
        yield from (str(element.get(key)) for key in keys if element.get(key))


def _row(name: str) -> dict[str, object]:
    face, sample = _stand_in(name)
    return {"official": name, "stand_ins": [face], "sample": sample}


def _stand_in(name: str) -> tuple[str, str]:
    """The face that draws a font, and a character that it must draw."""
    return next(row[1:] for row in _STAND_INS if re.search(row[0], name, re.IGNORECASE))
