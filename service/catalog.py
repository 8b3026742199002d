"""The catalogue: the editions of every form, built in or in folders outside the code (KEXIE_FORMS)."""

import logging
import os
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from service.config import Settings
from service.errors import TemplateFault, UnknownForm, UnknownYear
from service.forms import form_folder, form_reader
from service.forms.edition import Edition
from service.forms.form_folder import BUILT_IN, FormFolder
from service.forms.form_reader import BrokenForm

__all__ = ["Edition", "edition", "editions"]

_log = logging.getLogger("kexie.forms")


class _Source(NamedTuple):
    """The folders outside the code, and whether a broken form there is left out."""

    roots: tuple[Path, ...]
    skip: bool


_NONE_OUTSIDE = _Source((), False)


class _Process:
    """What `use` set: folders other than the environment's, and whether templates are checked."""

    source: _Source | None = None
    thorough = False


_process = _Process()


def use(settings: Settings) -> None:
    """Makes the forms of these settings those of this process, whose templates are checked too.

    A process has one catalogue; by default it has the forms of the environment. Raises TemplateFault if a
    form is broken and not to be left out.
    """
    wanted = _source_of(settings)
    _process.source = None if wanted == _environment() else wanted
    _process.thorough = True
    editions()


def reload() -> None:
    """Has everything read again, after a change."""
    _catalogue.cache_clear()
    _read.cache_clear()


def folders() -> tuple[FormFolder, ...]:
    """All folders of forms, the built-in one first."""
    return BUILT_IN, *map(form_folder.outside, _source().roots)


def editions() -> tuple[Edition, ...]:
    """All editions by form and year, as their tables are now.

    Raises TemplateFault if one is broken at the first reading and not to be left out.
    """
    source = _source()
    if not source.roots:
        return _catalogue(_NONE_OUTSIDE, False).editions()
    return _catalogue(source, _process.thorough or source.skip).editions()


def sound() -> tuple[Edition, ...]:
    """The editions that can be used, also while others are broken; their templates were checked."""
    return _checked()[0]


def broken() -> Iterator[tuple[BrokenForm, bool]]:
    """The forms that cannot be used, each with whether it is left out, not an error."""
    source = _source()
    return ((each, _is_left_out(each, source)) for each in _checked()[1])


def find(form: str | None, year: int | None) -> Edition | None:
    """The edition of a form and year; None if there is none, or none any more."""
    return next((each for each in editions() if (each.form, each.year) == (form, year)), None)


def edition(form: str, year: int) -> Edition:
    """The edition of `form` in plan year `year`. Raises UnknownForm or UnknownYear."""
    of_form = {found.year: found for found in editions() if found.form == form}
    if not of_form:
        names = "、".join(sorted({found.form for found in editions()}))
        raise UnknownForm(
            f"没有名为“{form}”的表单，现有：{names}。", f"No form '{form}'; available: {names}."
        )
    if year not in of_form:
        years = "、".join(map(str, sorted(of_form)))
        raise UnknownYear(
            f"表单 {form} 没有 {year} 年的版次，现有：{years}。",
            f"Form {form} has no edition of {year}; available: {years}.",
        )
    return of_form[year]


def matching(form: str | None, year: int | None) -> tuple[Edition, ...]:
    """The editions of a form, a year, or all. Raises UnknownForm or UnknownYear if there is none."""
    found = tuple(each for each in editions() if form in (None, each.form) and year in (None, each.year))
    if not found and form is not None:
        edition(form, year or 0)
    if not found:
        years = sorted({each.year for each in editions()})
        raise UnknownYear(
            f"没有 {year} 年的版次，现有：{'、'.join(map(str, years))}。",
            f"No edition of {year}; available: {', '.join(map(str, years))}.",
        )
    return found


def _source() -> _Source:
    return _process.source or _environment()


def _environment() -> _Source:
    return _parsed(Settings.given("KEXIE_FORMS"), Settings.given("KEXIE_FORMS_BROKEN"))


@cache
def _parsed(forms: str, broken: str) -> _Source:
    return _source_of(Settings.from_env({"KEXIE_FORMS": forms, "KEXIE_FORMS_BROKEN": broken}))


def _source_of(settings: Settings) -> _Source:
    return _Source(tuple(dict.fromkeys(settings.forms)), settings.forms_broken == "skip")


class _Catalogue:
    """The editions of a source, read again when a table of its folders outside the code changes."""

    def __init__(self, source: _Source, thorough: bool) -> None:
        self._folders = tuple(map(form_folder.outside, source.roots))
        self._lock = threading.Lock()
        known: form_reader.Known = {}
        self._asked = (BUILT_IN, *self._folders), thorough, known
        self._tables = self._changed()
        self._editions, faulty = form_reader.read(*self._asked)
        if fatal := [each for each in faulty if not _is_left_out(each, source)]:
            zh = "\n".join(f"{each.name}：{each.text.zh}" for each in fatal)
            en = "\n".join(f"{each.name}: {each.text.en}" for each in fatal)
            raise TemplateFault(
                f"表单有误，共 {len(fatal)} 处：\n{zh}", f"{len(fatal)} fault(s) of forms:\n{en}"
            )
        _report(faulty)

    def editions(self) -> tuple[Edition, ...]:
        """The editions; of a change those that can be used, and of a broken folder or form those before."""
        if self._tables != (tables := self._changed()):
            with self._lock:
                if self._tables != tables:
                    self._read_again()
                    self._tables = tables
        return self._editions

    def _read_again(self) -> None:
        try:
            found, faulty = form_reader.read(*self._asked)
        except Exception:  # the code of a new form may raise any; the other forms work on
            _log.exception("forms not read again")
            return
        _report(faulty)
        names, new = {each.name for each in faulty}, {(each.form, each.year) for each in found}
        former = (
            each
            for each in self._editions
            if (each.form, each.year) not in new and ({str(each.folder), f"{each.form} {each.year}"} & names)
        )
        self._editions = tuple(sorted((*found, *former), key=lambda each: (each.form, each.year)))

    def _changed(self) -> tuple[tuple[int, int, int], ...]:
        """When each table was changed, and its size."""
        return tuple(_stamp(folder.table) for folder in self._folders)


_catalogue = cache(_Catalogue)


def _report(left_out: Iterable[BrokenForm]) -> None:
    for each in left_out:
        _log.warning("form left out: %s: %s", each.name, each.text.en)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        about = os.stat(path)  # noqa: PTH116 - called with each request, and half as fast as a Path's
    except OSError:
        return 0, 0, 0
    return about.st_ino, about.st_mtime_ns, about.st_size


def _is_left_out(each: BrokenForm, source: _Source) -> bool:
    return source.skip and each.folder is not BUILT_IN


def _checked() -> tuple[tuple[Edition, ...], tuple[BrokenForm, ...]]:
    roots = _source().roots
    return _read(roots, roots != ())


@cache
def _read(roots: tuple[Path, ...], thorough: bool) -> tuple[tuple[Edition, ...], tuple[BrokenForm, ...]]:
    return form_reader.read((BUILT_IN, *map(form_folder.outside, roots)), thorough)
