"""The documents of a folder have ids that can be archived; every other file is listed with the reason."""

import json
import os

import openpyxl
import pytest

from service.archive import Archive
from service.archive.record import ID_MAXIMUM, is_visible
from service.batch.documents.document_ids import document_id
from service.batch.jobs import job_store
from service.config import Settings
from service.errors import UsageError
from service.regeneration import import_documents, import_report, report_files
from service.regeneration.document_folder import find_documents

OTHERS = {
    "旧/a.rtf": "other_document",
    "b.PDF": "pdf",
    "c.docm": "macro_document",
    "d.jpg": "picture",
    "e.zip": "packed",
    "f.xlsx": "other_file",
    "Thumbs.db": "other_file",
    "~$表.docx": "temporary_file",
    "._表.docx": "temporary_file",
    "~WRL0001.tmp": "temporary_file",
    "g": "other_file",
    "h.dotx": "other_document",
}


@pytest.fixture
def folder(tmp_path):
    """A folder with three documents among other files."""
    made = tmp_path / "来件"
    for name in (*OTHERS, "表.docx", "旧/表.wps", "附件2\u3000申报书.DOC"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(name.encode())
    return made


def test_every_file_of_a_folder_is_a_document_or_passed_over_with_the_reason(folder):
    os.mkfifo(folder / "管道.docx")
    (folder / "失效.docx").symlink_to("nowhere")
    (folder / "别处").symlink_to(folder / "旧")
    found = find_documents(folder)
    assert found.paths == ("旧/表.wps", "表.docx", "附件2\u3000申报书.DOC")
    special = dict.fromkeys(["管道.docx", "失效.docx", "别处"], "not_a_file")
    assert {each.path: each.code for each in found.passed_over} == OTHERS | special
    for each in found.passed_over:
        assert each.reason.zh.endswith("。")
        assert each.reason.en.endswith(".")


def test_a_folder_without_documents_names_what_it_has(tmp_path):
    (tmp_path / "扫描件.pdf").write_bytes(b"%PDF-")
    with pytest.raises(UsageError) as raised:
        find_documents(tmp_path)
    assert "扫描件.pdf" in raised.value.text.zh
    assert "扫描件.pdf" in raised.value.text.en


@pytest.mark.parametrize(
    "path", ["云泽县.docx", "南/云泽县 2021.odt", "附件2\u3000申报书.doc", "a.b.docx", "x" * 200 + ".wps"]
)
def test_the_id_is_the_path_where_an_id_can_be_that(path):
    assert document_id(path) == path.rpartition(".")[0]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("附件2\u00a0申报书.docx", "附件2 申报书~"),
        ("申报书\u200b.docx", "申报书 ~"),
        ("申\u202e报\t书\n.docx", "申 报 书 ~"),
        (f"{'南' * 80}/{'京' * 80}/{'市' * 80}.docx", "南南"),
        ("/".join(["很长的目录名"] * 60) + ".docx", "很长的目录名/"),
    ],
)
def test_any_other_path_is_made_an_id_that_is_always_the_same(path, shown):
    made = document_id(path)
    assert made == document_id(path)
    assert made.startswith(shown)
    assert len(made) <= ID_MAXIMUM
    assert is_visible(made)


def test_paths_that_look_the_same_have_different_ids():
    long = "县" * 300
    paths = [
        "a b",
        "a\u00a0b",
        "a\u2003b",
        "a\u3000b",
        "a\u200bb",
        f"{long}1{long}",
        f"{long}2{long}",
        f"{long}/{long}",
    ]
    assert len({document_id(f"{path}.docx") for path in paths}) == len(paths)


def test_the_reports_list_what_was_passed_over(folder, tmp_path):
    settings = Settings.from_env(
        {"KEXIE_ARCHIVE": str(tmp_path / "archive"), "KEXIE_TEMP_DIR": str(tmp_path)}
    )
    found = find_documents(folder)
    with Archive.open(settings) as archive:
        job = import_documents.open_import(archive, found, 2021, None)
        job_store.load(archive, job, import_documents.documents(found, 2021, None))
        summary, (data, sheet, text) = report_files.write(
            archive, job, import_report.KIND, tmp_path, tmp_path, import_report.lines, found.passed_over
        )
    for report in (summary.as_dict(), json.loads(data.read_text(encoding="utf-8"))["summary"]):
        assert {each["file"]: each["code"] for each in report["passed_over"]} == OTHERS
    rows = list(openpyxl.load_workbook(sheet).active.iter_rows(values_only=True))
    assert {row[0] for row in rows if row[4] == "略过"} == set(OTHERS)
    assert all(f"{name}：" in text.read_text(encoding="utf-8") for name in OTHERS)
