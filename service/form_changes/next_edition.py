"""Makes the edition of a form's next year from its new blank (`kexie-forms edition new --blank`)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas import edition_table
from service import catalog, lint, template_context
from service.catalog import Edition
from service.config import Settings
from service.conversion.fonts.face_table import TABLE
from service.editions import year_change
from service.errors import Bilingual, UsageError
from service.form_authoring import blank_form, cleared_document, form_files, new_form, tags, trial, typefaces
from service.form_authoring.blank_form import BlankForm
from service.form_changes import blank_comparison, next_plan, next_samples
from service.form_changes.blank_comparison import Comparison
from service.form_changes.next_plan import NextForm
from service.form_changes.schema_subclass import SchemaWriter
from service.lint.lint_report import LintReport
from service.submission import validate
from service.wordml import word_package
from service.wordml.word_package import CORE, TITLE

_SURE = 0.5  # the least likeness to a form that is not named, and share of the fields of one that is


@dataclass(frozen=True)
class NextEdition:
    """An edition that was written: its form, its files, what changed, and the report of lint."""

    form: str
    files: tuple[Path, ...]
    changes: NextForm
    by_hand: tuple[str, ...]
    """The labels of what has to be changed in the schema by hand."""
    report: LintReport

    def as_dict(self) -> dict[str, Any]:
        """The edition as JSON: files, the changes, the keys that fields have, what is left to do."""
        fields = [
            {"key": ".".join(each.path), "label": each.field.title, "new": each.was is None}
            for each in self.changes.fields
        ]
        return {
            "files": [str(path) for path in self.files],
            "fields": fields,
            **self.changes.comparison.as_dict(),
            "unplaced": [".".join(each.path) for each in self.changes.unplaced],
            "by_hand": list(self.by_hand),
            "faults": [fault.as_dict() for fault in self.report.faults],
        }


@dataclass(frozen=True)
class _Candidate:
    """An edition that a blank may follow: its own blank, and both compared."""

    edition: Edition
    blank: BlankForm
    comparison: Comparison

    @property
    def found(self) -> Bilingual:
        """How many fields were recognised."""
        form, olds, kept = self.edition.form, len(self.comparison.olds), len(self.comparison.stayed)
        return Bilingual(
            f"{form} 的 {olds} 个栏目认出 {kept} 个", f"{kept} of the {olds} fields of {form} recognised"
        )


def make(to: int, source: int, blank: bytes, form: str | None, settings: Settings) -> NextEdition:
    """Writes the edition of plan year `to` of the form of `source` of which this is the new blank.

    All of its files are written, or none. Raises UnknownForm, UnknownYear, UsageError if it is no form's
    blank, exists, or cannot be written, TemplateFault if it could not be used, and as `blank_form.read`.
    """
    new = blank_form.read(blank, settings)
    if not new.places:
        raise new_form.no_places()
    edition, old = _of_blank(new, form, source, settings)
    folder, name = edition.folder, edition.form
    changes = next_plan.plan(edition.schema, blank_form.planned(old), blank_form.planned(new))
    with form_files.reserved(folder, name, to):
        files, by_hand = _files(edition, to, new, changes)
        with trial.edition(files, folder, name, to) as tried:
            report = lint.check(tried)
        form_files.write(files)
    catalog.reload()
    return NextEdition(name, tuple(files), changes, by_hand, report)


def _of_blank(new: BlankForm, form: str | None, source: int, settings: Settings) -> tuple[Edition, BlankForm]:
    """The edition of which this is a newer blank, with its own blank. Raises UsageError."""
    named = _compared(new, catalog.matching(form, source), settings)
    for each in named[:1]:
        stayed = each.comparison.share_kept if form else each.comparison.likeness
        if stayed >= _SURE:
            return each.edition, each.blank
    others = _compared(new, catalog.matching(None, source), settings) if form else named
    raise _unlike(form, source, named, others)


def _compared(new: BlankForm, editions: Sequence[Edition], settings: Settings) -> list[_Candidate]:
    """The editions that can be followed, compared with a blank, the likest first."""
    blanks = [(each, blank_form.read(_blank(each), settings)) for each in editions if each.folder.changeable]
    found = [_Candidate(each, old, blank_comparison.compare(old.places, new.places)) for each, old in blanks]
    return sorted(found, key=lambda each: -each.comparison.likeness)


def _unlike(
    form: str | None, source: int, named: Sequence[_Candidate], others: Sequence[_Candidate]
) -> UsageError:
    """The error for a blank that is not of this form, or of no form of the year; names the likest."""
    zh, en = (f" {form} ", form) if form else (f" {source} 年的各份表单都", f"any form of {source}")
    found = [*(named[:1] if form else ()), *others[:1]]
    known = {each.edition.form: each.found for each in found}
    counts_zh = "，最相像的是 ".join(each.zh for each in known.values())
    counts_en = ", the likest: ".join(each.en for each in known.values())
    ask_zh, ask_en = ("", "") if form else ("，或用 --form 指明是哪一份表单", ", or name its form by --form")
    return UsageError(
        f"这份空白表与{zh}不相像，没有写任何文件{counts_zh and f'：{counts_zh}'}。"
        f"请检查文件{ask_zh}；全新的表单用 kexie-forms form new 建立。",
        f"The blank is not like {en}, and nothing was written{counts_en and f': {counts_en}'}. "
        f"Check the file{ask_en}; make a new form by `kexie-forms form new`.",
    )


def _blank(edition: Edition) -> bytes:
    return edition.template.render(template_context.build(validate(edition, {})))


def _files(
    edition: Edition, to: int, new: BlankForm, changes: NextForm
) -> tuple[dict[Path, bytes], tuple[str, ...]]:
    """The contents of the edition's files, and what is left to do by hand; the tags are written."""
    folder, form = edition.folder, edition.form
    official = form_files.official_text(new.root)
    tags.put([(each.path, each.field) for each in changes.fields], new)
    cleared_document.finish(new.root)
    title = new.title or year_change.text(edition.title, edition.year, to)
    writer = SchemaWriter(edition.schema, changes, to)
    module, name = writer.text(title)
    rows = form_files.table_rows(folder)
    row = next(each for each in rows if (each["form"], each["year"]) == (form, edition.year))
    file = f"{form.replace('-', '_')}_{to}"
    made = {**row, "year": to, "title": title, "provenance": "official"}
    made.pop("from", None)
    if module:
        made["schema"] = f"{file}.{name}"
    files = {
        folder.templates(to) / f"{form}.docx": form_files.template(
            new, _properties_title(edition, to, title)
        ),
        folder.templates(to) / f"{form}.official.txt": official.encode(),
        **_samples(edition, to, changes),
        folder.table: edition_table.text([*rows, made]).encode(),
    }
    if module:
        files[folder.schemas / f"{file}.py"] = module.encode()
    if names := typefaces.unknown(new.parts, [folder.fonts]):
        files[folder.fonts / TABLE] = typefaces.table(folder.fonts, names)
    return files, tuple(writer.by_hand)


def _samples(edition: Edition, to: int, changes: NextForm) -> dict[Path, bytes]:
    found = {}
    for name in ("minimal", "full"):
        moved = year_change.sample(edition.sample_path(name).read_bytes(), edition.year, to)
        made = next_samples.changed(json.loads(moved), edition.schema, changes, is_full=name == "full")
        path = edition.folder.samples(to) / f"{edition.form}.{name}.json"
        found[path] = (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()
    return found


def _properties_title(edition: Edition, to: int, title: str) -> str:
    """The title in the document properties with its tags, which the template before may have."""
    parts = word_package.opened(edition.template_path.read_bytes())
    core = word_package.part(parts, CORE)
    text = "" if core is None else core.findtext(TITLE) or ""
    return year_change.text(text, edition.year, to) if "{" in text else title
