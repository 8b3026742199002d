"""Forms that a test may change, and a small form outside the code."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from service import catalog, submission
from service.forms.form_folder import BUILT_IN
from tests.helpers import ROOT
from tests.helpers.docx_builder import cell, docx, paragraph, row, table
from tests.helpers.docx_edit import copy_forms

#: Every form that has an edition of 2021.
FORMS = sorted(edition.form for edition in catalog.editions() if edition.year == 2021)


def own_forms(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """A copy of the forms in `folder`, which this process uses in this test."""
    copy_forms(folder)
    schemas = folder / "schemas"
    schemas.mkdir()
    for path in (ROOT / "schemas").glob("annex*.py"):
        (schemas / path.name).write_bytes(path.read_bytes())
    (schemas / BUILT_IN.table.name).write_bytes(BUILT_IN.table.read_bytes())
    monkeypatch.setattr(BUILT_IN, "root", folder)
    monkeypatch.setattr(BUILT_IN, "schemas", schemas)
    own_catalogue(monkeypatch)
    return folder


def own_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of the test's own: the editions that other tests hold stay those of the process."""
    monkeypatch.setattr(catalog, "_process", catalog._Process())
    for name in ("_read", "_catalogue"):
        monkeypatch.setattr(catalog, name, functools.cache(getattr(catalog, name).__wrapped__))


def publish(monkeypatch: pytest.MonkeyPatch, folder: Path, form: str, year: int) -> catalog.Edition:
    """An edition of the forms in `folder`, beside those of the catalogue."""
    monkeypatch.setenv("KEXIE_FORMS", str(folder))
    monkeypatch.setattr(submission, "_used", [])
    own_catalogue(monkeypatch)
    return catalog.edition(form, year)


def write_form(
    folder: Path, row: dict[str, Any], template: bytes, schema: bytes, samples: dict[str, Any]
) -> Path:
    """Writes a form, its row in the table, template, schema and samples, into a folder for KEXIE_FORMS."""
    form, year = row["form"], row["year"]
    files = {
        f"docx_templates/{year}/{form}.docx": template,
        f"schemas/{form}.py": schema,
        "schemas/editions.json": json.dumps([{**row, "provenance": "official"}]).encode(),
    }
    for name, sample in samples.items():
        files[f"samples/{year}/{form}.{name}.json"] = json.dumps(sample).encode()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


#: A small form of its own: its schema, its row in the table, its template, its samples.
VISIT = {
    "schemas/visit.py": '''"""A register of visits."""

from schemas.fields import Day, Group, Line, Rows, Text
from schemas.form_schema import FieldGroup, FormSchema, Limit


class Visitor(FieldGroup):
    """One visitor."""

    name = Line("姓名")
    post = Line("职务")


class Visit(FormSchema):
    """A visit."""

    limits = (Limit(("purpose",), 300),)

    association_name = Line("接待单位")
    visited_on = Day("来访日期")
    purpose = Text("来访事由")
    visitors = Rows("来访人员", Group("来访人员", Visitor))
''',
    "samples/2024/visit.minimal.json": '{"association_name": "云泽县科协"}',
    "samples/2024/visit.full.json": json.dumps(
        {
            "association_name": "云泽县科协",
            "visited_on": "2024-03-09",
            "purpose": "交流县级科协工作。\n商议联合科普活动。",
            "visitors": [{"name": "王芳", "post": "主席"}, {"name": "李强", "post": "干事"}],
        },
        ensure_ascii=False,
    ),
}
VISIT_ROW = {
    "form": "visit",
    "year": 2024,
    "schema": "visit.Visit",
    "title": "2024年来访登记表",
    "gloss": "Register of visits",
    "provenance": "official",
}


def visit_template(font: str = "仿宋_GB2312") -> bytes:
    """The template of the register of visits."""
    look = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/><w:sz w:val="28"/>'

    def text(*texts: str) -> str:
        return paragraph(*texts, properties=look)

    def cells(*texts: str) -> str:
        return row(*(cell(text(each)) for each in texts))

    lines = cell(*map(text, ("{%p for line in purpose %}", "{{ line }}", "{%p endfor %}")))
    first = table(
        2,
        cells("接待单位", "{{ association_name }}"),
        cells("来访日期", "{{ visited_on }}"),
        row(cell(text("来访事由")), lines),
    )
    second = table(
        2,
        cells("姓名", "职务"),
        cells("{%tr for visitor in visitors %}", ""),
        cells("{{ visitor.name }}", "{{ visitor.post }}"),
        cells("{%tr else %}", ""),
        cells("", ""),
        cells("{%tr endfor %}", ""),
    )
    return docx(
        text("来访登记表") + first + text("一、来访人员") + second + text("以上属实。"),
        title="2024年来访登记表",
    )


def outside_forms(folder: Path, of: dict[str, Any] = VISIT_ROW, template: bytes | None = None) -> Path:
    """A folder of forms outside the code, with the register of visits."""
    files = {**VISIT, "schemas/editions.json": json.dumps([of], ensure_ascii=False)}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    path = folder / "docx_templates" / str(of["year"]) / f"{of['form']}.docx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(template or visit_template())
    return folder
