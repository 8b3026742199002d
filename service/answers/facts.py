"""Facts of one submission that another form, or the same form of another year, takes over."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.fields import Leaf
from schemas.remarks import INVALID, read
from schemas.tree import ROW, Path, values, walk
from service.catalog import Edition
from service.object_cache import object_cache


@dataclass(frozen=True)
class Fact:
    """The JSON value that the field at `path` can take over."""

    path: Path
    field: Leaf
    value: Any


def facts(payload: Any, source: Edition, target: Edition) -> Iterator[Fact]:
    """The facts of a payload of `source` for `target`, in the order of its form, without those it refuses."""
    known: dict[str, Any] = {}
    for path, field, value in values(source.schema, payload):
        if value is not None and read(field, value) not in (None, INVALID):
            for name in _names(source).get(path, ()):
                known.setdefault(name, value)
    for path, field in _leaves(target):
        found = next((known[name] for name in _names(target).get(path, ()) if name in known), None)
        if found is not None and read(field, found) not in (None, INVALID):
            yield Fact(path, field, found)


@object_cache
def _names(edition: Edition) -> Mapping[Path, tuple[str, ...]]:
    """The names of the facts in each place, the surest first; none in rows.

    A field names the fact that forms share. If it carries over, it also has the fact of its place in the same
    form, and that of its key and label, where the form has them once.
    """
    alike = Counter((field.key, field.title) for _, field in _leaves(edition))
    found: dict[Path, tuple[str, ...]] = {}
    for path, field in _leaves(edition):
        shared = (f"shared {field.fact}",) if field.fact else ()
        place = (f"place {edition.form} {path}",) if field.carries else ()
        only = field.carries and alike[field.key, field.title] == 1
        found[path] = (*shared, *place, *((f"alike {field.key} {field.title}",) if only else ()))
    return found


def _leaves(edition: Edition) -> Iterator[tuple[Path, Leaf]]:
    """The fields outside of rows."""
    for path, field in walk(edition.schema):
        if field.inside is None and ROW not in path:
            yield path, field
