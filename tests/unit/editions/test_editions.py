"""Editions: what each says of itself, a new year, published versions."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile

import pytest
from click.testing import CliRunner

from service import catalog, generate
from service.cli import main
from service.editions import atomic_folders, year_change
from service.forms import publication
from service.forms.form_folder import BUILT_IN
from tests.helpers import docx_check, docx_read
from tests.helpers.docx_edit import BODY, edit
from tests.helpers.forms import own_forms

ALL = pytest.mark.parametrize("edition", catalog.editions(), ids=lambda found: f"{found.form}-{found.year}")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the forms in which editions may be made."""
    return own_forms(monkeypatch, tmp_path)


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def snapshot(folder):
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    return {path: path.read_bytes() for path in paths}


@ALL
def test_an_edition_says_its_own_year_and_no_other(edition):
    docx = generate(edition.form, edition.year, {}, ("docx",))["docx"]
    core = zipfile.ZipFile(io.BytesIO(docx)).read("docProps/core.xml").decode()
    said = docx_read.text(docx) + edition.title + re.sub("<[^>]*>", " ", core)
    assert set(re.findall("20[0-9]{2}(?!字)", said)) == {str(edition.year)}
    assert edition.title in core
    assert docx_read.squash(edition.title).removesuffix("项目指标").removesuffix("项目申报书") in (
        docx_read.squash(docx_read.text(docx))
    )


@ALL
@pytest.mark.parametrize("sample", ["minimal", "full"])
def test_every_sample_makes_a_document_of_its_year(edition, sample):
    docx = generate(edition.form, edition.year, edition.sample(sample), ("docx",))["docx"]
    assert docx_check.problems(docx) == []
    text = docx_read.text(docx)
    years = set(re.findall("20[0-9]{2}(?=年)", text))
    assert str(edition.year) in years
    assert max(years) == str(edition.year)


@ALL
def test_provenance_is_reported_in_plain_words(edition):
    summary = edition.summary()
    official = edition.year == 2021
    assert (summary["provenance"], summary["derived_from"], summary["provenance_text"]) == (
        ("official", None, "正式 / official")
        if official
        else ("derived", 2021, "推定，沿用2021年的版式 / derived: the layout of 2021 is assumed")
    )
    assert edition.official_path.is_file() == official


def test_doctor_reports_the_provenance_of_each_edition():
    printed = run("doctor").output
    assert "annex2 2020：推定，沿用2021年的版式" in printed
    assert "annex2 2021：正式 / official" in printed


def test_the_catalogue_reports_version_and_hash():
    edition = catalog.edition("annex3", 2020)
    answer = run("--json", "forms").output
    row = next(row for row in json.loads(answer) if (row["form"], row["year"]) == ("annex3", 2020))
    assert row == edition.summary()
    assert (row["version"], row["published"]) == (1, True)
    assert row["edition_hash"] == publication.record(edition.template_path.parent)["annex3"][-1].hash


def test_the_edition_hash_is_of_template_schema_and_limits():
    edition = catalog.edition("annex2", 2021)
    template = hashlib.sha256(edition.template_path.read_bytes()).hexdigest()
    whole = {"schema": edition.json_schema(), "limits": edition.limits(), "template": template}
    canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert edition.edition_hash == hashlib.sha256(canonical).hexdigest()
    other = catalog.edition("annex2", 2020)
    assert other.edition_hash != edition.edition_hash


def test_a_template_changed_under_a_running_service_has_another_hash(folder):
    edition = catalog.edition("annex3", 2021)
    before = edition.summary()
    edit(edition.template_path, ("案例名称", "案例名"))
    after = edition.summary()
    assert {key for key in before if before[key] != after[key]} == {
        "version",
        "published",
        "edition_hash",
        "template_hash",
    }
    assert (after["version"], after["published"]) == (2, False)


def test_a_published_edition_that_changed_is_a_fault_until_it_is_published_again(folder):
    template = catalog.edition("annex3", 2020).template_path
    edit(template, ("案例名称", "案例 名称"))
    changed = run("lint", "annex3", "--year", 2020)
    assert changed.exit_code == 4
    assert "与已发布的第 1 版不同：用 kexie-forms edition publish 2020 annex3 发布第 2 版" in changed.output
    assert "or undo the change of template or schema" in changed.output
    first = publication.record(template.parent)
    assert "annex3 2020：已发布第 2 版" in run("edition", "publish", 2020, "annex3").output
    assert run("lint", "annex3", "--year", 2020).exit_code == 0
    record = publication.record(template.parent)
    assert {form: [one.number for one in versions] for form, versions in record.items()} == {
        "annex1": [1],
        "annex2": [1],
        "annex3": [1, 2],
    }
    assert record["annex3"][0] == first["annex3"][0]
    assert "没有变化，仍为第 2 版" in run("edition", "publish", 2020, "annex3").output


def test_an_edition_with_faults_is_not_published(folder):
    template = catalog.edition("annex3", 2020).template_path
    edit(template, ("{{ case_name }}", "{{ case_nam }}"))
    before = snapshot(folder)
    result = run("edition", "publish", 2020)
    assert result.exit_code == 4
    assert "annex3 2020" in result.stderr
    assert snapshot(folder) == before


@pytest.mark.parametrize("content", ["{", "[]", '{"annex1": [{"version": 2, "hash": "x"}]}', '{"annex1": 1}'])
def test_a_record_that_cannot_be_read_is_reported(folder, content):
    (folder / "docx_templates" / "2020" / "editions.json").write_text(content, encoding="utf-8")
    result = run("lint", "--year", 2020)
    assert result.exit_code == 4
    assert "editions.json" in result.output
    assert "Traceback" not in result.output


def test_a_new_year_is_derived_and_not_yet_published(folder):
    result = run("edition", "new", 2024, "--from", 2021)
    assert result.exit_code == 0, result.output
    assert "docx_templates/2024/annex2.docx" in result.output.splitlines()
    assert "samples/2024/annex2.full.json" in result.output.splitlines()
    clean = run("lint", "--year", 2024)
    assert clean.exit_code == 0
    assert clean.output.count("尚未发布 / not published yet") == 3
    summary = catalog.edition("annex2", 2024).summary()
    assert summary["title"] == "2024年度“县级科协创新发展能力提升计划”项目申报书"
    assert (summary["provenance"], summary["derived_from"]) == ("derived", 2021)
    assert (summary["version"], summary["published"]) == (1, False)
    made = docx_read.text(
        generate("annex2", 2024, catalog.edition("annex2", 2024).sample("full"), ("docx",))["docx"]
    )
    assert "2024年3月9日" in made
    assert "2021" not in made
    batch = (folder / "samples" / "2024" / "batch.ndjson").read_text(encoding="utf-8")
    assert {json.loads(line)["year"] for line in batch.splitlines()} == {2024}
    assert run("edition", "publish", 2024).exit_code == 0
    assert catalog.edition("annex2", 2024).published


@pytest.mark.parametrize(
    ("to", "source", "said"),
    [
        (2020, 2021, "2020 年的版次已经存在"),
        (2022, 2018, "没有 2018 年的版次，现有：2019、2020、2021"),
        (22, 2021, "应为四位数字"),
        (20220, 2021, "应为四位数字"),
    ],
)
def test_a_year_that_cannot_be_made_is_reported(folder, to, source, said):
    before = snapshot(folder)
    result = run("edition", "new", to, "--from", source)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 2
    assert snapshot(folder) == before


@pytest.mark.parametrize("name", ["docx_templates/2021/annex2.docx", "samples/2021/annex2.full.json"])
@pytest.mark.parametrize("content", [b"nothing of the kind", b"\xff", b""], ids=["text", "bytes", "empty"])
def test_material_that_cannot_be_read_makes_no_year(folder, name, content):
    (folder / name).write_bytes(content)
    before = snapshot(folder)
    result = run("edition", "new", 2022, "--from", 2021)
    assert result.exit_code == 4
    assert name in result.stderr
    assert "Traceback" not in result.stderr
    assert snapshot(folder) == before


def test_a_folder_that_no_row_names_is_left_alone(folder):
    (folder / "samples" / "2022").mkdir()
    result = run("edition", "new", 2022, "--from", 2021)
    assert result.exit_code == 2
    assert str(folder / "samples" / "2022") in result.stderr
    assert not (folder / "docx_templates" / "2022").exists()


@pytest.mark.parametrize("command", [("new", 2022, "--from", 2021), ("publish", 2021)])
def test_an_installed_package_is_not_changed(folder, monkeypatch, command):
    monkeypatch.setattr(BUILT_IN, "changeable", False)
    before = snapshot(folder)
    result = run("edition", *command)
    assert result.exit_code == 2
    assert "git clone" in result.stderr
    assert snapshot(folder) == before


@pytest.mark.parametrize("fails_at", [0, 3, 10], ids=["a template", "a sample", "the table"])
def test_what_fails_half_way_leaves_nothing(folder, monkeypatch, fails_at):
    write, count = atomic_folders._write, iter(range(100))

    def full(path, content):
        if next(count) == fails_at:
            raise OSError(28, "No space left on device", str(path))
        write(path, content)

    before = snapshot(folder)
    monkeypatch.setattr(atomic_folders, "_write", full)
    result = run("edition", "new", 2022, "--from", 2021)
    assert result.exit_code == 2
    assert "什么也没有改动" in result.stderr
    assert "No space left on device" in result.stderr
    assert snapshot(folder) == before
    assert not (folder / "docx_templates" / "2022").exists()


def test_folders_go_again_where_the_last_rename_fails(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError):
        atomic_folders.write({tmp_path / "new": {"a": b"1"}}, {tmp_path / "taken": b"2"})
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_year_changes_digit_by_digit_where_it_is_split_over_runs(tmp_path):
    path = tmp_path / "split.docx"
    path.write_bytes(catalog.edition("annex3", 2021).template_path.read_bytes())
    split = '20</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>2</w:t></w:r><w:r><w:t xml:space="preserve">1年度'
    edit(path, ("2021年度", split))
    made = year_change.template(path.read_bytes(), 2021, 2034)
    xml = zipfile.ZipFile(io.BytesIO(made)).read(BODY).decode()
    assert split.replace(">2<", ">3<").replace(">1年", ">4年") in xml
    assert "2034年度县级科协单项工作创新案例申报书" in docx_read.text(made)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2021年度", "2024年度"),
        ("二〇二一年", "二〇二四年"),
        ("２０２１年", "２０２４年"),
        ("电话12021345", "电话12021345"),
        ("{{ plan.y2021 }} 2021 {% if x == 2021 %}", "{{ plan.y2021 }} 2024 {% if x == 2021 %}"),
        ("2020年", "2020年"),
    ],
)
def test_only_the_year_changes_in_a_text(old, new):
    assert year_change.text(old, 2021, 2024) == new


def test_dates_of_a_sample_move_as_far_as_the_year():
    sample = {"a": "2020-02-29", "b": [{"c": "2018年盛夏，2021年度"}], "d": 2021, "e": "0520-2021", "f": None}
    moved = json.loads(year_change.sample(json.dumps(sample).encode(), 2021, 2022))
    assert moved == {
        "a": "2021-02-28",
        "b": [{"c": "2019年盛夏，2022年度"}],
        "d": 2021,
        "e": "0520-2021",
        "f": None,
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "editions.json"),
        ("{}", "not a list"),
        ("[{}]", "a row has form"),
        ([{"schema": "annex1.Nothing"}], "Nothing is no subclass of FormSchema"),
        ([{"schema": "annex9.Annex9"}], "annex9"),
        ([{"schema": "annex2.Cover"}], "no subclass of FormSchema"),
        ([{"provenance": "derived"}], 'the year in "from"'),
        ([{"provenance": "assumed"}], '"official", or "derived"'),
        ([{}, {}], "two rows of annex1 2021"),
    ],
)
def test_a_table_that_cannot_be_read_is_reported(folder, content, said):
    row = {"form": "annex1", "year": 2021, "schema": "annex1.Annex1", "title": "t", "provenance": "official"}
    text = content if isinstance(content, str) else json.dumps([{**row, **change} for change in content])
    BUILT_IN.table.write_text(text, encoding="utf-8")
    catalog.reload()
    result = run("forms")
    assert result.exit_code == 4
    assert said in result.stderr
    assert "Traceback" not in result.stderr
