"""Rows of the audit log with names: of keys, of who submitted a batch, of a comparison's other record."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from service.access.actors import Actors
from service.archive import audit_files, display_names
from service.audit import audit_search
from service.errors import Bilingual

#: What is added to a row: the key's name, who submitted its batch, and that key's name; the id and version of
#: the record that its own was compared with. None without one.
NAMES = ("name", "submitted_by", "submitted_by_name", "with_id", "with_version")


def with_names(
    connection: Connection, actors: Actors, rows: Iterable[Mapping[Any, Any]]
) -> Iterator[dict[str, Any]]:
    """Yields rows with NAMES."""
    submitters: dict[str, str | None] = {}
    for row in rows:
        batch = row["batch"]
        if batch and batch not in submitters:
            submitters[batch] = audit_search.submitters(connection, [batch]).get(batch)
        by = submitters.get(batch)
        other = audit_search.compared_with(connection, row) or (None, None)
        names = (actors.name(row["who"]) or None, by, actors.name(by or "") or None, *other)
        yield {**row, **dict(zip(NAMES, names, strict=True))}


def act(row: Mapping[Any, Any]) -> Bilingual:
    """What a row of `with_names` says was done, with its detail, which names a comparison's other record."""
    if row["with_version"] is None:
        return display_names.act(row["action"], row["detail"])
    id = None if row["with_id"] == row["id"] else row["with_id"]
    return display_names.compared(id, row["with_version"])


def file_lines(format: str, named: Iterable[Mapping[Any, Any]]) -> Iterator[str]:
    """The lines of a file of `with_names`, "csv" or "ndjson"; of these the hashes can be recomputed."""
    if format == "csv":
        return audit_files.csv_lines(named, NAMES)
    return audit_files.ndjson_lines(named)
