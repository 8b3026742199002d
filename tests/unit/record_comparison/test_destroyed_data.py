"""A file made elsewhere is of a destroyed record if its data are; of unknown ones those are counted."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime

import pytest

from service import catalog, pipeline
from service.config import Settings
from service.conversion import pdf_texts, text_worker
from service.payload_json import dump
from service.record_comparison import identified_words
from service.record_comparison.identify import identify
from service.submission import validate
from tests.helpers import signatures as made
from tests.helpers.archive import entry
from tests.helpers.pdf import carrying

OLD = datetime(2010, 12, 31, 17, tzinfo=UTC)
EDITION = catalog.edition("annex3", 2021)
GONE = EDITION.sample("full")
OTHER = copy.deepcopy(GONE) | {"case_name": "另一个案例"}
PDF = made.blank_pdf(EDITION.title)  # a PDF with that title


@pytest.fixture
def listed(archive, run, monkeypatch):
    """The destruction list by which two records of annex3 and one of annex2 were destroyed."""
    monkeypatch.setattr(pdf_texts, "read", lambda pdf, _: "\n".join(text_worker.texts(pdf)))
    monkeypatch.setenv("KEXIE_SECOND_PERSON", "0")
    for id, form, payload in (("甲", "annex3", dump(GONE)), ("乙", "annex3", b"{}"), ("丙", "annex2", b"{}")):
        archive.add(entry(id, form, created=OLD, files={"payload": payload, "docx": b"PK " + id.encode()}))
    for form in ("annex2", "annex3"):
        run("retention", "set", form, "10", "--reason", "纪要")
    found = json.loads(run("retention", "propose", "--json").stdout)["id"]
    assert run("retention", "destroy", found, "--records", "3").exit_code == 0
    return found


def ask(archive, content, tenant=None):
    found = identify(archive, content, Settings.from_env(), tenant)
    return found, identified_words.heading(found), identified_words.explanation(found)


@pytest.mark.parametrize(
    ("content", "of_pages"),
    [
        (carrying(PDF, GONE), True),
        (pipeline.docx(validate(EDITION, GONE)), False),
        (dump({"form": "annex3", "year": 2021, "data": GONE}), False),
    ],
    ids=["pdf", "docx", "data"],
)
def test_a_file_with_the_data_of_a_destroyed_record_is_of_it(
    archive, run, listed, tmp_path, content, of_pages
):
    archive.add(entry("丁", "annex3", files={"payload": dump(OTHER), "docx": b"PK kept"}))
    found, heading, words = ask(archive, content)
    assert (found.result, found.record, found.destroyed.id, found.part) == ("destroyed", None, "甲", "")
    assert heading.zh == "不是归档的那一份，但内容与已销毁的档案相同"
    assert "数据与档案“甲”第 1 版的相同（校验值一致），但文件另行生成或保存过。" in words.zh
    assert f"按销毁清册 {listed} 销毁。" in words.zh
    assert ("页面没有比对" in words.zh) == of_pages
    file = tmp_path / "file"
    file.write_bytes(content)
    said = json.loads(run("records", "identify", str(file), "--json").stdout)
    assert [said[name] for name in ("result", "part", "continued")] == ["destroyed", None, False]
    assert ask(archive, content, "云湖县")[0].result == "unknown"
    kept, *_ = ask(archive, carrying(PDF, OTHER))
    assert (kept.result, kept.record.id) == ("same_data", "丁")


def test_the_same_data_of_a_record_that_is_kept_come_first(archive, listed):
    archive.add(entry("丁", "annex3", files={"payload": dump(GONE), "docx": b"PK kept"}))
    found, *_ = ask(archive, carrying(PDF, GONE))
    assert (found.result, found.record.id) == ("same_data", "丁")


@pytest.mark.parametrize(
    ("content", "counted"),
    [
        (PDF, "同一表单已销毁的档案（2 条）"),
        (dump({"form": "annex3", "year": 2021, "data": OTHER}), "同一表单已销毁的档案（2 条）"),
        (b"\x89PNG\r\n\x1a\n scan", "已销毁的档案（3 条）"),
        (made.blank_pdf("a scan"), "已销毁的档案（3 条）"),
    ],
    ids=["its title", "its data", "a scan", "a PDF without text"],
)
def test_of_an_unknown_file_the_destroyed_records_are_counted(archive, listed, content, counted):
    found, _, words = ask(archive, content)
    assert found.result == "unknown"
    assert f"。{counted}不留内容，无法比对，这个文件也可能是其中一条的，见销毁清册。" in words.zh
    assert ("of the same form" in words.en) == counted.startswith("同一表单")
    assert "销毁" not in ask(archive, content, "云湖县")[2].zh


def test_without_destroyed_records_nothing_is_said_of_them(archive):
    assert "销毁" not in ask(archive, b"nothing")[2].zh
