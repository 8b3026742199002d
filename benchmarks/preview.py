"""How soon a change is seen in the preview, in a real browser, beside a bare conversion of the same document.

Prints median, p95 and least over 20 edits, in turn with 20 conversions; exits 1 when the bar is missed.
Run from a checkout: `.venv/bin/python -m benchmarks.preview`.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, expect

from benchmarks.helpers import browsing, report
from benchmarks.helpers.report import Bar, Row, judge, of_least, timed
from service import catalog, conversion, generate
from service.config import Settings

EDITS, WARMING = 20, 3
MOST_TIMES = 3
# In the page: when each key was struck, when the form asked, and when the new page had been painted.
_WATCH = """() => {
  window.times = {};
  addEventListener("input", () => { window.times = { typed: performance.now() }; }, true);
  const fetched = window.fetch;
  window.fetch = (...all) => { window.times.asked ??= performance.now(); return fetched(...all); };
  const image = document.getElementById("page");
  new MutationObserver(async () => {
    await image.decode();
    requestAnimationFrame(() => setTimeout(() => { window.times.painted = performance.now(); }));
  }).observe(image, { attributeFilter: ["src"] });
}"""


def edit(page: Page, number: int) -> tuple[float, float]:
    """Seconds from the last key, and from the end of the pause, to the new page on screen."""
    page.get_by_label("联系人", exact=True).press_sequentially(str(number % 10), delay=60)
    page.wait_for_function("() => window.times.painted", timeout=60_000)
    times = page.evaluate("() => window.times")
    return (times["painted"] - times["typed"]) / 1000, (times["painted"] - times["asked"]) / 1000


def bare(settings: Settings, number: int) -> float:
    """Seconds of converting the same document with a warm pool, no two the same."""
    sample = catalog.edition("annex2", 2021).sample("full")
    sample["cover"]["contact_person"] = f"沈砚青{number}"
    docx = generate("annex2", 2021, sample, ("docx",))["docx"]
    return timed(lambda: conversion.convert(docx, settings))


def measured(folder: Path) -> dict[str, list[float]]:
    """The three rows of figures, by name; an edit and a bare conversion take turns."""
    settings = replace(Settings.from_env(), temp_dir=folder)
    sample = folder / "sample.json"
    sample.write_text(json.dumps(catalog.edition("annex2", 2021).sample("full")), encoding="utf-8")
    given = {"KEXIE_TEMP_DIR": str(folder)}
    with browsing.service(given) as address, browsing.browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/forms/annex2/2021")
        expect(page.locator("#preview-status")).to_have_text("预览已是最新", timeout=60_000)
        before = page.locator("#page").get_attribute("src") or ""
        page.set_input_files("#load-json", sample)
        expect(page.locator("#page")).not_to_have_attribute("src", before, timeout=60_000)
        expect(page.locator("#preview-status")).to_have_text("预览已是最新", timeout=60_000)
        page.evaluate(_WATCH)
        conversion.warm(settings)
        try:
            taken = [(*edit(page, number), bare(settings, number)) for number in range(WARMING + EDITS)]
        finally:
            conversion.leave_all()
    key, pause, converted = (list(values) for values in zip(*taken[WARMING:], strict=True))
    return {"bare": converted, "pause": pause, "key": key}


def cells(seconds: list[float]) -> list[str]:
    """Median, 95th percentile and least in ms."""
    return [f"{each * 1000:.0f}" for each in (statistics.median(seconds), report.p95(seconds), min(seconds))]


def main() -> int:
    """Prints the table; the exit code: 1 when the bar is missed."""
    with tempfile.TemporaryDirectory(prefix="kexie-", dir=Settings.from_env().temp_dir) as folder:
        figures = measured(Path(folder))
        print(report.machine(Settings.from_env().soffice, Path(folder)))
    rows = [
        Row(f"预览，{EDITS} 次修改", f"Preview, {EDITS} edits", ["median ms", "p95 ms", "least ms"]),
        Row("只转换", "bare conversion", cells(figures["bare"])),
        Row("停顿后到新预览上屏", "from the pause to the new page on screen", cells(figures["pause"])),
        Row("最后一键到新预览上屏", "from the last key to it, pause included", cells(figures["key"])),
    ]
    print(report.markdown(rows) if "--markdown" in sys.argv else report.plain(rows))
    ratio = of_least(figures["pause"], figures["bare"])
    return judge(
        [Bar("from the pause to the screen, in times of the bare conversion", ratio, most=MOST_TIMES)]
    )


if __name__ == "__main__":
    sys.exit(main())
