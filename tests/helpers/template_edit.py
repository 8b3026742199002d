"""Templates changed by tests, in a copy of the forms' folders: other text in a part, parts added."""

from __future__ import annotations

import io
import shutil
import zipfile

from tests.helpers import ROOT

BODY = "word/document.xml"


def copy_forms(to, *, code=False):
    """A copy of templates and samples under `to`, with `code` of schemas and service as well."""
    for name in ("docx_templates", "samples", *(("schemas", "service") if code else ())):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def edit(path, *changes, part=BODY, added=None):
    """Replace the first `old` by `new` for each of `changes` in a part of the .docx at `path`; add parts."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts[part].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    parts |= {part: text.encode(), **(added or {})}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    path.write_bytes(packed.getvalue())
