"""Lists as people read them: headings on a terminal, times in China."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from service.access.actors import Actors
from service.cli.terminal import echo, printable
from service.submission import time_in_china


def print_rows(headings: Sequence[str], rows: Iterable[Sequence[object]], nothing: str) -> int:
    """Prints rows, tab-separated, or as a table with headings on a terminal; or says that there are none.

    Returns their number.
    """
    if sys.stdout.isatty():
        count = _print_table(headings, rows)
    else:
        count = 0
        for row in rows:
            count += 1
            echo("\t".join(str(cell) for cell in row))
    if not count:
        echo(nothing, err=True)
    return count


def _print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    table = Table(*(Column(heading, overflow="fold") for heading in headings))
    for row in rows:
        table.add_row(*(Text(printable(str(cell))) for cell in row))
    if table.row_count:
        Console().print(table)
    return table.row_count


def china_time(moment: datetime) -> str:
    """A moment to the second, in China, with its zone."""
    return f"{time_in_china(moment):%Y-%m-%dT%H:%M:%S}+08:00"


def by(who: str, actors: Actors) -> str:
    """Who acted, in words, a key with its name."""
    words = actors.words(who)
    return f"{words.zh} / {words.en}"
