"""A batch from its input to the archive: successes, failures and their reports, nothing done twice."""

from __future__ import annotations

import json
import signal

import openpyxl
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from service import catalog
from service.batch.inputs import read_input
from service.batch.jobs import job_store
from service.batch.jobs.item_errors import to_json
from service.batch.jobs.job_store import Options
from service.batch.jobs.job_tables import items
from service.cli import main
from service.errors import Bilingual, FieldError
from service.pipeline import generate
from tests.helpers.archive import empty, faults, fill, small
from tests.helpers.batch import COMMAND, TIMEOUT, Place, error_lines, under_terminal, write
from tests.helpers.pdf import words
from tests.helpers.processes import awaited

SOME = 16
FAULTY = 10
SOUND = SOME - FAULTY
FAULTS = {
    "unknown_field",
    "too_many_words",
    "not_json",
    "total_mismatch",
    "duplicate_id",
    "unknown_form",
    "not_text",
    "unknown_year",
    "character_not_drawable",
    "above_maximum",
}


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path / "place")
    yield made
    made.end()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A batch of mixed records, some faulty, that has run to its end: place, input, exit code, result."""
    root = tmp_path_factory.mktemp("mixed")
    source = write(root / "in.ndjson", SOME, FAULTY)
    made = Place(root / "place")
    yield made, source, *made.run("batch", source)
    made.end()


def test_every_sound_record_is_archived_and_every_other_fails(mixed):
    place, _, code, result = mixed
    assert (code, result["total"], result["done"], result["failed"], result["left"]) == (
        3,
        SOME,
        SOUND,
        FAULTY,
        0,
    )
    assert len(place.records()) == SOUND
    assert {version for *_, version in place.records()} == {1}
    with place.opened() as archive:
        assert faults(archive) == []
    assert list(place.temporary.iterdir()) == []


def sound_lines(source):
    failed = {failure["place"] for failure in error_lines(source.parent)}
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    return [line for number, line in enumerate(lines, 1) if f"line {number}" not in failed]


def test_the_documents_are_those_that_generate_makes(mixed):
    place, source, *_ = mixed
    with place.opened() as archive:
        for item in map(json.loads, sound_lines(source)[:3]):
            record = archive.latest("", item["form"], item["year"], item["id"])
            made = generate(item["form"], item["year"], item["data"])
            assert {part: archive.read(record, part) for part in made} == made
            assert json.loads(archive.read(record, "payload")) == item["data"]


def test_each_failure_is_reported_with_its_place_and_every_error(mixed):
    _, source, _, result = mixed
    lines = source.read_text(encoding="utf-8").splitlines()
    found = error_lines(source.parent)
    assert {failure["errors"][0]["code"] for failure in found} == FAULTS
    assert [failure["place"] for failure in result["failures"]] == [failure["place"] for failure in found]
    for failure in found:
        line = lines[int(failure["place"].removeprefix("line ")) - 1]
        assert failure["id"] is None or f'"id": "{failure["id"]}"' in line
        assert all(error["message"] and error["code"] for error in failure["errors"])
    (several,) = [failure for failure in found if failure["errors"][0]["code"] == "not_text"]
    assert [error["pointer"] for error in several["errors"]] == ["/cover/applicant", "/cover/email"]


def test_again_nothing_is_done_twice(mixed):
    place, source, _, first = mixed
    before, records = place.attempts(), place.records()
    code, result = place.run("batch", source)
    assert (code, result["done"], result["done_before"], result["failed"]) == (3, SOUND, SOUND, FAULTY)
    assert result["failures"] == first["failures"]
    assert (place.attempts(), place.records()) == (before, records)


def test_another_input_with_the_same_records_adds_no_versions(mixed, tmp_path):
    place, source, *_ = mixed
    other = tmp_path / "other.ndjson"
    other.write_text("".join(sound_lines(source)[:4]), encoding="utf-8")
    records = place.records()
    code, result = place.run("batch", other)
    assert (code, result["done"], result["done_before"]) == (0, 4, 0)
    assert place.records() == records


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    """A batch of one record, without PDF, that has run: place, input, options, exit code, result.

    Its options are of no effect, and the errors of another input are there.
    """
    root = tmp_path_factory.mktemp("single")
    source = write(root / "in.ndjson", 1, forms=("annex3",))
    year = json.loads(source.read_text(encoding="utf-8"))["year"]
    (root / "errors.ndjson").write_text('{"job": "another"}\n')
    made = Place(root / "place")
    options = "--formats", "docx", "--form", "annex1", "--year", year
    yield made, source, options, *made.run("batch", source, *options)
    made.end()


def test_a_batch_without_pdf_archives_the_docx_alone(single):
    place, _, _, code, result = single
    assert (code, result["done"], result["files"]) == (0, 1, [])
    assert {tuple(files) for files in place.records().values()} == {("payload", "docx")}


def test_another_inputs_errors_are_left_alone(single):
    _, source, *_ = single
    assert error_lines(source.parent) == [{"job": "another"}]


def test_an_option_that_has_no_effect_is_reported(single):
    place, *_ = single
    log = (place.root / "log").read_text(encoding="utf-8")
    assert "--form annex1 未起作用" in log
    assert "--year" not in log


def test_a_changed_record_is_another_version(single):
    place, source, options, *_ = single
    item = json.loads(source.read_text(encoding="utf-8"))
    item["data"]["case_name"] = "另一个案例"
    source.write_text(json.dumps(item), encoding="utf-8")
    assert place.run("batch", source, *options)[0] == 0
    assert [(found[2], found[3]) for found in place.records()] == [(item["id"], 1), (item["id"], 2)]


def test_failed_records_are_tried_again_when_asked_and_their_files_go(place, tmp_path):
    source, errors = write(tmp_path / "in.ndjson", 3), tmp_path / "errors"
    with place.opened() as archive:
        job = job_store.open_job(archive, source.name, job_store.sha256(source), Options(("docx",)))
        job_store.load(archive, job, read_input.read(source))
        passing = to_json(
            [FieldError("", "档案", "archive_unavailable", Bilingual("不可用。", "Not there."))]
        )
        with archive.writing() as connection:
            first = update(items).where(items.c.position == 0)
            connection.execute(first.values(state="failed", due=None, errors=passing, faults=5))
    asked = ("batch", source, "--formats", "docx", "--errors", errors)
    code, result = place.run(*asked)
    assert (code, result["done"], [line["errors"][0]["code"] for line in error_lines(errors)]) == (
        3,
        2,
        ["archive_unavailable"],
    )
    code, result = place.run(*asked, "--retry-failed")
    assert (code, result["done"], list(errors.iterdir())) == (0, 3, [])


def test_a_sheet_gives_the_documents_of_its_json_and_its_faulty_cells_are_marked(place, tmp_path):
    sample = catalog.edition("annex3", 2021).sample("minimal")
    name, case = sample["association_name"], sample["case_name"]
    book = openpyxl.Workbook()
    book.active.title = "案例"
    for row in (
        ["id", "association_name", "案例名称", "background", "measures"],
        ["1", name, case, "背景", None],
        ["2", name, case, None, "字" * 2001],
    ):
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    asked = ("batch", tmp_path / "in.xlsx", "--form", "annex3", "--year", 2021)
    code, result = place.run(*asked)
    assert (code, result["done"], result["failed"]) == (3, 1, 1)
    data = {"association_name": name, "case_name": case, "background": "背景"}
    with place.opened() as archive:
        record = archive.latest("", "annex3", 2021, "1")
        assert archive.read(record, "docx") == generate("annex3", 2021, data, ("docx",))["docx"]
        assert case in words(archive.read(record, "pdf"))
    (failure,) = error_lines(tmp_path)
    (error,) = failure["errors"]
    assert (failure["place"], failure["id"], error["code"]) == ("案例!3", "2", "too_many_words")
    assert error["message"].startswith("工作表“案例”第 3 行 E 列“measures”：")
    sheet = openpyxl.load_workbook(tmp_path / "errors.xlsx").active
    marked = [cell.coordinate for row in sheet.iter_rows(2) for cell in row if cell.comment]
    assert (marked, sheet["A2"].value) == (["E2"], "2")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["batch", "missing.ndjson"], "missing.ndjson"),
        (["batch", "in.ndjson", "--formats", "odt"], "odt"),
        (["worker"], "KEXIE_BROKER_URL"),
    ],
)
def test_wrong_use_says_so_and_exits_2(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "in.ndjson", 1)
    done = CliRunner().invoke(main, [*arguments, "--archive", "archive"])
    assert done.exit_code == 2
    assert said in done.stderr


def test_standard_input_and_a_terminals_bar(place, tmp_path):
    source = write(tmp_path / "in.ndjson", 3)
    seen = under_terminal(
        f"{COMMAND} batch - --formats docx --workers 1 --archive {place.archive} < {source}", place
    )
    assert "3/3" in seen
    assert "3 done" in seen
    assert len(place.records()) == 3


FULL = ("磁盘", "Free space")


def full(place, root, items):
    """A batch whose archive has become full, and its process."""
    source = write(root / "in.ndjson", items, forms=("annex3",))
    place.archive.mkdir()
    process = place.start("batch", source, "--formats", "docx", "--json", "--errors", root)
    place.until(1)
    fill(place.archive)
    return process


@pytest.fixture
def filling(tmp_path):
    """A place whose archive lies on a disk of its own, which `full` fills."""
    with small("3m") as disk:
        place = Place(tmp_path / "place", KEXIE_DEADLINE="1.4")
        place.archive = (disk or tmp_path) / "archive"
        yield place
        place.end()


def test_a_full_disk_ends_a_batch_with_one_clear_message(filling, tmp_path):
    process = full(filling, tmp_path, 200)
    said = process.communicate(timeout=TIMEOUT)[0]
    assert process.returncode == 6, said
    assert str(filling.archive) in json.loads(said)["detail"]
    log = (filling.root / "log").read_text(encoding="utf-8")
    assert log.count("暂停：档案") == log.count("Waiting: The archive") == 1
    assert all(word in log for word in FULL)
    states = filling.states()
    assert states.get("done") and not states.get("failed"), states
    empty(filling.archive)
    with filling.opened() as archive:
        assert archive.count() >= states["done"]


def test_a_signal_ends_a_batch_on_a_full_disk(filling, tmp_path):
    process = full(filling, tmp_path, 200)
    assert awaited(lambda: "暂停" in (filling.root / "log").read_text(encoding="utf-8"))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=300)
    assert process.returncode == 128 + signal.SIGTERM
    assert filling.states().get("failed", 0) == 0
