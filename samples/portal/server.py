"""An example portal around the forms: python3 samples/portal/server.py [PORT] [ADDRESS OF KEXIE-FORMS].

Tokens are made by this server, never in the browser; where the service asks for a key, KEXIE_KEY holds it.
"""

import http.server
import json
import os
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 8080
SERVICE = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8000"
TOP = (HERE / "top.html").read_text(encoding="utf-8")  # what all pages begin with
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript"}
FILLED = {"cover": {"applicant": "云泽县科学技术协会", "contact_person": "沈砚青"}}
# What the tokens of the pages say; a real portal knows who has signed in, and for which submission.
TOKENS = {
    "fields": {
        "data": FILLED,
        "readonly_fields": ["cover.applicant"],
        "hidden_fields": ["review"],
        "required_fields": ["cover.contact_phone", "basic_info.is_independent"],
    },
    "archive": {"data": FILLED, "archive": True},
}


def token(name):
    """A token of the service for a page of this portal."""
    body = {"form": "annex2", "year": 2021, "origin": f"http://127.0.0.1:{PORT}", **TOKENS[name]}
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("KEXIE_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    address = f"{SERVICE}/api/v1/embed-tokens"
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310 - http alone
    with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
        return json.load(response)["token"]


class Portal(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.split("?")[0].lstrip("/") or "index.html"
        if path.startswith("token/") and path.removeprefix("token/") in TOKENS:
            return self.answer(200, "text/plain", token(path.removeprefix("token/")))
        found = HERE / path
        if found.parent != HERE or found.suffix not in KINDS or not found.is_file():
            return self.send_error(404)
        page = found.read_text(encoding="utf-8").replace("{top}", TOP).replace("{service}", SERVICE)
        try:
            page = re.sub(r"\{token:(\w+)\}", lambda found: token(found[1]), page)
        except urllib.error.HTTPError as error:
            return self.answer(502, "application/json", error.read().decode())
        return self.answer(200, KINDS[found.suffix], page)

    def answer(self, status, kind, text):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(text.encode())


print(f"http://127.0.0.1:{PORT}/", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Portal).serve_forever()
