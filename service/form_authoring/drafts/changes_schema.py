"""What changes of a draft are made of, and what can be wrong with them."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, pre_load
from marshmallow.fields import Boolean, Dict, Integer, List, Nested, String

from schemas.tree import Path
from service.errors import Bilingual, FieldError, InvalidPayload
from service.payload_json import pointer

#: Members of a draft as JSON that nobody can change; changes may repeat them.
_READ_ONLY = {
    *("number", "where", "kinds", "rows", "names", "limit", "certain", "doubt", "reason", "added"),
    "column_kinds",
}
_LABELS = {
    "form": "名称",
    "year": "年度",
    "title": "标题",
    "fields": "栏目",
    "added": "增加的栏目",
    "where": "位置",
    "key": "键",
    "label": "栏目名称",
    "kind": "类型",
    "unit": "单位",
    "group": "分组",
    "required": "必填",
    "left_out": "不填",
    "options": "选项",
    "words": "选项文字",
    "columns": "各栏",
}
MESSAGES: dict[str, tuple[str, str]] = {
    "malformed": ("这一项的写法不对：{reason}", "Malformed: {reason}"),
    "unknown_field": ("没有这一项，请删去。", "There is no such member: remove it."),
    "not_a_name": (
        "应以字母开头，只含字母、数字、- 和 _，至多 40 个字符。",
        "It begins with a letter and has letters, digits, - and _, 40 at most.",
    ),
    "not_a_year": ("应为 1900 至 2999 的整数。", "Must be a whole number from 1900 to 2999."),
    "not_words": (
        "应为一行文字，1 至 {maximum} 个字符。",
        "Must be one line of text of 1 to {maximum} characters.",
    ),
    "braces": ("不能有花括号，请改用圆括号。", "Must have no braces: use parentheses."),
    "not_a_key": (
        "应以小写字母开头，只含小写字母、数字和 _，至多 60 个字符；“{key}”不能用，请另取一个。",
        "It begins with a lower-case letter and has such letters, digits and _, 60 at most; "
        "'{key}' cannot be used: choose another.",
    ),
    "key_twice": (
        "键“{key}”已用于“{other}”，请另取一个。",
        "The key '{key}' is that of {other}: choose another.",
    ),
    "words_twice": ("“{words}”有两项，请改正其一。", "There are two of {words}: correct one."),
    "unknown_kind": ("类型只能取：{allowed}。", "The kind is one of: {allowed}."),
    "unfit_kind": ("这个位置的类型只能取：{allowed}。", "The kind of this place is one of: {allowed}."),
    "unknown_unit": ("单位只能取：{allowed}。", "The unit is one of: {allowed}."),
    "no_such_field": ("没有序号为 {number} 的栏目。", "There is no field of number {number}."),
    "no_such_place": (
        "空白表中没有这一格或这一段。请写 table、row、cell 或 paragraph，从 1 数起。",
        "The blank form has no such cell or paragraph: give table, row and cell, or paragraph, from 1.",
    ),
    "place_taken": (
        "这里已有栏目“{other}”。请改那一栏，或先把它设为不填。",
        "The field {other} is there already: change that, or leave it out first.",
    ),
    "no_options": (
        "请写出选项，每项一行文字，至少两项。",
        "Give the words of the options, two at least.",
    ),
    "other_boxes": (
        "表上印有 {count} 个方框，选项也应为 {count} 项。",
        "The form prints {count} boxes, so there are {count} options.",
    ),
    "other_columns": (
        "表上有 {count} 栏，columns 也应为 {count} 项。",
        "The form has {count} columns to fill in, so columns has {count} items.",
    ),
    "nothing_left": ("至少要留一个栏目。", "At least one field must be left."),
}


class ChangeErrors:
    """Collects what is wrong with changes."""

    def __init__(self) -> None:
        self._found: list[FieldError] = []

    def add(self, path: Path, code: str, label: str = "", **values: object) -> None:
        """Adds an error at `path` of the changes; `label` is that of the field, if it has one."""
        zh, en = (text.format(**values) for text in MESSAGES[code])
        names = [_LABELS[key] for key in path if key in _LABELS]
        named = "·".join(part for part in (label, names[-1] if names else "") if part)
        self._found.append(FieldError(pointer(path), named, code, Bilingual(zh, en)))

    def check(self) -> None:
        """Raises InvalidPayload with all of them, if there are any."""
        if self._found:
            raise InvalidPayload(tuple(self._found))


class _Changes(Schema):
    error_messages = {"unknown": "unknown_field"}  # noqa: RUF012 - marshmallow declares it so

    @pre_load
    def _without_read_only(self, sent: Any, **_: Any) -> Any:
        if not isinstance(sent, Mapping):
            return sent
        return {key: value for key, value in sent.items() if key in self.fields or key not in _READ_ONLY}


class _Where(Schema):
    class Meta:
        unknown = EXCLUDE

    table = Integer(strict=True, load_default=0)
    row = Integer(strict=True, load_default=0)
    cell = Integer(strict=True, load_default=0)
    paragraph = Integer(strict=True, load_default=0)


class _Option(_Changes):
    key = String()
    words = String(load_default="")
    own_words = Boolean()

    @pre_load
    def _of_words(self, sent: Any, **_: Any) -> Any:
        return {"words": sent} if isinstance(sent, str) else sent


class _Column(_Changes):
    key = String()
    label = String()
    kind = String()
    unit = String()


class _Added(_Changes):
    where = Nested(_Where, load_default=dict)


class _Field(_Changes):
    key = String()
    label = String()
    kind = String()
    unit = String()
    group = String()
    required = Boolean()
    left_out = Boolean()
    options = List(Nested(_Option))
    columns = List(Nested(_Column))


class ChangesSchema(_Changes):
    """The changes of a draft: name, year, title; fields by number with what changes; what is added.

    The fields that are added have the numbers behind those that are proposed.
    """

    form = String()
    year = Integer()
    title = String()
    fields = Dict(String(), Nested(_Field), load_default=dict)  # type: ignore[assignment]
    added = List(Nested(_Added), load_default=list)


def load(changes: Any) -> dict[str, Any]:
    """The changes as the schema reads them. Raises InvalidPayload for members that are none."""
    errors = ChangeErrors()
    try:
        loaded: dict[str, Any] = ChangesSchema().load(changes)
    except ValidationError as error:
        for path, reason in _flat(error.messages, ()):
            errors.add(path, reason if reason in MESSAGES else "malformed", reason=reason)
        errors.check()
        raise
    return loaded


def _flat(messages: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Each message with its path."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            is_step = key == "_schema" or (path[:1] == ("fields",) and len(path) == 2 and key == "value")
            yield from _flat(inner, path if is_step else (*path, key))
    else:
        yield from ((path, str(each)) for each in messages)
