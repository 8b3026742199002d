"""What the pages of the archive are asked for: the filters in their URL, and the words for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from service import catalog
from service.errors import Bilingual
from service.web.api import record_list
from service.web.pages import messages, render
from service.web.schemas.records import RecordFilters

#: The names in the URL; `id` is a part of the id.
NAMES = ("name", "id", "form", "year", "text", "from", "to", "state", "batch", "sort")
_MORE = ("text", "from", "to", "state", "sort")
_LOADED = {"id": "holding"}
#: The messages that label filters, by the names under which they are loaded.
_LABELS = {
    "name": "name_holds",
    "holding": "id_holds",
    "form": "form",
    "year": "year",
    "text": "text_holds",
    "from": "archived_from",
    "to": "archived_to",
    "state": "record_state",
    "sort": "order",
}
NEWEST = "-created"
#: The words of each order that the page offers, the first by default.
SORTS = {
    NEWEST: Bilingual("新归档的在前", "Newest first"),
    "created": Bilingual("早归档的在前", "Oldest first"),
    "id": Bilingual("年度、表单、编号", "Year, form, id"),
    "submitter": Bilingual("名称", "Name"),
}
STATES = {
    "warned": Bilingual("有提醒", "With warnings"),
    "unwarned": Bilingual("没有提醒", "Without warnings"),
    "imported": Bilingual("导入的旧文书", "Imported documents"),
    "sealed": Bilingual("有盖章件", "With a sealed copy"),
    "unsealed": Bilingual("没有盖章件", "Without a sealed copy"),
    "superseded": Bilingual("旧版本", "Older versions"),
}


@dataclass(frozen=True)
class RecordSearch:
    """What the URL asks for: `asked` as it is there, without what is blank, and the archive's `filters`."""

    asked: Mapping[str, str]
    filters: Mapping[str, Any]

    @property
    def listing(self) -> dict[str, str]:
        """The query of the list of what is found, as a file."""
        return {"sort": NEWEST, **{_LOADED.get(name, name): value for name, value in self.asked.items()}}

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for some of the records rather than all."""
        return any(name != "sort" for name in self.asked)


def asked() -> dict[str, str]:
    """What the URL of the current request asks for, without what is blank."""
    given = {name: request.args.get(name, "").strip() for name in NAMES}
    return {name: value for name, value in given.items() if value}


def read(sort: str = NEWEST) -> RecordSearch:
    """The search of the current request, by default in the order `sort`. Raises UsageError, UnknownBatch."""
    given = asked()
    named = {_LOADED.get(name, name): value for name, value in given.items()}
    texts = messages.of(render.page_language())
    labels = {name: texts[label] for name, label in _LABELS.items()}
    loaded: dict[str, Any] = RecordFilters(labels=labels).load({"sort": sort, **named})
    return RecordSearch(given, record_list.filters(loaded))


def has_more(asked: Mapping[str, str]) -> bool:
    """Whether one of the filters that are folded away is used."""
    return any(name in asked for name in _MORE)


def choices() -> dict[str, Any]:
    """What the form of the search offers."""
    editions = catalog.editions()
    return {
        "forms": sorted({each.form: Bilingual(each.title, each.gloss) for each in editions}.items()),
        "years": sorted({each.year for each in editions}, reverse=True),
        "states": STATES,
        "sorts": SORTS,
    }
