"""Files whose names have spaces of other kinds, or what cannot be seen, are made and taken like others."""

from __future__ import annotations

import io
import json
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from service import create_app
from service.cli import main

NAMES = pytest.mark.parametrize(
    "name",
    [
        "附件3\u3000申报书",
        "附件3\u00a0申报书",
        "\u3000申报书\u3000",
        "申报\u200b书",
        "申报\u2009 书",
        "-申报书",
    ],
)
PAYLOAD = dict.fromkeys(("association_name", "case_name", "background", "measures", "results"), "科普大篷车")


@NAMES
def test_every_command_makes_and_takes_them(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    sent, made, read = (tmp_path / f"{name}.{kind}" for kind in ("json", "docx", "back.json"))
    sent.write_text(json.dumps(PAYLOAD), "utf-8")
    for command in (
        ["validate", "annex3", "--year", 2021, sent],
        ["render", "annex3", "--year", 2021, sent, "-o", made],
        ["check", made],
        ["extract", made, "-o", read],
        ["blank", "annex3", "--year", 2021, "-o", made],
        ["sheet", "annex3", "--year", 2021, "-o", tmp_path / f"{name}.xlsx"],
    ):
        result = CliRunner().invoke(main, [str(part) for part in command])
        assert (result.exit_code, result.stderr) == (0, ""), command
    assert json.loads(read.read_bytes()) == PAYLOAD
    assert (tmp_path / f"{name}.xlsx").exists()


@NAMES
def test_an_upload_may_have_them(name):
    client = create_app().test_client()
    made = client.post("/api/v1/forms/annex3/2021/documents?format=docx", json=PAYLOAD)
    file = (io.BytesIO(made.data), f"{name}.docx")
    answer = client.post("/api/v1/extract", data={"file": file}, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["data"]) == (200, PAYLOAD)


@pytest.mark.parametrize(
    ("sent", "named"), [("云泽\u3000县", "云泽\u3000县"), ("云泽\u00a0县\u200b\t", "云泽 县")]
)
def test_a_download_is_named_after_what_is_printed(sent, named):
    client = create_app().test_client()
    answer = client.post("/api/v1/forms/annex3/2021/documents?format=docx", json={"association_name": sent})
    assert quote(f"（{named}）.docx") in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].isascii()
