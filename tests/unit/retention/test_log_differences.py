"""Periods, holds, destruction lists and keys that were edited in the database differ from the audit log."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from service.access import ApiKeys
from service.archive import Archive
from service.audit import audit_chain
from service.audit.event import Actor, Event, process_actor
from service.config import Settings
from service.errors import DestructionRefused
from service.retention import destruction_list, holds, log_differences, periods
from service.retention.destroy import destroy
from service.retention.periods import Period
from tests.helpers.archive import entry

OLD = datetime(2010, 12, 31, tzinfo=UTC)
ME = process_actor()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An archive with two periods, a hold, a list that is proposed and one carried out, and two keys."""
    folder = tmp_path_factory.mktemp("made") / "kept"
    with Archive.open(Settings.from_env(), folder) as archive:
        records = [
            archive.add(entry(id, created=OLD, files={"docx": f"PK {id}".encode()}))
            for id in ("gone", "listed", "held")
        ]
        with archive.writing() as connection:
            periods.set_period(connection, Period("annex2", 0, 30), ME, "x")
            periods.set_period(connection, Period("annex2", 0, 10), ME, "x")
            periods.set_period(connection, Period("annex1", 2021, None), ME)
            for record in records[1:]:
                holds.hold(connection, record, "x", ME)
            holds.lift(connection, records[1], "y", ME)
        gone = destruction_list.propose(archive, ME, id="gone").id
        destroy(archive, gone, 1, ME, second_person=False)
        with archive.writing() as connection:  # as pages logged it where only the clean-up was repeated
            audit_chain.note(connection, Event(Actor("user:another", "-"), "deletion", detail=gone))
        listed = destruction_list.propose(archive, ME, id="listed").id
        keys = ApiKeys(archive.engine)
        keys.revoke(keys.add("云泽县", ["archive:read"])[0].id)
        key = keys.add("云泽县", ["generate", "archive:read"], days=30)[0]
        yield SimpleNamespace(folder=folder, archive=archive, key=f"keys/{key.id}", list=listed)


def edited(archive, *statements):
    """The faults once the statements were carried out, which is undone."""
    with archive.engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        found = list(log_differences.faults(connection))
        connection.rollback()
    return found


@pytest.mark.parametrize(
    ("statement", "code", "values"),
    [
        (
            "UPDATE retention_periods SET years = 1 WHERE form = 'annex2'",
            "period_differs",
            {"years": ("10 years", "1 years")},
        ),
        (
            "UPDATE retention_periods SET who = 'user:another' WHERE form = 'annex2'",
            "period_differs",
            {"who": (ME.who, "user:another")},
        ),
        (
            "INSERT INTO retention_periods (form, year, years) VALUES ('annex2', 2021, 1)",
            "period_differs",
            {"years": ("—", "1 years")},
        ),
        ("UPDATE holds SET id = 'listed'", "hold_differs", {"who": ("—", ME.who)}),
        ("UPDATE holds SET who = 'key:another'", "hold_differs", {"who": (ME.who, "key:another")}),
        (
            "UPDATE destruction_lists SET tenant = '' WHERE state = 'proposed'",
            "list_differs",
            {"whole_tenant": ("no", "yes")},
        ),
        (
            "UPDATE destruction_lists SET state = 'withdrawn', ended_by = 'x' WHERE state = 'proposed'",
            "list_differs",
            {"state": ("proposed", "withdrawn"), "ended_by": ("—", "x")},
        ),
        (
            "UPDATE keys SET scopes = 'generate archive:destroy' WHERE revoked IS NULL",
            "key_differs",
            {"scopes": ("generate,archive:read", "generate,archive:destroy")},
        ),
        (
            "UPDATE keys SET revoked = NULL WHERE revoked IS NOT NULL",
            "key_differs",
            {"revoked": ("yes", "no")},
        ),
        (
            "UPDATE keys SET tenant = '望川县' WHERE revoked IS NULL",
            "key_differs",
            {"tenant": ("云泽县", "望川县")},
        ),
    ],
)
def test_what_was_edited_is_named_with_what_the_log_has(made, statement, code, values):
    assert edited(made.archive) == []
    (fault,) = edited(made.archive, statement)
    assert (fault.code, dict(fault.values), fault.columns) == (code, values, [*values])
    assert all(value in fault.message.zh for pair in values.values() for value in pair)
    assert fault.visible_to == {"key_differs": "云泽县", "period_differs": None}.get(code, "")


@pytest.mark.parametrize(
    ("statement", "columns"),
    [
        ("DELETE FROM retention_periods WHERE year = 2021", ["years", "who", "changed"]),
        ("UPDATE retention_periods SET changed = '2021-03-09T08:00:00.000000Z' WHERE year = 0", ["changed"]),
    ],
)
def test_a_period_that_is_gone_or_has_another_time_is_found(made, statement, columns):
    (fault,) = edited(made.archive, statement)
    assert (fault.code, fault.columns) == ("period_differs", columns)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", fault.values["changed"][0])


@pytest.mark.parametrize(
    ("statement", "columns"),
    [
        (f"UPDATE destruction_entries SET manifest = '{64 * '0'}' WHERE id = 'listed'", ["entries"]),
        ("DELETE FROM destruction_entries WHERE id = 'listed'", ["records", "entries"]),
    ],
)
def test_a_record_of_a_proposed_list_that_was_replaced_or_removed_is_found(made, statement, columns):
    (fault,) = edited(made.archive, statement)
    assert (fault.code, fault.columns) == ("list_differs", columns)


def test_rows_that_are_gone_or_new_are_named_with_all_their_columns(made):
    found = edited(
        made.archive,
        f"UPDATE destruction_entries SET manifest = '{64 * '0'}' WHERE id = 'gone'",
        "DELETE FROM destruction_entries WHERE id = 'listed'",
        "DELETE FROM destruction_lists WHERE state = 'proposed'",
        "DELETE FROM keys WHERE revoked IS NOT NULL",
        "INSERT INTO keys SELECT 'forged', tenant, scopes, name, sha256, created, expires, revoked FROM keys",
        f"UPDATE keys SET sha256 = '{64 * '0'}', expires = NULL WHERE id <> 'forged'",
    )
    of_key, columns = {each.place: each.columns for each in found}, ["tenant", "scopes", "expires", "secret"]
    assert [each.columns for each in found if each.code == "list_differs"].count(["entries"]) == 1
    assert of_key[f"destruction_lists/{made.list}"] == [
        *("proposed_by", "whole_tenant", "records", "state", "entries")
    ]
    assert of_key[made.key] == ["expires", "secret"]
    assert of_key["keys/forged"] == [*columns, "revoked"]
    assert len(found) == 5


def test_the_command_says_what_to_do_and_which_keys_are_not_known(made, place, run):
    shutil.copytree(made.folder, place / "kept")
    with Archive.open(Settings.from_env()) as archive:
        assert run("verify").exit_code == 0
        with archive.writing() as connection:
            connection.execute(text("UPDATE keys SET scopes = 'admin' WHERE revoked IS NULL"))
            connection.execute(text("DELETE FROM holds"))
    result = run("verify")
    assert (result.exit_code, "✗ hold_missing" in result.stdout) == (6, True)
    assert f"✗ key_differs  {made.key}：密钥与审计日志记的生成、撤销不符" in result.stdout
    assert "keys revoke 撤销它" in result.stdout
    assert "scopes 日志为 generate,archive:read，现为 admin。" in result.stdout
    found = json.loads(run("verify", "--json").stdout)
    scopes = {"log": "generate,archive:read", "now": "admin"}
    assert (found["faults"][-1]["values"], found["unknown_keys"]) == ({"scopes": scopes}, [])
    run("keys", "revoke", made.key.removeprefix("keys/"))
    run("retention", "hold", "held", "--reason", "x")
    assert run("verify").exit_code == 0


def test_rows_of_earlier_versions_are_not_known_and_no_fault(run, archive):
    keys = ApiKeys(archive.engine)
    before, old = (keys.add("云泽县", ["admin"])[0] for _ in range(2))
    with archive.writing() as connection:
        connection.execute(text("DROP TRIGGER audit_no_delete"))
        connection.execute(text("DELETE FROM audit"))
    assert edited(archive) == []  # nothing is known of keys where nothing was logged yet
    with archive.writing() as connection:  # as it was written before it had the scopes
        audit_chain.note(connection, Event(ME, "key_made", "云泽县", detail=old.id))
    shown = run("verify")
    assert (shown.exit_code, f"not compared: {before.id}, {old.id}\n" in shown.stdout) == (0, True)
    keys.revoke(before.id)
    assert json.loads(run("verify", "--json").stdout)["unknown_keys"] == [old.id]
    (fault,) = edited(archive, "UPDATE keys SET revoked = NULL, scopes = 'archive:destroy'")
    assert (fault.place, fault.columns) == (f"keys/{before.id}", ["revoked"])


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE retention_periods SET years = 1 WHERE form = 'annex2'", "“retention_periods/annex2”"),
        (
            "INSERT INTO retention_periods (form, year, years) VALUES ('annex2', 2021, 1)",
            "“retention_periods/annex2/2021”",
        ),
        ("UPDATE destruction_lists SET tenant = '' WHERE state = 'proposed'", "“destruction_lists/"),
        ("UPDATE destruction_entries SET id = 'held' WHERE id = 'listed'", "“held”在提出销毁后有变化"),
    ],
)
def test_nothing_is_destroyed_by_an_edited_period_or_list(made, tmp_path, statement, named):
    shutil.copytree(made.folder, tmp_path / "kept")
    with Archive.open(Settings.from_env(), tmp_path / "kept") as archive:
        with archive.writing() as connection:
            connection.execute(text(statement))
        with pytest.raises(DestructionRefused, match=named):
            destroy(archive, made.list, 1, ME, second_person=False)
        assert archive.count() == 2
        with archive.writing() as connection:
            destruction_list.withdraw(connection, made.list, ME)
            for year in (0, 2021):
                periods.set_period(connection, Period("annex2", year, 10), ME, "x")
        assert edited(archive) == []
