"""Builds the template context of a submission: strings, lists and dicts without None."""

from functools import reduce
from typing import Any

from schemas.tree import Path
from schemas.tree import build as build_tree
from service.submission import Submission


def build(submission: Submission) -> dict[str, Any]:
    """The template context with the keys of the payload.

    A blank field is "", a long text a list of its lines, a date `2021年3月9日`, an
    amount of two decimals in 万元, a yes/no the two boxes `yes` and `no`.
    """
    data: Any = submission.data

    def at(path: Path) -> Any:
        return reduce(lambda group, key: group[key], path, data)

    return build_tree(
        submission.edition.schema,
        lambda path, field: field.shown(at(path)),
        lambda path, field: range(len(at(path))),
    )
