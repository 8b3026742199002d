"""The pages after the form's: the review of a posted form's answers, and the receipt of its record."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from werkzeug.datastructures import MultiDict

from service.answers.changes import AnswerChange
from service.archive import Record
from service.catalog import Edition
from service.database.column_types import iso
from service.errors import Bilingual, FieldError, Remarks
from service.payload_json import pointer_of_any_row
from service.submission import Submission
from service.web.api.archive_document import beginning
from service.web.controls import lookup, outline
from service.web.controls.outline import Block
from service.web.controls.posted_answers import Answers
from service.web.http.auth import caller
from service.web.pages import error_labels, messages, page_access, render
from service.web.pages.error_labels import ListedError
from service.web.pages.field_marks import Marks
from service.web.pages.portal import Portal

_LONG = 40  # characters of an answer in a list


@dataclass(frozen=True)
class PostedForm:
    """A posted form: its values, the portal around it, and the id that a portal gives it."""

    edition: Edition
    sent: MultiDict[str, str]
    around: Portal | None = None
    given: str = ""


@dataclass(frozen=True)
class Reviewed:
    """The payload of a posted form, its submission if it can be printed, else its errors, and the remarks."""

    payload: Any
    submission: Submission | None
    errors: tuple[FieldError, ...]
    remarks: Remarks


@dataclass(frozen=True)
class Number:
    """The id of a record to be, None for a running one, which a person may change unless it is `fixed`.

    `newest` is the newest version under it, `opened` the one that was changed, `lost` that there is none any
    more; `same`: nothing differs from the newest, `changes`: what differs from the one opened. `running` is
    what a running one would be. `before` are the records of a submitter who is named, the last first, and
    `equal` the keys of those among them that say the same.
    """

    id: str | None
    fixed: bool = False
    newest: Record | None = None
    opened: Record | None = None
    lost: bool = False
    same: bool = False
    changes: Sequence[AnswerChange] = ()
    errors: tuple[FieldError, ...] = ()
    running: int = 0
    before: Sequence[Record] = ()
    equal: frozenset[str] = frozenset()

    @property
    def state(self) -> str:
        """What is to be said of the newest version: "first", "next", "newer", "taken" or "same"."""
        if self.newest is None:
            return "first"
        if self.same:
            return "same"
        if self.opened:
            return "next" if self.opened.key == self.newest.key else "newer"
        return "next" if self.fixed else "taken"


def review(form: PostedForm, found: Reviewed, number: Number | None, *, refused: bool = False) -> Response:
    """The answers of a form with what is wrong, missing and unlikely; `number` if it can be archived here.

    `refused`: it was to be archived, and cannot be as it is.
    """
    chosen = render.page_language()
    edition, data = form.edition, found.submission.data if found.submission else None
    listed = {
        name: [error_labels.listed(edition, each, chosen) for each in errors]
        for name, errors in (("faults", found.errors), ("advice", found.remarks.advice))
    }
    missing = [error_labels.listed(edition, each, chosen) for each in found.remarks.missing]
    changes = number.changes if number else ()
    changed = [_listed_change(edition, each, chosen) for each in changes]
    if number and number.opened:
        form.sent["after_name"] = version_name(number.opened)
    sections, marks = outline.sections(edition), Marks(edition, form.around.rules if form.around else None)
    page = render.page(
        "review",
        **_around(form),
        sections=[
            (marks.shown(section), [_within(section, each) for each in (*listed.values(), missing, changed)])
            for section in sections
            if not marks.hidden(section)
        ],
        answers=Answers(edition, form.sent, found.payload, data, changes),
        changed=changed,
        faults=listed["faults"],
        advice=listed["advice"],
        missing=missing,
        field_messages=render.field_messages(found.errors, chosen),
        advice_messages=render.field_messages(found.remarks.advice, chosen),
        blank=render.field_messages(found.remarks.missing, chosen),
        at=render.at,
        marks=marks,
        number=number,
        opened=number and number.opened,
        opened_name=form.sent.get("after_name", ""),
        example=f"{beginning(found.submission)}-{number.running:03}" if found.submission and number else "",
        readable="archive:read" in caller().scopes,
        entered=form.sent.get("number", ""),
        once=uuid.uuid4().hex,
        refused=refused,
        confirmed="confirmed" in form.sent,
        iso=iso,
    )
    return page_access.private(page)


def receipt(form: PostedForm, record: Record, *, new: bool) -> Response:
    """What was archived, and what comes next; not `new` if it was archived before as it is."""
    form.sent["after"], form.sent["after_name"] = record.key, version_name(record)
    page = render.page(
        "receipt",
        **_around(form),
        record=record,
        new=new,
        name=version_name(record),
        steps=[step.of(render.page_language()) for step in form.edition.schema.afterwards],
        readable=form.around is None and "archive:read" in caller().scopes,
        iso=iso,
    )
    return page_access.private(page)


def version_name(record: Record) -> str:
    """A version, as the page of its form names it."""
    texts = messages.of(render.page_language())
    return texts["version_name"].format(id=record.id, version=record.version)


def _around(form: PostedForm) -> dict[str, Any]:
    """What both pages have of the form, whose values go with them."""
    return {
        "edition": form.edition,
        "page_data": {**render.common_data(), "embedded": form.around is not None},
        "closed": page_access.requires_credentials() and form.around is None,
        "action": render.action(form.edition, form.around),
        "hidden": list(_hidden(form.sent)),
    }


def _hidden(sent: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in sent.items():
        if value and (name.startswith("/") or name in ("after", "after_name", "attach")):
            yield name, value


def _listed_change(edition: Edition, change: AnswerChange, chosen: str) -> ListedError:
    """A change as an entry of the list, long texts cut off."""
    said = messages.of(chosen)
    before, after = (_quoted(lines) or said["blank"] for lines in (change.before, change.after))
    text = said["answer_changed"].format(before=before, after=after)
    error = FieldError(change.pointer, change.label, "answer_changed", Bilingual(text, text))
    return error_labels.listed(edition, error, chosen)


def _quoted(lines: Sequence[str]) -> str:
    text = " ".join(lines)
    return f"“{text[:_LONG]}{'……' if len(text) > _LONG else ''}”" if text else ""


def _within(section: Block, listed: Sequence[ListedError]) -> int:
    """How many of these are in a section."""
    pointers = {part.pointer for part in lookup.parts((section,))}
    return sum(pointer_of_any_row(each.at) in pointers for each in listed)
