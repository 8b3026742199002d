"""The edition that files make before they are written into their folder of forms."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
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
    """The edition of a form from files of a folder, in a temporary one with its faces; nothing of it stays.

    Raises TemplateFault if it cannot be used.
    """
    faces = folder.fonts / TABLE
    files = {**({faces: faces.read_bytes()} if faces.is_file() else {}), **files}
    with tempfile.TemporaryDirectory(prefix="kexie-form-") as name:
        tried = FormFolder(Path(name), Path(name) / folder.schemas.relative_to(folder.root))
        for path, content in files.items():
            here = tried.root / path.relative_to(folder.root)
            here.parent.mkdir(parents=True, exist_ok=True)
            here.write_bytes(content)
        try:
            yield sound((tried,), form, year)
        finally:
            schema_module.forget(tried.schemas)


def sound(folders: Sequence[FormFolder], form: str, year: int) -> Edition:
    """The edition of a form in the last of these folders. Raises TemplateFault if it cannot be used."""
    editions, broken = form_reader.read(folders, thorough=False)
    found = next((each for each in editions if (each.form, each.year) == (form, year)), None)
    if found is None:
        reasons = [each.text for each in broken if each.name in (f"{form} {year}", str(folders[-1]))]
        zh, en = "；".join(each.zh for each in reasons), "; ".join(each.en for each in reasons)
        raise TemplateFault(
            f"新建的表单 {form} {year} 有误：{zh}", f"The new form {form} {year} is broken: {en}"
        )
    return found
