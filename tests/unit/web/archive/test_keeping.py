"""The page of a record says how long it is kept, whether it is on hold, and its archival code."""

from __future__ import annotations

import re
from html import unescape

import pytest

from service import create_app
from service.archive import Archive
from service.audit.event import process_actor
from service.config import Settings
from service.handover import archival_codes
from service.retention import holds, periods
from service.retention.periods import Period
from tests.helpers.archive import numbered

USER = process_actor().who.removeprefix("user:")


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive")})) as opened:
        yield opened


@pytest.fixture
def client(archive, tmp_path):
    app = create_app({"KEXIE_ARCHIVE": str(tmp_path / "archive")})
    yield app.test_client()
    app.config["KEXIE_ARCHIVE_HANDLE"].close()


def kept(client, record, lang="zh"):
    page = client.get(f"/records/{record.key}?lang={lang}").get_data(as_text=True)
    (found,) = re.findall(r'id="keeping">(.*?)</p>', page, re.DOTALL)
    return " ".join(unescape(re.sub("<[^>]+>", "", found)).split())


def test_how_long_a_record_is_kept(archive, client):
    record = archive.add(numbered(1, "甲"))
    assert kept(client, record) == "永久保管 · 保管、冻结"
    with archive.writing() as connection:
        periods.set_period(connection, Period("annex2", 2021, 30), process_actor(), "纪要")
        holds.hold(connection, record, "审计", process_actor())
        archival_codes.give(connection, [record], {record.key: "X043-WS·2021-D30"})
    assert kept(client, record) == (
        f"保管期限 30 年，到 2051年12月31日 · 已冻结，不得销毁（依据：审计；服务器上的用户 {USER}） "
        "· 档号 X043-WS·2021-D30-0001 · 保管、冻结"
    )
    assert kept(client, record, "en") == (
        "Kept for 30 years, until 2051-12-31 "
        f"· On hold: may not be destroyed (reason: 审计; user {USER} on the server) "
        "· Archival code X043-WS·2021-D30-0001 · Retention"
    )
