"""Recognises form and year of a document."""

import re
from collections.abc import Iterable, Iterator

from service import catalog
from service.catalog import Edition
from service.errors import UnrecognisedForm
from service.extraction.skeleton import fixed, has_mark, skeleton
from service.extraction.word_document import Document
from service.object_cache import object_cache

_LEAST = 0.3  # of the form's fixed texts
_TWO = 0.6  # the document contains both forms
_CHINESE_YEAR = re.compile("[〇○零一二三四五六七八九]{4}(?=年)")
_YEAR = re.compile("(?:[0-9０-９]{4}|[〇○零一二三四五六七八九]{4})(?=年)")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def recognise(document: Document, form: str | None = None, year: int | None = None) -> Edition:
    """The edition of a filled form; a given `form` or `year` is not checked.

    Raises UnrecognisedForm, UnknownForm, UnknownYear.
    """
    form = form or _form(document)
    if year is not None:
        return catalog.edition(form, year)
    known = {edition.year: edition for edition in catalog.editions() if edition.form == form}
    if not known:
        return catalog.edition(form, 0)
    newest = known[max(known)]
    written = years(document, newest)
    if not written and len(known) == 1 and not _titles(newest):
        return newest  # the form prints no year
    if not written:
        raise UnrecognisedForm(
            f"文书中没有写明年度的表单 {form} 的标题。请核对是不是这份表单，或指明年度。",
            f"The document has no title of form {form} with a year. Check the form, or specify the year.",
        )
    if written[0] not in known:
        raise _other_year(form, written[0], known)
    return known[written[0]]


def _other_year(form: str, year: int, known: Iterable[int]) -> UnrecognisedForm:
    """The error of a title that names a year without an edition."""
    available = "、".join(map(str, sorted(known)))
    return UnrecognisedForm(
        f"文书的标题写的是 {year} 年，表单 {form} 只有 {available} 年的版次。请指明按哪一年读取。",
        f"The title names the year {year}, but form {form} has editions only for {available}. "
        "Specify the year.",
    )


def years(document: Document, edition: Edition) -> list[int]:
    """The years in the form's fixed paragraphs, in document order."""
    wanted, found = _titles(edition), []
    for paragraph in document.paragraphs:
        text = arabic(paragraph.bare)
        match = next((match for pattern in wanted if (match := pattern.fullmatch(text))), None)
        if match:
            found.append(int(match[1]))
    return found


@object_cache
def _titles(edition: Edition) -> tuple[re.Pattern[str], ...]:
    """The patterns of the fixed paragraphs that name the edition's year, with any year."""
    patterns = [_with_year(text, edition.year) for text in _paragraphs(edition)]
    return tuple(pattern for pattern in patterns if pattern)


def _with_year(text: str, year: int) -> re.Pattern[str] | None:
    """A pattern of the fixed text with any year."""
    before, found, after = text.partition(str(year))
    if not found:
        return None
    return re.compile(f"{re.escape(before)}([0-9]{{4}}){re.escape(after)}")


def arabic(text: str) -> str:
    """Converts a year in Chinese numerals, such as 二〇二一年, to digits."""
    return _CHINESE_YEAR.sub(lambda found: found[0].translate(_DIGITS), text)


def in_year(text: str, year: int) -> str:
    """Replaces the first year in a text by `year`."""
    return _YEAR.sub(str(year), text, count=1)


def _form(document: Document) -> str:
    texts = {paragraph.bare for paragraph in document.paragraphs}
    texts = texts.union(*(table.bares for table in document.tables))
    shares = sorted(((_share(edition, texts), edition.form) for edition in _latest()), reverse=True)
    if not shares or shares[0][0] < _LEAST:
        names = "、".join(edition.title for edition in _latest())
        raise UnrecognisedForm(
            f"文书中找不到任何一份正式表单的栏目。能读取的表单：{names}。",
            f"The document has the labels of none of the forms: {', '.join(form for _, form in shares)}.",
        )
    if len(shares) > 1 and shares[1][0] >= _TWO:
        both = "、".join(form for share, form in shares if share >= _TWO)
        raise UnrecognisedForm(
            f"文书中有多份表单（{both}）。请分成多个文件，或指明读取哪一份。",
            f"The document holds several forms ({both}). "
            "Split it into a file for each form, or say which one is meant.",
        )
    return shares[0][1]


def _latest() -> Iterator[Edition]:
    """The latest edition of each form."""
    newest = {edition.form: edition for edition in sorted(catalog.editions(), key=lambda each: each.year)}
    return iter(newest.values())


def _share(edition: Edition, texts: set[str]) -> float:
    """The share of the form's fixed texts found in a document."""
    own = _fixed_texts(edition)
    return sum(text in texts for text in own) / (len(own) or 1)


@object_cache
def _fixed_texts(edition: Edition) -> frozenset[str]:
    year = str(edition.year)
    cells = [cell.bare for cell in skeleton(edition).document.cells if not has_mark(cell.text)]
    return frozenset(text for text in (*_paragraphs(edition), *cells) if text and year not in text)


@object_cache
def _paragraphs(edition: Edition) -> tuple[str, ...]:
    """The normalised fixed paragraphs outside tables."""
    return tuple(
        fixed(paragraph.text)
        for paragraph in skeleton(edition).document.paragraphs
        if paragraph.bare and not has_mark(paragraph.text)
    )
