"""Documents, saved data and zips of them as a batch: read, validated, archived; what is not, fails alone."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from sqlalchemy import select

from service import catalog, generate
from service.archive import Archive
from service.batch.documents.document_files import UploadedFile, items
from service.batch.documents.reading_budget import Budget, Limits, Unusable
from service.batch.hosted import http_batch
from service.batch.hosted.http_batch import FILES, UploadedBatch
from service.batch.jobs import job_store, job_tables, process_item, retries
from service.batch.jobs.failures import failures, item_rows, warned
from service.batch.jobs.job_store import Options
from service.batch.jobs.job_tables import FAILED
from service.batch.workers.celery_task import CeleryTask
from service.batch.workers.worker_loop import WorkerLoop
from service.config import Settings
from service.errors import UnreadableInput
from tests.helpers.batch import process_all
from tests.helpers.docx_edit import edited, paragraph, reword

LIMITS = Limits(1024 * 1024, 8 * 1024 * 1024)


def sample(form, name="full"):
    return catalog.edition(form, 2021).sample(name)


@pytest.fixture(scope="module")
def case():
    return generate("annex3", 2021, sample("annex3"), ("docx",))["docx"]


@pytest.fixture(scope="module")
def application():
    return generate("annex2", 2021, sample("annex2"), ("docx",))["docx"]


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env(), tmp_path / "archive") as opened:
        yield opened


def saved(form, data):
    return json.dumps({"form": form, "year": 2021, "data": data}).encode()


def uploaded(name, content, id=""):
    return UploadedFile(io.BytesIO(content), name, id)


def packed(files):
    """A zip; a name in bytes is written as it is, as Chinese Windows does."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return made.getvalue()


def submitted(archive, tmp_path, *files, **options):
    """The number of the job of these files."""
    described = [(each.name, each.id, each.file.getvalue()) for each in files]
    digest = hashlib.sha256(repr(described).encode()).hexdigest()
    sent = UploadedBatch(files, FILES, files[0].name, digest)
    public = http_batch.submit(archive, sent, Options(("docx",), **options), tmp_path, LIMITS)
    return http_batch.find(archive, "", public).job


def batch(archive, tmp_path, *files, **options):
    """The number of the job of these files, processed."""
    job = submitted(archive, tmp_path, *files, **options)
    process_all(archive, job_store.Job(job, "", "", "", ("docx",), loaded=True))
    return job


def failed(archive, job):
    return {str(each.place): [error.code for error in each.errors] for each in failures(archive, job)}


def test_documents_are_archived_with_their_original(archive, tmp_path, application, case):
    files = uploaded("云泽县.docx", application), uploaded("b.docx", case, "3201-0001")
    job = batch(archive, tmp_path, *files)
    assert failed(archive, job) == {}
    found = {(each.form, each.id): each for each in archive.records()}
    assert found.keys() == {("annex2", "云泽县"), ("annex3", "3201-0001")}
    record = found["annex2", "云泽县"]
    assert archive.read(record, "original") == application
    assert archive.manifest(record)["original_name"] == "云泽县.docx"
    assert record.files.keys() == {"payload", "docx", "original"}


def test_a_zip_with_data_and_documents_in_folders(archive, tmp_path, case):
    content = packed(
        {
            "南/云泽县.docx": case,
            "白水县.json": saved("annex3", sample("annex3", "minimal")),
            "__MACOSX/._a.docx": b"",
            "南/~$云泽县.docx": b"",
            ".DS_Store": b"",
        }
    )
    job = batch(archive, tmp_path, uploaded("全部.zip", content))
    assert failed(archive, job) == {}
    assert {each.id for each in archive.records()} == {"南/云泽县", "白水县"}
    (noted,) = warned(archive, job)
    assert [error.code for error in noted.errors] == ["passed_over"]
    assert "~$云泽县.docx" in noted.errors[0].message.zh


def test_each_file_that_is_not_read_fails_alone_with_its_reason(archive, tmp_path, case):
    nested = packed({"inside.docx": case})
    content = packed(
        {
            "good.docx": case,
            "../out.docx": case,
            "C:/disk.docx": case,
            "nested.zip": nested,
            "bomb.docx": b"\0" * (LIMITS.file + 1),
            "photo.png": b"picture",
            "sheet.xlsx": nested,
            "letter.docx": nested,
            "list.json": b"[]",
            "broken.json": b"{",
            "twice.docx": case,
            "twice.rtf": b"{\\rtf1}",
        }
    )
    job = batch(archive, tmp_path, uploaded("all.zip", content))
    assert failed(archive, job) == {
        "../out.docx": ["odd_path"],
        "C:/disk.docx": ["odd_path"],
        "nested.zip": ["packed_again"],
        "bomb.docx": ["file_too_large"],
        "photo.png": ["no_document"],
        "sheet.xlsx": ["sheet_among_files"],
        "letter.docx": ["unreadable_document"],
        "list.json": ["not_saved_data"],
        "broken.json": ["not_saved_data"],
        "twice.docx": ["duplicate_id"],
        "twice.rtf": ["duplicate_id"],
    }
    assert [each.id for each in archive.records()] == ["good"]


def test_files_that_were_refused_are_not_read_to_show_why(archive, tmp_path, case):
    job = batch(archive, tmp_path, uploaded("a.docx", packed({"word/document.xml": b"<x/>"})))
    (row,) = item_rows(archive, job, [FAILED])
    assert (row.document, row.payload) == ("a.docx", None)
    with archive.reading() as connection:
        assert connection.scalar(select(job_tables.items.c.payload).where(job_tables.items.c.job == job))


def test_files_beyond_the_limit_of_all_are_not_read(case):
    limits = Limits(LIMITS.file, len(case) + 1)
    found = list(items([uploaded("a.docx", case), uploaded("b.docx", case)], None, None, limits))
    assert [[error.code for error in item.errors] for item in found] == [[], ["zip_too_large"]]
    assert "b.docx" in str(found[1].place)


def test_what_is_behind_the_limit_of_all_is_not_unpacked():
    budget, unread = Budget(Limits(10, 15)), io.BytesIO(b"x" * 10)
    assert budget.read(io.BytesIO(b"x" * 10)) == b"x" * 10
    for file in (io.BytesIO(b"x" * 10), unread):
        with pytest.raises(Unusable):
            budget.read(file)
    assert unread.tell() == 0


def test_a_damaged_file_in_a_zip_fails_alone(case):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("a.docx", bytes(range(256)), zipfile.ZIP_LZMA)
        package.writestr("b.docx", case)
    content = bytearray(made.getvalue())
    content[60:80] = b"\xff" * 20
    found = items([uploaded("a.zip", bytes(content))], None, None, LIMITS)
    assert [[error.code for error in item.errors] for item in found] == [["broken_entry"], []]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"PK\x03\x04 no zip", "不是完整的 .zip"),
        (packed({"云泽县.docx": b""}).replace("云泽县".encode(), b"\xff" * 9), "不是完整的 .zip"),
        (packed({".hidden": b""}), "没有可以读取的文书"),
    ],
)
def test_what_has_no_documents_is_refused_as_a_whole(content, wanted):
    with pytest.raises(UnreadableInput, match=wanted):
        list(items([uploaded("a.zip", content)], None, None, LIMITS))


def test_names_of_a_zip_made_on_chinese_windows(case):
    content = packed({"云泽县.docx": case})
    utf8 = "云泽县.docx".encode()
    windows = "云泽县.docx".encode("gb18030").ljust(len(utf8), b"x")
    for name in (windows, utf8):
        # The flag of UTF-8 (general purpose bit 11) is cleared in both headers.
        changed = content.replace(utf8, name).replace(b"\x00\x08\x08\x00", b"\x00\x00\x08\x00")
        (item,) = items([uploaded("a.zip", changed)], None, None, LIMITS)
        assert str(item.place).startswith("云泽县.docx")


def test_doubts_about_a_document_are_warnings_of_the_batch_and_of_the_record(archive, tmp_path, application):
    def untidy(root):
        reword(paragraph(root, "负责人姓名"), "负责人姓名", "领导姓名")

    job = batch(archive, tmp_path, uploaded("甲.docx", edited(application, untidy)))
    (noted,) = warned(archive, job)
    assert [error.code for error in noted.errors] == ["label_changed"]
    assert noted.errors[0].message.zh.startswith("甲.docx：第1个表格第2行第1格“领导姓名”：")
    assert (noted.form, noted.year) == ("annex2", 2021)
    (record,) = archive.records()
    assert {each["kind"] for each in archive.manifest(record)["warnings"]} >= {"reading"}


def test_an_invalid_document_has_the_errors_of_its_data(archive, tmp_path, application):
    def wrong_total(root):
        reword(paragraph(root, "45.60"), "45.60", "45.00")

    job = batch(archive, tmp_path, uploaded("甲.docx", edited(application, wrong_total)))
    (failure,) = failures(archive, job)
    assert [(error.pointer, error.label) for error in failure.errors] == [("/budget/total", "计划开支合计")]


def test_incomplete_documents_are_refused_if_the_caller_wants_complete_ones(archive, tmp_path):
    content = generate("annex3", 2021, sample("annex3", "minimal"), ("docx",))["docx"]
    job = batch(archive, tmp_path, uploaded("甲.docx", content), complete=True)
    assert set(failed(archive, job)["甲.docx"]) == {"missing"}


def test_the_same_document_again_makes_no_further_version(archive, tmp_path, case):
    for id in ("", "甲"):
        job = batch(archive, tmp_path, uploaded("甲.docx", case, id))
        assert failed(archive, job) == {}
    assert [each.version for each in archive.records(all_versions=True)] == [1]


def document_of(name, results):
    data = {**sample("annex3"), "association_name": name, "results": results}
    return generate("annex3", 2021, data, ("docx",))["docx"]


def data_of(name, results):
    return saved("annex3", {**sample("annex3"), "association_name": name, "results": results})


@pytest.mark.parametrize(("file", "made"), [("申报书.docx", document_of), ("申报书.json", data_of)])
def test_files_of_one_name_from_two_submitters_are_no_versions_of_one_record(archive, tmp_path, file, made):
    one, other = "云泽县科协", "白水县科协"
    for content in (made(one, "增收。"), made(one, "增收一成。")):
        assert failed(archive, batch(archive, tmp_path, uploaded(file, content))) == {}
    (refused,) = failures(archive, batch(archive, tmp_path, uploaded(file, made(other, "增产。"))))
    (error,) = refused.errors
    assert (error.pointer, error.code) == ("/id", "taken_id")
    assert all(each in error.message.zh for each in (one, other, "“申报书”已有第 2 版", "另填编号"))
    for id, version in (("申报书", 3), ("白水", 1)):
        assert failed(archive, batch(archive, tmp_path, uploaded(file, made(other, "增产。"), id))) == {}
        assert archive.latest("", "annex3", 2021, id).version == version


@pytest.mark.parametrize("order", [1, -1])
def test_a_document_with_the_id_that_data_beside_it_have_of_their_own_is_refused(archive, tmp_path, order):
    data = json.dumps({**json.loads(data_of("白水县科协", "增产。")), "id": "申报书"}).encode()
    files = [uploaded("申报书.docx", document_of("云泽县科协", "增收。")), uploaded("保存.json", data)]
    job = batch(archive, tmp_path, *files[::order])
    (refused,) = failures(archive, job)
    (error,) = refused.errors
    assert (refused.place, error.code) == ("申报书.docx", "duplicate_id")
    assert all(each in error.message.zh for each in ("“申报书”", "申报书.docx", "保存.json"))
    assert [each.submitter for each in archive.records(all_versions=True)] == ["白水县科协"]


@pytest.mark.parametrize("order", [1, -1])
def test_of_a_document_and_data_with_one_id_and_a_given_form_the_first_is_kept(archive, tmp_path, order):
    data = json.dumps({**json.loads(data_of("白水县科协", "增产。")), "id": "申报书"}).encode()
    files = [uploaded("申报书.docx", document_of("云泽县科协", "增收。")), uploaded("保存.json", data)]
    kept, refused = files[::order]
    job = batch(archive, tmp_path, kept, refused, form="annex3", year=2021)
    assert failed(archive, job) == {refused.name: ["duplicate_id"]}
    (record,) = archive.records(all_versions=True)
    assert ("original" in record.files) == (kept.name == "申报书.docx")


def by_loop(archive, job, process):
    WorkerLoop(archive, Settings.from_env(), "me", job, 1, process).run()


def by_celery(archive, job, process):
    task = CeleryTask(archive, Settings.from_env(), "me", process)
    rows = job_tables.items
    with archive.reading() as connection:
        item = connection.scalar(select(rows.c.id).where(rows.c.job == job))
    task.run(item)
    task.run(item)


@pytest.mark.parametrize(
    ("file", "made", "work"), [("申报书.docx", document_of, by_loop), ("申报书.json", data_of, by_celery)]
)
def test_an_id_that_another_submitters_file_takes_meanwhile_is_taken(
    archive, tmp_path, monkeypatch, file, made, work
):
    others = []

    def process(claim, *place):
        """Another batch is archived after this item was processed, before it is marked."""
        outcome = process_item.process(claim, *place)
        if not others:
            others.append(batch(archive, tmp_path, uploaded(file, made("云泽县科协", "增收。"))))
        return outcome

    monkeypatch.setattr(retries, "_back_off", lambda *_: 0.0)
    job = submitted(archive, tmp_path, uploaded(file, made("白水县科协", "增产。")))
    work(archive, job, process)
    assert failed(archive, job) == {file: ["taken_id"]}
    assert [(each.version, each.submitter) for each in archive.records(all_versions=True)] == [
        (1, "云泽县科协")
    ]


def test_files_that_name_no_submitter_are_not_taken_for_versions_of_one_record(archive, tmp_path):
    first, second = ({"scores": {"1.1": points}} for points in (1, 2))
    for data, wanted in ((first, []), (second, ["taken_id"])):
        job = batch(archive, tmp_path, uploaded("指标.json", saved("annex1", data)))
        assert failed(archive, job).get("指标.json", []) == wanted


def test_the_id_of_data_in_one_file_is_that_of_the_file_unless_given():
    def ids(content, id=""):
        sent = UploadedBatch((uploaded("保存.json", content, id),), "json", "保存.json", "")
        return [(each.id, each.id_given) for each in sent.items(Options(("docx",)), None, LIMITS)]

    alone = saved("annex3", {})
    assert ids(alone) == [("保存", False)]
    assert ids(alone, "保存") == [("保存", True)]
    assert ids(json.dumps([{**json.loads(alone), "id": "7"}]).encode()) == [("7", True)]


def test_an_upload_first_read_by_lines_is_another_batch_when_it_is_sent_as_json(archive, tmp_path):
    content = json.dumps([{"form": "annex3", "year": 2021, "id": "a", "data": {}}], indent=1).encode()
    ended = []
    for format in ("ndjson", "json", "json"):
        sent = UploadedBatch((uploaded(f"名单.{format}", content),), format, "名单", "0" * 64)
        public = http_batch.submit(archive, sent, Options(("docx",)), tmp_path, LIMITS)
        found = http_batch.find(archive, "", public)
        ended.append((found.job, found.total, found.counts.failed))
    by_lines, wanted, again = ended
    assert by_lines[1] == by_lines[2] > 1
    assert wanted[1:] == (1, 0)
    assert again == wanted
