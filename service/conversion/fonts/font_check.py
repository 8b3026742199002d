"""Font check: which face draws each character of a .docx, determined before conversion."""

import logging
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

from service.conversion.fonts import docx_runs, font_substitutes, glyph_clusters
from service.conversion.fonts.docx_runs import FontNames
from service.conversion.fonts.face_table import FACES, Face, changed, faces
from service.conversion.fonts.font_substitutes import same_design
from service.errors import ConverterMissing, TemplateFault

_log = logging.getLogger("kexie.conversion")


class GlyphFallback(NamedTuple):
    """A character missing from the first face of its font name, and the face that draws it, or None."""

    character: str
    official: str
    face: str | None


class CheckedDocx(NamedTuple):
    """The .docx to convert, with explicit faces for such characters, and the findings."""

    docx: bytes
    findings: tuple[GlyphFallback, ...]


class _DrawnBy(NamedTuple):
    official: str
    face: str | None
    font: str | None  # the font name to set on the run; None keeps its own
    strange: bool  # drawn in a different design, or by no face


class FontCheck:
    """The installed faces, opened on demand, with cached results."""

    def __init__(self, installed: Mapping[str, tuple[Path, int]], table: Sequence[Face] = FACES) -> None:
        self.faces = installed
        self._table = table
        self._opened: dict[str, hb.Font] = {}
        self._draws: dict[tuple[str, str], bool] = {}
        self._variants: dict[str, dict[str, bool]] = {}
        self._chains: dict[str, tuple[str, ...]] = {}
        self._fine: dict[FontNames, set[str]] = {}
        self._lock = threading.Lock()

    def check(self, docx: bytes) -> CheckedDocx:
        """Checks every character of a .docx; takes about 1 ms for a form without findings.

        LibreOffice's own fallback depends on neighbouring characters and on documents converted before. So
        each character missing from the first face of its font gets a run of its own with an explicit face.
        """
        stories, styles = docx_runs.stories(docx)
        found: dict[GlyphFallback, None] = {}
        changed = {}
        with self._lock:
            for name, story in stories.items():
                for piece in [piece for piece in docx_runs.texts(story, styles) if not self._is_fine(piece)]:
                    changed[name] = story
                    self._pin(piece, found)
        return CheckedDocx(docx_runs.replaced(docx, changed) if changed else docx, tuple(found))

    def chain(self, official: str) -> tuple[str, ...]:
        """The installed faces that draw the text of a font name, in order."""
        if official not in self._chains:
            self._chains[official] = font_substitutes.chain(official, self.faces, self._table)
        return self._chains[official]

    def stand_in(self, face: Face) -> str | None:
        """The installed face that draws an official name's sample character; None if no face does."""
        return self.face(face.official, face.sample)

    def face(self, official: str, character: str) -> str | None:
        """The installed face that draws `character` in the font `official`; None if no face does."""
        return self._drawn_by(character, FontNames(official, official)).face

    def count(self, official: str) -> int:
        """The number of characters covered by the chain of a font name."""
        covered = hb.Set()
        for face in self.chain(official):
            covered.update(self._open(face).face.unicodes)
        return len(covered)

    def drawn(self, characters: Set[str]) -> Set[str]:
        """Those of `characters` that some face draws, regardless of the font name."""
        left = set(characters)
        for face in self.faces:
            there = left.intersection(map(chr, self._open(face).face.unicodes))
            left -= {each for each in there if self._has(face, each)}
        return characters - left

    def _is_fine(self, piece: docx_runs.TextPiece) -> bool:
        fine = self._fine.setdefault(piece.names, set())
        if fine.issuperset(piece.text):
            return True
        doubtful = set(piece.text) - fine
        for character in doubtful:
            if glyph_clusters.VARIANT.match(f" {character}", 1):
                continue  # means something after another character only
            needless = not glyph_clusters.needs_glyph(character) and not glyph_clusters.DROPPED.match(
                character
            )
            if needless or self._drawn_by(character, piece.names).font is None:
                fine.add(character)
        return doubtful <= fine

    def _pin(self, piece: docx_runs.TextPiece, found: dict[GlyphFallback, None]) -> None:
        segments: list[tuple[str, str | None]] = []
        for cluster in self._joined(piece):
            drawn = self._drawn_by(cluster, piece.names)
            if missed := list(self._strangers(cluster, drawn)):
                found |= dict.fromkeys(GlyphFallback(each, drawn.official, drawn.face) for each in missed)
            if segments and segments[-1][1] == drawn.font:
                segments[-1] = (segments[-1][0] + cluster, drawn.font)
            else:
                segments.append((cluster, drawn.font))
        docx_runs.pin(piece.element, segments)

    def _joined(self, piece: docx_runs.TextPiece) -> Iterator[str]:
        """The clusters of a text; a cluster that no face draws is split into its characters."""
        for cluster in glyph_clusters.clusters(glyph_clusters.DROPPED.sub("", piece.text)):
            if len(cluster) > 1 and self._drawn_by(cluster, piece.names).face is None:
                yield from cluster
            else:
                yield cluster

    def _strangers(self, cluster: str, drawn: _DrawnBy) -> Iterator[str]:
        first = next(iter(self.chain(drawn.official)), None)
        for unit in glyph_clusters.units(cluster):
            unknown = self._variant_glyphs(unit) == {}
            if unknown or (drawn.strange and (first is None or not self._has(first, unit))):
                yield unit

    def _drawn_by(self, cluster: str, names: FontNames) -> _DrawnBy:
        """The face that draws all characters of `cluster`."""
        officials = glyph_clusters.officials(cluster, names)
        firsts = {name: next(iter(self.chain(name)), None) for name in officials}
        having = [name for name, face in firsts.items() if face and self._have(face, cluster)]
        if having == list(firsts):
            return _DrawnBy(having[0], firsts[having[0]], None, False)
        if having:
            return _DrawnBy(having[0], firsts[having[0]], having[0], False)
        first = firsts[officials[0]]
        private = any(unicodedata.category(character) == "Co" for character in cluster)
        for face in (*self.chain(officials[0]), *self._last()):
            if self._have(face, cluster) and (face == officials[0] or not private):
                return _DrawnBy(officials[0], face, face, not same_design(face, first or face))
        return _DrawnBy(officials[0], None, officials[0], True)

    def _last(self) -> Iterator[str]:
        """Every face, for what no chain has: an office may have one of its own with rare characters."""
        return iter(sorted(self.faces))

    def _have(self, face: str, cluster: str) -> bool:
        return all(self._has(face, unit) for unit in glyph_clusters.units(cluster))

    def _variant_glyphs(self, unit: str) -> Mapping[str, bool] | None:
        """The faces that know the variant of a character, and whether it has a glyph of its own there.

        None for a character without a variation selector.
        """
        if len(unit) == 1:
            return None
        if unit not in self._variants:
            known = {}
            for face in self.faces:
                font = self._open(face)
                if glyph := font.get_variation_glyph(*map(ord, unit)):
                    known[face] = glyph != font.get_nominal_glyph(ord(unit[0]))
            self._variants[unit] = known
        return self._variants[unit]

    def _has(self, face: str, unit: str) -> bool:
        """Whether `face` has a glyph with a non-empty outline for a character, and for its variant."""
        character = unit[0]
        known = self._variant_glyphs(unit)
        if known and face not in known and any(known.values()):
            return False
        key = (face, character)
        if key not in self._draws:
            font = self._open(face)
            glyph = font.get_nominal_glyph(ord(character))
            shape = font.get_glyph_extents(glyph) if glyph else None
            self._draws[key] = bool(shape and shape.width and shape.height)
        return self._draws[key]

    def _open(self, face: str) -> hb.Font:
        if face not in self._opened:
            file, index = self.faces[face]
            self._opened[face] = hb.Font(hb.Face(hb.Blob.from_file_path(str(file)), index))
        return self._opened[face]


def font_check(folders: tuple[Path, ...]) -> FontCheck:
    """The check for the faces in `folders` and the fixed ones, created when one of their tables changes.

    Raises ConverterMissing, and TemplateFault for a table of faces; one that was sound before counts as then.
    """
    tables = changed(folders)
    try:
        found = _font_check(folders, tables)
    except TemplateFault as fault:
        if folders not in _sound:
            raise
        _log_once(folders, tables, fault.text.en)
        return _font_check(folders, _sound[folders])
    _sound[folders] = tables
    return found


_sound: dict[tuple[Path, ...], tuple[int, ...]] = {}  # the tables of each folders' check


@lru_cache(maxsize=8)
def _log_once(folders: tuple[Path, ...], tables: tuple[int, ...], text: str) -> None:
    """Logs a broken table of these folders; for each state of the tables once, as it is asked for often."""
    _log.warning("fonts not read again: %s", text)


@lru_cache(maxsize=8)
def _font_check(folders: tuple[Path, ...], tables: tuple[int, ...]) -> FontCheck:
    """The check for a state of the tables, kept until they change."""
    installed = font_substitutes.installed(folders)
    if not installed:
        raise ConverterMissing(
            "找不到任何字体。请安装 fontconfig 和 fonts-hanazono，并执行 kexie-forms doctor 检查。",
            "No font is installed. Install fontconfig and fonts-hanazono, then run kexie-forms doctor.",
        )
    return FontCheck(installed, faces(folders))
