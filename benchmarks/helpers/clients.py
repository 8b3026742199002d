"""Clients of a running service, in a process of their own: what each asks, and whether its answers are right.

Reads its orders as JSON from standard input, writes JSON to standard output. Responses are checked after all
have arrived, so that the checks take no processor time from the service.
"""

from __future__ import annotations

import http.client
import io
import json
import random
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pypdfium2

from service import catalog

KINDS = ("validate", "docx", "pdf")
FORMS = {
    "annex2": ("overall_approach", "goals_and_measures"),
    "annex3": ("background", "measures", "results"),
}
_YEAR = 2021
_TIMEOUT = 300  # seconds
_READ = 5  # of so many PDFs the text of one is read
_BUSY = (429, 503)
_APART = 0.1  # seconds between two clients' first requests


@dataclass(frozen=True)
class Wish:
    """What a client asks: the kind of answer, the form, its own name, and how long its texts are."""

    kind: str
    form: str
    name: str
    lengths: tuple[int, ...]

    @property
    def address(self) -> str:
        """Where to ask for it."""
        root = f"/api/v1/forms/{self.form}/{_YEAR}"
        return f"{root}/validate" if self.kind == "validate" else f"{root}/documents?format={self.kind}"

    def payload(self) -> bytes:
        """The full sample under the client's name; what is only counted has texts of its own."""
        data = catalog.edition(self.form, _YEAR).sample("full")
        own = data["cover"] if self.form == "annex2" else data
        own["applicant" if self.form == "annex2" else "association_name"] = self.name
        if self.kind == "validate":
            data |= {key: "文" * length for key, length in zip(FORMS[self.form], self.lengths, strict=True)}
        return json.dumps(data, ensure_ascii=False).encode()

    def faults(self, body: bytes, pages: Mapping[str, int], *, read: bool) -> Iterator[str]:
        """What is wrong with its answer; the text of a PDF is checked if it is to be `read`."""
        if self.kind == "validate":
            report = json.loads(body)
            counts = dict(zip((f"/{key}" for key in FORMS[self.form]), self.lengths, strict=True))
            if not (report["valid"] and counts.items() <= report["counts"].items()):
                yield f"{report['counts']} for {counts}"
            if report["limits"][0]["count"] != sum(self.lengths):
                yield f"{report['limits']} for {sum(self.lengths)}"
        elif self.kind == "docx":
            with zipfile.ZipFile(io.BytesIO(body)) as package:
                if package.testzip() or self.name not in package.read("word/document.xml").decode():
                    yield f"a .docx without {self.name}"
        else:
            yield from self._pdf_faults(body, pages, read=read)

    def _pdf_faults(self, body: bytes, pages: Mapping[str, int], *, read: bool) -> Iterator[str]:
        if not body.startswith(b"%PDF"):
            yield f"{body[:20]!r} is no PDF"
            return
        with pypdfium2.PdfDocument(body) as document:
            if len(document) != pages.get(self.form, len(document)):
                yield f"{len(document)} pages, not {pages[self.form]}"
            if read and self.name not in _text(document):
                yield f"a PDF without {self.name}"


@dataclass(frozen=True)
class Answer:
    """What came of a wish: status (0 for no answer), when it was asked, seconds, Retry-After, body."""

    wish: Wish
    status: int
    began: float
    seconds: float
    retry_after: str | None
    body: bytes

    def faults(self, pages: Mapping[str, int], *, read: bool) -> Iterator[str]:
        """What is wrong with it."""
        if self.status in _BUSY:
            if not (self.retry_after or "").isdigit():
                yield f"{self.status} with Retry-After {self.retry_after!r}"
        elif self.status != 200:
            yield f"{self.status}: {self.body[:300]!r}"
        else:
            yield from self.wish.faults(self.body, pages, read=read)


class Client:
    """Sends one request after another, and waits for Retry-After where the answer has one."""

    def __init__(self, number: int, port: int, key: str, mix: Mapping[str, float]) -> None:
        self.answers: list[Answer] = []
        self._number = number
        self._chance = random.Random(number)
        self._mix = mix
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)

    def run(self, until: float) -> None:
        """Asks until that time on the monotonic clock; clients do not come all at once."""
        time.sleep(_APART * self._number)
        while time.monotonic() < until:
            answer = self.ask(self._wish())
            if answer.status != 200:
                self._connection.close()
                time.sleep(min(float(answer.retry_after or 1), max(until - time.monotonic(), 0)))
        self._connection.close()

    def ask(self, wish: Wish) -> Answer:
        """The answer, which is kept."""
        payload, began = wish.payload(), time.monotonic()
        try:
            self._connection.request("POST", wish.address, payload, self._headers)
            answer = self._connection.getresponse()
            answered = answer.status, answer.getheader("Retry-After"), answer.read()
        except (OSError, http.client.HTTPException) as error:
            answered = 0, None, repr(error).encode()
        status, retry_after, body = answered
        self.answers.append(Answer(wish, status, began, time.monotonic() - began, retry_after, body))
        return self.answers[-1]

    def _wish(self) -> Wish:
        kind = self._chance.choices(list(self._mix), list(self._mix.values()))[0]
        form = self._chance.choice(list(FORMS))
        lengths = tuple(self._chance.randrange(1, 600) for _ in FORMS[form])
        return Wish(kind, form, f"客户{self._number:03}第{len(self.answers):05}号科协", lengths)


def _text(document: pypdfium2.PdfDocument) -> str:
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)


def run(port: int, key: str, clients: int, seconds: float, mix: Mapping[str, float]) -> list[Answer]:
    """What that many clients were answered in that time, each with kinds drawn from `mix` at random."""
    made = [Client(number, port, key, mix) for number in range(clients)]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=client.run, args=(until,)) for client in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answer for client in made for answer in client.answers]


def _pages(answers: list[Answer]) -> dict[str, int]:
    """The pages of each form's first PDF: its texts are the same in all."""
    found: dict[str, int] = {}
    for answer in answers:
        if (answer.wish.kind, answer.status) == ("pdf", 200) and answer.wish.form not in found:
            with pypdfium2.PdfDocument(answer.body) as document:
                found[answer.wish.form] = len(document)
    return found


def main() -> None:
    """Carries out the orders: the arguments of `run`."""
    orders: dict[str, Any] = json.load(sys.stdin)
    began = time.monotonic()
    answers = run(**orders)
    cpu, took = time.process_time(), time.monotonic() - began
    pages = _pages(answers)
    faults = [
        f"{answer.wish.kind} {answer.wish.form}: {fault}"
        for number, answer in enumerate(answers)
        for fault in answer.faults(pages, read=number % _READ == 0)
    ]
    rows = [[each.wish.kind, each.status, each.began - began, each.seconds] for each in answers]
    json.dump({"answers": rows, "faults": faults, "cpu": cpu, "seconds": took}, sys.stdout)


if __name__ == "__main__":
    main()
