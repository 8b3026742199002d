"""Imports the schema of a form from a folder of modules, as a package that clashes with no other."""

import errno
import hashlib
import importlib
import importlib.machinery
import importlib.util
import inspect
import linecache
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from schemas.form_fault import FormFault, located
from schemas.form_schema import FormSchema

_OWN = Path(__file__).parent
_CHANGED = "__changed__"  # of a module: the time of its file in ns


class _FromSource(importlib.machinery.SourceFileLoader):
    """Compiles a module from its file: a .pyc of the same second and size would pass for the new one."""

    def path_stats(self, path: str) -> Any:
        raise OSError(errno.ENOTSUP, "no bytecode is kept", path)


def load(folder: Path, reference: str) -> FormSchema:
    """The schema "module.Class" of a folder, outside the code from its file as it is. Raises FormFault."""
    module, _, name = reference.rpartition(".")
    path = file(folder, reference)
    if not path.is_file():
        raise FormFault(path, 0, "没有这个文件", "no such file")
    full_name = f"{_package(folder)}.{module}"
    with located(folder, lambda: (path, 0)):
        found = getattr(_imported(full_name, path), name, None)
    if not (isinstance(found, type) and issubclass(found, FormSchema)):
        raise FormFault(
            path, 0, f"没有表单类 {name}（FormSchema 的子类）", f"{name} is no subclass of FormSchema"
        )
    with located(folder, lambda: place(found)):
        return found()


def file(folder: Path, reference: str) -> Path:
    """The file of the schema "module.Class"."""
    return folder.joinpath(*reference.split(".")[:-1]).with_suffix(".py")


def forget(folder: Path) -> None:
    """Leaves nothing of a folder's modules in this process but the schemas that are in use."""
    package = _name(folder)
    for name in [each for each in sys.modules if f"{each}.".startswith(f"{package}.")]:
        del sys.modules[name]
    for path in [each for each in sys.path_importer_cache if Path(each).is_relative_to(folder)]:
        del sys.path_importer_cache[path]
    linecache.checkcache()


def place(schema: type[FormSchema]) -> tuple[Path, int]:
    """The file and line of a schema's class."""
    return Path(inspect.getfile(schema)), inspect.getsourcelines(schema)[1]


def _imported(name: str, path: Path) -> ModuleType:
    """The module of a file, imported again if the file changed."""
    changed = path.stat().st_mtime_ns
    known = sys.modules.get(name)
    if known is not None and vars(known).get(_CHANGED, changed) != changed:
        del sys.modules[name]
    if name not in sys.modules:
        importlib.invalidate_caches()
    module = importlib.import_module(name)
    vars(module)[_CHANGED] = changed
    return module


def _package(folder: Path) -> str:
    """The name of the folder's package; one outside gets a name of its own, and `sys.path` stays."""
    if folder == _OWN:
        return __name__.rpartition(".")[0]
    name = _name(folder)
    if name not in sys.modules:
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[name] = importlib.util.module_from_spec(spec)
        sys.path_importer_cache[str(folder)] = importlib.machinery.FileFinder(
            str(folder), (_FromSource, importlib.machinery.SOURCE_SUFFIXES)
        )
    return name


def _name(folder: Path) -> str:
    return f"_kexie_forms_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
