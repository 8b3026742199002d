"""A new year's form with a field of its own, in a checkout under git."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from functools import partial

from schemas import edition_table
from tests.helpers import docx_read
from tests.helpers.docx_edit import BODY, copy_forms, edit

COMMAND = "from service.cli import main; main()"


LABEL, WECHAT = "微信公众号", "云泽科协"


SCHEMA = f"""
from schemas.annex2 import Annex2, BasicInfo
from schemas.fields import Group, Line


class BasicInfo2022(BasicInfo):
    wechat = Line("{LABEL}")


class Annex2Of2022(Annex2):
    basic_info = Group("基本情况", BasicInfo2022)
"""


def test_a_form_gets_a_field_of_its_own_in_a_new_year_without_a_change_of_the_service(tmp_path):
    checkout = copy_forms(tmp_path, code=True)

    call, git = partial(_call, checkout), partial(_git, checkout)
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "The checkout")

    assert call("edition", "new", 2022, "--from", 2021)[0] == 0
    _give_a_schema(checkout)
    code, printed, _ = call("lint", "annex2", "--year", 2022)
    assert (code, f"{{{{ basic_info.wechat }}}} – 数据模式有此栏（{LABEL}）" in printed) == (4, True)

    edit(checkout / "docx_templates" / "2022" / "annex2.docx", *_row_for_the_field(checkout))
    code, printed, _ = call("lint")
    assert (code, printed.count("✓")) == (0, 12)
    payload = json.loads((checkout / "samples" / "2022" / "annex2.full.json").read_text(encoding="utf-8"))
    payload["basic_info"]["wechat"] = WECHAT
    (checkout / "payload.json").write_text(json.dumps(payload), encoding="utf-8")
    assert call("validate", "annex2", "--year", 2022, "payload.json")[0] == 0
    assert call("render", "annex2", "--year", 2022, "payload.json", "-o", "made.docx")[0] == 0
    made = (checkout / "made.docx").read_bytes()
    assert [LABEL, WECHAT] in docx_read.tables(made)[0]
    assert "2022年度“县级科协创新发展能力提升计划”" in docx_read.text(made)
    assert call("render", "annex2", "--year", 2021, "payload.json", "-o", "other.docx")[0] == 3
    code, printed, wrong = call("extract", "made.docx")
    assert (code, wrong) == (0, "")
    assert json.loads(printed)["basic_info"]["wechat"] == WECHAT

    git("add", "-A")
    assert git("diff", "--cached", "--stat", "--", "service/") == ""
    assert "docx_templates/2022/annex2.docx" in git("diff", "--cached", "--stat=200")


def _call(checkout, *arguments):
    made = subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        cwd=checkout,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(checkout),
            "PYTHONPYCACHEPREFIX": str(checkout.parent / "bytecode"),
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    return made.returncode, made.stdout, made.stderr


def _git(checkout, *arguments):
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    command = ["git", *identity, *arguments]
    made = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True, timeout=300)
    return made.stdout


def _give_a_schema(checkout):
    """A schema of its own for annex2 of 2022."""
    (checkout / "schemas" / "annex2_2022.py").write_text(SCHEMA, encoding="utf-8")
    rows = checkout / "schemas" / "editions.json"
    edited = [
        {**row, "schema": "annex2_2022.Annex2Of2022"}
        if (row["form"], row["year"]) == ("annex2", 2022)
        else row
        for _, row in edition_table.rows(rows)
    ]
    rows.write_text(edition_table.text(edited), encoding="utf-8")


def _row_for_the_field(checkout):
    """The first row of the first table once more, for the new field."""
    template = checkout / "docx_templates" / "2022" / "annex2.docx"
    xml = zipfile.ZipFile(template).read(BODY).decode()
    row = re.search("<w:tr>(?:(?!</w:tr>).)*县级科协名称.*?</w:tr>", xml, re.DOTALL)[0]
    added = row.replace("县级科协名称", LABEL).replace("basic_info.association_name", "basic_info.wechat")
    return [(row, row + added)]
