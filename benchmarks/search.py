"""How long it takes to find records among 100,000, and to list 10,000 of them as .xlsx.

The records are rows alone, without files: three forms of six years, of invented associations, in SQLite; in
PostgreSQL with its URL as argument. Each search is asked as the page of the archive asks it: 50 records, and
how many there are. Prints a table of milliseconds; exits 1 when a median or 95th percentile misses the bar.
Run: `.venv/bin/python -m benchmarks.search`.
"""

from __future__ import annotations

import io
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from benchmarks.helpers.report import Bar, judge
from service.archive import Archive, Record, StoredFile
from service.archive.manifest import record_key
from service.archive.object_store import sha256
from service.archive.record_tables import FILES, RECORDS
from service.archive.search import found_records
from service.archive.search.search_table import SEARCH
from service.archive.search.search_text import SearchText
from service.config import Settings
from service.record_lists import list_files

RECORDS_MADE, PAGE, COUNTED, LISTED, TIMES = 100_000, 50, 1_000, 10_000, 60
MOST = 100  # ms
_PIECE = 5_000
_FIRST = datetime(2019, 3, 1, 1, tzinfo=UTC)
_PLACES = "云泽临水泽阳青浦石桥梅岭松河白沙丹溪南屏柳林海棠金陂玉泉长汀竹山荷塘双溪北洲明湖"
_WORDS = ("科技服务开到塘口", "院士专家进企业", "流动科技馆进乡村", "农技协联合会", "青少年科学素质")
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"

SEARCHES: dict[str, dict[str, Any]] = {
    "newest first": {"sort": "-created"},
    "a name of 1 character": {"name": "泽"},
    "a name of 2 characters": {"name": "泽阳"},
    "a name of 2 characters, by name": {"name": "泽阳", "sort": "submitter"},
    "a name of 3 characters": {"name": "泽阳县"},
    "a rare name": {"name": "泽阳县北17镇科学"},
    "a name that all have": {"name": "科学技术协会", "sort": "-created"},
    "an abbreviated name": {"name": "泽阳县北17镇科协"},
    "an abbreviation, and a short name": {"name": "泽阳 科协"},
    "an abbreviation that all have": {"name": "科协", "sort": "-created"},
    "an abbreviation in a text": {"text": "泽阳县 17镇科协 流动科技馆"},
    "a name that none has": {"name": "没有这个县"},
    "two parts of a name": {"name": "泽阳 17镇"},
    "a text": {"text": "流动科技馆"},
    "a text of 2 characters": {"text": "王伟"},
    "a name in a form and year": {"name": "泽阳", "form": "annex2", "year": 2022},
    "a year, by name": {"year": 2024, "sort": "-submitter"},
    "a part of the id": {"holding": "099999"},
    "a year, with warnings": {"year": 2021, "state": "warned"},
    "days of archiving": {"since": _FIRST + timedelta(days=900), "until": _FIRST + timedelta(days=930)},
    "days of archiving, and a name": {"since": _FIRST + timedelta(days=900), "name": "泽"},
    "of all tenants": {"tenant": None, "name": "泽阳县", "sort": "-created"},
}


def records() -> Iterator[tuple[Record, SearchText]]:
    """Invented records, in the order of archiving."""
    chance = random.Random(2021)
    for number in range(RECORDS_MADE):
        form, year = ("annex1", "annex2", "annex3")[number % 3], 2019 + number * 6 // RECORDS_MADE
        of = ("", form, year, f"{form}-{year}-{number:06}", 1)
        digest = sha256(str(number).encode())
        files = {part: StoredFile(digest, 90_000) for part in ("payload", "docx", "pdf")}
        created = _FIRST + timedelta(minutes=30 * number)
        place = 2 * chance.randrange(len(_PLACES) // 2)
        name = _PLACES[place : place + 2] + chance.choice("县市区") + chance.choice("东南西北")
        name += f"{number % 97}镇科学技术协会"
        person = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.randint(1, 2)))
        texts = SearchText(name, (f"{chance.choice(_WORDS)}{number}", person), 7)
        yield Record(record_key(*of), *of, digest, created, digest, files, number % 9 == 0), texts


def fill(archive: Archive) -> None:
    """Inserts the rows of the records."""
    rows: dict[Any, list[dict[str, Any]]] = {RECORDS: [], FILES: [], SEARCH: []}
    for number, (record, texts) in enumerate(records(), 1):
        common = {name: getattr(record, name) for name in ("tenant", "form", "year", "id", "version")}
        common |= {"created": record.created, "warnings": record.warnings}
        own = {"key": record.key, "edition_hash": record.edition_hash, "manifest": record.manifest}
        rows[RECORDS].append(common | own)
        rows[FILES] += [
            {"record": record.key, "part": part, **vars(file)} for part, file in record.files.items()
        ]
        found_by = {"record": record.key, "newest": True, "imported": False, **texts.columns(record.id)}
        rows[SEARCH].append(common | found_by)
        if number % _PIECE == 0:
            with archive.writing() as connection:
                for table, made in rows.items():
                    connection.execute(insert(table), made)
                    made.clear()


def searched(archive: Archive, wanted: dict[str, Any]) -> tuple[list[float], int]:
    """The milliseconds of some searches, every other time a second page, and the number found."""
    wanted = {"tenant": "", **wanted}
    times, after, most = [], None, 0
    for number in range(TIMES):
        begun = time.perf_counter()
        page, count = found_records.page(archive, PAGE, COUNTED, after, **wanted)
        times.append(1000 * (time.perf_counter() - begun))
        after = page[-1].key if len(page) == PAGE and number % 2 == 0 else None
        most = max(most, count)
    return times, most


def listed(archive: Archive, folder: Path) -> tuple[float, float]:
    """The seconds and MiB of a list of 10,000 records as .xlsx."""
    made, begun = io.BytesIO(), time.perf_counter()
    found = archive.records(tenant="", name="科学技术协会", limit=LISTED)
    assert list_files.write(found, "xlsx", made, folder) == LISTED
    return time.perf_counter() - begun, len(made.getvalue()) / 1024**2


def main() -> int:
    """Prints the table; the exit code."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        values = {"KEXIE_ARCHIVE": str(folder / "archive"), "KEXIE_DATABASE_URL": "".join(sys.argv[1:])}
        with Archive.open(
            Settings.from_env({name: value for name, value in values.items() if value})
        ) as archive:
            fill(archive)
            if archive.engine.dialect.name == "postgresql":
                with archive.writing() as connection:
                    connection.execute(text("ANALYZE"))
            print(f"\n{RECORDS_MADE:,} 条记录中查找 / searches among {RECORDS_MADE:,} records, ms\n")
            print(f"  {'':34}{'found':>8}{'median':>9}{'95 %':>9}")
            bars = []
            for what, wanted in SEARCHES.items():
                times, count = searched(archive, wanted)
                median, most = statistics.median(times), statistics.quantiles(times, n=20)[-1]
                print(f"  {what:34}{count:>8}{median:>9.1f}{most:>9.1f}")
                bars += [Bar(f"{what}: 95 %", most, most=MOST, unit=" ms")]
            seconds, size = listed(archive, folder)
            print(f"\n  {LISTED:,} 条写成 .xlsx / as .xlsx: {seconds:.1f} s, {size:.1f} MiB\n")
        return judge(bars)


if __name__ == "__main__":
    sys.exit(main())
