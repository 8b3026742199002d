"""Imports the schema of a form from a folder of modules, as a package that clashes with no other."""

import hashlib
import importlib
import importlib.machinery
import importlib.util
import inspect
import sys
from pathlib import Path

from schemas.form_fault import FormFault, located
from schemas.form_schema import FormSchema

_OWN = Path(__file__).parent


def load(folder: Path, reference: str) -> FormSchema:
    """The schema "module.Class" of a folder. Raises FormFault."""
    module, _, name = reference.rpartition(".")
    path = folder.joinpath(*module.split(".")).with_suffix(".py")
    if not path.is_file():
        raise FormFault(path, 0, "没有这个文件", "no such file")
    with located(folder, lambda: (path, 0)):
        found = getattr(importlib.import_module(f"{_package(folder)}.{module}"), name, None)
    if not (isinstance(found, type) and issubclass(found, FormSchema)):
        raise FormFault(
            path, 0, f"没有表单类 {name}（FormSchema 的子类）", f"{name} is no subclass of FormSchema"
        )
    with located(folder, lambda: place(found)):
        return found()


def place(schema: type[FormSchema]) -> tuple[Path, int]:
    """The file and line of a schema's class."""
    return Path(inspect.getfile(schema)), inspect.getsourcelines(schema)[1]


def _package(folder: Path) -> str:
    """The name of the folder's package; one outside gets a name of its own, and `sys.path` stays."""
    if folder == _OWN:
        return __name__.rpartition(".")[0]
    name = f"_kexie_forms_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
    if name not in sys.modules:
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[name] = importlib.util.module_from_spec(spec)
    return name
