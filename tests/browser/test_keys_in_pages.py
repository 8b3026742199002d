"""A service that asks for keys: the page asks the person, and an embedded form brings its own token."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from browsing import downloaded, up_to_date
from playwright.sync_api import expect
from servers import Server, folder, free_port

PROGRAM = Path(sys.executable).with_name("kexie-forms")
PREFILL = {"case_name": "社区老人的手机课堂"}


@pytest.fixture(scope="module")
def keyed(temporary):
    """The address of a service with one key, and the key."""
    with folder() as root:
        port = free_port()
        given = {"KEXIE_ARCHIVE": str(root / "archive"), "KEXIE_SECRET": "geheim " * 8}
        command = [PROGRAM, "keys", "add", "--tenant", "云泽县", "--scope", "generate", "--json"]
        said = subprocess.run(command, env=os.environ | given, capture_output=True, check=True, timeout=60)
        settings = [f"{name}={value}" for name, value in given.items()]
        serve = ["env", *settings, PROGRAM, "serve", "--port", port, "--workers", 1]
        server = Server(serve, port, root / "log")
        try:
            yield f"http://127.0.0.1:{port}", json.loads(said.stdout)["key"]
        finally:
            server.stop()


def test_the_page_asks_for_a_key_and_keeps_it_for_its_session(visit, keyed):
    address, key = keyed
    page = visit(f"{address}/forms/annex3/2021", hosts_too=[address])
    dialog = page.get_by_role("dialog", name="需要访问密钥")
    dialog.get_by_label("访问密钥").fill("kexie_falsch")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog.get_by_role("alert")).to_have_text("密钥无效，或没有这项权限。")
    dialog.get_by_label("访问密钥").fill(key)
    dialog.get_by_role("button", name="确定").click()
    up_to_date(page)
    page.reload()
    up_to_date(page)
    expect(dialog).to_be_hidden()
    assert key not in page.evaluate("() => JSON.stringify(localStorage)")


def test_without_javascript_the_key_is_a_field_of_the_form(visit, keyed):
    address, key = keyed
    page = visit(f"{address}/forms/annex3/2021", hosts_too=[address], script=False)
    field = page.get_by_role("textbox", name="访问密钥", exact=True)
    field.fill(key)
    name, _ = downloaded(page, "下载 Word")
    assert name.endswith(".docx")
    field.fill("")
    page.get_by_role("button", name="下载 Word").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("需要有效的密钥")


def test_a_token_opens_one_form_with_its_prefill(visit, keyed):
    address, key = keyed
    asked = {"form": "annex3", "year": 2021, "origin": "https://portal.example", "data": PREFILL}
    request = urllib.request.Request(
        f"{address}/api/v1/embed-tokens",
        json.dumps(asked).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        made = json.load(answer)
    page = visit(address + made["url"], hosts_too=[address])
    expect(page.get_by_label("案例名称", exact=True)).to_have_value(PREFILL["case_name"])
    page.get_by_role("button", name="预览", exact=True).click()
    up_to_date(page)
    assert json.loads(page.locator("#page-data").text_content())["origin"] == "https://portal.example"
    page.goto(f"{address}/embed/annex2/2021?token={made['token']}")
    expect(page.get_by_text("这个嵌入令牌只能用于 annex3 2021。")).to_be_visible()
