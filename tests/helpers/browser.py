"""A page in the browser, and what a person does with it."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

#: Chromium without windows of its own: a visit takes two thirds of the processor time.
CHROMIUM = "/usr/bin/chromium-headless-shell"
AXE = Path(__file__).parent / "axe-core" / "axe.min.js"
ANNEX2 = "/forms/annex2/2021"
SECTION = {1: "一、基本情况", 4: "四、提升计划项目经费预算", 5: "五、审核意见"}
UP_TO_DATE = re.compile("预览已是最新|Preview is up to date")
_DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  return carried;
}"""


class Visit:
    """One person's browser at one page; `problems` are its scripts' errors, `hosts` whom it asked."""

    def __init__(self, browser, service, address, *, width=1280, dark=False, script=True, axe=False):
        self.context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
            java_script_enabled=script,
            accept_downloads=True,
        )
        if axe:
            self.context.add_init_script(path=AXE)
        self.problems: list[str] = []
        self.hosts: set[str] = set()
        self.page = self.context.new_page()
        self.page.set_default_timeout(300_000)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._console)
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self.page.goto(service + address if address.startswith("/") else address)

    def _console(self, message):
        # The console reports each response with an error status; the tests cause many.
        broken = message.type == "error" and not message.text.startswith("Failed to load resource")
        if broken or "Content Security Policy" in message.text:
            self.problems.append(message.text)

    def _answered(self, response):
        if response.status >= 400 and "/static/" in response.url:
            self.problems.append(f"{response.status} {response.url}")

    def _asked(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in ("blob", "data"):
            self.hosts.add(parts.netloc)


def section(page, name):
    """A section of the form by its heading."""
    return page.get_by_role("region", name=name, exact=True)


def choose(page, question, answer):
    """Answers a question with 是, 否 or 未填."""
    page.get_by_role("group", name=question, exact=True).get_by_role("radio", name=answer).check()


def up_to_date(page):
    """Waits until the preview shows the document as it is."""
    expect(page.locator("#preview-status")).to_have_text(UP_TO_DATE)


def picture(page):
    """The address of the picture that the preview shows; another for each."""
    return page.locator("#page").get_attribute("src")


def renewed(page, before):
    """Waits for a newer picture than `before` in the preview."""
    expect(page.locator("#page")).not_to_have_attribute("src", before)
    up_to_date(page)
    return picture(page)


def messages_beside(page, label):
    """The messages beside the field of a label."""
    named = page.get_by_label(label, exact=True).first.get_attribute("aria-describedby")
    place = named.split()[-1]
    return page.locator(f'[id="{place}"]')


def downloaded(page, button):
    """The name and the bytes of the file that a button saves."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def paste(page, target, text):
    """Pastes a text into an element, from the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    target.focus()
    page.keyboard.press("Control+V")


def drop(page, name, content):
    """Drops a file on the page."""
    carried = page.evaluate_handle(_DROP, [name, base64.b64encode(content).decode()])
    page.dispatch_event("body", "dragover", {"dataTransfer": carried})
    page.dispatch_event("body", "drop", {"dataTransfer": carried})


def looks(page, *widths):
    """Each way to look at a page, one after another: its width, and whether it is dark."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        for dark in (False, True):
            page.emulate_media(color_scheme="dark" if dark else "light")
            yield width, dark


def violations(page):
    """What axe-core finds, once no colour changes any more: the rule, and the elements."""
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    found = page.evaluate("async () => (await axe.run()).violations")
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]
