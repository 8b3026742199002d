"""The edition that files make before they are written into their folder of forms."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from schemas import schema_module
from service.conversion.fonts.face_table import TABLE
from service.errors import TemplateFault
from service.forms import form_reader
from service.forms.edition import Edition
from service.forms.form_folder import FormFolder


@contextmanager
def edition(files: Mapping[Path, bytes], folder: FormFolder, form: str, year: int) -> Iterator[Edition]:
    """The edition of a form from files of a folder, in a temporary one with its faces and schemas.

    Nothing of it stays. Raises TemplateFault if it cannot be used.
    """
    known = [folder.fonts / TABLE, *folder.schemas.glob("*.py")]
    files = {**{path: path.read_bytes() for path in known if path.is_file()}, **files}
    with tempfile.TemporaryDirectory(prefix="kexie-form-") as name:
        tried = FormFolder(Path(name), Path(name) / folder.schemas.relative_to(folder.root))
        for path, content in files.items():
            here = tried.root / path.relative_to(folder.root)
            here.parent.mkdir(parents=True, exist_ok=True)
            here.write_bytes(content)
        try:
            yield _sound(tried, form, year)
        finally:
            schema_module.forget(tried.schemas)


def _sound(folder: FormFolder, form: str, year: int) -> Edition:
    """The edition of a form in a folder. Raises TemplateFault if it cannot be used."""
    editions, broken = form_reader.read([folder], thorough=False)
    found = next((each for each in editions if (each.form, each.year) == (form, year)), None)
    if found is None:
        reasons = [each.text for each in broken if each.name in (f"{form} {year}", str(folder))]
        zh, en = "；".join(each.zh for each in reasons), "; ".join(each.en for each in reasons)
        raise TemplateFault(
            f"新建的表单 {form} {year} 有误：{zh}", f"The new form {form} {year} is broken: {en}"
        )
    return found
