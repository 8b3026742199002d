"""Forms in folders outside the code: they are listed beside the built-in ones, and a broken one is named."""

from __future__ import annotations

import json
import logging
import shutil
import sys

import openpyxl
import pytest
from click.testing import CliRunner

from service import catalog, create_app, generate
from service.cli import main
from service.config import Settings
from service.conversion.fonts import face_table, font_substitutes
from service.errors import TemplateFault
from service.extraction import extract
from service.forms.form_folder import BUILT_IN, font_folders
from service.submission import validate
from service.web.controls import outline
from tests.helpers import ROOT
from tests.helpers.docx_edit import edit
from tests.helpers.forms import VISIT_ROW, outside_forms, own_catalogue, visit_template

VISIT = "/api/v1/forms/visit/2024"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of forms outside the code, which this process has in this test."""
    own_catalogue(monkeypatch)
    monkeypatch.setenv("KEXIE_FORMS", str(tmp_path / "forms"))
    monkeypatch.chdir(tmp_path)
    return outside_forms(tmp_path / "forms")


def run(*arguments, **env):
    return CliRunner().invoke(main, list(map(str, arguments)), env=env)


def change(path, *changes):
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_the_commands_have_an_outside_form(folder):
    rows = {(row["form"], row["year"]) for row in json.loads(run("forms", "--json").output)}
    assert {("visit", 2024), ("annex1", 2021)} <= rows
    assert "visit 2024：无故障" in run("lint", "visit").output
    sample = folder / "samples" / "2024" / "visit.full.json"
    assert json.loads(run("validate", "visit", "--year", 2024, sample).output)["counts"] == {"/purpose": 18}
    assert run("render", "visit", "--year", 2024, sample, "-o", "a.docx", "--prove").exit_code == 0
    read = run("extract", "a.docx", "--json")
    assert json.loads(read.output)["layout"]["official"]
    assert json.loads(read.output)["data"] == json.loads(sample.read_text(encoding="utf-8"))
    assert run("sheet", "visit", "--year", 2024, "-o", "a.xlsx").exit_code == 0
    cells = [cell.value for row in openpyxl.load_workbook("a.xlsx").worksheets[0] for cell in row]
    assert {"来访事由", "visitors.1.name"} <= set(cells)


def test_versions_and_new_years_stay_in_the_folder(folder):
    assert "已发布第 1 版" in run("edition", "publish", 2024).output
    record = json.loads((folder / "docx_templates" / "2024" / "editions.json").read_text(encoding="utf-8"))
    assert record["visit"][0]["hash"] == catalog.edition("visit", 2024).edition_hash
    before = BUILT_IN.table.read_bytes()
    made = run("edition", "new", 2025, "--from", 2024)
    assert (made.exit_code, str(folder / "docx_templates" / "2025" / "visit.docx") in made.output) == (
        0,
        True,
    )
    assert BUILT_IN.table.read_bytes() == before
    edition = catalog.edition("visit", 2025)
    assert (edition.title, edition.gloss, edition.source) == ("2025年来访登记表", "Register of visits", 2024)
    assert run("lint", "--year", 2025).exit_code == 0


def test_the_service_has_an_outside_form_that_its_own_setting_names(folder, monkeypatch, tmp_path):
    monkeypatch.delenv("KEXIE_FORMS")
    app = create_app({"KEXIE_FORMS": str(folder), "KEXIE_ARCHIVE": str(tmp_path / "archive")})
    client = app.test_client()
    sample = client.get(VISIT).json["sample"]
    made = client.post(f"{VISIT}/documents?format=docx", json=sample)
    assert extract(made.data).data == sample
    start = client.get("/?lang=en").get_data(as_text=True)
    assert "Register of visits" in start
    assert "Project application" in start
    page = client.get("/forms/visit/2024").get_data(as_text=True)
    assert "来访事由" in page
    assert "一、来访人员" in page
    assert client.get("/embed/visit/2024").status_code == 200
    assert client.get(f"{VISIT}/sheet").status_code == 200
    described = client.get("/openapi.json").json
    assert "visit_2024" in described["components"]["schemas"]
    route = described["paths"]["/api/v1/forms/{form}/{year}/validate"]["post"]
    assert "visit_2024" in route["requestBody"]["content"]["application/json"]["examples"]
    examples = [each["schema"]["examples"] for each in route["parameters"] if each["in"] == "path"]
    assert examples == [["annex1", "annex2", "annex3", "visit"], ["2019", "2020", "2021", "2024"]]


def test_an_outside_year_of_a_built_in_form(folder):
    table = folder / "schemas" / "editions.json"
    row = {"form": "annex2", "year": 2023, "schema": "annex2.Annex2", "title": "2023年度…", "from": 2021}
    rows = [*json.loads(table.read_text(encoding="utf-8")), {**row, "provenance": "derived"}]
    table.write_text(json.dumps(rows), encoding="utf-8")
    (folder / "schemas" / "words.py").write_text('WECHAT = "微信公众号"\n', encoding="utf-8")
    (folder / "schemas" / "annex2.py").write_text(
        "from schemas import annex2\nfrom schemas.fields import Line\nfrom .words import WECHAT\n\n"
        "class Annex2(annex2.Annex2):\n    wechat = Line(WECHAT)\n",
        encoding="utf-8",
    )
    for name in ("docx_templates", "samples"):
        (folder / name / "2023").mkdir()
        for path in (ROOT / name / "2021").glob("annex2.*[nx]"):
            shutil.copy(path, folder / name / "2023")
    path = list(sys.path)
    edition = catalog.edition("annex2", 2023)
    assert (sys.path, sys.modules["schemas.annex2"].__file__) == (path, str(ROOT / "schemas" / "annex2.py"))
    assert edition.labels()["/wechat"] == "微信公众号"
    assert catalog.edition("annex2", 2021).labels().keys() == edition.labels().keys() - {"/wechat"}
    assert "一、基本情况" in [section.label for section in outline.sections(edition)]
    assert "{{ wechat }}" in run("lint", "annex2", "--year", 2023).output
    made = generate("annex2", 2023, edition.sample("full"), ("docx",))["docx"]
    assert validate(edition, extract(made, edition.form, 2023).data).data["wechat"] is None


def test_several_folders_of_which_one_has_no_forms_yet(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    other = outside_forms(tmp_path / "other", {**VISIT_ROW, "form": "visits", "year": 2024})
    for name in ("minimal", "full"):
        sample = other / "samples" / "2024" / f"visit.{name}.json"
        sample.rename(sample.with_name(f"visits.{name}.json"))
    change(other / "schemas" / "visit.py", ('"接待单位"', '"单位"'))
    edit(other / "docx_templates" / "2024" / "visits.docx", ("接待单位", "单位"))
    listed = run("forms", "--json", KEXIE_FORMS=f"{folder}:{other}:{folder}:{tmp_path / 'empty'}")
    assert {"visit", "visits"} <= {row["form"] for row in json.loads(listed.output)}
    schema = run("schema", "visits", "--year", 2024, KEXIE_FORMS=f"{folder}:{other}")
    assert json.loads(schema.output)["properties"]["association_name"]["title"] == "单位"


def row(**changes):
    return json.dumps([VISIT_ROW, {**VISIT_ROW, "year": 2025, **changes}], indent=0)


TEMPLATE, TABLE, SCHEMA = "docx_templates/2024/visit.docx", "schemas/editions.json", "schemas/visit.py"
ODD = "\nfrom schemas.fields import Leaf\nclass Odd(Leaf): pass\n"
OTHER = f"{TABLE}:10: two rows of annex1 2021; the other is in {ROOT}"


def case(name, path, how, said):
    return pytest.param(path, how, said, id=name)


CASES = [
    case("syntax", SCHEMA, ("class Visit(", "class Visit(:"), f"{SCHEMA}:14: SyntaxError"),
    case("import", SCHEMA, ("import Day", "import Days"), f"{SCHEMA}:3: ImportError: cannot import name"),
    case("field", SCHEMA, ('Line("姓名")', "Line()"), f"{SCHEMA}:10: TypeError"),
    case(
        "type", SCHEMA, ("\n\nclass Visit(", f"{ODD}class Visit("), f"{SCHEMA}:14: TypeError: The field type"
    ),
    case("limit", SCHEMA, ('("purpose",)', '("aim",)'), f"{SCHEMA}:14: aim in limits is no field"),
    case(
        "expected", SCHEMA, ('limits = (Limit(("purpose",), 300),)', 'expected = ("aim",)'), f"{SCHEMA}:14: "
    ),
    case("class", SCHEMA, ("class Visit(", "class V("), f"{SCHEMA}: Visit is no subclass of FormSchema"),
    case("module", TABLE, ("visit.Visit", "visits.Visit"), "schemas/visits.py: no such file"),
    case("table", TABLE, "[\n{", f"{TABLE}:2: Expecting"),
    case("row", TABLE, row(year="2025"), f"{TABLE}:10: {{'form': 'visit', 'year': '2025'"),
    case("name", TABLE, row(form="../visit"), f"{TABLE}:10: {{'form': '../visit'"),
    case("twice", TABLE, row(year=2024), f"{TABLE}:10: two rows of visit 2024"),
    case("built in", TABLE, row(form="annex1", year=2021), OTHER),
    case("source", TABLE, row(provenance="derived", **{"from": 2020}), f"{TABLE}:10: there is no edition"),
    case("no template", TEMPLATE, None, f"{TEMPLATE}: No such file"),
    case("template", TEMPLATE, "none", f"{TEMPLATE} is not a valid Word file"),
    case("tag", TEMPLATE, ("{{ visited_on", "{{ visited"), "table 1, row 2, cell 2: {{ visited }} – not in"),
    case("sample", "samples/2024/visit.full.json", '{\n"a"', "visit.full.json:2: Expecting"),
    case("versions", "docx_templates/2024/editions.json", "[]", "2024/editions.json cannot be read"),
]


def damage(path, how):
    """Removes a file (None), writes it (a text), or replaces a text in it (two)."""
    if how is None:
        path.unlink()
    elif isinstance(how, str):
        path.write_text(how, encoding="utf-8")
    else:
        (edit if path.suffix == ".docx" else change)(path, how)


@pytest.mark.parametrize(("path", "how", "said"), CASES)
def test_a_broken_form_is_named_by_file_and_line(folder, path, how, said, caplog):
    damage(folder / path, how)
    result = run("forms")
    assert (result.exit_code, "Traceback" in result.stderr) == (4, False)
    assert said in result.stderr
    with pytest.raises(TemplateFault):
        create_app({})
    assert [left_out for each, left_out in catalog.broken() if said in str(each.text)] == [False]

    caplog.set_level(logging.WARNING)
    skipped = run("forms", KEXIE_FORMS_BROKEN="skip")
    assert (skipped.exit_code, skipped.output.count("annex")) == (0, 9)
    assert said in caplog.text


def test_doctor_names_a_form_that_is_left_out(folder):
    damage(folder / TEMPLATE, None)
    result = run("doctor", KEXIE_FORMS_BROKEN="skip")
    assert f"– visit 2024：已略过 / left out：{folder / TEMPLATE}：读不了模板" in result.output
    assert "annex1 2021：正式" in result.output


def test_all_broken_forms_are_named_at_once(folder):
    damage(folder / TABLE, row(schema="visit.Nothing"))
    damage(folder / TEMPLATE, None)
    errors = run("forms", KEXIE_FORMS=f"{folder}:/nowhere").stderr
    assert "3 fault(s) of forms" in errors
    assert all(name in errors for name in ("visit 2024: ", "visit 2025: ", "/nowhere/schemas/editions.json"))


def test_a_folder_brings_the_faces_of_its_forms(folder):
    (folder / TEMPLATE).write_bytes(visit_template("华文中宋"))
    assert "本服务没有这种字体" in run("lint", "visit").output
    fonts = folder / "fonts"
    fonts.mkdir()
    (fonts / "faces.json").write_text(
        '[{"official": "华文中宋", "stand_ins": ["FandolSong"]}]', encoding="utf-8"
    )
    assert "visit 2024：无故障" in run("lint", "visit").output
    doctor = run("doctor").output
    assert "✓ 华文中宋：以 FandolSong 代替" in doctor
    assert f"✓ visit 2024：正式 / official；{folder}\n" in doctor
    assert font_folders(Settings.from_env()) == (fonts,)
    table = face_table.faces([fonts])
    assert font_substitutes.chain("华文中宋", {"FandolSong", "HanaMinA"}, table) == ("FandolSong", "HanaMinA")
    assert "华文中宋" in font_substitutes.configuration([fonts])
    (fonts / "faces.json").write_text('[\n{"official": 1}]', encoding="utf-8")
    with pytest.raises(TemplateFault, match=r"faces\.json"):
        create_app({})
