"""A form that was downloaded as a zip is installed by command or by hand; another zip writes nothing."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from service import catalog
from service.config import Settings
from service.errors import KexieError, UsageError
from service.form_authoring import blank_form
from service.form_authoring.drafts import draft_changes, form_of_draft, zipped_form
from tests.helpers.docx_builder import docx
from tests.helpers.forms import own_catalogue
from tests.helpers.forms.blank_forms import paragraph, table

TABLE = "register-2031/schemas/editions.json"
ROW = {"form": "register", "year": 2031, "title": "登记表", "provenance": "official"}


@pytest.fixture(scope="module")
def downloaded() -> bytes:
    blank = blank_form.read(docx(paragraph("登记表") + table(["姓名", ""]), title=""), Settings.from_env({}))
    return form_of_draft.zipped(blank, draft_changes.changed(blank, {"form": "register", "year": 2031}))


def other(downloaded, without=(), **files):
    """The zip without some files, and with others."""
    held, made = zipfile.ZipFile(io.BytesIO(downloaded)), io.BytesIO()
    kept = {name: held.read(name) for name in held.namelist() if not name.endswith(tuple(without) or "//")}
    with zipfile.ZipFile(made, "w") as file:
        for name, content in {**kept, **files}.items():
            file.writestr(name, content)
    return made.getvalue()


def use(monkeypatch, folder):
    monkeypatch.setenv("KEXIE_FORMS", str(folder))
    own_catalogue(monkeypatch)
    return catalog.edition("register", 2031)


def test_a_form_is_installed_beside_others(downloaded, tmp_path, monkeypatch):
    faces = {"official": "华文某体", "stand_ins": ["FandolFang R"], "sample": "永"}
    first = zipped_form.add(downloaded, tmp_path / "forms")
    assert first.report.faults == ()
    held = zipfile.ZipFile(io.BytesIO(downloaded))
    named = {name: held.read(name) for name in held.namelist() if "/schemas/" not in name}
    further = {
        **{name.replace("register.", "visit-2."): content for name, content in named.items()},
        TABLE: json.dumps([{**ROW, "form": "visit-2", "schema": "register.Register"}]),
        "register-2031/fonts/faces.json": json.dumps([faces]),
    }
    own = [name.rpartition("/")[2] for name in named]
    further = other(downloaded, own, **further)
    zipped_form.add(further, tmp_path / "forms")
    assert use(monkeypatch, tmp_path / "forms").labels() == {"/name": "姓名"}
    assert catalog.edition("visit-2", 2031).labels() == catalog.edition("register", 2031).labels()
    assert (tmp_path / "forms" / "schemas" / "visit_2.py").is_file()
    assert faces in json.loads((tmp_path / "forms" / "fonts" / "faces.json").read_text("utf-8"))


def test_a_zip_unpacked_by_hand_is_a_folder_of_forms(downloaded, tmp_path, monkeypatch):
    zipfile.ZipFile(io.BytesIO(downloaded)).extractall(tmp_path)
    assert use(monkeypatch, tmp_path / "register-2031").labels() == {"/name": "姓名"}
    with pytest.raises(UsageError, match="中已有 register 2031"):
        zipped_form.add(downloaded, tmp_path / "forms")
    assert not (tmp_path / "forms").exists()


@pytest.mark.parametrize(
    ("without", "files", "said"),
    [
        ((), {"../evil.py": b"x"}, "表单没有的文件"),
        ((), {"register-2031/../../evil.py": b"x"}, "表单没有的文件"),
        ((), {"/etc/evil": b"x"}, "表单没有的文件"),
        ((), {"register-2031/schemas/second.py": b"x"}, "表单没有的文件"),
        ((), {"twice/schemas/editions.json": b"[]"}, "应有一份"),
        (("full.json",), {}, "缺少 samples/2031/register.full.json"),
        (("editions.json",), {}, "应有一份"),
        ((), {TABLE: b"{"}, "应有完好的一行"),
        ((), {TABLE: json.dumps([{**ROW, "form": "../x", "schema": "register.A"}])}, "应有完好的一行"),
        ((), {TABLE: json.dumps([{**ROW, "schema": "a.register.A"}])}, "模块.类"),
        ((), {"register-2031/fonts/faces.json": b"[1]"}, "fonts/faces.json 有误"),
        ((), {"register-2031/docx_templates/2031/register.docx": b"x"}, "纯文本"),
        ((), {"register-2031/schemas/register.py": b"import nothing_like_this"}, "nothing_like_this"),
        ((), {"register-2031/samples/2031/register.full.json": b" " * 101 * 1024**2}, "超过 100 MiB"),
    ],
)
def test_another_zip_is_refused_and_writes_nothing(downloaded, tmp_path, without, files, said):
    with pytest.raises(KexieError, match=said):
        zipped_form.add(other(downloaded, without, **files), tmp_path / "in" / "forms")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" + b"\0" * 90])
def test_what_is_no_zip_is_refused(content, tmp_path):
    with pytest.raises(UsageError, match="不是完好的 ZIP"):
        zipped_form.add(content, tmp_path / "forms")
