"""Pictures of every page, wide and narrow, light and dark, into docs/screenshots/.

Run from a checkout: `make screenshots`, or `.venv/bin/python -m benchmarks.screenshots`.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from benchmarks.helpers import archive_shots, browsing
from service import catalog

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "screenshots"
SIZES = {"wide": (1280, 900), "narrow": (360, 740)}
COLOURS = 64  # of a picture: enough for pages of so few, and a third of the bytes


def _settled(page: Page) -> None:
    if page.locator("#preview").is_visible():
        expect(page.locator("#preview-status")).to_have_text(re.compile("最新|up to date"), timeout=60_000)


def _fill(page: Page, form: str, faults: bool = False) -> None:
    sample = catalog.edition(form, 2021).sample("full")
    if faults:
        sample["cover"]["email"] = "kexie@"
        sample["basic_info"]["mobile"] = "无"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "数据.json"
        file.write_text(json.dumps(sample), encoding="utf-8")
        _settled(page)
        before = page.locator("#page").get_attribute("src") or ""
        page.set_input_files("#load-json", file)
        expect(page.locator("#notice")).to_contain_text(re.compile("已载入|is loaded"))
    if page.locator("#preview").is_visible():
        expect(page.locator("#page")).not_to_have_attribute("src", before, timeout=60_000)
    page.get_by_role("button", name=re.compile("关闭|Close")).click()
    _settled(page)
    if faults:
        page.locator("[aria-invalid=true]").first.scroll_into_view_if_needed()


def _preview(page: Page) -> None:
    _fill(page, "annex3")
    tab = page.get_by_role("button", name="预览", exact=True)
    if tab.is_visible():
        tab.click()
    _settled(page)


def _check(page: Page) -> None:
    _fill(page, "annex2")
    page.get_by_label("联系人", exact=True).fill("")
    page.get_by_label("乡镇科协（个）", exact=True).fill("12")
    page.get_by_role("button", name="检查并完成").first.click()
    expect(page.locator("#review-title")).to_be_focused()
    _settled(page)


def _archived(page: Page) -> None:
    _check(page)
    page.locator("[name=confirmed]").check()
    if (again := page.locator("[name=again]")).is_visible():  # another picture's record has the same content
        again.check()
    page.get_by_role("button", name="提交归档").click()
    expect(page.locator("#number")).to_be_visible(timeout=60_000)


def _portal(page: Page) -> None:
    field = page.frame_locator("iframe").get_by_label("联系人", exact=True)
    expect(field).to_have_value("沈砚青", timeout=60_000)


def _blank(page: Page) -> None:
    """A blank form is put in, and the first of its places opened."""
    blank = page.request.get(page.url.replace("/forms/new", "/api/v1/forms/annex3/2021/blank?format=docx"))
    page.set_input_files(
        "#file", {"name": "申报书.docx", "mimeType": "application/octet-stream", "buffer": blank.body()}
    )
    page.locator("#place-1 summary").click()


@dataclass(frozen=True)
class Shot:
    """A page to take: its name, its address, what is done there first."""

    name: str
    address: str
    first: Callable[[Page], None] = _settled


SHOTS = (
    Shot("forms", "/"),
    Shot("annex1", "/forms/annex1/2021", lambda page: _fill(page, "annex1")),
    Shot("annex2", "/forms/annex2/2021", lambda page: _fill(page, "annex2")),
    Shot("errors", "/forms/annex2/2021", lambda page: _fill(page, "annex2", faults=True)),
    Shot("check", "/forms/annex2/2021", _check),
    Shot("archived", "/forms/annex2/2021", _archived),
    Shot("english", "/forms/annex2/2021?lang=en", lambda page: _fill(page, "annex2")),
    Shot("preview", "/forms/annex3/2021", _preview),
    Shot("portal", "{portal}/", _portal),
    Shot("new-form", "/forms/new", _blank),
    Shot("batch", "/batches", archive_shots.finished),
    Shot("batches", "/batches"),
    Shot("records", "/records"),
    Shot("record", "/records", archive_shots.verified),
)


_STILL = "() => document.getAnimations().every((one) => one.playState !== 'running')"


def take(browser: Browser, shot: Shot, address: str) -> None:
    """The four pictures of a page."""
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                locale="zh-CN",
            )
            page = context.new_page()
            page.goto(address)
            page.get_by_role("heading", level=1).first.wait_for()
            shot.first(page)
            for frame in page.frames:
                frame.wait_for_function(_STILL)
            _write(page.screenshot(), OUT / f"{shot.name}-{size}-{scheme}.png")
            context.close()


def _write(png: bytes, path: Path) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)


def main() -> int:
    """Takes every picture."""
    OUT.mkdir(parents=True, exist_ok=True)
    ports = browsing.free_port(), browsing.free_port()
    address, portal = (f"http://127.0.0.1:{port}" for port in ports)
    portal_server = str(ROOT / "samples" / "portal" / "server.py")
    script = [sys.executable, portal_server, str(ports[1]), address]
    with (
        browsing.service({"KEXIE_FRAME_ANCESTORS": portal}, ports[0]),
        browsing.running(script, portal),
        browsing.browser() as browser,
    ):
        for shot in SHOTS:
            base = "" if "{portal}" in shot.address else address
            take(browser, shot, base + shot.address.format(portal=portal))
    return 0


if __name__ == "__main__":
    sys.exit(main())
