"""Whether the id of an item belongs to another one: of its batch, or, of a file's name, in the archive."""

from dataclasses import replace

from sqlalchemy import select

from service.archive import Archive, Pending, Record
from service.archive.object_store import stored_file
from service.batch.inputs.item_identity import LABELS
from service.batch.jobs import item_errors
from service.batch.jobs.item_queue import ItemClaim
from service.batch.jobs.job_tables import items
from service.catalog import Edition
from service.errors import Bilingual, FieldError
from service.payload_json import dump, parse
from service.submission import Submission


def in_batch(archive: Archive, claim: ItemClaim, edition: Edition) -> FieldError | None:
    """The error of a document, of this edition, whose id is that of data in its batch, which are kept.

    Where its form and year were given, the later one of the two was refused when the batch was loaded.
    """
    if claim.form and claim.year:
        return None
    same = {"form": edition.form, "year": edition.year, "submitter": claim.submitter}
    own = select(items.c.job, items.c.place).where(items.c.id == claim.id)
    with archive.reading() as connection:
        job, here = connection.execute(own).one()
        others = select(items.c.place).filter_by(job=job, **same).where(items.c.id != claim.id)
        before = connection.scalar(others.order_by(items.c.id).limit(1))
    return item_errors.duplicate_id(claim.submitter, here, before) if before else None


def error(
    archive: Archive, claim: ItemClaim, newest: Record | None, submission: Submission
) -> FieldError | None:
    """The error of an id that was not given, if its newest record is not known to be of this submitter.

    Files of many submitters have the same name: they are no versions of one record. Raises ArchiveFault.
    """
    if newest is None or claim.id_given or _is_same(newest, submission):
        return None
    payload = parse(archive.read(newest, "payload")) if "payload" in newest.files else {}
    schema = submission.edition.schema
    here, there = schema.submitter_in(submission.data), schema.submitter_in(payload)
    if here and _letters(here) == _letters(there):
        return None
    return FieldError("/id", LABELS["id"], "taken_id", _text(claim.submitter, newest, here, there))


def only_behind(newest: Record | None, claim: ItemClaim, pending: Pending) -> Pending:
    """A version that is recorded behind `newest` alone, for which `error` was asked, if its id was not given.

    Another submitter's may have been recorded since: then `Archive.record` raises NewerVersion.
    """
    return pending if claim.id_given else replace(pending, after=newest.key if newest else "")


def _is_same(newest: Record, submission: Submission) -> bool:
    return newest.files.get("payload") == stored_file(dump(submission.payload))


def _letters(name: str) -> str:
    return "".join(name.split())


def _text(id: str, newest: Record, here: str, there: str) -> Bilingual:
    ours, theirs = _named(here), _named(there)
    return Bilingual(
        f"编号“{id}”取自文件名，而档案中编号“{id}”已有第 {newest.version} 版（{theirs.zh}），"
        f"看不出这一份（{ours.zh}）与它是同一份申报，没有归档。不是同一份：请另填编号或改文件名，再提交。"
        "是同一份：请在那份档案的页面上点“修改”。",
        f"The id '{id}' is only the file's name, and the archive has a version {newest.version} of '{id}' "
        f"({theirs.en}), which may not be the same submission as this one ({ours.en}): nothing was archived. "
        "If it is another, give it an id or rename the file, and submit again. If it is the same, choose "
        "'Change it' on the page of that record.",
    )


def _named(submitter: str) -> Bilingual:
    if not submitter:
        return Bilingual("没有写申报单位", "which names no submitter")
    return Bilingual(f"申报单位“{submitter}”", f"by '{submitter}'")
