"""What leaves the archive: no cell is a formula, no name an option of a program."""

from __future__ import annotations

import pytest

from service.archive.bagit_export import csv_cell
from service.archive.folder_names import FolderNames, safe_name

FORMULAS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u3000=1",
    "\ufeff=1",
    "\x00=1",
]
FORMULAS += [
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    "\u200b＝1",
    "﹦1",
    "﹢1",
    "﹣1",
    "﹫x",
    "−1",
    "\u00a0－1",
    "\ttext",
]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_cell_is_taken_for_a_formula(text):
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["案例＝一", "a-b", "云泽县", "", " 案例", "1=1", "（－）"], ids=ascii)
def test_other_cells_stay(text):
    assert csv_cell(text) == text


@pytest.mark.parametrize("id", ["-rf", "--help", "-", " -x", ".-x", "./-x", "\u202e-x"], ids=ascii)
def test_no_name_begins_as_an_option_does(id):
    for name in (safe_name(id), FolderNames().of(id)):
        assert name
        assert not name.startswith("-")


def test_names_that_differ_by_it_stay_distinct():
    names = FolderNames()
    assert names.of("_-rf") == "_-rf"
    assert names.of("-rf").startswith("_-rf~")


@pytest.mark.parametrize(
    ("id", "submitter", "name"),
    [
        ("3201-0001", "云泽县科协", "3201-0001 云泽县科协"),
        ("3201-0001", "", "3201-0001"),
        ("annex3-2021-云泽县科协-001", "云泽县科协", "annex3-2021-云泽县科协-001"),
        ("1", "../a:b\u202e\u3000 c.", "1 _a_b_ c"),
        ("1", "县" * 60, "1 " + "县" * 39),
        ("i" * 120, "云泽县科协", "i" * 120),
    ],
    ids=ascii,
)
def test_the_submitters_name_comes_behind_the_id_as_far_as_there_is_room(id, submitter, name):
    assert FolderNames().of(id, submitter) == name
    assert len(name.encode()) <= 120


def test_a_name_behind_an_id_makes_no_two_folders_one():
    names = FolderNames()
    assert names.of("1", "a") == "1 a"
    assert names.of("1 a").startswith("1 a~")
