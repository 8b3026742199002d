"""The routes of destruction in two steps: lists proposed, read, carried out, withdrawn."""

from datetime import datetime
from typing import Any

from flask import Response

from service.access.actors import Actors
from service.database.column_types import iso
from service.errors import Bilingual
from service.retention import destroy as second_step
from service.retention import destruction_list, list_file, second_person
from service.retention.destruction_list import DestructionList
from service.retention.time_page import TimePage
from service.web.http.archive_handle import archive
from service.web.http.audit_log import actor, audited, happened, logged_transaction
from service.web.http.auth import caller, needs, settings
from service.web.http.json_blueprint import Blueprint
from service.web.http.parameters import MEDIA_TYPES
from service.web.http.urls import following, link, saved_as
from service.web.openapi.parts import DOWNLOAD_HEADERS, file_response, raises
from service.web.schemas.destruction import (
    DestructionsSchema,
    ListFileQuery,
    ListPath,
    TimePageQuery,
    WholeDestructionSchema,
)
from service.web.schemas.retention import CountBody, ProposalBody

_REFUSED = raises("destruction_refused")

blueprint = Blueprint(
    "destruction",
    __name__,
    url_prefix="/api/v1/records/destructions",
    description="销毁清册 / destruction lists",
)


@blueprint.get("")
@blueprint.doc(operationId="listDestructions")
@needs("archive:read")
@audited("search")
@blueprint.response(200, DestructionsSchema, description="销毁清册 / the lists")
@blueprint.arguments(TimePageQuery)
def destructions(limit: int, after: datetime | None) -> dict[str, Any]:
    """列出销毁清册，先提出的在前 / list the destruction lists (paged), the oldest first"""
    with archive().reading() as connection:
        found, behind = destruction_list.lists_page(connection, caller().tenant, TimePage(limit, after))
    return {"destructions": found, "next": following(iso(behind)) if behind else None}


def lists() -> list[DestructionList]:
    """The lists with a record of the caller's, the oldest first, without their records."""
    with archive().reading() as connection:
        return destruction_list.lists(connection, caller().tenant)


@blueprint.post("")
@blueprint.doc(operationId="makeDestruction", **_REFUSED)
@needs("archive:destroy")
@audited("deletion_proposed")
@blueprint.response(201, WholeDestructionSchema, description="清册 / the list")
@blueprint.arguments(ProposalBody, location="json")
def post(body: dict[str, Any]) -> tuple[DestructionList, dict[str, str]]:
    """第一步：把到期的档案列入销毁清册 / first step: list what is due in a destruction list"""
    made = propose(**body)
    return made, {"Location": link("destruction.destruction", list=made.id)}


def propose(reason: str, **wanted: Any) -> DestructionList:
    """Proposes to destroy the caller's records that are due. Raises as `destruction_list.propose`."""
    made = destruction_list.propose(archive(), actor(), reason, tenant=caller().tenant, **wanted)
    happened(action=None)  # logged with the list
    return made


@blueprint.get("/<list>")
@blueprint.doc(operationId="getDestruction")
@needs("archive:read")
@audited("read")
@blueprint.response(200, WholeDestructionSchema, description="清册 / the list")
@blueprint.arguments(ListPath, location="path")
def destruction(list: str) -> DestructionList:
    """一份销毁清册及其中的档案 / a destruction list with its records and their hashes"""
    return find(list)


def find(list: str) -> DestructionList:
    """The list of that id with the caller's records. Raises UnknownRecord."""
    with archive().reading() as connection:
        return destruction_list.find(connection, list, caller().tenant)


@blueprint.get("/<list>/list")
@blueprint.doc(
    operationId="getDestructionList",
    **file_response("清册 / the list", MEDIA_TYPES["xlsx"], MEDIA_TYPES["csv"], headers=DOWNLOAD_HEADERS),
)
@needs("archive:read")
@audited("list")
@blueprint.arguments(ListPath, location="path")
@blueprint.arguments(ListFileQuery)
def as_file(list: str, format: str) -> Response:
    """下载销毁清册 / download a destruction list as a spreadsheet"""
    return file(find(list), format)


def file(found: DestructionList, format: str) -> Response:
    """A list as a download."""
    made = list_file.as_file(found, Actors.of(archive(), caller().tenant), format, settings().temp_dir)
    response = Response(made, content_type=MEDIA_TYPES[format])
    name = f"{list_file.TITLE}{found.id}.{format}"
    response.headers["Content-Disposition"] = saved_as(f"destruction.{format}", name)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<list>")
@blueprint.doc(operationId="postDestruction", **_REFUSED)
@needs("archive:destroy")
@audited("deletion")
@blueprint.response(200, WholeDestructionSchema, description="已销毁 / destroyed")
@blueprint.arguments(ListPath, location="path")
@blueprint.arguments(CountBody, location="json")
def carry_out(list: str, body: dict[str, Any]) -> DestructionList:
    """第二步：由另一人销毁清册中的档案，不可恢复 / second step, by another person: destroy for good"""
    return destroy(list, body["records"])


def destroy(list: str, records: int) -> DestructionList:
    """Destroys the records of the caller's list. Raises as `refuse_shared` and `destroy.destroy`."""
    destruction_list.refuse_shared(find(list))
    two = settings().second_person
    done = second_step.destroy(archive(), list, records, actor(), second_person=two)
    happened(action=None)  # logged with each record
    return done


def second_person_missing(proposer: str) -> Bilingual | None:
    """What is missing where no key lets another person than `proposer` destroy the caller's records."""
    known = not settings().second_person or second_person.others(archive(), proposer, caller().tenant)
    return None if known else second_person.MISSING


@blueprint.delete("/<list>")
@blueprint.doc(operationId="deleteDestruction", **_REFUSED)
@needs("archive:destroy")
@audited("deletion_withdrawn")
@blueprint.response(200, WholeDestructionSchema, description="已撤回 / withdrawn")
@blueprint.arguments(ListPath, location="path")
def delete(list: str) -> DestructionList:
    """撤回未执行的清册 / withdraw a proposed list"""
    return withdraw(list)


def withdraw(list: str) -> DestructionList:
    """Withdraws the caller's list. Raises as `refuse_shared` and `destruction_list.withdraw`."""
    destruction_list.refuse_shared(find(list))
    with logged_transaction() as connection:
        destruction_list.withdraw(connection, list, actor())
    return find(list)
