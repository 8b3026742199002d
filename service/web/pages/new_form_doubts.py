"""What a person should still look at in a draft: places in doubt, labels that two fields have."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from service.web.pages.messages import MESSAGES
from service.web.pages.posted_draft import PostedDraft

_MEMBERS = ("key", "label", "group", "kind", "unit", "required")


def doubts(
    fields: Sequence[Mapping[str, Any]], read: Sequence[Mapping[str, Any]], posted: PostedDraft, lang: str
) -> dict[int, str]:
    """The reason for each doubtful field by its number; `read` are the fields without the changes.

    Whoever changes a field, leaves it out or says that it was checked has settled it; two fields with one
    label stay doubtful while both have it.
    """
    kept = [each for each in fields if not each["left_out"]]
    shared = Counter(map(_name, kept))
    originals = {each["number"]: each for each in read}
    found = {}
    for field in kept:
        number = str(field["number"])
        change = posted.changes.get("fields", {}).get(number, {})
        original = originals.get(field["number"], field)
        if number in posted.checked:
            continue
        if shared[_name(field)] > 1:
            found[field["number"]] = MESSAGES["label_twice"].of(lang).format(label=field["label"])
        elif field["reason"] and not _is_changed(original, change):
            found[field["number"]] = field["reason"]
    return found


def _name(field: Mapping[str, Any]) -> tuple[str, str]:
    return field["group"], field["label"]


def _is_changed(field: Mapping[str, Any], change: Mapping[str, Any]) -> bool:
    if any(change.get(name, field[name]) != field[name] for name in _MEMBERS):
        return True
    if "options" in change and change["options"] != [each["words"] for each in field["options"]]:
        return True
    return any(
        each.get(name, column[name]) != column[name]
        for each, column in zip(change.get("columns", ()), field["columns"], strict=False)
        for name in ("label", "kind", "unit")
    )
