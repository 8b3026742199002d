"""An example portal around the form: python3 samples/portal/server.py [PORT] [ADDRESS OF KEXIE-FORMS]."""

import http.server
import sys
from pathlib import Path

HERE = Path(__file__).parent
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 8080
SERVICE = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8000"
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript"}


class Portal(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = HERE / (self.path.split("?")[0].lstrip("/") or "index.html")
        if found.parent != HERE or found.suffix not in KINDS or not found.is_file():
            return self.send_error(404)
        page = found.read_text(encoding="utf-8").replace("{service}", SERVICE).encode()
        self.send_response(200)
        self.send_header("Content-Type", KINDS[found.suffix])
        self.end_headers()
        return self.wfile.write(page)


print(f"http://127.0.0.1:{PORT}/", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Portal).serve_forever()
