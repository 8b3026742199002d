"""Reads the folders of forms: tables and schemas, and whether a form outside the code is whole."""

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas import edition_table, schema_module
from schemas.bilingual import Bilingual
from schemas.edition_table import EditionRow
from schemas.form_fault import FormFault, located
from service.errors import KexieError
from service.forms.edition import Edition
from service.forms.form_folder import BUILT_IN, FormFolder

_SAMPLES = ("minimal", "full")


@dataclass(frozen=True)
class BrokenForm:
    """A form, or a whole folder's table, that cannot be used: file, line and cause."""

    name: str
    folder: FormFolder
    text: Bilingual


def read(folders: Iterable[FormFolder]) -> tuple[tuple[Edition, ...], tuple[BrokenForm, ...]]:
    """The editions of these folders by form and year, and what is broken in them."""
    reader = _Reader()
    for folder in folders:
        with reader.faults_of(folder, str(folder)):
            for row in edition_table.read(folder.table):
                reader.add(folder, row)
    reader.check()
    editions = reader.editions
    return tuple(editions[key] for key in sorted(editions)), tuple(reader.broken)


class _Reader:
    def __init__(self) -> None:
        self.editions: dict[tuple[str, int], Edition] = {}
        self.broken: list[BrokenForm] = []
        self._outside: list[tuple[Edition, EditionRow]] = []

    @contextlib.contextmanager
    def faults_of(self, folder: FormFolder, name: str) -> Iterator[None]:
        """Records a FormFault as that of `name`."""
        try:
            yield
        except FormFault as fault:
            self.broken.append(BrokenForm(name, folder, fault.text))

    def add(self, folder: FormFolder, row: EditionRow | FormFault) -> None:
        """Adds the edition of a row, unless there is one of that form and year."""
        with self.faults_of(folder, str(folder) if isinstance(row, FormFault) else f"{row.form} {row.year}"):
            if isinstance(row, FormFault):
                raise row
            if former := self.editions.get((row.form, row.year)):
                zh = f"{row.form} {row.year} 已有一行，在 {former.folder.table}"
                en = f"two rows of {row.form} {row.year}; the other is in {former.folder.table}"
                raise FormFault(folder.table, row.line, zh, en)
            schema = schema_module.load(folder.schemas, row.schema)
            made = Edition(
                folder, row.form, row.year, row.title, row.gloss, row.provenance, row.source, schema
            )
            self.editions[row.form, row.year] = made
            if folder is not BUILT_IN:
                self._outside.append((made, row))

    def check(self) -> None:
        """Leaves only those editions outside the code that are whole."""
        for edition, row in self._outside:
            known = len(self.broken)
            with self.faults_of(edition.folder, f"{edition.form} {edition.year}"):
                if row.source is not None and (row.form, row.source) not in self.editions:
                    zh, en = f"没有 {row.source} 年的版次可沿用", f"there is no edition of {row.source}"
                    raise FormFault(edition.folder.table, row.line, zh, en)
                _check(edition)
            if len(self.broken) > known:
                del self.editions[edition.form, edition.year]


def _check(edition: Edition) -> None:
    """Raises FormFault for a schema without limits or JSON Schema, samples, template or its versions."""
    with located(edition.folder.schemas, edition.folder.table):
        edition.limits()
        edition.json_schema()
    for name in _SAMPLES:
        _check_sample(edition.sample_path(name))
    try:
        _ = edition.template, edition.versions
    except KexieError as error:
        raise FormFault(edition.template_path, 0, error.text.zh, error.text.en) from error


def _check_sample(path: Path) -> None:
    try:
        if isinstance(json.loads(path.read_text(encoding="utf-8")), dict):
            return
        line, zh, en = 1, "样例应为 JSON 对象", "the sample is no JSON object"
    except (OSError, ValueError) as error:
        line = getattr(error, "lineno", 0)
        zh = en = getattr(error, "strerror", None) or str(error)
    raise FormFault(path, line, zh, en)
