"""Compares a document with an earlier one of the same form and data, filled cells included."""

from collections.abc import Iterator
from dataclasses import replace

from service.catalog import Edition
from service.errors import Bilingual
from service.extraction.skeleton import Skeleton
from service.extraction.word_document import Document, load
from service.layout import findings, seals_and_review_marks
from service.layout.certificate import Difference, LayoutFinding, differences
from service.layout.official_form import Official

#: The codes of changed words; all others concern the layout.
WORDS = frozenset(
    f"{what}_{how}"
    for what in ("text", "heading", "label", "fixed_text", "margin_text", "numbering", "box", "row", "table")
    for how in ("changed", "added", "missing", "removed")
)


def changes(before: bytes, now: bytes, edition: Edition) -> tuple[Difference, ...]:
    """All differences of `now` from `before` in words and layout, with positions in `now`.

    Raises UnreadableDocument if one is no .docx.
    """
    old, new = load(before), load(now)
    found = differences(_findings(Skeleton(edition, old, old, {}), new))
    return tuple(replace(each, place=_renamed(each.place), message=_renamed(each.message)) for each in found)


def _findings(earlier: Skeleton, document: Document) -> Iterator[LayoutFinding]:
    """The findings of the layout certificate with the earlier document as the official form."""
    form = Official(earlier)
    yield from findings(form, document)
    earlier_marks = seals_and_review_marks.findings(form.document, form.framed)
    yield from seals_and_review_marks.added(document, earlier_marks, form.framed)


def _renamed(text: Bilingual) -> Bilingual:
    """Rewords `text`: the archived document takes the place of the official form."""
    return Bilingual(
        text.zh.replace("正式表单", "原文书"), text.en.replace("the official form", "the archived document")
    )
