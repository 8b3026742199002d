"""Proof of the audit log's chain: the first broken row, and what was done to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from service.audit.audit_chain import BEFORE_THE_FIRST, hashed
from service.audit.audit_table import AUDIT
from service.audit.checkpoint import Checkpoint
from service.errors import Bilingual

_AT_ONCE = 2000  # rows
Row = Mapping[Any, Any]
MESSAGES = {
    "changed": Bilingual(
        "这一行的内容与它的校验值不符，已被改动。",
        "The row's content does not belong to its hash: it was changed.",
    ),
    "removed": Bilingual("这一行已被删除。", "The row was removed."),
    "swapped": Bilingual("这一行与另一行对调了。", "The row was swapped with another one."),
    "inserted": Bilingual(
        "这一行是后来插入的，不是本服务写的。", "The row was inserted: the service did not write it."
    ),
    "cut": Bilingual(
        "从这一行起被截去：检查点记有这之后的行。",
        "The log was cut from here on: a checkpoint has later rows.",
    ),
    "rewritten": Bilingual(
        "链条完整，但这一行与检查点不符：日志在此行或更早处被整体改写。",
        "The chain is whole, but the row differs from a checkpoint: the log was rewritten here or before.",
    ),
}


@dataclass(frozen=True)
class ChainFault:
    """The first broken row, by its number, and why it is broken: a code of MESSAGES."""

    code: str
    seq: int

    @property
    def message(self) -> Bilingual:
        """What was done, and what to do."""
        found = MESSAGES[self.code]
        return Bilingual(
            f"{found.zh}请查明是谁改了数据库，并与备份比对。",
            f"{found.en} Find out who changed the database, and compare it with a backup.",
        )

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The fault for JSON."""
        return {"code": self.code, "seq": self.seq, "message": self.message.of(lang)}


@dataclass(frozen=True)
class Proof:
    """The number of rows that hold, the hash of the last of them, and the fault behind it, if any.

    `compared` is the row of the last checkpoint; 0 without any, which alone show that the end was cut.
    """

    rows: int
    hash: str
    fault: ChainFault | None
    compared: int = 0

    def __str__(self) -> str:
        if self.fault:
            row = f"审计日志第 {self.fault.seq} 行 / row {self.fault.seq} of the audit log"
            return f"✗ {self.fault.code}  {row}：{self.fault.message}"
        zh, en = "末尾是否被截去，须与检查点比对", "only a checkpoint can show whether its end was cut"
        if self.compared:
            zh = f"与第 {self.compared} 行的检查点一致"
            en = f"it agrees with the checkpoint of row {self.compared}"
            if self.later:
                zh += f"；检查点之后又有 {self.later} 行，其末尾是否被截去没有检查点可比"
                en += f"; {self.later} rows came after it, and no checkpoint shows whether their end was cut"
        whole = f"审计日志 {self.rows} 行，链条完整；{zh}"
        return f"{whole} / the audit log has {self.rows} rows, its chain is whole; {en}: {self.hash}"

    @property
    def later(self) -> int | None:
        """The number of rows after the last checkpoint; None without any."""
        return max(0, self.rows - self.compared) if self.compared else None

    def as_dict(self) -> dict[str, Any]:
        """The proof for JSON."""
        fault = self.fault and self.fault.as_dict()
        compared = {"compared": self.compared, "later": self.later}
        return {"rows": self.rows, "hash": self.hash, **compared, "fault": fault}


def prove(
    connection: Connection,
    checkpoints: Sequence[Checkpoint] = (),
    on_progress: Callable[[int], None] = lambda rows: None,
) -> Proof:
    """Recomputes every hash of the log, and compares it with checkpoints of earlier times.

    `on_progress` is called with the number of rows so far, now and then.
    """
    kept = {each.seq: each.hash for each in checkpoints}
    seq, previous = 0, BEFORE_THE_FIRST
    for row in _rows(connection):
        if row["seq"] != seq + 1 or row["previous"] != previous or hashed(row) != row["hash"]:
            return Proof(seq, previous, _cause(connection, row, seq + 1, on_progress))
        if kept.get(row["seq"], row["hash"]) != row["hash"]:
            return Proof(seq, previous, ChainFault("rewritten", row["seq"]))
        seq, previous = row["seq"], row["hash"]
        if seq % _AT_ONCE == 0:
            on_progress(seq)
    cut = any(number > seq for number in kept)
    return Proof(seq, previous, ChainFault("cut", seq + 1) if cut else None, max(kept, default=0))


def _rows(connection: Connection) -> Iterator[Row]:
    after = None
    while True:
        wanted = select(AUDIT).order_by(AUDIT.c.seq).limit(_AT_ONCE)
        rows = (
            connection.execute(wanted if after is None else wanted.where(AUDIT.c.seq > after))
            .mappings()
            .all()
        )
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1]["seq"]


def _cause(connection: Connection, row: Row, expected: int, on_progress: Callable[[int], None]) -> ChainFault:
    """Why `row` is not the row of the number `expected`."""
    if row["seq"] != expected:
        code = "removed" if row["seq"] > expected else "inserted"
        return ChainFault(code, min(expected, row["seq"]))
    own = _own_number(connection, row, expected, on_progress)
    if own is None:
        inserted = _fits(_row(connection, expected + 1), expected)  # the rows behind were given new numbers
        return ChainFault("inserted" if inserted else "changed", expected)
    if own > expected:
        swapped = _fits(_row(connection, own), expected)
        return ChainFault("swapped" if swapped else "removed", expected)
    # The row itself is whole: the one before is not the one that it was made behind.
    return ChainFault("inserted" if own < expected else "changed", max(expected - 1, 1))


def _row(connection: Connection, seq: int) -> Row | None:
    return connection.execute(select(AUDIT).where(AUDIT.c.seq == seq)).mappings().one_or_none()


def _fits(row: Row | None, seq: int) -> bool:
    """Whether a row was made as number `seq`."""
    return row is not None and hashed({**row, "seq": seq}) == row["hash"]


def _own_number(
    connection: Connection, row: Row, expected: int, on_progress: Callable[[int], None]
) -> int | None:
    """The number with which a row was made, if it was not changed otherwise; near ones are tried first."""
    rows = connection.execute(select(func.count()).select_from(AUDIT)).scalar_one()
    for distance in range(2 * rows + 1):
        for seq in (expected - distance, expected + distance):
            if seq > 0 and _fits(row, seq):
                return seq
        if distance % _AT_ONCE == 0:
            on_progress(expected)
    return None
