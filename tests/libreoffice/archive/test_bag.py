"""The exported bag: valid by bagit, plain names, an index that Excel reads, and nothing outside of it."""

from __future__ import annotations

import csv
import json

import bagit
import pytest

from service.archive import Archive, export
from service.archive.folder_names import FolderNames, safe_name
from service.config import Settings
from service.errors import ArchiveFault, UsageError
from tests.helpers.archive import FILES, PLACES, Tamper, entry, settings_of

NASTY = [
    "../x",
    "..",
    ".",
    "a/b",
    "a\\b",
    "/etc/passwd",
    "C:\\x",
    "CON",
    "nul.txt",
    "Ab",
    "aB",
    "AB",
    "trailing.",
    " leading",
    "100%41",
    "v1",
    "长" * 200,
    "=1+1",
    "e\u0301",
    "\u00e9",
    "~",
    "-rf",
]


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env(), tmp_path / "archive") as opened:
        yield opened


def rows(bag):
    content = (bag / "data" / "索引.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize("place", PLACES)
def test_a_bag_holds_every_version_under_plain_names(place, tmp_path, request):
    bag = tmp_path / "bag"
    with Archive.open(settings_of(place, tmp_path / "archive", request)) as archive:
        older = archive.add(entry(mark=" old"))
        newest = archive.add(entry(warnings=[{"character": "䶮"}]))
        archive.add(entry("某县", form="annex1", year=2020, tenant="city/1"))
        count = export(archive, bag)
        manifest = archive.read(newest, "manifest")
    assert (count.records, count.files) == (3, 9)
    opened = bagit.Bag(str(bag))
    opened.validate()
    assert opened.version_info == (1, 0)
    assert list(opened.algorithms) == ["sha256"]
    files = {
        path.relative_to(bag / "data").as_posix() for path in (bag / "data").rglob("*") if path.is_file()
    }
    names = ["申报书.pdf", "申报书.docx", "报文.json", "manifest.json"]
    folders = [
        "2021/annex2/3201-0001",
        "2021/annex2/3201-0001/v1",
        f"tenants/{FolderNames().of('city/1')}/2020/annex1/某县",
    ]
    assert files == {"索引.csv", *(f"{folder}/{name}" for folder in folders for name in names)}
    folder = bag / "data" / folders[0]
    assert (folder / "申报书.pdf").read_bytes() == FILES["pdf"]
    assert (folder / "v1" / "申报书.pdf").read_bytes() == FILES["pdf"] + b" old"
    assert (folder / "manifest.json").read_bytes() == manifest
    listed = [
        (row["年度"], row["编号"], row["版本"], row["最新"], row["提醒"], row["目录"]) for row in rows(bag)
    ]
    assert listed == [
        ("2021", "3201-0001", "1", "", "0", folders[1]),
        ("2021", "3201-0001", "2", "是", "1", folders[0]),
        ("2020", "某县", "1", "是", "0", folders[2]),
    ]
    assert [row["记录号"] for row in rows(bag)][:2] == [older.key, newest.key]
    assert rows(bag)[1]["申报书.pdf SHA-256"] == newest.files["pdf"].sha256


@pytest.mark.parametrize(
    ("given", "name"),
    [("某县/申报书.DOCX", "原件.docx"), ("a.odt", "原件.odt"), ("b.wps", "原件.wps"), ("c.d e", "原件")],
)
def test_an_original_keeps_its_ending(archive, tmp_path, given, name):
    record = archive.add(entry(files={**FILES, "original": b"as it came"}, original_name=given))
    export(archive, tmp_path / "bag")
    bagit.Bag(str(tmp_path / "bag")).validate()
    assert (tmp_path / "bag" / "data" / "2021/annex2/3201-0001" / name).read_bytes() == b"as it came"
    assert name in [file["name"] for file in archive.manifest(record)["files"]]


def test_filters_choose_the_records(archive, tmp_path):
    for form, year in (("annex1", 2020), ("annex1", 2021), ("annex2", 2021)):
        archive.add(entry(form=form, year=year))
    export(archive, tmp_path / "year", year=2021)
    export(archive, tmp_path / "form", form="annex1")
    assert [(row["年度"], row["表单"]) for row in rows(tmp_path / "year")] == [
        ("2021", "annex1"),
        ("2021", "annex2"),
    ]
    assert [row["年度"] for row in rows(tmp_path / "form")] == ["2020", "2021"]


def test_an_existing_folder_is_refused(archive, tmp_path):
    archive.add(entry())
    (tmp_path / "bag").mkdir()
    with pytest.raises(UsageError, match="已存在"):
        export(archive, tmp_path / "bag")
    assert list((tmp_path / "bag").iterdir()) == []


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_no_records_make_no_bag(archive, tmp_path):
    archive.add(entry())
    with pytest.raises(UsageError, match="没有符合条件"):
        export(archive, tmp_path / "bag", year=1999)
    assert left(tmp_path) == ["archive"]


def test_a_damaged_file_makes_no_bag(archive, tmp_path):
    archive.add(entry("id-1"))
    record = archive.add(entry("id-2", mark="x"))
    Tamper(archive).write(record.files["docx"].sha256, b"PK")
    with pytest.raises(ArchiveFault, match=r"申报书\.docx"):
        export(archive, tmp_path / "bag")
    assert left(tmp_path) == ["archive"]


def test_nasty_ids_stay_inside_and_apart(archive, tmp_path):
    for number, id in enumerate(NASTY):
        archive.add(entry(id, mark=str(number)))
    export(archive, tmp_path / "bag")
    bagit.Bag(str(tmp_path / "bag")).validate()
    assert left(tmp_path) == ["archive", "bag"]
    above = tmp_path / "bag" / "data" / "2021" / "annex2"
    folders = [path.name for path in above.iterdir()]
    assert len({name.casefold() for name in folders}) == len(folders) == len(NASTY)
    assert all(len(name.encode()) < 200 for name in folders)
    ids = {json.loads(path.read_bytes())["id"]: path.parent for path in above.glob("*/manifest.json")}
    assert sorted(ids) == sorted(NASTY)
    for number, id in enumerate(NASTY):
        assert (ids[id] / "申报书.pdf").read_bytes() == FILES["pdf"] + str(number).encode()
    assert {row["编号"] for row in rows(tmp_path / "bag")} == {*NASTY} - {"=1+1", "-rf"} | {"'=1+1", "'-rf"}


@pytest.mark.parametrize("id", NASTY)
def test_a_name_is_safe_and_the_same_each_time(id):
    name = FolderNames().of(id)
    assert name == FolderNames().of(id)
    assert not set(name) & set('\\/:*?"<>|%\0')
    assert name not in ("", ".", "..")
    assert name == name.strip(" .")
    assert len(name.encode()) <= 160


def test_harmless_ids_keep_their_names():
    names = FolderNames()
    assert [names.of(id) for id in ("3201-0001", "南京市 玄武区", "a.b_c")] == [
        "3201-0001",
        "南京市 玄武区",
        "a.b_c",
    ]
    assert names.of("3201-0001") == "3201-0001"
    assert names.of("A.B_C") != safe_name("A.B_C") == "A.B_C"
