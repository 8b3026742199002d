"""Reads the folders of forms: tables and schemas, and whether a form outside the code is whole."""

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from schemas import edition_table, schema_module
from schemas.bilingual import Bilingual
from schemas.edition_table import EditionRow
from schemas.form_fault import FormFault, located
from service.errors import TemplateFault, system_errors
from service.forms.edition import Edition
from service.forms.form_folder import BUILT_IN, FormFolder

_SAMPLES = ("minimal", "full")


@dataclass(frozen=True)
class BrokenForm:
    """A form, or a whole folder's table, that cannot be used: file, line and cause."""

    name: str
    folder: FormFolder
    text: Bilingual


#: The editions that were read, by folder, row without its line, and the time of the schema's file in ns.
Known = dict[tuple[FormFolder, EditionRow, int], Edition]


def read(
    folders: Iterable[FormFolder], thorough: bool, known: Known | None = None
) -> tuple[tuple[Edition, ...], tuple[BrokenForm, ...]]:
    """The editions of these folders by form and year, and what is broken in them; an empty folder has none.

    Outside the code, `thorough` is with every tag of the templates, which takes some 0.1 s for each. Those
    that are `known` are not read again; afterwards it has those that were found.
    """
    reader = _Reader(known or {})
    for folder in (each for each in folders if not each.is_empty):
        with reader.faults_of(folder, str(folder)):
            for row in edition_table.read(folder.table):
                reader.add(folder, row)
    reader.check(thorough)
    editions = reader.editions
    if known is not None:
        known.clear()
        known.update({key: each for key, each in reader.found.items() if each in editions.values()})
    return tuple(editions[key] for key in sorted(editions)), tuple(reader.broken)


class _Reader:
    def __init__(self, known: Known) -> None:
        self.editions: dict[tuple[str, int], Edition] = {}
        self.broken: list[BrokenForm] = []
        self.found: Known = {}
        self._known = known
        self._outside: list[tuple[Edition, EditionRow]] = []

    @contextlib.contextmanager
    def faults_of(self, folder: FormFolder, name: str) -> Iterator[None]:
        """Records a fault as that of `name`."""
        try:
            yield
        except (FormFault, TemplateFault) as fault:
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
            key = folder, replace(row, line=0), _changed(schema_module.file(folder.schemas, row.schema))
            made = self._known.get(key) or _edition(folder, row)
            self.editions[row.form, row.year] = self.found[key] = made
            if folder is not BUILT_IN and key not in self._known:
                self._outside.append((made, row))

    def check(self, thorough: bool) -> None:
        """Leaves only those editions outside the code that are whole."""
        for edition, row in self._outside:
            known = len(self.broken)
            with self.faults_of(edition.folder, f"{edition.form} {edition.year}"):
                if row.source is not None and (row.form, row.source) not in self.editions:
                    zh, en = f"没有 {row.source} 年的版次可沿用", f"there is no edition of {row.source}"
                    raise FormFault(edition.folder.table, row.line, zh, en)
                _check(edition)
                _check_template(edition, thorough)
            if len(self.broken) > known:
                del self.editions[edition.form, edition.year]


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0


def _edition(folder: FormFolder, row: EditionRow) -> Edition:
    schema = schema_module.load(folder.schemas, row.schema)
    return Edition(folder, row.form, row.year, row.title, row.gloss, row.provenance, row.source, schema)


def _check(edition: Edition) -> None:
    """Raises FormFault or TemplateFault for what is wrong with schema, samples or versions."""
    schema = edition.schema
    with located(edition.folder.schemas, lambda: schema_module.place(type(schema))):
        for name in (name for limit in schema.limits for name in limit.fields):
            if name not in schema.fields:
                place = schema_module.place(type(schema))
                raise FormFault(*place, f"limits 中的 {name} 不是栏目", f"{name} in limits is no field")
        edition.json_schema()
    for name in _SAMPLES:
        _check_sample(edition.sample_path(name))
    _ = edition.versions  # raises if their record cannot be read


def _check_sample(path: Path) -> None:
    try:
        if isinstance(json.loads(path.read_text(encoding="utf-8")), dict):
            return
        line, zh, en = 1, "样例应为 JSON 对象", "the sample is no JSON object"
    except OSError as error:
        why = system_errors.reason(error)
        line, zh, en = 0, why.zh, why.en
    except ValueError as error:
        line, zh, en = getattr(error, "lineno", 0), str(error), str(error)
    raise FormFault(path, line, zh, en)


def _check_template(edition: Edition, thorough: bool) -> None:
    """Raises FormFault for a tag that cannot be rendered, TemplateFault for what is no .docx."""
    path = edition.template_path
    try:
        data = path.read_bytes()
    except OSError as error:
        why = system_errors.reason(error)
        raise FormFault(path, 0, f"读不了模板：{why.zh}", why.en) from error
    if not thorough:
        return
    from service.template_tags import check_tags  # docxtpl, which many commands do not need

    for fault in check_tags.faults(path, data, edition.schema):
        if fault.code in check_tags.UNRENDERABLE:
            raise FormFault(path, 0, fault.text.zh, fault.text.en)
