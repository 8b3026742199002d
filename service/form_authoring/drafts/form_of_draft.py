"""The form of a draft: tried before it exists, packed for a download, or installed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service import lint
from service.config import Settings
from service.errors import FieldError, InvalidPayload, UsageError
from service.form_authoring import form_files, new_form, trial, typefaces
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.drafts.draft import Draft
from service.form_authoring.new_form import NewForm
from service.forms import form_folder
from service.forms.edition import Edition
from service.forms.form_folder import FormFolder, font_folders
from service.lint.lint_report import LintReport
from service.wordml import word_package

_FOLDER = FormFolder(Path("/forms"), Path("/forms/schemas"))  # that of a form that is written nowhere


@contextmanager
def tried(blank: BlankForm, draft: Draft, settings: Settings) -> Iterator[Edition]:
    """The edition of a draft until it is left; nothing of it stays. It names the faces that are installed.

    The tags are written into the blank. Raises TemplateFault if the form could not be used.
    """
    files = _files(blank, draft)
    template = _FOLDER.templates(draft.year) / f"{draft.form}.docx"
    parts = word_package.opened(files[template])
    files[template] = form_files.packed(typefaces.drawn(parts, font_folders(settings)))
    with trial.edition(files, _FOLDER, draft.form, draft.year) as edition:
        yield edition


def linted(blank: BlankForm, draft: Draft) -> LintReport:
    """What lint finds in the form; the tags are written into the blank. Raises TemplateFault as `tried`."""
    with trial.edition(_files(blank, draft), _FOLDER, draft.form, draft.year) as edition:
        return lint.check(edition)


def zipped(blank: BlankForm, draft: Draft) -> bytes:
    """A zip of the form's folder, the same bytes each time; the tags are written into the blank.

    Raises TemplateFault if the form could not be used.
    """
    files = _files(blank, draft)
    with trial.edition(files, _FOLDER, draft.form, draft.year):
        folder = f"{draft.form}-{draft.year}"
        return form_files.packed(
            {f"{folder}/{path.relative_to(_FOLDER.root)}": files[path] for path in sorted(files)}
        )


def install(blank: BlankForm, draft: Draft, settings: Settings) -> NewForm:
    """Writes the form into `writable_folder`, from where every process has it with its next request.

    The tags are written into the blank. Raises InvalidPayload if the form and year exist in any folder;
    UsageError if there is none to write into, or the files cannot be written; TemplateFault if the form
    could not be used.
    """
    root = writable_folder(settings)
    if root is None:
        raise UsageError(
            "没有可以写入的表单目录。请下载表单，或由管理员在 KEXIE_FORMS 中设置一个可写的目录。",
            "There is no folder of forms to write into: download the form, or have KEXIE_FORMS name one.",
        )
    if taken := form_files.taken(form_folder.outside(root), draft.form, draft.year):
        raise InvalidPayload((FieldError("/form", "名称", "name_taken", taken.text),))
    return new_form.make(draft.form, draft.year, blank, root, draft.plan, draft.title)


def writable_folder(settings: Settings) -> Path | None:
    """The first folder of forms that this process can write into."""
    return next((each for each in settings.forms if each.is_dir() and os.access(each, os.W_OK)), None)


def _files(blank: BlankForm, draft: Draft) -> dict[Path, bytes]:
    title = draft.title or draft.form
    return form_files.contents(_FOLDER, draft.form, draft.year, blank, draft.plan, title)
