"""What the pictures of the batch and archive pages show: a sheet of 30 rows of which 3 are faulty."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from service import catalog
from service.batch.sheets import blank_sheet

FAULTS = {4: {"email": "kexie@"}, 11: {"contact_phone": "无"}, 23: {"email": "云泽县科协"}}


def sheet(applicant: str = "", count: int = 30) -> bytes:
    """The .xlsx of the batch of `count` rows; `applicant`, with {number} in it, is each row's, if given."""
    edition = catalog.edition("annex2", 2021)
    rows = []
    for number in range(1, count + 1):
        sample = edition.sample("full")
        if applicant:
            sample["cover"]["applicant"] = applicant.format(number=number)
        sample["cover"] |= FAULTS.get(number, {})
        rows.append((f"3201-{number:04}", sample))
    return blank_sheet.make(edition, rows)


def send(page: Page) -> None:
    """Sends the sheet; the same again is the same batch."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "云泽市2021年度申报.xlsx"
        file.write_bytes(sheet())
        page.set_input_files("#file", file)
        page.locator("#send button").click()
        page.locator("#state").wait_for()


def finished(page: Page) -> None:
    """Sends the sheet, and waits for the end of its batch."""
    send(page)
    expect(page.locator("#state")).to_have_text(re.compile("已结束|Finished"), timeout=180_000)
    page.locator("#errors").wait_for()


def verified(page: Page) -> None:
    """Opens the first record of the archive, and verifies it."""
    page.locator(".list a").first.click()
    page.locator("#page").wait_for()
    page.locator("#verify").click()
    page.locator("#verified").wait_for()
