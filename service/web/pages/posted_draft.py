"""The posted form of the page for new forms: the blank, and a person's changes to what was found in it."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from service.errors import FieldError, InvalidPayload, UsageError
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.drafts import draft_changes
from service.form_authoring.drafts.draft import Draft, propose
from service.form_authoring.drafts.field_kinds import KINDS, OF_BOXES
from service.web.http.auth import settings
from service.web.http.parameters import WRAPPING
from service.web.pages import render

_PLACE = re.compile(r"([1-9][0-9]{0,3})(?:\.([1-9][0-9]{0,3})\.([1-9][0-9]{0,3}))?")
_ENTRY = re.compile(r"/fields/([1-9][0-9]{0,3})/([a-z_]+)(?:/([0-9]{1,3})/([a-z_]+))?")
_OF_ADDED, _OF_OPTION = re.compile("^/added/.*"), re.compile("/options/.*")
_PARTS = 20_000  # of a posted form: some ten of each field
_MIB = 1024 * 1024


@dataclass(frozen=True)
class PostedDraft:
    """A blank, its file's name, the changes of what was found in it, the numbers of the checked fields."""

    blank: bytes
    name: str
    changes: dict[str, Any]
    checked: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The blank as the page carries it."""
        return base64.b64encode(self.blank).decode()

    def draft(self, blank: BlankForm) -> Draft:
        """The draft with the changes. Raises InvalidPayload."""
        return draft_changes.changed(blank, self.changes, render.page_language())

    def as_read(self, blank: BlankForm) -> Draft:
        """The draft with the places that were added, but no other change."""
        try:
            added = {"added": self.changes.get("added", [])}
            return draft_changes.changed(blank, added, render.page_language())
        except InvalidPayload:
            return propose(blank)


def prepare() -> None:
    """Sets the limits of the body: a blank as base64 text, and the changes."""
    if request.method != "POST":
        return
    limit = settings().file_limit * 4 // 3 + settings().body_limit + WRAPPING
    request.max_content_length = request.max_form_memory_size = limit
    request.max_form_parts = _PARTS


def chosen() -> PostedDraft:
    """The file that was chosen, without changes. Raises UsageError."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise UsageError("请先选择文件。", "Choose a file first.")
    content, limit = file.read(), settings().file_limit
    if len(content) > limit:
        raise UsageError(
            f"文件太大：上限为 {limit / _MIB:g} MB。请删去文件中的图片后重试。",
            f"The file is too large: the limit is {limit / _MIB:g} MB. Remove its pictures and try again.",
        )
    return PostedDraft(content, file.filename, {})


def posted() -> PostedDraft:
    """The blank that the page carried, with the changes. Raises UsageError."""
    try:
        blank = base64.b64decode(request.form.get("blank", ""), validate=True)
    except binascii.Error:
        blank = b""
    if not blank:
        raise UsageError(
            "页面所带的空白表不完整，请重新选择文件。",
            "The blank form in the page is incomplete: choose the file again.",
        )
    checked = frozenset(filter(None, map(_checked, request.form)))
    return PostedDraft(blank, request.form.get("name", ""), dict(_changes()), checked)


def place_text(where: Mapping[str, int]) -> str:
    """A place as the page posts it: the number of a paragraph, or those of table, row and cell."""
    return ".".join(map(str, where.values()))


def place_to_add() -> str:
    """The place that this request is to add; "" for none."""
    return request.form.get("add", "") if request.form.get("do") == "add" else ""


def at_entry(error: FieldError) -> FieldError:
    """An error of the changes with the pointer of its entry on the page, and the field's number and label."""
    pointer = _OF_ADDED.sub("/add", _OF_OPTION.sub("/options", error.pointer))
    entry = _ENTRY.fullmatch(pointer)
    if not entry:
        return replace(error, pointer=pointer)
    label = request.form.get(f"/fields/{entry[1]}/label", "").strip()
    is_named = entry[2] == "label" or error.label.startswith(label)
    named = error.label if is_named else f"{label}·{error.label}"
    return replace(error, pointer=pointer, label=f"{entry[1]} {named}")


def _checked(name: str) -> str:
    entry = _ENTRY.fullmatch(name)
    return entry[1] if entry and entry[2] == "checked" else ""


def _changes() -> Iterator[tuple[str, Any]]:
    """The changes as `draft_changes.changed` takes them."""
    for name in ("form", "title"):
        if (value := request.form.get(f"/{name}")) is not None:
            yield name, value.strip()
    if (year := request.form.get("/year")) is not None:
        yield "year", int(year) if re.fullmatch("[0-9]{4}", year.strip()) else 0
    fields: dict[int, dict[str, Any]] = {}
    for name, value in request.form.items():
        if found := _ENTRY.fullmatch(name):
            _put(fields.setdefault(int(found[1]), {}), found, value.strip())
    added = [fields[number]["where"] for number in sorted(fields) if "where" in fields[number]]
    yield "added", [{"where": _where(text)} for text in (*added, place_to_add()) if text]
    yield "fields", {str(number): _field(posted) for number, posted in fields.items()}


def _put(field: dict[str, Any], found: re.Match[str], value: str) -> None:
    """Puts a posted value into its field, or into a column of it."""
    if found[3] is None:
        field[found[2]] = value
    else:
        field.setdefault(found[2], {}).setdefault(int(found[3]), {})[found[4]] = value


def _field(posted: Mapping[str, Any]) -> dict[str, Any]:
    """A posted field as a change; of what is posted only what its kind has."""
    changed = {name: posted[name] for name in ("key", "label", "group") if name in posted}
    changed |= {"left_out": "keep" not in posted, "required": "required" in posted, **_kind(posted)}
    if changed.get("kind") in OF_BOXES:
        changed["options"] = [line.strip() for line in posted.get("options", "").splitlines() if line.strip()]
    if columns := posted.get("columns"):
        each = [columns[number] for number in sorted(columns)]
        changed["columns"] = [{"label": column.get("label", ""), **_kind(column)} for column in each]
    return changed


def _kind(posted: Mapping[str, Any]) -> dict[str, str]:
    """Kind and unit of a field or column; the unit only if the kind has it."""
    kind, unit = posted.get("kind", ""), posted.get("unit", "")
    has_unit = kind in KINDS and unit in KINDS[kind].units
    return ({"kind": kind} if kind else {}) | ({"unit": unit} if has_unit else {})


def _where(text: str) -> dict[str, int]:
    found = _PLACE.fullmatch(text)
    if not found:
        raise UsageError("add 应为“表.行.格”或段号。", "add must be table.row.cell, or a paragraph's number.")
    first, row, cell = found.groups()
    if row is None:
        return {"paragraph": int(first)}
    return {"table": int(first), "row": int(row), "cell": int(cell)}
