"""The identity of an item: its form, year and id, and their errors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas import cells
from schemas.cells import CellError, Value
from service import catalog
from service.archive.record import ID_MAXIMUM, unseen
from service.batch.inputs.cell_values import TEXT_FORMULA
from service.batch.inputs.input_errors import field_error
from service.catalog import Edition
from service.errors import FieldError

LABELS = {"id": "编号", "form": "表单", "year": "年度", "data": "申报数据"}
_YEAR = re.compile(r"([0-9]{4})(年|年度)?")


@dataclass(frozen=True)
class ItemIdentity:
    """The readable form, year and id of an item, their edition, and their errors."""

    form: str | None
    year: int | None
    id: str | None
    edition: Edition | None
    errors: tuple[FieldError, ...]


def _fault(code: str, key: str, **values: Any) -> FieldError:
    return field_error(code, f"/{key}", LABELS[key], **values)


def of_json(
    item: Mapping[str, Any], form: str | None, year: int | None, id: str | None = None
) -> ItemIdentity:
    """The identity in a JSON object; `form`, `year` and `id` are the defaults."""
    given_id, given_form, given_year = item.get("id", id), item.get("form"), item.get("year")
    if isinstance(given_id, int) and not isinstance(given_id, bool):
        given_id = str(given_id)
    errors = []
    if given_year is not None and not _is_year(given_year):
        errors.append(_fault("bad_year", "year"))
        given_year = None
    return _named(given_id, given_form or form, given_year or year, errors)


def _is_year(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999


def of_cells(given: Mapping[str, Value | None], form: str | None, year: int | None) -> ItemIdentity:
    """The identity in the cells of a row; `form` and `year` are the defaults."""
    texts, errors = {}, []
    for key, value in given.items():
        try:
            texts[key] = "" if value is None else cells.trimmed(cells.text(value))
        except CellError as found:
            errors.append(_fault(found.code, key, name=found.name))
    if found_year := texts.get("year"):
        match = _YEAR.fullmatch(found_year)
        if match:
            year = int(match[1])
        else:
            errors.append(_fault("bad_year", "year"))
            year = None
    return _named(texts.get("id") or None, texts.get("form") or form, year, errors)


def _named(id: Any, form: Any, year: int | None, errors: list[FieldError]) -> ItemIdentity:
    reported = {error.pointer for error in errors}
    found = [] if "/id" in reported else id_errors(id)
    edition: Edition | None = None
    if "/form" not in reported and "/year" not in reported:
        edition, wrong = _edition(form, year)
        found += wrong
    return ItemIdentity(
        form if isinstance(form, str) else None,
        year,
        id if isinstance(id, str) else None,
        edition,
        (*errors, *found),
    )


def id_errors(id: Any) -> list[FieldError]:
    """The errors of a submitter's id."""
    if id is None or (isinstance(id, str) and not id.strip()):
        return [_fault("no_id", "id")]
    if wrong := _wrong(id):
        return [_fault("bad_id", "id", zh=wrong[0], en=wrong[1])]
    return []


def _wrong(id: Any) -> tuple[str, str] | None:
    """The error of a given id, in Chinese and English."""
    if not isinstance(id, str):
        return '应为文字，例如 "3201-0001"', 'must be text, such as "3201-0001"'
    if id != id.strip():
        return "首尾有空格，请删去", "has spaces at its ends: remove them"
    if TEXT_FORMULA.fullmatch(id):
        return '是公式 ="…"，请只留引号内的文字', 'is a formula ="…": keep only the text in its quotes'
    if len(id) > ID_MAXIMUM:
        return f"有 {len(id)} 个字符，最多 {ID_MAXIMUM} 个，请缩短", (
            f"has {len(id)} characters, of at most {ID_MAXIMUM}: shorten it"
        )
    zh, en = unseen(id)
    return (f"中有看不见的 {zh}，请删去", f"has {en}, which cannot be seen: remove it") if zh else None


def _edition(form: Any, year: int | None) -> tuple[Edition | None, list[FieldError]]:
    available = catalog.editions()
    years = [edition.year for edition in available if edition.form == form]
    if form is None:
        return None, [_fault("no_form", "form")]
    if not years:
        names = "、".join(sorted({edition.form for edition in available}))
        return None, [_fault("unknown_form", "form", name=form, available=names)]
    if year is None:
        return None, [_fault("no_year", "year")]
    if year not in years:
        known = "、".join(map(str, years))
        return None, [_fault("unknown_year", "year", form=form, name=year, available=known)]
    return catalog.edition(form, year), []
