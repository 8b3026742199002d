"""The page on retention: periods, holds, what is due, destruction lists; here one is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from service import catalog
from service.database.column_types import iso
from service.errors import Bilingual, UsageError
from service.retention import periods
from service.retention.destruction_list import EXPIRED, DestructionList
from service.retention.list_file import STATES
from service.retention.periods import PERMANENT
from service.retention.retention_tables import EVERY_YEAR
from service.submission import time_in_china
from service.web.api.keeping import destruction, retention
from service.web.http.audit_log import actor, audited
from service.web.http.auth import caller
from service.web.http.json_fields import read_printable, read_year
from service.web.openapi import page_operations
from service.web.openapi.parts import raises
from service.web.pages import messages, page_access, render
from service.web.pages.keeping.posted_action import Actions, answered, posted
from service.web.pages.record_pages import title

_SHOWN = 200  # records that are due
_LISTED = 50  # destruction lists, holds, changes on a page
_DIGITS = 9
_QUERY = ("form", "year", "lists", "holds", "lifted", "changes")
#: Periods that pages offer; others are typed.
OFFERED_PERIODS = (PERMANENT, "30", "10")

blueprint = page_access.pages_blueprint("retention_pages")


@blueprint.get("/records/retention")
@blueprint.doc(**page_operations.tenant_page("保管与销毁 / retention and destruction", *_QUERY))
@audited("search")
def index() -> Response:
    """Shows periods, holds, what is due, and the destruction lists."""
    return _index()


@blueprint.post("/records/retention")
@blueprint.doc(
    **page_operations.tenant_page("保管与销毁 / retention and destruction", *_QUERY, posts=True, more=(409,)),
    **raises("destruction_refused"),
)
@audited("search")
def index_posted() -> BaseResponse | tuple[Response, int]:
    """As `index` for a posted key; or sets a period, or proposes a destruction."""
    actions: Actions = {
        "period": ("retention_set", ("admin",), _set_period),
        "propose": ("deletion_proposed", ("archive:destroy",), _propose),
    }
    return answered(actions, _index)


def _set_period() -> None:
    form, year, years = posted("form"), posted("year"), periods.read_years(posted("kept"))
    retention.set_period(form, _year(year), years, posted("reason"))


def _propose() -> None:
    destruction.propose(posted("reason"), **_wanted())


def _wanted() -> dict[str, Any]:
    """The form and year of the records that are due."""
    form, year = (read_printable(name, request.args.get(name, "").strip()) for name in ("form", "year"))
    return {"form": form or None, "year": _year(year)}


def _year(text: str) -> int | None:
    """A year as the page has it, None for every year. Raises UsageError."""
    return read_year(messages.of(render.page_language())["year"], text) if text else None


@dataclass(frozen=True)
class ListPart:
    """The rows of a list that are on the page, the number of the first one, from 0, and of all."""

    rows: Sequence[Any]
    begin: int
    count: int

    @property
    def end(self) -> int:
        """The number of the first row of the next page."""
        return self.begin + len(self.rows)


def _part(name: str, rows: Sequence[Any]) -> ListPart:
    given = request.args.get(name, "") or "0"
    if not (given.isascii() and given.isdecimal() and len(given) < _DIGITS):
        raise UsageError(f"{name} 应为数字。", f"{name} must be a number.")
    begin = int(given) if int(given) < len(rows) else 0
    return ListPart(rows[begin : begin + _LISTED], begin, len(rows))


def _index(fault: str = "") -> Response:
    if not page_access.has_scopes("archive:read"):
        return page_access.tenant_page("retention", due=None)
    wanted = _wanted()
    due, more = retention.due(_SHOWN, **wanted)
    scopes = caller().scopes
    return page_access.tenant_page(
        "retention",
        fault=fault,
        asked={name: value or "" for name, value in wanted.items()},
        due=due,
        more=more,
        periods=retention.known_periods(),
        offered=OFFERED_PERIODS,
        every_year=EVERY_YEAR,
        holds=_part("holds", retention.held()),
        changes=_part("changes", retention.changed_periods()),
        lifted=_part("lifted", retention.lifted_holds()),
        lists=_part("lists", _waiting_first(destruction.lists())),
        states=STATES,
        forms=form_titles(),
        titles=title,
        expired=EXPIRED,
        years=sorted({each.year for each in catalog.editions()}, reverse=True),
        may_set="admin" in scopes,
        may_destroy="archive:destroy" in scopes,
        missing=destruction.second_person_missing(actor().who),
        iso=iso,
        in_china=time_in_china,
        who=page_access.actor_words(),
    )


def _waiting_first(lists: Sequence[DestructionList]) -> list[DestructionList]:
    return sorted(lists, key=lambda each: (each.ended is None, each.proposed), reverse=True)


def form_titles() -> dict[str, Bilingual]:
    """The title of each form, by its key."""
    return {each.form: Bilingual(each.title, each.gloss) for each in catalog.editions()}
