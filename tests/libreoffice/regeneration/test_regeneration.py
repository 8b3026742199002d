"""Archived documents regenerated: identical to the byte, or changed with each difference reported."""

from __future__ import annotations

import copy
import dataclasses
import functools
import hashlib
import io
import json
import shutil
import signal
from datetime import UTC, datetime

import openpyxl
import pytest
from click.testing import CliRunner
from PIL import Image

from service import catalog, generate
from service.archive import Entry
from service.archive.tool_versions import current_tool_versions
from service.cli import main
from service.config import Settings
from service.conversion.pdf import pdf_differences
from service.regeneration import document_comparison
from service.regeneration.sample import Sample
from tests.helpers import ROOT, docx_read
from tests.helpers.archive import Tamper, faults
from tests.helpers.batch import Place, kill, write
from tests.helpers.docx_edit import BODY, W, copy_forms, edit, edited, paragraph, put, reword
from tests.helpers.forms import own_forms
from tests.helpers.layout_cases import border_removed, font_of_a_heading_changed
from tests.helpers.processes import awaited

EDITION = "annex2", 2021
MADE_BY = {"service": "0.1.0", "docxtpl": "0.20", "libreoffice": "LibreOffice 7.4", "fonts": {"sha256": "aa"}}


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    """The archive of a record of each form and year, just after its batch."""
    root = tmp_path_factory.mktemp("archived")
    made = Place(root / "place")
    assert made.run("batch", write(root / "in.ndjson", 9))[0] == 0
    yield made.archive
    made.end()


@pytest.fixture
def place(archived, tmp_path):
    """A place with a copy of that archive."""
    made = Place(tmp_path / "place")
    shutil.copytree(archived, made.archive)
    yield made
    made.end()
    assert awaited(lambda: list(made.temporary.iterdir()) == []), list(made.temporary.iterdir())


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A copy of the checkout in which the commands of this test run."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    copy_forms(folder, code=True)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def template(folder, form="annex2", year=2021):
    return folder / "docx_templates" / str(year) / f"{form}.docx"


def change(path, how):
    path.write_bytes(edited(path.read_bytes(), how))


def label_reworded(root):
    reword(paragraph(root, "负责人姓名"), "负责人姓名", "主要负责人")


def page_added(root):
    new = put(root.find(W + "body"), '<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
    paragraph(root, "三、申报书请参照").addprevious(new)


def regenerate(place, *arguments):
    """Exit code, result, and the report's records by form, year and id."""
    report = place.root / "report"
    code, result = place.run("regenerate", "--report", report, *arguments)
    records = json.loads((report / "regeneration.json").read_text(encoding="utf-8"))["records"]
    return code, result, {(each["form"], each["year"], each["id"]): each for each in records}


def sheet(place):
    """The rows of the report's sheet below its heading, as dicts."""
    page = openpyxl.load_workbook(place.root / "report" / "regeneration.xlsx").active
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", f"A1:M{page.max_row}")
    head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def snapshot(place):
    """What only the audit log may add to: each file of the archive with its hash, its records, its items."""
    files = {
        path.relative_to(place.archive): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(place.archive.rglob("*"))
        if path.is_file() and not path.name.startswith("index.sqlite")
    }
    return files, place.records(), place.states()


def dry_run_begun(place):
    """A dry run that has its queue; no other left one."""
    process = place.start("regenerate", "--dry-run", "--report", place.root / "report")
    assert awaited(lambda: any(place.temporary.glob("kexie-command-*/queue/index.sqlite")))
    return process


def test_after_a_batch_every_record_is_identical_and_nothing_is_written(place):
    """Also after dry runs that were killed or stopped."""
    before = snapshot(place)
    process = dry_run_begun(place)
    kill(process, signal.SIGINT)
    assert process.wait(300) == 130
    assert (place.root / "report" / "regeneration.json").is_file()
    kill(dry_run_begun(place))
    code, result, records = regenerate(place, "--dry-run")
    assert (code, result["states"], result["left"]) == (0, {"identical": 9}, 0)
    assert {(form, year) for form, year, _ in records} == {
        (edition.form, edition.year) for edition in catalog.editions()
    }
    assert [record["changes"] for record in records.values()] == [[]] * 9
    assert [row["结果"] for row in sheet(place)] == ["一致"] * 9
    assert "共 9 条：一致 9，有变化 0，失败 0。" in (place.root / "report" / "regeneration.txt").read_text(
        "utf-8"
    )
    assert snapshot(place) == before


def test_by_fingerprint_only_the_sample_is_converted_and_the_report_names_it(place):
    before = snapshot(place)
    code, result, records = regenerate(
        place, "--dry-run", "--by-fingerprint", "--sample", "10%", "--seed", "seed"
    )
    assert (code, result["states"], result["pdf"]) == (0, {"identical": 9}, {"converted": 1, "inferred": 8})
    sample = result["sample"]
    (sampled,) = sample["records"]
    keys = [record["key"] for record in records.values()]
    assert {sampled["key"]} == Sample("10%", "seed").drawn(keys)
    assert (sample["size"], sample["seed"], sample["trusted"]) == ("10%", "seed", True)
    ways = {
        record["key"]: (record["pdf"], record["reason"], record["sampled"]) for record in records.values()
    }
    assert ways.pop(sampled["key"]) == ("converted", "sample", True)
    assert set(ways.values()) == {("inferred", None, False)}
    rows = sorted((row["PDF"], row["转换原因"]) for row in sheet(place))
    assert rows == [("由指纹推断", None)] * 8 + [("重新转换", "抽查")]
    text = (place.root / "report" / "regeneration.txt").read_text("utf-8")
    assert "PDF：由指纹推断 8，重新转换 1（抽查 1）。" in text
    assert f"抽查 10%（种子 seed）：{sampled['form']} {sampled['year']} {sampled['id']}。" in text
    assert snapshot(place) == before


def test_by_fingerprint_a_changed_template_font_or_step_is_noticed_and_converted(place, checkout, tmp_path):
    change(template(checkout), label_reworded)
    finishing = checkout / "service" / "conversion" / "pdf" / "finish_pdf.py"
    finishing.write_text(finishing.read_text("utf-8").replace("(zh-CN)", "(zh-TW)"), encoding="utf-8")
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    shutil.copy(ROOT / "service" / "conversion" / "faces" / "KexieBox.ttf", fonts)
    place.settings["KEXIE_FONT_DIRS"] = str(fonts)
    code, result, records = regenerate(
        place, "--dry-run", "--by-fingerprint", "--sample", "0", "--year", 2021
    )
    assert (code, result["pdf"]) == (0, {"converted": 3, "inferred": 0})
    reasons = {form: record["reason"] for (form, _, _), record in records.items()}
    assert reasons == {"annex1": "engine_differs", "annex2": "docx_differs", "annex3": "engine_differs"}
    for record in records.values():
        assert record["state"] == "changed"
        codes = {change["code"] for change in record["changes"]}
        assert codes >= {"fonts_changed", "steps_changed"}
        assert "libreoffice_files_changed" not in codes


def test_by_fingerprint_a_record_of_another_build_of_libreoffice_is_converted(place, monkeypatch):
    with place.opened() as archive:
        sound = next(archive.records("annex3", 2021))
        files = {part: archive.read(sound, part) for part in sound.files}
        tools = current_tool_versions(Settings.from_env(place.settings))
        other = dataclasses.replace(tools, engine={**tools.engine, "libreoffice": "0" * 64})
        monkeypatch.setattr("service.archive.archive.current_tool_versions", lambda _: other)
        summary = catalog.edition("annex3", 2021).summary()
        archive.add(Entry("annex3", 2021, "other build", summary, files, datetime.now(UTC)))
    options = "--dry-run", "--by-fingerprint", "--sample", 0, "--form", "annex3", "--year", 2021
    code, result, records = regenerate(place, *options)
    assert (code, result["pdf"]) == (0, {"converted": 1, "inferred": 1})
    built = records["annex3", 2021, "other build"]
    assert (built["state"], built["reason"]) == ("identical", "engine_differs")
    assert [change["code"] for change in built["changes"]] == ["libreoffice_files_changed"]


def test_where_the_sample_differs_no_fingerprint_is_trusted_and_all_are_converted(place):
    with place.opened() as archive:
        sound = next(archive.records("annex3", 2021))
        files = {part: archive.read(sound, part) for part in sound.files}
        files["pdf"] += b"% by another engine\n"
        summary = catalog.edition("annex3", 2021).summary()
        forged = archive.add(Entry("annex3", 2021, "forged", summary, files, datetime.now(UTC))).key
    seed = next(
        seed for seed in map(str, range(99)) if Sample("1", seed).drawn([sound.key, forged]) == {forged}
    )
    options = "--dry-run", "--by-fingerprint", "--sample", 1, "--seed", seed
    code, result, records = regenerate(place, *options, "--form", "annex3", "--year", 2021)
    assert (code, result["states"]) == (0, {"identical": 1, "changed": 1})
    assert result["pdf"] == {"converted": 2, "inferred": 0}
    assert result["reasons"] == {"sample": 1, "doubted": 1}
    assert not result["sample"]["trusted"]
    assert records["annex3", 2021, sound.id]["reason"] == "doubted"
    text = (place.root / "report" / "regeneration.txt").read_text("utf-8")
    assert "抽查发现不同，指纹不可信：其余的也都重新转换了。" in text


def test_no_record_of_that_form_and_year_is_wrong_use(place):
    environment = {"KEXIE_ARCHIVE": str(place.archive), "KEXIE_TEMP_DIR": str(place.temporary)}
    arguments = ["regenerate", "--dry-run", "--year", "1999", "--report", str(place.root), "--json"]
    done = CliRunner(env=environment).invoke(main, arguments)
    assert (done.exit_code, json.loads(done.stdout)["code"]) == (2, "unknown_year")


def test_an_edited_template_changes_its_editions_records_and_the_report_says_where(place, checkout):
    change(template(checkout), label_reworded)
    before = snapshot(place)
    chosen = "--form", EDITION[0], "--year", EDITION[1]
    code, result, records = regenerate(place, "--dry-run", "--pictures", *chosen)
    assert (code, result["states"]) == (0, {"changed": 1})
    (changed,) = records.values()
    assert (changed["form"], changed["year"], changed["parts"]) == (*EDITION, ["edition", "text", "pages"])
    (text,) = (each for each in changed["changes"] if each["part"] == "text")
    assert text["place"] == {"zh": "第1个表格第2行第1格", "en": "table 1, row 2, cell 1"}
    assert text["message"]["zh"] == "“负责人姓名”被改动，现为“主要负责人”"
    assert (changed["pages"], changed["new_version"]) == ([3], None)
    (picture,) = changed["pictures"]
    drawn = Image.open(place.root / "report" / "pictures" / picture)
    assert drawn.width > 2 * 700
    assert (208, 0, 0) in {colour for _, colour in drawn.getcolors(1 << 20)}
    row = next(row for row in sheet(place) if row["结果"] == "有变化")
    assert "文字 | 第1个表格第2行第1格：“负责人姓名”被改动" in row["变化"]
    assert snapshot(place) == before


def test_changed_records_are_archived_as_new_versions_once(place, checkout):
    """Also where a run was killed before."""
    change(template(checkout), label_reworded)
    edit(template(checkout, "annex1"), ("<w:body>", "<w:body><w:p/>"))
    before = place.records()
    process = place.start("regenerate", "--year", 2021, "--report", place.root / "report")
    assert awaited(lambda: len(place.records()) > len(before))
    kill(process)
    code, result, records = regenerate(place, "--year", 2021)
    assert (code, result["states"]) == (0, {"identical": 1, "changed": 2})
    after = place.records()
    new = after.keys() - before.keys()
    assert {(key[:2], key[3]) for key in new} == {(EDITION, 2), (("annex1", 2021), 2)}
    assert [records[key[:3]]["new_version"] for key in new] == [2, 2]
    assert {key: after[key] for key in before} == before
    with place.opened() as archive:
        one, two = archive.records(form="annex2", year=2021, all_versions=True)
        assert two.files["payload"] == one.files["payload"]
        assert archive.manifest(two)["reason"] == "regenerated"
        assert "主要负责人" in docx_read.text(archive.read(two, "docx"))
        assert "主要负责人" not in docx_read.text(archive.read(one, "docx"))
        assert faults(archive) == []
    assert regenerate(place, "--year", 2021)[1]["states"] == {"identical": 3}
    assert place.records() == after


def test_what_cannot_be_regenerated_has_failed_with_its_errors(place, checkout):
    template(checkout, "annex1", 2020).write_bytes(b"no Word file")
    with place.opened() as archive:
        damaged = archive.latest("", "annex3", 2020, next(archive.records("annex3", 2020)).id)
        content = archive.read(damaged, "pdf")
        Tamper(archive).write(damaged.files["pdf"].sha256, content[:-1] + b"x")
        sound = next(archive.records("annex2", 2020))
        files = {part: archive.read(sound, part) for part in sound.files}
        summary = catalog.edition("annex2", 2020).summary()
        files["payload"] = b'{"basic_info": {"townships": -1}}'
        archive.add(Entry("annex2", 2020, "old", summary, files, datetime.now(UTC)))
    code, result, records = regenerate(place, "--dry-run", "--year", 2020)
    assert (code, result["states"]) == (3, {"identical": 1, "failed": 3})
    errors = {key: record["errors"] for key, record in records.items() if record["errors"]}
    assert {key[:2] for key in errors} == {("annex1", 2020), ("annex3", 2020), ("annex2", 2020)}
    (invalid,) = errors["annex2", 2020, "old"]
    assert (invalid["pointer"], invalid["label"]) == ("/basic_info/townships", "乡镇")
    codes = {key[0]: {error["code"] for error in found} for key, found in errors.items()}
    assert codes["annex1"] == {"template_fault"}
    assert codes["annex3"] == {"archive_fault"}
    assert [row["结果"] for row in sheet(place)].count("失败") == 3


@pytest.fixture
def forms(tmp_path, monkeypatch):
    """A copy of the templates, which this process uses."""
    return own_forms(monkeypatch, tmp_path)


@functools.cache
def documents(form, year):
    """The documents of the full sample, as the template of the checkout makes them."""
    payload = json.loads((ROOT / "samples" / str(year) / f"{form}.full.json").read_text(encoding="utf-8"))
    return payload, generate(form, year, payload)


@pytest.mark.parametrize(
    "how, part, code, place, message",
    [
        (label_reworded, "text", "label_changed", "第1个表格第2行第1格", "现为“主要负责人”"),
        (border_removed, "layout", "border_missing", "第2个表格第1行第1格", "左框线缺失"),
        (font_of_a_heading_changed, "layout", "font_changed", "标题“一、基本情况”", "变为“楷体"),
        (page_added, "layout", "page_break_added", "段落“三、申报书请参照", "分页"),
        (page_added, "pages", "page_count", "PDF", "页数由 7 变为 8"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_part_that_changed_is_named(forms, how, part, code, place, message):
    before = described(*EDITION)
    payload, old = documents(*EDITION)
    change(template(forms), how)
    new = generate(*EDITION, payload)
    found = document_comparison.compare(catalog.edition(*EDITION), before, MADE_BY, old, new)
    named = [each for each in found.changes if (each.part, each.code) == (part, code)]
    assert len(named) == 1, found.changes
    assert place in named[0].place.zh
    assert message in named[0].message.zh
    assert not found.identical
    assert found.parts[0] == "edition"
    assert "engine" not in found.parts


def described(form, year):
    return {"edition": catalog.edition(form, year).summary(), "made_by": MADE_BY}


def test_a_font_that_is_used_no_more_and_a_new_one_are_named(forms):
    before = described("annex3", 2021)
    payload, old = documents("annex3", 2021)
    path = template(forms, "annex3")
    for name in ("黑体", "方正小标宋简体", "方正小标宋_GBK"):
        replace_all(path, f'"{name}"', '"楷体_GB2312"')
    new = generate("annex3", 2021, payload)
    found = document_comparison.compare(catalog.edition("annex3", 2021), before, MADE_BY, old, new)
    assert {each.code for each in found.changes if each.part == "fonts"} & {"fonts_gone", "fonts_new"}
    assert found.pages


def replace_all(path, old, new):
    """Replaces every `old` in the parts of a .docx that print."""

    def each(root):
        for element in root.iter():
            for name, value in element.attrib.items():
                if f'"{value}"' == old:
                    element.set(name, new.strip('"'))

    for part in (BODY, "word/styles.xml"):
        path.write_bytes(edited(path.read_bytes(), each, part))


def test_other_bytes_alone_are_the_engines(forms):
    before = described(*EDITION)
    _, old = documents(*EDITION)
    new = {**old, "pdf": old["pdf"] + b"% another writer\n"}
    edition = catalog.edition(*EDITION)
    other = {**copy.deepcopy(MADE_BY), "libreoffice": "LibreOffice 25.8"}
    alone = document_comparison.compare(edition, before, MADE_BY, old, new)
    assert (alone.identical, alone.parts, alone.pages) == (False, ("engine",), ())
    named = document_comparison.compare(edition, before, other, old, new)
    assert [(each.code, each.message.zh) for each in named.changes] == [
        ("libreoffice_changed", "由 LibreOffice 7.4 变为 LibreOffice 25.8")
    ]
    same = document_comparison.compare(edition, before, other, old, dict(old))
    assert (same.identical, same.parts) == (True, ("engine",))


def test_a_part_that_prints_nothing_is_named_by_its_name(forms):
    _, old = documents(*EDITION)
    new = {**old, "docx": edited(old["docx"], lambda root: root.set("note", "x"), "word/settings.xml")}
    found = document_comparison.compare(catalog.edition(*EDITION), described(*EDITION), MADE_BY, old, new)
    assert [(each.part, each.place.zh) for each in found.changes] == [
        ("layout", "文书的部件 word/settings.xml")
    ]


def test_the_pictures_show_a_page_that_is_only_in_one(forms):
    _, long = documents(*EDITION)
    _, short = documents("annex3", 2021)
    found = pdf_differences.compare(short["pdf"], long["pdf"])
    assert (found.before < found.now, found.pages) == (True, tuple(range(1, found.now + 1)))
    drawn = Image.open(io.BytesIO(pdf_differences.picture(short["pdf"], long["pdf"], found.now)))
    assert drawn.getpixel((100, drawn.height // 2)) == (208, 208, 208)
