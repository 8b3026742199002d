"""Old filled documents into the archive: what is readable is stored with its original, all else reported."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner

from service import catalog, generate
from service.archive import Archive
from service.batch.jobs import item_queue, job_store
from service.cli import main
from service.config import Settings
from service.extraction import extract
from service.regeneration import document_folder, import_documents
from tests.helpers.archive import faults
from tests.helpers.batch import Place, kill
from tests.helpers.docx_edit import edited, paragraph, reword
from tests.helpers.libreoffice import saved
from tests.helpers.processes import awaited


def filled(form, sample="full", year=2021):
    return generate(form, year, catalog.edition(form, year).sample(sample), ("docx",))["docx"]


@pytest.fixture(scope="module")
def documents():
    """Filled forms: good ones, an untidy one, an invalid one, and files that are none."""
    application, case = filled("annex2"), filled("annex3")
    return {
        "南/云泽县.docx": application,
        "南/白水县.docx": filled("annex2", "minimal"),
        "案例/云泽县.odt": saved(case, "odt"),
        "案例/临川县.doc": saved(case, "doc"),
        "untidy.docx": edited(application, untidy),
        "invalid.docx": edited(application, wrong_total),
        "broken.docx": b"PK\x03\x04 no package",
        "letter.docx": letter(),
        "twice.docx": case,
        "twice.odt": b"not read",
        "~$云泽县.docx": b"Word's owner file",
        "readme.txt": "不是文书".encode(),
    }


def untidy(root):
    reword(paragraph(root, "负责人姓名"), "负责人姓名", "领导姓名")


def wrong_total(root):
    reword(paragraph(root, "45.60"), "45.60", "45.00")


def letter():
    """A Word document that is none of the forms."""
    packed = io.BytesIO(filled("annex3"))
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as package, zipfile.ZipFile(out, "w") as written:
        for name in package.namelist():
            content = package.read(name)
            if name == "word/document.xml":
                space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
                content = (
                    f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>通知</w:t></w:r></w:p></w:body>'
                    "</w:document>"
                ).encode()
            written.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path / "place")
    yield made
    made.end()
    assert awaited(lambda: list(made.temporary.iterdir()) == []), list(made.temporary.iterdir())


def laid(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def imported(place, folder, *arguments):
    """Exit code, result, and the report's files by path."""
    report = place.root / "report"
    code, result = place.run("import", folder, "--year", "2021", "--report", report, *arguments)
    records = json.loads((report / "import.json").read_text(encoding="utf-8"))["records"]
    return code, result, {record["file"]: record for record in records}


def test_a_folder_of_old_documents(place, documents, tmp_path):
    folder = laid(tmp_path / "old", documents)
    code, result, files = imported(place, folder)
    assert code == 3
    assert {name: record["state"] for name, record in files.items()} == {
        "南/云泽县.docx": "archived",
        "南/白水县.docx": "archived",
        "案例/云泽县.odt": "archived",
        "案例/临川县.doc": "archived",
        "untidy.docx": "archived",
        "invalid.docx": "invalid",
        "broken.docx": "unreadable",
        "letter.docx": "unreadable",
        "twice.docx": "duplicate",
        "twice.odt": "duplicate",
    }
    assert result["states"] == {"archived": 5, "invalid": 1, "unreadable": 2, "duplicate": 2}
    archived_as_they_say(place, documents, files)
    what_is_wrong_is_reported(place, files)
    regenerated_they_keep_their_original(place)
    only_what_is_new_is_archived(place, folder, documents)


def archived_as_they_say(place, documents, files):
    with place.opened() as archive:
        records = {(record.form, record.id): record for record in archive.records()}
        assert records.keys() == {
            ("annex2", "南/云泽县"),
            ("annex2", "南/白水县"),
            ("annex2", "untidy"),
            ("annex3", "案例/云泽县"),
            ("annex3", "案例/临川县"),
        }
        for name, record in files.items():
            if record["state"] == "archived":
                found = records[record["form"], record["id"]]
                manifest = archive.manifest(found)
                assert archive.read(found, "original") == documents[name]
                assert (manifest["original_name"], record["key"]) == (name, found.key)
                assert archive.read(found, "pdf").startswith(b"%PDF-")
        sample = catalog.edition("annex2", 2021).sample("full")
        again = extract(archive.read(records["annex2", "南/云泽县"], "docx")).data
        assert again["basic_info"]["leader_name"] == sample["basic_info"]["leader_name"]
        warned = archive.manifest(records["annex2", "untidy"])["warnings"]
        assert {each["kind"] for each in warned} == {"reading", "layout"}
        assert ("label_changed", "第1个表格第2行第1格") in {(each["code"], each["place"]) for each in warned}


def what_is_wrong_is_reported(place, files):
    (wrong,) = files["invalid.docx"]["errors"]
    assert (wrong["pointer"], wrong["label"]) == ("/budget/total", "计划开支合计")
    assert [error["code"] for error in files["broken.docx"]["errors"]] == ["unreadable_document"]
    assert [error["code"] for error in files["letter.docx"]["errors"]] == ["unrecognised_form"]
    for name in ("twice.docx", "twice.odt"):
        (error,) = files[name]["errors"]
        assert "twice.docx、twice.odt" in error["message"]
    assert files["untidy.docx"]["layout"][0]["message"] == "“负责人姓名”被改动，现为“领导姓名”"
    page = openpyxl.load_workbook(place.root / "report" / "import.xlsx").active
    head, *rows = page.iter_rows(values_only=True)
    by_file = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert (page.freeze_panes, len(by_file)) == ("A2", 12)
    assert {name for name, row in by_file.items() if row["结果"] == "略过"} == {"readme.txt", "~$云泽县.docx"}
    assert by_file["invalid.docx"]["结果"] == "不合要求"
    assert "/budget/total：计划开支合计" in by_file["invalid.docx"]["错误"]
    assert "第1个表格第2行第1格" in by_file["untidy.docx"]["版式差异"]
    text = (place.root / "report" / "import.txt").read_text(encoding="utf-8")
    assert "共 10 个文件：已归档 5，无法读取 2，不合要求 1，编号重复 2。" in text
    assert "letter.docx：无法读取" in text


def regenerated_they_keep_their_original(place):
    before = place.records()
    code, result = place.run("regenerate", "--report", place.root / "report")
    assert (code, result["states"]) == (0, {"identical": 5})
    assert place.records() == before


def only_what_is_new_is_archived(place, folder, documents):
    """The same folder with a file more, one corrected, one changed, and one of two with the same id gone."""
    before = place.records()
    laid(folder, {"新县.docx": filled("annex3", "minimal"), "invalid.docx": documents["南/云泽县.docx"]})
    laid(folder, {"南/白水县.docx": documents["南/云泽县.docx"]})
    (folder / "twice.odt").unlink()
    code, result, files = imported(place, folder)
    assert (code, result["states"]) == (3, {"archived": 4, "skipped": 4, "unreadable": 2})
    assert {name for name, record in files.items() if record["state"] == "archived"} == {
        "新县.docx",
        "invalid.docx",
        "twice.docx",
        "南/白水县.docx",
    }
    assert files["南/云泽县.docx"]["key"]
    after = place.records()
    assert {key: after[key] for key in before} == before
    assert sorted((id, version) for _, _, id, version in after.keys() - before.keys()) == [
        ("invalid", 1),
        ("twice", 1),
        ("南/白水县", 2),
        ("新县", 1),
    ]
    with place.opened() as archive:
        assert faults(archive) == []


def test_killed_and_run_again_each_is_archived_once(place, tmp_path):
    """And what has failed is tried again. The form that is given is taken as true."""
    names = [f"{number}.docx" for number in range(1, 6)]
    folder = laid(tmp_path / "old", dict.fromkeys(names, filled("annex3", "minimal")) | {"0.docx": b"PK"})
    wanted = "--form", "annex3"
    process = place.start("import", folder, "--year", "2021", "--report", place.root / "report", *wanted)
    place.until(1)
    assert awaited(lambda: place.states().get("failed"))
    kill(process)
    assert place.attempts()[0] == 1
    code, result, files = imported(place, folder, *wanted)
    assert (code, result["states"]) == (3, {"archived": 5, "unreadable": 1})
    assert result["done_before"] >= 1
    assert place.attempts()[0] == 2
    assert {files[name]["form"] for name in names} == {"annex3"}
    assert sorted(place.records()) == [("annex3", 2021, str(number), 1) for number in range(1, 6)]
    with place.opened() as archive:
        assert faults(archive) == []


def test_no_other_machine_is_reported_of_an_import(tmp_path):
    folder = laid(tmp_path / "old", {"a.docx": b"x"})
    found = document_folder.find_documents(folder)
    with Archive.open(Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive")})) as archive:
        job = import_documents.open_import(archive, found, 2021, None)
        job_store.load(archive, job, import_documents.documents(found, 2021, None))
        with archive.writing() as connection:
            assert item_queue.counts(connection, job.id).open == 1
            assert item_queue.to_send(connection, 5e9, 60.0, 10) == []


@pytest.mark.parametrize(
    ("folder", "year", "code"),
    [("old", "1999", "unknown_year"), ("nowhere", "2021", "usage"), ("empty", "2021", "usage")],
)
def test_no_edition_no_folder_and_no_document_are_wrong_use(tmp_path, folder, year, code):
    laid(tmp_path / "old", {"a.docx": b"x"})
    (tmp_path / "empty").mkdir()
    arguments = ["import", str(tmp_path / folder), "--year", year, "--report", str(tmp_path), "--json"]
    done = CliRunner(env={"KEXIE_ARCHIVE": str(tmp_path / "archive")}).invoke(main, arguments)
    assert (done.exit_code, json.loads(done.stdout)["code"]) == (2, code)
