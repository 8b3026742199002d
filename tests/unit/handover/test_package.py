"""The package for an archive: metadata valid by the schema, codes that stay, the history of the audit log."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from dataclasses import asdict
from datetime import UTC, datetime

import bagit
import docx
import sqlalchemy
from lxml import etree

from service.access import ApiKeys
from service.archive import Archive, sm3
from service.archive.additions import add_file
from service.archive.additions.addition import PDF, SEALED, SIGNED
from service.archive.bagit_export import tagmanifest
from service.audit import audit_chain
from service.audit.event import Actor, Event, on_record, process_actor
from service.config import Settings
from service.handover import archival_codes
from service.handover.metadata import NAMESPACE
from service.retention import destruction_list, holds, periods
from service.retention.periods import Period
from service.signatures.verdicts import Signature
from tests.helpers.archive import Tamper, entry, read_only
from tests.helpers.docx_builder import form, parts, zipped

NAMES = {"m": NAMESPACE}
CLASSED = ("--profile", "dat46", "--fonds", "X043", "--department", "科普部", "--secrecy", "公开")
SIGNING = {"level": "PAdES B-T", "signer": "县级科协", "certificate": "0" * 64, "stamped": True}
SECRET = "只在报文里的地址"


def named(id, name="云泽县科学技术协会", mark="", **more):
    payload = {"cover": {"applicant": name, "mailing_address": SECRET}}
    text = json.dumps(payload, ensure_ascii=False).encode()
    document = zipped({**parts(form()), "mark.txt": id + mark})
    return entry(id, files={"payload": text, "docx": document}, **more)


def rows(package):
    text = (package / "data" / "移交目录.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def noted(package):
    return (package / "data" / "说明.txt").read_text(encoding="utf-8")


def parsed(package, code):
    schema = etree.XMLSchema(etree.parse(package / "data" / "元数据方案.xsd"))
    found = etree.parse(package / "data" / code / "元数据.xml")
    schema.assertValid(found)
    return found


def texts(found, path):
    return found.xpath(path, namespaces=NAMES)


def test_a_package_has_each_record_with_metadata_that_are_valid_by_its_schema(run, archive, place):
    first = archive.add(named("a"))
    archive.add(named("a", mark=" changed"))
    archive.add(named("b"))
    with archive.writing() as connection:
        periods.set_period(connection, Period("annex2", 2021, 30), process_actor(), "纪要")
        holds.hold(connection, first, "审计", process_actor())
    done = run("export", *CLASSED, "--department-code", "KPB", "-o", "package")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("已导出 2 件，共 3 版、")
    bag = bagit.Bag("package")
    bag.validate()
    assert bag.info["Fonds"] == "X043"
    listed = rows(place / "package")
    assert [row["档号"] for row in listed] == ["X043-WS·2021-D30-KPB-0001", "X043-WS·2021-D30-KPB-0002"]
    assert (listed[0]["责任者"], listed[0]["日期"], listed[0]["文件数"]) == (
        "云泽县科学技术协会",
        "2021-03-09",
        "6",
    )
    found = parsed(place / "package", listed[0]["档号"])
    for name, value in {
        "全宗号": "X043",
        "年度": "2021",
        "保管期限": "30年",
        "机构或问题": "科普部",
        "室编件号": "0001",
        "责任者": "云泽县科学技术协会",
        "日期": "2021-03-09",
        "密级": "公开",
        "文件编号": "a",
    }.items():
        assert texts(found, f"string(//m:{name})") == value
    assert texts(found, "string(//m:题名)").endswith("（云泽县科学技术协会）")
    acts = texts(found, "//m:业务行为/text()")
    assert acts == ["归档", "归档", "冻结，不得销毁"]
    assert all(re.fullmatch(r"user:\w+", who) for who in texts(found, "//m:机构人员标识/text()"))
    assert SECRET not in etree.tostring(found, encoding="unicode")


def test_every_file_is_described_by_its_path_size_and_hash(run, archive, place):
    archive.add(named("a"))
    archive.add(named("a", mark=" changed"))
    run("export", *CLASSED, "-o", "package")
    folder = place / "package" / "data" / "X043-WS·2021-Y-0001"
    found = parsed(place / "package", folder.name)
    described = {each.get("路径"): each for each in texts(found, "//m:计算机文件")}
    inside = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert set(described) == inside - {"元数据.xml"}
    digests = dict(
        reversed(line.split("  ", 1))
        for line in (place / "package" / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()
    )
    for path, each in described.items():
        assert int(texts(each, "string(m:计算机文件大小)")) == (folder / path).stat().st_size
        assert texts(each, "string(m:校验值)") == digests[f"data/{folder.name}/{path}"]


def test_sealed_copies_their_signatures_and_sm3_are_described(run, archive, place, monkeypatch):
    if sm3.available():
        monkeypatch.setenv("KEXIE_SM3", "1")
    with Archive.open(Settings.from_env()) as with_sm3:
        record = with_sm3.add(named("a"))
    signature = asdict(
        Signature("changed", "Signature1", signer="云泽县科协", time="2021-03-10T01:00:00+00:00")
    )
    found = {"match": "unknown", "verdict": "changed", "signatures": [signature]}
    copy, _ = add_file.add(archive, record, SEALED, b"%PDF-1.7 sealed", PDF, found, process_actor())
    signed, _ = add_file.add(archive, record, SIGNED, b"%PDF-1.7 signed", PDF, SIGNING, process_actor())
    assert run("export", *CLASSED, "-o", "package").exit_code == 0
    described = parsed(place / "package", "X043-WS·2021-Y-0001")
    signatures = [[child.text for child in each] for each in texts(described, "//m:电子签名")]
    assert signatures == [
        ["盖章件-1.pdf", "云泽县科协", "2021-03-10T01:00:00+00:00", "签署后有改动"],
        ["签名件-1.pdf", "县级科协", "PAdES B-T"],
    ]
    names = texts(described, "//m:计算机文件/@路径")
    assert {"盖章件-1.pdf", "盖章件-1.json", "签名件-1.pdf"} <= set(names)
    kinds = texts(described, "//m:校验值/@算法")
    assert kinds.count("SM3") == (2 if sm3.available() else 0)
    assert texts(described, "//m:业务行为/text()") == ["归档", "添加盖章件", "签名"]
    assert texts(described, "//m:行为描述/text()") == [
        "成功",
        f"成功：第 1 份盖章件，校验值 {copy.file.sha256}",
        f"成功：PDF 文书（本服务已签名），校验值 {signed.file.sha256}",
    ]


def test_the_history_has_the_names_of_keys_and_what_failed(run, archive, place):
    record = archive.add(named("a"))
    key, nameless = (
        ApiKeys(archive.engine).add("", ["archive:read"], name)[0] for name in ("档案馆对接", "")
    )
    acts = [(f"key:{key.id}", "ok"), (f"embed:{key.id}", "unknown_record"), (f"key:{nameless.id}", "ok")]
    with archive.writing() as connection:
        for who, result in acts:
            event = Event(Actor(who, "-"), "download", **on_record(record), detail="pdf", result=result)
            audit_chain.note(connection, event)
    assert run("export", *CLASSED, "-o", "package").exit_code == 0
    history = texts(parsed(place / "package", "X043-WS·2021-Y-0001"), "//m:行为")[1:]
    assert [[child.text for child in act][2:] for act in history] == [
        [f"key:{key.id}", "档案馆对接", "成功：PDF 文书"],
        [f"embed:{key.id}", "档案馆对接", "unknown_record：PDF 文书"],
        [f"key:{nameless.id}", "成功：PDF 文书"],
    ]


def test_a_code_stays_and_is_given_to_nobody_else(run, archive, place):
    archive.add(named("b"))
    run("export", *CLASSED, "-o", "first")
    archive.add(named("a"))
    archive.add(named("b", mark=" changed"))
    run("export", *CLASSED, "-o", "second")
    assert [(row["文件编号"], row["档号"][-4:]) for row in rows(place / "second")] == [
        ("a", "0002"),
        ("b", "0001"),
    ]
    found = parsed(place / "second", "X043-WS·2021-Y-0001")  # its history has the first hand-over
    assert texts(found, "//m:业务行为/text()") == ["归档", "导出档案", "归档"]
    digest = hashlib.sha256((place / "first" / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    described = texts(found, "//m:行为描述/text()")[1]
    assert described == f"成功：移交包，包的校验值 {digest}，密级 公开，机构或问题 科普部"
    run("retention", "set", "annex2", "10年", "--reason", "纪要")
    refused = run("export", *CLASSED, "-o", "third")
    assert refused.exit_code == 2
    assert "有 2 件已编的档号" in refused.output
    assert "a X043-WS·2021-Y-0002 → X043-WS·2021-D10" in refused.output
    assert not (place / "third").exists()
    assert run("export", *CLASSED, "--renumber", "-o", "third").exit_code == 0
    assert [(row["档号"], row["备注"]) for row in rows(place / "third")] == [
        ("X043-WS·2021-D10-0001", "原档号 X043-WS·2021-Y-0002，已作废"),
        ("X043-WS·2021-D10-0002", "原档号 X043-WS·2021-Y-0001，已作废"),
    ]
    assert "改编过档号的 2 件，原档号见移交目录" in noted(place / "third")
    assert [row["备注"] for row in rows(place / "second")] == ["", ""]


def test_another_department_or_secrecy_than_before_is_refused_until_it_is_confirmed(run, archive, place):
    archive.add(named("a"))
    run("export", *CLASSED, "--id", "a", "-o", "first")
    archive.add(named("b"))
    now = ("--profile", "dat46", "--fonds", "X043", "--department", "学会 部", "--secrecy", "内部")
    refused = run("export", *now, "-o", "second")
    assert refused.exit_code == 2
    words = "有 1 件上次移交时的机构或密级与现在给出的不同：annex2 2021 a（"
    preview = ("export", "--profile", "dat46", "--dry-run", "--json")
    foreseen = run(*preview, "--secrecy", "内部")
    assert (foreseen.exit_code, json.loads(foreseen.stdout)["items"]) == (0, 2)
    assert words in foreseen.stderr
    assert "移交：密级 公开 → 内部）" in foreseen.stderr
    for same in ((), ("--secrecy", "公开"), ("--secrecy", "内部", "--renumber")):
        assert "上次移交" not in run(*preview, *same).stderr
    assert words in refused.output
    assert "移交：机构或问题 科普部 → 学会 部，密级 公开 → 内部）" in refused.output
    assert not (place / "second").exists()
    assert run("export", *now, "--id", "b", "-o", "other").exit_code == 0
    assert run("export", *now, "--renumber", "-o", "second").exit_code == 0
    assert [row["档号"] for row in rows(place / "second")] == ["X043-WS·2021-Y-0001", "X043-WS·2021-Y-0002"]
    assert run("export", *now, "-o", "third").exit_code == 0
    assert "公开 → 内部" not in (back := run("export", *CLASSED, "-o", "fourth")).output
    assert (back.exit_code, "内部 → 公开" in back.output) == (2, True)


def test_the_preview_names_the_packages_in_which_records_were_handed_over(run, archive, place):
    archive.add(named("a"))
    archive.add(named("a", mark=" changed"))
    archive.add(named("b"))
    bag = run("export", "-o", "bag")
    assert f"包的校验值 {tagmanifest(place / 'bag')} /" in bag.output
    assert "移交过" not in run("export", *CLASSED, "--dry-run").output
    made = [
        json.loads(run("export", *CLASSED, *of, "--json", "-o", name).stdout)["tagmanifest"]
        for name, of in (("first", ()), ("second", ("--id", "b")))
    ]
    assert made[0] == hashlib.sha256((place / "first" / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    assert f"包的校验值 {made[0]} /" in run("verify", "--package", "first").output
    assert json.loads(run("verify", "--package", "second", "--json").stdout)["tagmanifest"] == made[1]
    *_, latest, oldest = run("export", *CLASSED, "--dry-run").output.splitlines()
    for line, count, package in ((latest, 1, made[1]), (oldest, 2, made[0])):
        assert re.match(
            rf"其中 {count} 件已移交过：北京时间 20\d\d-\d\d-\d\d \d\d:\d\d，服务器上的用户 \w+，"
            rf"机构或问题 科普部，密级 公开，包的校验值 {package} /",
            line,
        ), line
    seen = json.loads(run("export", *CLASSED, "--dry-run", "--json").stdout)
    assert [(each["tagmanifest"], each["items"], each["last"][0]["id"]) for each in seen["earlier"]] == [
        (made[1], 1, "b"),
        (made[0], 2, "a"),
    ]


def test_the_codes_of_several_records_are_asked_for_at_once(archive):
    records = [archive.add(entry(id)) for id in "abc"]
    series = {each.key: "X043" for each in records}
    asked = []
    with archive.writing() as connection:
        archival_codes.give(connection, records[:2], series)
        sqlalchemy.event.listen(connection, "before_cursor_execute", lambda *of: asked.append(of[2]))
        known = archival_codes.refuse_reclassified(connection, records, series, renumber=False)
    assert [str(known[each.key]) for each in records] == ["X043-0001", "X043-0002", "None"]
    assert len(asked) == 1


def test_the_code_of_a_destroyed_submission_is_not_given_again(run, archive, place, monkeypatch):
    monkeypatch.setenv("KEXIE_SECOND_PERSON", "0")
    archive.add(named("old", created=datetime(2010, 3, 9, tzinfo=UTC)))
    run("retention", "set", "annex2", "10年", "--reason", "纪要")
    run("export", *CLASSED, "-o", "first")
    proposed = json.loads(run("retention", "propose", "--json").stdout)
    assert run("retention", "destroy", proposed["id"], "--records", 1).exit_code == 0
    archive.add(named("new"))
    assert run("export", *CLASSED, "-o", "second").exit_code == 0
    assert [row["档号"] for row in rows(place / "second")] == ["X043-WS·2021-D10-0002"]
    assert "已按销毁清册销毁的 1 件，不在包内：annex2 2021 old\n" in noted(place / "second")
    assert "销毁的 1 件" not in noted(place / "first")


def test_what_the_service_cannot_know_is_asked_for_at_once(run, archive, monkeypatch):
    archive.add(named("a"))
    refused = run("export", "--profile", "dat46", "--fonds", "x", "-o", "package")
    assert refused.exit_code == 2
    for name in ("KEXIE_FONDS", "KEXIE_DEPARTMENT", "KEXIE_SECRECY"):
        assert name in refused.output
    assert run("export", "--fonds", "X043", "-o", "package").exit_code == 2
    for name, value in (("FONDS", "X043"), ("DEPARTMENT", "科普部"), ("SECRECY", "内部")):
        monkeypatch.setenv(f"KEXIE_{name}", value)
    assert run("export", "--profile", "dat46", "-o", "package").exit_code == 0


def test_a_record_without_submitter_is_named(run, archive):
    archive.add(named("nobody", name=""))
    done = run("export", *CLASSED, "-o", "package")
    assert done.exit_code == 0
    assert "“annex2 2021 nobody”没有责任者" in done.output


def test_items_of_several_tenants_are_named_with_their_tenant(run, archive):
    archive.add(named("a", name="", tenant="云泽县"))
    seen = ("export", *CLASSED, "--dry-run")
    assert "“云泽县 annex2 2021 a”没有责任者" in run(*seen).output
    assert "“annex2 2021 a”没有责任者" in run(*seen, "--tenant", "云泽县").output


def test_a_damaged_file_and_an_empty_selection_make_no_package(run, archive, place):
    assert run("export", *CLASSED, "-o", "package").exit_code == 2
    record = archive.add(named("a"))
    Tamper(archive).write(record.files["docx"].sha256, b"PK")
    assert run("export", *CLASSED, "-o", "package").exit_code == 6
    assert sorted(path.name for path in place.iterdir()) == ["kept"]


def test_what_is_usually_not_handed_over_is_said_beforehand_and_left_out_on_request(run, archive, place):
    held, usual = archive.add(named("held")), archive.add(named("u"))
    short = archive.add(named("held", year=2020))
    with archive.writing() as connection:
        periods.set_period(connection, Period("annex2", 2020, 10), process_actor(), "纪要")
        holds.hold(connection, held, "审计", process_actor())
    foreseen = run("export", *CLASSED, "--dry-run")
    assert foreseen.exit_code == 0, foreseen.output
    for words in (
        "将移交 3 件",
        "“annex2 2021 held”已冻结（在包内",
        "“annex2 2020 held”保管期限不超过 10 年",
    ):
        assert words in foreseen.output
    assert sorted(path.name for path in place.iterdir()) == ["kept"]
    done = run("export", *CLASSED, "--usual", "-o", "package")
    assert "未移交 2 件" in done.output
    assert "“annex2 2021 held”已冻结（不移交）" in done.output
    assert [row["记录号"] for row in rows(place / "package")] == [usual.key]
    notes = noted(place / "package")
    for words in (
        "所选范围：全部档案。\n其中 2 件没有移交，",
        "已冻结的 1 件，没有移交：annex2 2021 held\n",
        "保管期限不超过 10 年的 1 件，没有移交：annex2 2020 held\n",
    ):
        assert words in notes, notes
    whole = json.loads(run("export", *CLASSED, "--json", "-o", "whole").stdout)
    assert whole["short_items"] == [{"tenant": "", "form": "annex2", "year": 2020, "id": "held"}]
    assert (whole["items"], whole["held"], whole["short"]) == (3, ["held"], ["held"])
    assert {row["记录号"] for row in rows(place / "whole")} == {held.key, short.key, usual.key}
    assert "已冻结的 1 件，也在包内：annex2 2021 held\n" in noted(place / "whole")


def test_what_an_open_destruction_list_names_is_said_beforehand(run, archive):
    archive.add(named("old", year=2009, created=datetime(2010, 3, 1, tzinfo=UTC)))
    with archive.writing() as connection:
        periods.set_period(connection, Period("annex2", 2009, 15), process_actor(), "纪要")
    destruction_list.propose(archive, process_actor())
    foreseen = run("export", *CLASSED, "--dry-run")
    assert "“annex2 2009 old”在未执行的销毁清册中，请先撤回清册，或不移交" in foreseen.output
    assert json.loads(run("export", *CLASSED, "--dry-run", "--json").stdout)["proposed"] == ["old"]


def test_the_numbers_in_the_notes_agree_with_the_bag(run, archive, place):
    archive.add(named("a"))
    archive.add(named("a", mark=" changed"))
    archive.add(named("b"))
    done = run("export", *CLASSED, "--year", 2021, "--period", "永久", "--json", "-o", "package")
    count, data = json.loads(done.stdout), place / "package" / "data"
    size, files = map(int, bagit.Bag("package").info["Payload-Oxum"].split("."))
    notes = noted(place / "package")
    for words in (
        "件数：2\n版次：3",
        f"文件数：{count['files']}（",
        f"字节数：{count['size']}（",
        f"data 目录下的全部文件，共 {files} 个：\n上述 {count['files']} 个，元数据 2 个，",
        "所选范围：年度 2021、保管期限 永久。\n其中没有因",
    ):
        assert words in notes, notes
    beside = [
        data / "移交目录.csv",
        data / "元数据方案.xsd",
        data / "说明.txt",
        data / "移交登记表.docx",
        *data.glob("*/元数据.xml"),
    ]
    own = sum(path.stat().st_size for path in beside)
    assert count["size"] + own == size


def test_a_package_is_selected_by_period_and_ids_none_of_which_is_silently_missing(run, archive, place):
    archive.add(named("a"))
    archive.add(named("b", year=2020))
    run("retention", "set", "annex2", "30", "--year", "2020", "--reason", "纪要")
    assert run("export", *CLASSED, "--period", "30年", "-o", "thirty").exit_code == 0
    assert [row["文件编号"] for row in rows(place / "thirty")] == ["b"]
    assert run("export", *CLASSED, "--period", "永久", "--id", "a", "-o", "one").exit_code == 0
    assert [row["文件编号"] for row in rows(place / "one")] == ["a"]
    refused = run("export", *CLASSED, "--period", "永久", "--id", "a", "--id", "b", "-o", "two")
    assert (refused.exit_code, "没有 1 个编号：b" in refused.output) == (2, True)
    assert not (place / "two").exists()
    assert run("export", "--id", "a", "-o", "bag").exit_code == run("export").exit_code == 2


def test_the_register_has_the_numbers_of_the_package_and_blanks_for_both_sides(run, archive, place):
    archive.add(named("a"))
    archive.add(named("a", mark=" changed"))
    archive.add(named("b", year=2020))
    run("retention", "set", "annex2", "30", "--year", "2020", "--reason", "纪要")
    count = json.loads(run("export", *CLASSED, "--json", "-o", "package").stdout)
    table, signed = docx.Document(place / "package" / "data" / "移交登记表.docx").tables
    cells = {row.cells[0].text: row.cells[1].text for row in table.rows}
    expected = {
        "移交单位": "",
        "接收单位": "",
        "全宗号": "X043",
        "机构或问题": "科普部",
        "密级": "公开",
        "年度": "2020（1 件）、2021（1 件）",
        "保管期限": "30年（1 件）、永久（1 件）",
        "件数": "2 件，共 3 版",
        "格式": "DOCX（3 个）、JSON（6 个）",
    }
    assert {name: cells[name] for name in expected} == expected
    assert cells["数据量"].startswith(f"{count['files']} 个文件，{count['size']:,} 字节（不超过 1 MiB）")
    assert [cell.text for row in signed.rows for cell in row.cells][:2] == [
        "移交人（签字）：",
        "接收人（签字）：",
    ]


def test_a_bag_names_the_fonds_of_the_settings(run, archive, monkeypatch):
    archive.add(named("a"))
    for fonds, noted in (("", None), ("X043", "X043")):
        monkeypatch.setenv("KEXIE_FONDS", fonds)
        assert run("export", "-o", f"bag{fonds}").exit_code == 0
        bag = bagit.Bag(f"bag{fonds}")
        bag.validate()
        assert bag.info.get("Fonds") == noted


def test_a_read_only_archive_makes_the_same_package_each_time_and_keeps_no_code(run, archive, place):
    archive.add(named("b"))
    run("export", *CLASSED, "-o", "before")
    archive.add(named("a"))
    archive.add(named("c"))
    archive.close()
    with read_only(place / "kept"):
        done = run("export", *CLASSED, "-o", place / "all")
        assert run("export", *CLASSED, "--id", "c", "-o", place / "one").exit_code == 0
    assert done.exit_code == 0, done.output
    assert "新编的档号没有记入档案" in done.output
    codes = {row["文件编号"]: row["档号"][-4:] for row in rows(place / "all")}
    assert codes == {"b": "0001", "a": "0002", "c": "0003"}
    assert [row["档号"][-4:] for row in rows(place / "one")] == ["0003"]
    assert "没有记入档案" in (place / "all" / "data" / "说明.txt").read_text(encoding="utf-8")
    bagit.Bag(str(place / "all")).validate()
