"""Makes a form of a blank document: all of its files in a folder of forms, linted before they are written."""

from dataclasses import dataclass
from pathlib import Path

from service import lint
from service.errors import UsageError
from service.form_authoring import blank_form, form_files, trial
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.form_plan import FormPlan
from service.forms import form_folder
from service.lint.lint_report import LintReport


@dataclass(frozen=True)
class NewForm:
    """A form that was written: its title, its files, its fields, and the report of lint."""

    title: str
    files: tuple[Path, ...]
    plan: FormPlan
    report: LintReport


def no_places() -> UsageError:
    """The error for a document without places."""
    return UsageError(
        "空白表中没有找到要填写的位置。请检查文件是不是空白表。",
        "No place to fill in was found in the blank form. Check whether the file is one.",
    )


def make(
    form: str, year: int, blank: BlankForm, root: Path, plan: FormPlan | None = None, title: str = ""
) -> NewForm:
    """Writes the form into the folder of forms at `root`, all of its files or none, and lints it.

    Fields and title are by default those that are found. The tags are written into the blank, which makes
    one form only. Raises UsageError if it cannot be written, if the form and year exist in any folder, or
    the blank has no places; TemplateFault if the form could not be used.
    """
    folder = form_folder.outside(root)
    plan = plan or blank_form.planned(blank)
    if not plan.members:
        raise no_places()
    title = title or blank.title or form
    with form_files.reserved(folder, form, year):
        files = form_files.contents(folder, form, year, blank, plan, title)
        with trial.edition(files, folder, form, year) as tried:
            report = lint.check(tried)
        form_files.write(files)
    return NewForm(title, tuple(files), plan, report)
