"""`records compare`: two records, and a record beside a filled form, its data, or something else."""

from __future__ import annotations

import copy
import json

import pytest
from click.testing import CliRunner

from service import catalog, pipeline
from service.archive import Archive, Entry
from service.archive.object_store import sha256
from service.cli import main
from service.config import Settings
from service.payload_json import dump
from service.submission import validate
from tests.helpers.archive import CREATED


@pytest.fixture(scope="module")
def versions():
    """A payload and the next version of it."""
    before = catalog.edition("annex3", 2021).sample("full")
    after = copy.deepcopy(before)
    after["case_name"] = "另一个案例"
    after["background"] = after["background"].replace("，", "、", 1)
    return before, after


@pytest.fixture
def place(versions, tmp_path):
    """An archive of both versions, and their keys."""
    edition = catalog.edition("annex3", 2021)
    with Archive.open(Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive")})) as archive:
        keys = [
            archive.add(
                Entry("annex3", 2021, "1", edition.summary(), {"payload": dump(payload)}, CREATED)
            ).key
            for payload in versions
        ]
    return tmp_path, *keys


def compare(place, *arguments):
    folder = place[0] / "archive"
    return CliRunner().invoke(main, ["records", "compare", *map(str, arguments), "--archive", str(folder)])


def test_two_versions_are_compared_in_words(place):
    done = compare(place, *place[1:])
    assert done.exit_code == 0, done.output
    first, *lines = done.stdout.splitlines()
    assert first == "1 第 1 版 → 1 第 2 版 / 1, version 1 → 1, version 2"
    assert lines[0].endswith("案例名称")
    assert lines[2] == "  + 另一个案例"
    assert any("[-，-]{+、+}" in line for line in lines)
    assert lines[-1] == "共 2 处不同 / 2 differences"


def test_the_log_has_both_sides(place, versions):
    folder, one, two = place
    file = folder / "某县.json"
    file.write_bytes(dump(versions[1]))
    for other in ((two,), (file,)):
        assert compare(place, one, *other).exit_code == 0
    assert compare(place, two).exit_code == 0
    logged = CliRunner().invoke(main, ["audit", "--json", "--archive", str(folder / "archive")]).stdout
    rows = [each for each in json.loads(logged) if each["action"] == "compare"]
    assert [(each["record"], each["detail"]) for each in rows] == [
        (two, f"with={one}"),
        (one, f"with={two}"),
        (one, f"sha256={sha256(file.read_bytes())}"),
        (two, f"with={one}"),
    ]
    assert [(each["with_id"], each["with_version"]) for each in rows] == [
        *(("1", 1), ("1", 2), (None, None), ("1", 1)),
    ]
    listed = CliRunner().invoke(main, ["audit", "--action", "compare", "--archive", str(folder / "archive")])
    assert "\t-\t-\t1\t1\t比较：与第 1 版 / compared: with version 1\n" in listed.stdout


@pytest.mark.parametrize("form", ["docx", "payload", "saved"])
def test_a_record_is_compared_with_a_file(place, versions, form):
    edition = catalog.edition("annex3", 2021)
    content = {
        "docx": lambda: pipeline.docx(validate(edition, versions[1])),
        "payload": lambda: dump(versions[1]),
        "saved": lambda: dump({"form": "annex3", "year": 2021, "data": versions[1]}),
    }[form]()
    file = place[0] / f"某县.{'docx' if form == 'docx' else 'json'}"
    file.write_bytes(content)
    done = compare(place, place[1], file, "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["before"], report["after"]) == (0, "1 第 1 版", file.name)
    assert [each["label"] for each in report["differences"]] == ["案例名称", "背景"]
    assert {"kind": "added", "text": "、"} in report["differences"][1]["passages"]
    assert (report["doubts"], report["pictures"]) == ([], [])


@pytest.mark.parametrize(
    "content, code",
    [
        (b'{"form": "annex3", "year": 2020, "data": {}}', 2),
        (b"[1]", 2),
        (b"{", 3),
        (b"nothing", 3),
    ],
)
def test_what_is_no_form_of_that_edition_is_refused(place, content, code):
    file = place[0] / "file"
    file.write_bytes(content)
    done = compare(place, place[1], file)
    assert done.exit_code == code, done.output


def test_a_record_that_is_not_there_is_named(place):
    done = compare(place, place[1], "no-such-key")
    assert "no-such-key" in done.stderr
    assert done.exit_code == 2


def test_records_are_named_as_lists_show_them(place):
    """By id, which is the newest version, and by default beside the version before."""
    for words in (("1",), (place[1], "1"), (place[1], place[2])):
        done = compare(place, *words)
        assert done.stdout.splitlines()[0].startswith("1 第 1 版 → 1 第 2 版"), done.output
    first = compare(place, place[1])
    assert (first.exit_code, "没有别的版本" in first.stderr) == (2, True)
    edition = catalog.edition("annex3", 2021)
    with Archive.open(Settings.from_env({"KEXIE_ARCHIVE": str(place[0] / "archive")})) as archive:
        archive.add(Entry("annex3", 2020, "1", edition.summary(), {"payload": b"{}"}, CREATED))
    several = compare(place, "1")
    assert (several.exit_code, "annex3 2020" in several.stderr, place[2] in several.stderr) == (2, True, True)
