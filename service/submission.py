"""Validates a payload for an edition: a submission, or all errors with pointer and label; remarks on both."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError

from schemas import numbers
from schemas.characters import TEXT
from schemas.field_faults import FieldFault, listed
from schemas.normal_pictures import PictureLimits, limited
from schemas.remarks import Remark, given
from schemas.tree import members, values
from schemas.white_space import INDENTS
from service import errors, wordcount
from service.catalog import Edition
from service.config import Settings
from service.errors import FieldError, IncompletePayload, InvalidPayload, Remarks
from service.forms import template_indents
from service.payload_json import Path, duplicates, pointer

_CHINA = timedelta(hours=8)  # before UTC


@dataclass(frozen=True)
class Submission:
    """Validated data of one edition with every field, None if blank; `payload` is the original payload."""

    edition: Edition
    data: dict[str, Any]
    payload: Any

    def report(self) -> dict[str, Any]:
        """The response of `validate` for JSON: 字 counts, limits, computed totals."""
        counts = _counts(self.edition, self.data)
        limits = [
            {**limit, "count": sum(counts[field] for field in limit["fields"])}
            for limit in self.edition.limits()
        ]
        return {
            "form": self.edition.form,
            "year": self.edition.year,
            "valid": True,
            "counts": counts,
            "limits": limits,
            "totals": _plain(self.edition.schema.totals(self.data)),
        }

    def remarks(self, today: date | None = None) -> Remarks:
        """What is unlikely and what is missing; `today` is by default the day in China."""
        return _remarks(self.edition, self.payload, (), self.data, today)


def review(edition: Edition, payload: Any, *, complete: bool = False) -> tuple[Submission, Remarks]:
    """The submission of a payload, and the remarks on it. Raises as `validate`, with the remarks."""
    try:
        submission = validate(edition, payload, complete=complete)
    except InvalidPayload as error:
        error.remarks = _remarks(edition, payload, error.errors)
        raise
    return submission, submission.remarks()


def validate(
    edition: Edition, payload: Any, *, complete: bool = False, limits: PictureLimits | None = None
) -> Submission:
    """The submission of a payload. Raises InvalidPayload with the FieldErrors, in the form's order.

    Of very many the last is the number of others (`more_faults`).
    With `complete` it raises IncompletePayload for what a complete application lacks, or lists that too.
    `limits` of pictures are by default those of the process (`use_limits`).
    """
    data, found = _loaded(edition, payload, limits or _limits(edition))
    wrong = [
        FieldError(*place(edition, path), fault.code, errors.Bilingual(*_in_key(path, fault).message()))
        for path, fault in listed(found)
    ]
    wrong += _over_limit(edition, data)
    missing = _remarks(edition, payload, wrong, None if wrong else data).missing if complete else ()
    if wrong:
        raise InvalidPayload((*wrong, *missing))
    if missing:
        raise IncompletePayload(missing)
    return Submission(edition, data, payload)


def _loaded(
    edition: Edition, payload: Any, limits: PictureLimits | None
) -> tuple[dict[str, Any], list[tuple[Path, FieldFault]]]:
    """The data of a payload, of a faulty one those that are valid, and its faults."""
    found = [(path, FieldFault("duplicate_key")) for path in duplicates(payload)]
    try:
        with limited(limits):
            data: dict[str, Any] = edition.schema.load(payload)
    except ValidationError as error:
        found += _flatten(error.messages, edition.schema, ())
        return (error.valid_data if isinstance(error.valid_data, dict) else {}), found
    _unindent(edition, data)
    return data, found


def _unindent(edition: Edition, data: dict[str, Any]) -> None:
    """Removes the white space before paragraphs that the form indents from new data."""
    for path, field, value in values(edition.schema, data):
        if field.shape == "lines" and template_indents.redundant(edition, path, field, value):
            holder: Any = data
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = INDENTS.stripped(value)


def _remarks(
    edition: Edition,
    payload: Any,
    wrong: Sequence[FieldError] = (),
    data: dict[str, Any] | None = None,
    today: date | None = None,
) -> Remarks:
    """The remarks on a payload with errors `wrong`, or on that of a submission with `data`."""
    values, declared = given(edition.schema, payload, data), edition.schema.declared
    today = today or date_in_china()
    refused = {error.pointer for error in wrong if error.code != "missing"}
    missing = _as_errors(edition, declared.missing(values))
    return Remarks(
        _as_errors(edition, declared.unlikely(values, today)),
        tuple(each for each in missing if refused.isdisjoint(_and_above(each.pointer))),
    )


def date_in_china(moment: datetime | None = None) -> date:
    """The date in China, whose day begins before that of UTC, at a moment; by default now."""
    return time_in_china(moment or datetime.now(UTC)).date()


def time_in_china(moment: datetime) -> datetime:
    """What clocks in China show at a moment, without a zone."""
    return (moment + _CHINA).replace(tzinfo=None)


def days_in_china(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """The moments at which these days, and those between, begin and have ended in China.

    None for None, and for the first and last days that there are.
    """
    begins = None if first is None or first == date.min else _beginning(first)
    ends = None if last is None or last == date.max else _beginning(last) + timedelta(days=1)
    return begins, ends


def _beginning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - _CHINA


def _as_errors(edition: Edition, found: Iterable[Remark]) -> tuple[FieldError, ...]:
    return tuple(FieldError(*place(edition, each.path), each.code, each.message) for each in found)


def _and_above(pointer: str) -> Iterator[str]:
    """A JSON Pointer, and those of the groups around it."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""


_used: list[PictureLimits] = []  # by an application, whose settings may differ from the environment


def use_limits(settings: Settings) -> None:
    """Makes the limits of pictures in these settings those of this process."""
    _used[:] = [settings.pictures]


def _limits(edition: Edition) -> PictureLimits | None:
    """The limits of the process, by default those of the environment; None for a form without pictures."""
    if not edition.pictures:
        return None
    return _used[0] if _used else Settings.from_env().pictures


def _in_key(path: Path, fault: FieldFault) -> FieldFault:
    """The fault of an unknown key with the names of its odd characters."""
    return replace(fault, odd=TEXT.named(str(path[-1]))) if fault.code == "unknown_field" else fault


def _flatten(messages: Any, schema: Schema | None, path: Path) -> Iterator[tuple[Path, FieldFault]]:
    """Flattens marshmallow's messages to (path, fault), in the order of the form."""
    if isinstance(messages, list):
        yield from ((path, fault) for fault in messages)
        return
    fields = dict(members(schema)) if schema else {}
    order: dict[str | int, int] = {name: position for position, name in enumerate(fields)}
    for key, inner in sorted(messages.items(), key=lambda item: _in_order(item[0], order)):
        if key == "_schema" and isinstance(inner, list):
            # A key of the payload may itself be called "_schema"; it is then unknown.
            yield from ((path if fault.code != "unknown_field" else (*path, key), fault) for fault in inner)
        else:
            below = schema if isinstance(key, int) else None
            if key in fields:
                below = fields[key].inside
            yield from _flatten(inner, below, (*path, key))


def _in_order(key: str | int, order: Mapping[str | int, int]) -> tuple[int, int, str]:
    """Fields as the form has them, rows by number, then unknown keys."""
    return order.get(key, len(order)), key if isinstance(key, int) else 0, str(key)


def _over_limit(edition: Edition, data: dict[str, Any]) -> Iterator[FieldError]:
    for limit in edition.limits():
        fields: list[str] = limit["fields"]
        counts = [wordcount.count(data.get(field[1:]) or "") for field in fields]
        count, maximum = sum(counts), limit["maximum"]
        if count > maximum:
            values = {"count": count, "maximum": maximum, "excess": count - maximum}
            text = errors.Bilingual(*FieldFault("too_many_words", values).message())
            longest = fields[counts.index(max(counts))]
            yield FieldError(fields[0], limit["label"], "too_many_words", text, longest)


def place(edition: Edition, path: Path) -> tuple[str, str]:
    """The JSON Pointer of `path`, and the official label there, or of the nearest group above it."""
    labels = edition.labels()
    keys = ["*" if isinstance(key, int) else str(key) for key in path]
    while keys:
        if label := labels.get("/" + "/".join(keys)):
            return pointer(path), label
        keys.pop()
    return pointer(path), edition.title


def _counts(edition: Edition, data: dict[str, Any]) -> dict[str, int]:
    """The 字 of every long text, by JSON Pointer."""
    return {
        pointer(path): wordcount.count(text or "")
        for path, field, text in values(edition.schema, data)
        if field.shape == "lines"
    }


def _plain(value: Any) -> Any:
    """The value with its Decimals as JSON numbers."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Decimal):
        return numbers.json(value)
    return value
