"""Each command imports what it needs, and its help is listed without importing it."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest

from service.cli import main
from tests.helpers import ROOT

_RUN = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from service.cli import main
main()
"""
_ELSEWHERE = {  # packages that documents without a PDF do without
    *("PIL", "alembic", "bagit", "celery", "flask", "httpx", "joserfc", "kombu", "obstore", "openpyxl"),
    *("pikepdf", "pypdfium2", "rich", "sqlalchemy", "structlog"),
}
_DOCUMENTS = {"docx", "docxtpl", "jinja2", "lxml", "uharfbuzz"}
_PAYLOAD = [*("annex2", "--year", "2021"), str(ROOT / "samples" / "2021" / "annex2.full.json")]


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], {*_ELSEWHERE, *_DOCUMENTS, "marshmallow", "service.catalog", "service.config"}),
        (["forms"], {*_ELSEWHERE, *_DOCUMENTS, "service.pipeline"}),
        (["validate", *_PAYLOAD], {*_ELSEWHERE, "service.extraction", "service.conversion.pdf.finish_pdf"}),
        (["render", *_PAYLOAD, "-o", "x.docx"], {*_ELSEWHERE, "service.extraction"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_imports_only_what_it_needs(tmp_path, arguments, absent):
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments], cwd=tmp_path, capture_output=True, check=True, text=True
    )
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert "service.cli" in loaded
    assert loaded & absent == set()


def test_the_list_of_commands_shows_the_help_of_each():
    for name, listed in main.commands.items():
        command = listed.load()
        assert command.name == name
        with click.Context(command):
            assert listed.get_short_help_str(1000) == command.get_short_help_str(1000)
