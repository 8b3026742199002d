"""`records show`: all of a record, and what is left of a destroyed one."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from service.access import ApiKeys
from service.archive import Archive, display_names
from service.archive.manifest import canonical
from service.audit import audit_chain
from service.audit.audit_table import AUDIT
from service.audit.event import Actor, Event, process_actor
from service.catalog import edition
from service.config import Settings
from service.payload_json import dump
from service.record_comparison.identify import identify
from service.record_history.exports import exports
from service.sealed_copies import add_copy
from tests.helpers import pdf as pdfs
from tests.helpers import signatures as made
from tests.helpers.archive import entry
from tests.helpers.batch import failed_item
from tests.helpers.pictures import scanned

OLD = datetime(2010, 12, 31, 17, tzinfo=UTC)  # in China, 2011
USER = process_actor().who.removeprefix("user:")
PRINT = b"%PDF-1.7 the print\n%%EOF\n"
PNG = scanned()


@pytest.fixture
def show(run, monkeypatch):
    monkeypatch.setenv("KEXIE_SECOND_PERSON", "0")

    def shown(*words):
        result = run("records", "show", *words)
        assert result.exit_code == 0, result.output
        return result.stdout

    return shown


@pytest.fixture
def key(archive):
    """The public id of a key that may destroy."""
    return ApiKeys(archive.engine).add("", ("archive:read", "archive:destroy"), "档案室张")[0].id


def test_all_of_a_record(archive, run, show, key):
    batch = "c0ffee" * 5
    with archive.writing() as connection:
        audit_chain.note(connection, Event(Actor(f"key:{key}", "10.1.2.0/24"), "batch", batch=batch))
    record = archive.add(entry("a"), actor=Actor("worker:kexie", "host", batch))
    copy, _ = add_copy.add(archive, record, PNG, Settings.from_env())
    run("retention", "set", "annex2", "30", "--reason", "纪要")
    run("retention", "hold", record.key, "--reason", "云财审〔2031〕7号")
    assert "取出 taken out\t-\n" in show("a")
    digest = json.loads(run("export", "-o", "bag", "--json").stdout)["tagmanifest"]
    text = show("a")
    assert text == show(record.key)
    for line in (
        "版本 version\t1",
        "归档时间 archived\t2021-03-09T16:00:00+08:00",
        "归档人 by\t批次处理程序 / batch worker\thost",
        f"批次 batch\t{batch}\t提交人 / submitted by: 密钥 {key}“档案室张” / key {key} '档案室张'",
        f"文件 file\tpdf\t18\tSHA-256 {record.files['pdf'].sha256}",
        f"  SHA-256 {copy.file.sha256}",
        "保管期限 retention\t30年 / 30 years\t到 / until 2051-12-31",
        f"可销毁者 may destroy\t密钥 {key}“档案室张” / key {key} '档案室张'",
    ):
        assert f"{line}\n" in text, text
    assert f"+08:00\t服务器上的用户 {USER} / user {USER} on the server\t云财审〔2031〕7号\n" in text
    words = (
        f"导出档案：归档包，包的校验值 {digest} / exported records: a BagIt bag, hash of the package {digest}"
    )
    assert f"\t{words}\n" in text
    found = json.loads(show("a", "--json"))
    (left,) = found["exports"]
    assert (left["action"], left["detail"], left["name"]) == (
        "export",
        f"profile=bagit tagmanifest={digest}",
        "",
    )
    assert (found["state"], found["retention"]["until"]) == ("kept", "2051-12-31")
    assert found["archived"]["submitted_by"] == f"key:{key}"
    assert found["may_destroy"] == [{"id": key, "name": "档案室张"}]
    assert [each["name"] for each in found["additions"]] == ["盖章件-1.png"]


def test_all_versions_are_in_the_story_of_one_also_when_it_is_destroyed(archive, run, show, tmp_path):
    first = archive.add(entry("甲 1", created=OLD, files={"docx": b"PK one"}), actor=Actor("user:张", "host"))
    run("records", "get", first.key, "docx", "-o", str(tmp_path / "one.docx"))
    second = archive.add(
        entry("甲 1", created=OLD, files={"docx": b"PK two"}), actor=Actor("user:李", "host")
    )
    text = show("甲 1")
    by = "服务器上的用户 {0} / user {0} on the server"
    taken = f"\t{by.format(USER)}\t"
    assert f"其他版本 other version\t1\t2011-01-01T01:00:00+08:00\t{by.format('张')}\t{first.key}\n" in text
    (left,) = (line for line in text.splitlines() if line.startswith("取出 taken out\t"))
    assert (taken in left, "\tv1\t" in left) == (True, True)
    named = "kexie-forms audit --form annex2 --year 2021 --id '甲 1'"
    assert f"日志全文 whole log\t{named}\n" in text
    found = json.loads(show("甲 1", "--json"))
    assert [(each["version"], each["archived"]["who"]) for each in found["versions"]] == [
        (2, "user:李"),
        (1, "user:张"),
    ]
    folder = Settings.from_env().archive
    assert show("甲 1", "--archive", str(folder)).endswith(f"{named} --archive {folder}\n")
    for bag in ("one", "two"):
        assert run("export", "-o", bag).exit_code == 0
    of_bag = f"{taken}{process_actor().origin}\tv1、v2\t导出档案：归档包，"
    assert show("甲 1").count(of_bag) == 2
    run("retention", "set", "annex2", "10", "--reason", "纪要")
    listed = json.loads(run("retention", "propose", "--json").stdout)["id"]
    run("retention", "destroy", listed, "--records", "2")
    text = show("甲 1")
    assert f"归档人 by\t{by.format('李')}\thost\n" in text
    left = [line for line in text.splitlines() if line.startswith("取出 taken out\t")]
    assert [of_bag in line for line in left] == [True, True, False]
    assert (taken in left[2], "\tv1\t" in left[2]) == (True, True)
    found = json.loads(show(second.key, "--json"))
    assert (found["archived"]["who"], found["earlier_exports"]) == ("user:李", 0)
    assert [(each["version"], each["versions"]) for each in found["exports"]] == [
        (2, [1, 2]),
        (2, [1, 2]),
        (1, [1]),
    ]


def test_an_export_of_very_many_versions_is_soon_read(archive):
    record, many = archive.add(entry("a")), 5_000
    same = {"tenant": "", "form": "annex2", "year": 2021, "id": "a", "origin": "host", "result": "ok"}
    same |= {"time": "2021-03-09T08:00:00.000000Z", "who": "user:张", "previous": "0" * 64, "hash": "0" * 64}
    acts = [("export", "profile=bagit", version) for version in range(1, many + 1)]
    acts += [("download", "pdf", version) for version in (1, 2, 2)]
    with archive.writing() as connection:
        rows = [
            {**same, "seq": seq, "action": action, "detail": detail, "version": version}
            for seq, (action, detail, version) in enumerate(acts, 10)
        ]
        connection.execute(sa.insert(AUDIT), rows)
        began = time.process_time()
        found = exports(connection, record, 2)
        whole = exports(connection, record, 20)
        assert time.process_time() - began < 5
    assert ([each.versions for each in found.latest], found.earlier) == ([(2,), (2,)], 2)
    assert (whole.latest[3].versions, whole.earlier) == (tuple(range(1, many + 1)), 0)


def test_a_destroyed_record_says_so_by_which_list_and_by_whom(archive, run, show):
    files = {"docx": b"PK one"}
    first = archive.add(entry("a", created=OLD, files=files))
    second = archive.add(entry("a", created=OLD, files={"docx": b"PK two"}))
    run("retention", "set", "annex2", "10", "--reason", "纪要")
    listed = json.loads(run("retention", "propose", "--json", "--reason", "鉴定会纪要3号").stdout)
    assert f"销毁清册 destruction list\t{listed['id']}\t" in show("a")
    run("retention", "destroy", listed["id"], "--records", "2")
    text = show("a")
    for line in (
        "状态 state\t已销毁 / destroyed",
        "版本 version\t2（同时销毁的还有 / also destroyed: 1）",
        f"销毁清册 destruction list\t{listed['id']}\t鉴定会纪要3号",
        f"文件 file\tdocx\t6\tSHA-256 {second.files['docx'].sha256}",
        f"文件 file\tmanifest\t-\tSHA-256 {second.manifest}",
    ):
        assert f"{line}\n" in text, text
    assert "销毁 destroyed\t20" in text
    assert "保管期限 retention\t10年 / 10 years\t20" in text
    assert f"+08:00\t服务器上的用户 {USER} / user {USER} on the server\t依据 / reason: 纪要\n" in text
    found = json.loads(show(first.key, "--json"))
    assert found["period_reason"] == "纪要"
    assert (found["period"]["years"], found["period"]["who"]) == (10, f"user:{USER}")
    assert (found["state"], found["version"], found["destroyed"]["list"]) == ("destroyed", 1, listed["id"])
    assert found["files"]["docx"]["sha256"] == first.files["docx"].sha256
    logged = json.loads(run("audit", "--action", "read", "--json").stdout)[-1]
    assert (logged["record"], logged["version"], logged["result"]) == (first.key, 1, "record_destroyed")


@pytest.fixture
def destroyed(archive, run, monkeypatch):
    """A destroyed record, and the id of its list."""
    monkeypatch.setenv("KEXIE_SECOND_PERSON", "0")
    record = archive.add(entry("云泽-0001", created=OLD, files={"docx": b"PK one"}))
    run("retention", "set", "annex2", "10", "--reason", "纪要")
    listed = json.loads(run("retention", "propose", "--json").stdout)["id"]
    assert run("retention", "destroy", listed, "--records", "1").exit_code == 0
    return record, listed


def test_a_search_names_destroyed_records_too(run, destroyed):
    record, listed = destroyed
    digest = record.files["docx"].sha256
    for words in (
        ("--id", record.id),
        ("--id", record.key),
        ("--text", "云泽 0001"),
        ("--text", f"#{record.manifest[:16]}"),
        ("--text", f"＃ {record.manifest[:8].upper()} {record.manifest[8:16]}"),
        ("--text", f"云泽-0001 {record.manifest[:4]} {record.manifest[4:16]}"),
        ("--text", " ".join(digest[at : at + 8] for at in range(0, 64, 8))),
        ("--text", digest),
        ("--name", "云泽", "--form", "annex2"),
        ("--form", "annex2", "--year", "2021"),
        ("--year", "2021"),
        ("--to", "2011-01-01"),
        ("--id", record.id, "--json"),
    ):
        result = run("records", *words)
        assert "编号“云泽-0001”（annex2 2021）第 1 版已于 20" in result.stderr, words
        assert f"按销毁清册 {listed} 销毁，执行：服务器上的用户 {USER}" in result.stderr
    with Archive.open(Settings.from_env()) as archive:
        archive.add(entry("云泽-0002"))
    result = run("records", "--text", "云泽")
    assert "\t云泽-0002\t" in result.stdout
    assert "另有 1 条已销毁的档案符合，详见 records show 编号 / 1 destroyed match" in result.stderr
    assert "编号“云泽-0001”（annex2 2021）第 1 版已于 20" in result.stderr
    for words in (
        (),
        ("--id", "a"),
        ("--form", "annex3"),
        ("--year", "2021", "--state", "unsealed"),
        ("--from", "2011-01-02"),
        ("--id", record.id, "--form", "annex3"),
        ("--name", "没有这个县", "--tenant", "云湖县"),
        ("--name", "没有这个县", "--id", "a"),
        ("--text", "没有这个县 #0123456789abcdef"),
        ("--year", "2020", "--name", "没有这个县"),
        ("--year", "2021", "--text", "0" * 64),
    ):
        assert "销毁" not in run("records", *words).stderr, words


def test_an_id_that_failed_in_a_batch_is_named_with_the_batch(archive, run):
    batch = failed_item(archive, "c")
    result = run("records", "--id", "c")
    said = f"1970-01-01 08:00 的批次 {batch} 中有编号“c”（云泽县科学技术协会），未成功。 / Batch {batch} of "
    assert said in result.stderr
    assert "  案例名称：必填。 / 案例名称: Required.\n" in result.stderr


def test_what_failed_is_found_by_name_and_text_too(archive, run):
    batch = failed_item(archive, "c")
    for words in (("--name", "云泽 科协"), ("--text", "云泽县 院士"), ("--name", "云泽", "--year", "2021")):
        assert f"批次 {batch} 中有编号“c”（云泽县科学技术协会）" in run("records", *words).stderr, words
    archive.add(entry("云泽-0002"))
    beside = run("records", "--text", "云泽")
    assert ("\t云泽-0002\t" in beside.stdout, batch in beside.stderr) == (True, True)
    for words in (
        ("--name", "云泽", "--text", "别的"),
        ("--name", "云泽", "--year", "2020"),
        ("--name", "云泽", "--from", "2011-01-02"),
        ("--form", "annex3"),
    ):
        assert batch not in run("records", *words).stderr, words
    archive.add(entry("c", form="annex3"))
    assert batch not in run("records", "--id", "c").stderr


def test_a_name_cannot_match_destroyed_records_of_which_the_number_is_given(run, destroyed):
    said = (
        "已销毁的档案不留名称，不能按名称查；符合其余条件的有 1 条，见销毁清册。\nDestroyed records are not"
    )
    for words in (
        ("--year", "2021", "--name", "望川县"),
        ("--year", "2021", "--text", "云泽 望川"),
        ("--form", "annex2", "--name", "望川县"),
        ("--id", "云泽-0001", "--year", "2021", "--name", "望川"),
    ):
        assert said in run("records", *words).stderr, words
    with Archive.open(Settings.from_env()) as archive:
        archive.add(entry("望川-0002"))
    for words in (("--name", "望川"), ("--text", "望川"), ("--name", "望川", "--state", "unsealed")):
        result = run("records", *words)
        alone = "已销毁的档案不留名称，不能按名称查；有 1 条，见销毁清册。\nDestroyed records are not found"
        assert (result.exit_code, alone in result.stderr) == (0, "--state" not in words), words
    for words in (
        ("--name", "云泽"),
        ("--year", "2021", "--name", "云泽"),
        ("--id", "a", "--year", "2021", "--name", "望川"),
    ):
        assert "不留名称" not in run("records", *words).stderr, words


def test_commands_on_a_destroyed_record_say_that_it_is(run, destroyed):
    record, listed = destroyed
    for words in (
        ("records", "get", record.key, "docx"),
        ("records", "compare", record.id),
        ("sealed", "list", record.id),
        ("retention", "hold", record.key, "--reason", "x"),
    ):
        result = run(*words)
        assert (result.exit_code, f"按销毁清册 {listed} 销毁，执行：服务器上的用户" in result.stderr) == (
            2,
            True,
        )
    logged = json.loads(run("audit", "--record", record.key, "--json").stdout)[-4:]
    assert [(row["action"], row["result"]) for row in logged] == [
        (action, "record_destroyed") for action in ("download", "compare", "read", "hold")
    ]


def test_why_a_record_may_not_be_destroyed_comes_before_who_may(archive, run, show, key):
    archive.add(entry("a"))
    text = show("a")
    permanent = "目前不得销毁 may not be destroyed now\t永久保管 / kept for good\n"
    assert text.index(permanent) < text.index("可销毁者 may destroy")
    assert "档号 archival code\t没有，尚未移交 / none: not handed over yet\n" in text
    run("retention", "set", "annex2", "30", "--reason", "纪要")
    assert "\t未到期，2052-01-01 起方可销毁 / not due before 2052-01-01\n" in show("a")
    run("retention", "hold", "a", "--reason", "审计")
    assert f"now\t已冻结（服务器上的用户 {USER}，北京时间 20" in show("a")
    codes = [each["code"] for each in json.loads(show("a", "--json"))["barred_by"]]
    assert codes == ["hold", "not_due"]
    assert "\t未到期，2052-01-01 起方可销毁，且须先解除冻结 / not due before 2052-01-01, and once" in show(
        "a"
    )
    old = archive.add(entry("old", created=OLD))
    run("retention", "set", "annex2", "10", "--reason", "纪要")
    assert "目前不得销毁" not in show(old.key)


def test_a_file_of_a_destroyed_record_is_recognised(archive, run, tmp_path, monkeypatch):
    monkeypatch.setenv("KEXIE_SECOND_PERSON", "0")
    longer = PRINT + b"longer"
    payload = {"association_name": "云湖县科协"}
    files = {"docx": b"PK one", "pdf": PRINT, "payload": dump(payload)}
    record = archive.add(entry("a", created=OLD, files=files))
    archive.add(entry("b", created=OLD, files={"docx": b"PK two", "pdf": longer}))
    copy, _ = add_copy.add(archive, record, PNG, Settings.from_env())
    manifest = canonical(archive.manifest(record))
    run("retention", "set", "annex2", "10", "--reason", "纪要")
    listed = json.loads(run("retention", "propose", "--json").stdout)["id"]
    file = tmp_path / "file"
    run("retention", "destroy", listed, "--records", "2")
    for content, name in ((b"PK one", "Word 文书"), (PNG, copy.name), (manifest, "清单")):
        file.write_bytes(content)
        printed = run("records", "identify", str(file)).stdout
        assert "是已销毁档案的文件 / A file of a destroyed record\n" in printed
        assert f"与档案“a”第 1 版的“{name}”完全相同" in printed
        assert f"按销毁清册 {listed} 销毁。" in printed
    found = json.loads(run("records", "identify", str(file), "--json").stdout)
    assert (found["result"], found["record"], found["part"]) == ("destroyed", None, "manifest")
    assert (found["destroyed"]["key"], found["destroyed"]["list"]) == (record.key, listed)
    title = edition("annex2", 2021).title
    assert (found["destroyed"]["title"], found["destroyed"]["ended_by_name"]) == (title, "")
    logged = json.loads(run("audit", "--action", "identify", "--json").stdout)
    assert {(row["id"], row["detail"].split(" sha256=")[0]) for row in logged} == {
        ("a", f"destroyed file={name}") for name in (copy.name, "docx", "manifest")
    }
    for content, id in ((PRINT + b"stamp", "a"), (longer + b"stamp", "b")):
        file.write_bytes(content)
        printed = run("records", "identify", str(file)).stdout
        assert (
            "是已销毁档案的 PDF，其后加了内容，没有核验 / "
            "The PDF of a destroyed record; what was added was not examined\n" in printed
        )
        assert f"开头与档案“{id}”第 1 版的“PDF 文书”完全相同，后面加的内容没有核验。" in printed
        assert f"按销毁清册 {listed} 销毁。" in printed
        found = json.loads(run("records", "identify", str(file), "--json").stdout)
        assert [found[name] for name in ("result", "part", "continued")] == ["destroyed", "pdf", True]
    file.write_bytes(pdfs.carrying(made.blank_pdf("elsewhere"), payload, "annex2"))
    assert "不是归档的那一份，但内容与已销毁的档案相同" in run("records", "identify", str(file)).stdout
    logged = json.loads(run("audit", "--action", "identify", "--json").stdout)
    assert [(row["id"], row["detail"].split(" sha256=")[0]) for row in logged[-3::2]] == [
        ("b", "destroyed_continued file=pdf signatures=unverified"),
        ("a", "destroyed_data"),
    ]
    for row, act in (
        (logged[0], "核对文件：已销毁档案的文件，Word 文书，文件的 SHA-256 为 "),
        (logged[-2], "核对文件：已销毁档案的 PDF，其后有添加，PDF 文书，签名：没有核验，文件的 SHA-256 为 "),
        (logged[-1], "核对文件：另一份文件，内容与已销毁的档案相同，文件的 SHA-256 为 "),
    ):
        assert display_names.act(row["action"], row["detail"]).zh.startswith(act)
    with Archive.open(Settings.from_env()) as opened:
        assert identify(opened, content, Settings.from_env(), "云湖县").result == "unknown"
        assert identify(opened, PRINT[:-1] + b"another", Settings.from_env()).result == "unknown"


def test_what_was_never_there_is_unknown_and_several_are_named(archive, run, show):
    result = run("records", "show", "nobody")
    assert (result.exit_code, "没有记录号或编号为" in result.stderr) == (2, True)
    for year in (2021, 2022):
        archive.add(entry("a", year=year, created=OLD, files={"docx": b"PK"}))
    assert "2 条档案" in run("records", "show", "a").stderr
    run("retention", "set", "annex2", "10", "--reason", "纪要")
    listed = json.loads(run("retention", "propose", "--json").stdout)
    run("retention", "destroy", listed["id"], "--records", "2")
    assert "2 条已销毁的档案" in run("records", "show", "a").stderr
