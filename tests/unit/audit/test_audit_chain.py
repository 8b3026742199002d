"""The audit log's chain: each row's hash can be recomputed, and every change to rows is found."""

from __future__ import annotations

import json
import subprocess

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.archive import Archive
from service.audit import audit_chain, chain_proof, checkpoint
from service.audit.audit_search import Wanted, rows
from service.audit.checkpoint import Checkpoint
from service.audit.event import Actor, Event
from service.config import Settings
from service.errors import UsageError

ACTOR = Actor("key:0123456789ab", "10.1.2.0/24")
TRIGGERS = ("audit_no_update", "audit_no_delete")


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env(), tmp_path / "archive") as opened:
        yield opened


@pytest.fixture
def log(archive):
    """A log of twenty rows, whose guards are gone."""
    for number in range(10):
        with archive.writing() as connection:
            audit_chain.append(connection, [event(number), event(number, "download")])
    with archive.writing() as connection:
        for trigger in TRIGGERS:
            connection.execute(text(f"DROP TRIGGER {trigger}"))
    return archive


def event(number, action="read", **more):
    of = {"form": "annex2", "year": 2021, "id": f"云泽县 {number}", "version": 1}
    return Event(ACTOR, action, **of, **more)


def proved(archive, *checkpoints):
    with archive.reading() as connection:
        found = chain_proof.prove(connection, checkpoints)
    return found.rows, found.fault and (found.fault.code, found.fault.seq)


def change(archive, *statements):
    with archive.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def as_is(archive, seq):
    with archive.reading() as connection:
        return next(row for row in rows(connection, Wanted()) if row["seq"] == seq)


def test_rows_are_chained_and_proved(log):
    assert proved(log) == (20, None)
    with log.reading() as connection:
        found = list(rows(connection, Wanted()))
    assert [row["seq"] for row in found] == list(range(1, 21))
    hashes = [row["hash"] for row in found]
    assert [row["previous"] for row in found] == ["0" * 64, *hashes[:-1]]


def test_an_auditor_recomputes_a_hash_with_the_tools_of_any_machine(log):
    row = as_is(log, 3)
    line = audit_chain.line(row)
    assert json.loads(line) == dict(row)
    cut = subprocess.run(
        ["sed", r's/,"hash":"[0-9a-f]*"}$/}/'], input=line.encode(), capture_output=True, check=True
    ).stdout
    summed = subprocess.run(["sha256sum"], input=cut, capture_output=True, check=True).stdout
    assert summed.split()[0].decode() == row["hash"]


def test_no_row_can_be_changed_or_deleted(archive):
    with archive.writing() as connection:
        audit_chain.append(connection, [event(1)])
    for statement in ("UPDATE audit SET who = 'x'", "DELETE FROM audit"):
        with (
            pytest.raises(DBAPIError, match="never changed or deleted"),
            archive.engine.begin() as connection,
        ):
            connection.execute(text(statement))


def test_what_is_noted_is_there_with_the_transaction_or_not_at_all(archive):
    with pytest.raises(ZeroDivisionError), archive.writing() as connection:
        audit_chain.note(connection, event(1))
        raise ZeroDivisionError
    with archive.writing() as connection:
        audit_chain.note(connection, event(2))
    assert as_is(archive, 1)["id"] == "云泽县 2"
    assert proved(archive) == (1, None)


@pytest.mark.parametrize(
    "column", ["who", "origin", "time", "id", "year", "result", "action", "hash", "previous"]
)
def test_a_changed_row_is_found(log, column):
    value = "7" if column == "year" else "'2021-03-09T08:00:00.000000Z'"
    change(log, f"UPDATE audit SET {column} = {value} WHERE seq = 7")
    assert proved(log) == (6, ("changed", 7))


def test_a_row_that_was_changed_with_its_hash_is_found(log):
    forged = {**as_is(log, 7), "who": "key:ffffffffffff"}
    change(
        log, f"UPDATE audit SET who = 'key:ffffffffffff', hash = '{audit_chain.hashed(forged)}' WHERE seq = 7"
    )
    assert proved(log) == (7, ("changed", 7))


@pytest.mark.parametrize("seq", [1, 7, 19])
def test_a_removed_row_is_found_also_when_the_others_move_up(log, seq):
    change(log, f"DELETE FROM audit WHERE seq = {seq}")
    assert proved(log) == (seq - 1, ("removed", seq))
    change(log, *(f"UPDATE audit SET seq = {each - 1} WHERE seq = {each}" for each in range(seq + 1, 21)))
    assert proved(log) == (seq - 1, ("removed", seq))


def test_a_number_of_any_size_is_proved_in_no_time(log):
    change(log, "UPDATE audit SET who = 'x' WHERE seq = 1", f"UPDATE audit SET seq = {2**62} WHERE seq = 20")
    assert proved(log) == (0, ("changed", 1))


def test_the_search_for_the_cause_ends_when_its_caller_says_so(log):
    change(log, "UPDATE audit SET who = 'x' WHERE seq = 7")

    def end(rows):
        raise TimeoutError(rows)

    with log.reading() as connection, pytest.raises(TimeoutError):
        chain_proof.prove(connection, on_progress=end)


@pytest.mark.parametrize(("one", "other"), [(7, 8), (7, 15), (1, 20)])
def test_swapped_rows_are_found(log, one, other):
    moves = ((one, 99), (other, one), (99, other))
    change(log, *(f"UPDATE audit SET seq = {to} WHERE seq = {of}" for of, to in moves))
    assert proved(log) == (one - 1, ("swapped", one))


@pytest.mark.parametrize("chained", [True, False])
def test_an_inserted_row_is_found(log, chained):
    row = {**as_is(log, 7), "who": "key:ffffffffffff"}
    row["hash"] = audit_chain.hashed(row) if chained else "1" * 64
    moved = (f"UPDATE audit SET seq = {each + 1} WHERE seq = {each}" for each in range(20, 6, -1))
    change(log, *moved)
    with log.writing() as connection:
        connection.execute(audit_chain.AUDIT.insert(), [row])
    assert proved(log)[1] == ("inserted", 7)
    change(log, "DELETE FROM audit WHERE seq > 7", "UPDATE audit SET seq = 0 WHERE seq = 7")
    assert proved(log) == (0, ("inserted", 0))


def test_a_cut_or_rewritten_end_is_found_by_a_checkpoint_kept_outside(log, tmp_path):
    kept = tmp_path / "checkpoints"
    checkpoint.add(kept, Checkpoint.now(5, as_is(log, 5)["hash"]))
    checkpoint.add(kept, Checkpoint.now(20, as_is(log, 20)["hash"]))
    checkpoint.add(kept, Checkpoint.now(20, as_is(log, 20)["hash"]))
    assert len(checkpoint.read(kept)) == 2
    assert proved(log, *checkpoint.read(kept)) == (20, None)
    change(log, "DELETE FROM audit WHERE seq > 10")
    assert proved(log) == (10, None)
    assert proved(log, *checkpoint.read(kept)) == (10, ("cut", 11))
    with log.writing() as connection:
        audit_chain.append(connection, [event(number) for number in range(10)])
    assert proved(log, *checkpoint.read(kept)) == (19, ("rewritten", 20))


def test_a_file_without_checkpoints_is_refused(tmp_path):
    assert checkpoint.read(tmp_path / "none") == []
    for content in ("no json", '{"seq": 1}', "[]"):
        (tmp_path / "kept").write_text(content)
        with pytest.raises(UsageError, match="检查点"):
            checkpoint.read(tmp_path / "kept")


def test_text_that_cannot_be_kept_is_cut_and_shown(archive):
    with archive.writing() as connection:
        audit_chain.append(connection, [event(1, result="x" * 100, detail="a\0b\nc\ud800"), event(2)])
    assert proved(archive) == (2, None)
    assert (as_is(archive, 1)["detail"], as_is(archive, 1)["result"]) == ("a?b?c?", "x" * 40)
    with pytest.raises(ValueError, match="unknown"), archive.writing() as connection:
        audit_chain.append(connection, [event(1, "unknown")])
