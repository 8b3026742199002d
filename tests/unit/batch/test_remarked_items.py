"""Items that are incomplete or unlikely: done all the same, named in the reports, refused only when asked."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from click.testing import CliRunner

from service.archive import Archive
from service.batch.inputs import read_input
from service.batch.jobs import job_store
from service.batch.jobs.failures import failures, remarked
from service.batch.jobs.job_store import Options
from service.batch.sheets import marked_sheet
from service.cli import main
from service.config import Settings
from tests.helpers.batch import process_all, workbook

ROWS = [
    ["编号", "县级科协名称", "案例名称", "背景", "举措", "成效"],
    ["whole", "甲县科协", "一", "二", "三三", "四"],
    ["odd", "乙县科协", "一", "二二二", "三", "四"],
    ["part", "丙县科协", "一", None, "三", None],
    ["bad", "丁县\n科协", "一", "二二二", "三", None],
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.xlsx"
    path.write_bytes(workbook(ROWS))
    return path


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env(), tmp_path / "archive") as opened:
        yield opened


def processed(archive, source, **options):
    """The id of a job whose items have all been processed."""
    options = Options(("docx",), form="annex3", year=2021, **options)
    job = job_store.open_job(archive, source.name, job_store.sha256(source), options)
    job_store.load(archive, job, read_input.read(source, "annex3", 2021))
    process_all(archive, job)
    return job.id


def pointers(found):
    return [each.pointer for each in found]


def test_they_are_done_and_listed_with_their_cells_and_their_records_are_as_without(archive, source):
    job = processed(archive, source)
    listed = {each.id: each.remarks for each in remarked(archive, job)}
    assert {id: (pointers(each.advice), pointers(each.missing)) for id, each in listed.items()} == {
        "odd": (["/measures"], []),
        "part": ([], ["/background", "/results"]),
        "bad": (["/measures"], ["/results"]),
    }
    (advice,) = listed["odd"].advice
    assert advice.message.zh.startswith("工作表“Sheet1”第 3 行 E 列“举措”：比“背景”写得短")
    assert [each.id for each in failures(archive, job)] == ["bad"]
    records = {record.id: record for record in archive.records()}
    assert set(records) == {"whole", "odd", "part"}
    for record in records.values():
        assert (record.warnings, archive.manifest(record)["warnings"]) == (0, [])


def test_the_incomplete_are_refused_when_asked_and_what_was_done_before_counts_no_more(archive, source):
    processed(archive, source)
    job = processed(archive, source, complete=True)
    failed = {
        each.id: [(error.pointer, error.code) for error in each.errors] for each in failures(archive, job)
    }
    assert failed == {
        "part": [("/background", "missing"), ("/results", "missing")],
        "bad": [("/association_name", "line_break"), ("/results", "missing")],
    }
    listed = {each.id: each.remarks.missing for each in remarked(archive, job)}
    assert listed == {"odd": (), "bad": ()}  # what is missing is among the errors


def test_remarks_are_yellow_in_the_marked_sheet_and_errors_stay_red(archive, source):
    job = processed(archive, source)
    found = {(each.place.sheet, each.place.number): each for each in failures(archive, job)}
    made = marked_sheet.make(
        source,
        {row: each.errors for row, each in found.items()},
        "annex3",
        2021,
        remarks={row: each.remarks for row, each in found.items()},
    )
    sheet, _ = openpyxl.load_workbook(io.BytesIO(made)).worksheets
    fills = {cell.coordinate: cell.fill.fgColor.rgb[-6:] for cell in sheet[2] if cell.fill.fill_type}
    assert fills == {"B2": "FFC7CE", "E2": "FFEB9C", "F2": "FFEB9C"}
    assert "比“背景”写得短" in sheet["E2"].comment.text
    assert sheet["F2"].comment is None
    assert sheet["G2"].value.splitlines()[-1] == "未填 / blank：成效"
    assert [item.id for item in read_input.read(io.BytesIO(made))] == ["bad"]


def test_the_command_prints_and_reports_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = {"association_name": 5, "measures": "短", "background": "长长"}
    line = {"form": "annex3", "year": 2021, "id": "x", "data": data}
    (tmp_path / "in.ndjson").write_text(json.dumps(line), "utf-8")
    command = ["batch", "in.ndjson", "--archive", "archive", "--workers", "1", "--formats", "docx"]
    shown = CliRunner().invoke(main, command)
    assert shown.exit_code == 3
    assert "请核对 / check: x（line 1）举措：比“背景”写得短" in shown.stdout
    assert "1 条有应填未填的栏目" in shown.stdout
    reported = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)
    (item,) = reported["remarks"]
    assert (item["id"], [each["code"] for each in item["advice"]]) == ("x", ["shorter"])
    assert [each["pointer"] for each in item["missing"]] == ["/case_name", "/results"]
