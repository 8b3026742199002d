"""The routes of facts that a form takes over: records that have some, and the facts of one, or of a draft."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from service import catalog
from service.answers.facts import Fact, facts
from service.archive import Record
from service.catalog import Edition
from service.payload_json import parse
from service.submission import place
from service.web.api import records
from service.web.controls import form_data
from service.web.http.archive_handle import archive
from service.web.http.audit_log import audited, happened
from service.web.http.auth import caller, needs, require
from service.web.http.json_blueprint import Blueprint
from service.web.openapi.parts import raises
from service.web.schemas.facts import FactsBody, FactsSchema, SourcesQuery, SourcesSchema
from service.web.schemas.forms import EditionPath

_LOOKED_AT, _LISTED = 100, 10  # records

blueprint = Blueprint(
    "facts", __name__, url_prefix="/api/v1/forms/<form>/<year>/facts", description="沿用 / facts taken over"
)


@blueprint.get("")
@blueprint.doc(operationId="listFactSources", **raises("archive_fault"))
@needs("archive:read")
@audited("search")
@blueprint.response(200, SourcesSchema, description="最近归档的 / those archived last")
@blueprint.arguments(EditionPath, location="path")
@blueprint.arguments(SourcesQuery)
def sources(edition: Edition, submitter: str | None) -> dict[str, Any]:
    """可以沿用的档案 / records whose facts the form can take over, the last archived first"""
    found = archive().records(tenant=caller().tenant, name=submitter, sort="-created", limit=_LOOKED_AT)
    return {"records": list(itertools.islice(_with_facts(found, edition), _LISTED))}


@blueprint.post("")
@blueprint.doc(operationId="listFacts", **raises("archive_fault", "unknown_record", "record_destroyed"))
@needs("generate")
@blueprint.response(200, FactsSchema, description="可沿用的值 / the values to take over")
@blueprint.arguments(EditionPath, location="path")
@blueprint.arguments(FactsBody, location="json")
def found(edition: Edition, body: dict[str, Any]) -> dict[str, Any]:
    """从档案或草稿沿用 / the facts of a record or a draft that the form can take over"""
    if "record" in body:
        require("archive:read")
        happened(action="read")
        record = records.find(body["record"])
        source, payload = catalog.edition(record.form, record.year), _payload(record)
    else:
        source = catalog.edition(body["form"], body["year"])
        payload = form_data.payload(source, body["values"])
    return {"facts": [_as_json(edition, fact) for fact in facts(payload, source, edition)]}


def _with_facts(found: Iterable[Record], edition: Edition) -> Iterator[dict[str, Any]]:
    """The records that have facts for the edition."""
    for record in found:
        source = catalog.find(record.form, record.year)
        if source and next(facts(_payload(record), source, edition), None):
            yield {"record": record, "title": source.title, "submitter": record.submitter}


def _payload(record: Record) -> Any:
    return parse(archive().read(record, "payload")) if "payload" in record.files else {}


def _as_json(edition: Edition, fact: Fact) -> dict[str, Any]:
    nested: Any = fact.value
    for key in reversed(fact.path):
        nested = {key: nested}
    pointer, label = place(edition, fact.path)
    text = str(fact.field.to_cell(fact.value))
    return {"pointer": pointer, "label": label, "text": text, "values": form_data.texts(edition, nested)}
