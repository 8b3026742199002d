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

_WIDEST = 10_000  # characters of a table
_EMPTY = frozenset(["", "-"])


def print_rows(headings: Sequence[str], rows: Iterable[Sequence[object]], nothing: str) -> int:
    """Prints rows, as a table on a terminal, otherwise tab-separated; or says so of none.

    The headings of tab-separated rows go to standard error, so that a program reads rows alone.
    The table has no columns in which no row has anything; where it is too wide, it is a block of lines for
    each row, so that no id, key or time is broken. Returns the number of rows.
    """
    if on_terminal():
        count = _print_for_people(headings, rows)
    else:
        count = 0
        for row in rows:
            if not count:
                echo("\t".join(headings), err=True)
            count += 1
            echo("\t".join(str(cell) for cell in row))
    if not count:
        echo(nothing, err=True)
    return count


def on_terminal() -> bool:
    """Whether people read standard output, rather than a program."""
    return sys.stdout.isatty()


def _print_for_people(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    texts = [[printable(str(cell)) for cell in row] for row in rows]
    columns = [
        (heading, cells)
        for heading, *cells in zip(headings, *texts, strict=True)
        if not _EMPTY.issuperset(cells)
    ]
    if texts:
        console = Console()
        tables = (_table(columns, between) for between in (" ", "\n"))
        if table := next((each for each in tables if _fits(console, each)), None):
            console.print(table)
        else:
            _print_blocks(columns)
    return len(texts)


def _fits(console: Console, table: Table) -> bool:
    unlimited = console.options.update(max_width=_WIDEST)
    return console.measure(table, options=unlimited).maximum <= console.width


def _print_blocks(columns: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Prints a line for each cell that has something, an empty one between rows."""
    for number, row in enumerate(zip(*(cells for _, cells in columns), strict=True)):
        if number:
            echo("")
        for (heading, _), cell in zip(columns, row, strict=True):
            if cell not in _EMPTY:
                echo(f"{heading}: {cell}")


def _table(columns: Sequence[tuple[str, Sequence[str]]], between: str) -> Table:
    """A table; `between` is set between the languages of a heading."""
    table = Table(*(Column(heading.replace(" ", between, 1), overflow="fold") for heading, _ in columns))
    for row in zip(*(cells for _, cells in columns), strict=True):
        table.add_row(*map(Text, row))
    return table


def china_time(moment: datetime) -> str:
    """A moment to the second, in China, with its zone."""
    return f"{time_in_china(moment):%Y-%m-%dT%H:%M:%S}+08:00"


def by(who: str, actors: Actors) -> str:
    """Who acted, in words, a key with its name."""
    words = actors.words(who)
    return f"{words.zh} / {words.en}"
