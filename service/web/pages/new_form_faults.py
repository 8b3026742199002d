"""What lint finds in a form that is being made, in the words of its draft, and what to change."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.form_authoring.drafts.draft import Draft, DraftField
from service.template_tags.lint_fault import LintFault
from service.web.pages import messages
from service.web.pages.messages import MESSAGES

_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_PATH = re.compile("[a-z][a-z0-9_]*(?:[.][a-z0-9_]+)*")


@dataclass(frozen=True)
class FormFault:
    """A fault: number and label of its field, 0 and "" for others; what is wrong, and what to do about it."""

    number: int
    label: str
    message: str
    advice: str


def faults(draft: Draft, found: Sequence[LintFault], lang: str) -> list[FormFault]:
    """The faults that lint found in the form of a draft."""
    of_path = dict(_paths(draft))
    return [_fault(each, of_path, lang) for each in found]


def _paths(draft: Draft) -> Iterator[tuple[str, DraftField]]:
    for path, planned in draft.plan.fields():
        yield ".".join(path), next(each for each in draft.fields if each.field is planned)


def _fault(fault: LintFault, of_path: Mapping[str, DraftField], lang: str) -> FormFault:
    tag = _PATH.search(fault.shown) if fault.shown.startswith("{{") else None
    field = _field(tag[0], of_path) if tag else None

    def named(path: re.Match[str]) -> str:
        known = of_path.get(path[0])
        return messages.counted(lang, "place_number", known.number) if known else path[0]

    message = _BETWEEN_CHINESE.sub("", _PATH.sub(named, fault.message.of(lang)))
    advice = MESSAGES["fault_in_labels" if fault.code == "other_label" else "fault_in_blank"].of(lang)
    if field:
        return FormFault(field.number, field.field.title, message, advice)
    return FormFault(0, f"{fault.place.of(lang)} {fault.shown}", message, advice)


def _field(path: str, of_path: Mapping[str, DraftField]) -> DraftField | None:
    """The field of a path, which may go on to one of its columns or options."""
    while path and path not in of_path:
        path = path.rpartition(".")[0]
    return of_path.get(path)
