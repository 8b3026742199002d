"""A form that is added, broken or taken away while the service runs: the others are not touched."""

from __future__ import annotations

import json
import logging

import pytest

from service import catalog
from service.errors import UnknownForm
from tests.helpers.forms import VISIT_ROW, outside_forms, own_catalogue


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of forms outside the code, whose form this process has read in this test."""
    own_catalogue(monkeypatch)
    monkeypatch.setenv("KEXIE_FORMS", str(tmp_path / "forms"))
    folder = outside_forms(tmp_path / "forms")
    assert catalog.edition("visit", 2024).title == VISIT_ROW["title"]
    return folder


def write(folder, *rows):
    (folder / "schemas" / "editions.json").write_text(json.dumps(rows), encoding="utf-8")


def test_a_new_row_is_there_at_once_and_the_other_editions_stay(folder):
    known = {(each.form, each.year): each for each in catalog.editions()}
    for kind, name in (("docx_templates", "docx"), ("samples", "minimal.json"), ("samples", "full.json")):
        (folder / kind / "2025").mkdir(exist_ok=True)
        content = (folder / kind / "2024" / f"visit.{name}").read_bytes()
        (folder / kind / "2025" / f"visit.{name}").write_bytes(content)
    write(folder, VISIT_ROW, {**VISIT_ROW, "year": 2025, "title": "2025年来访登记表"})
    assert catalog.edition("visit", 2025).title == "2025年来访登记表"
    assert all(catalog.edition(*key) is each for key, each in known.items())


def test_a_broken_table_leaves_what_was_there(folder, caplog):
    known = catalog.editions()
    (folder / "schemas" / "editions.json").write_text("[{", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "kexie.forms"):
        assert catalog.editions() == known
        assert catalog.editions() == known
    assert len(caplog.records) == 1
    assert "editions.json" in caplog.text


def test_a_broken_form_is_left_out_and_comes_when_it_is_whole(folder, caplog):
    known = catalog.editions()
    broken = {**VISIT_ROW, "form": "other", "schema": "other.Other"}
    (folder / "schemas" / "other.py").write_text("raise OSError('no')\n", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "kexie.forms"):
        write(folder, VISIT_ROW, broken)
        assert catalog.editions() == known
    assert "other 2024" in caplog.text
    (folder / "schemas" / "other.py").write_text("from .visit import Visit as Other\n", encoding="utf-8")
    for kind, name in (("docx_templates", "docx"), ("samples", "minimal.json"), ("samples", "full.json")):
        content = (folder / kind / "2024" / f"visit.{name}").read_bytes()
        (folder / kind / "2024" / f"other.{name}").write_bytes(content)
    write(folder, broken, VISIT_ROW)
    assert catalog.edition("other", 2024).labels()


def test_a_form_that_is_removed_and_added_again_has_its_new_schema(folder):
    write(folder)
    with pytest.raises(UnknownForm):
        catalog.edition("visit", 2024)
    path = folder / "schemas" / "visit.py"
    path.write_text(path.read_text(encoding="utf-8").replace("来访事由", "到访事由"), encoding="utf-8")
    write(folder, VISIT_ROW)
    assert catalog.edition("visit", 2024).labels()["/purpose"] == "到访事由"
    assert not (folder / "schemas" / "__pycache__").exists()
