"""A difference as commands print it: in lines, and as JSON."""

from collections.abc import Iterator
from typing import Any

from service.answers.payload_comparison import ADDED, MOVED, REMOVED, UNKNOWN, Difference
from service.answers.text_differences import ADDED as PUT_IN
from service.answers.text_differences import KEPT, Passage

_KINDS = {
    ADDED: "新增此行 / row added",
    REMOVED: "删去此行 / row removed",
    MOVED: "此行移动 / row moved",
    UNKNOWN: "本版次没有这一栏 / no such field in this edition",
}
_BLANK = "（空白 / blank）"


def described(found: Difference) -> dict[str, Any]:
    """A difference for JSON."""
    names = ("kind", "before_pointer", "after_pointer", "before", "after")
    return {
        **{name: getattr(found, name) for name in names},
        "above": [label.zh for label in found.above],
        "label": found.label.zh,
        "passages": [vars(passage) for passage in found.passages],
    }


def lines(found: Difference) -> Iterator[str]:
    """The lines that are printed of a difference."""
    place = " › ".join(label.zh for label in (*found.above, found.label))
    yield f"{place}  {_KINDS[found.kind]}" if found.kind in _KINDS else place
    if passages := found.passages:
        yield from ("    " + line for line in "".join(map(_marked, passages)).splitlines())
        return
    for mark, lines in (("-", found.before), ("+", found.after)):
        shown = lines or ((_BLANK,) if found.kind not in (ADDED, REMOVED) else ())
        yield from (f"  {mark} {line}" for line in shown)


def _marked(passage: Passage) -> str:
    """A passage as wdiff(1) marks it."""
    if passage.kind == KEPT:
        return passage.text
    return f"{{+{passage.text}+}}" if passage.kind == PUT_IN else f"[-{passage.text}-]"
