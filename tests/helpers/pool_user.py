"""A process of its own that converts: `pool_user.py THREADS FIRST LAST`, settings as JSON on standard input.

Converts documents FIRST to LAST by THREADS threads, prints their texts as JSON, and stays until its
standard input ends.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from service.config import Settings
from service.conversion import convert
from tests.helpers.docx_builder import docx, paragraph
from tests.helpers.processes import words


def main(threads, first, last):
    settings = Settings.from_env(json.loads(sys.stdin.readline()))

    def text(number):
        return words(convert(docx(paragraph(f"第{number}号县") * 100), settings))

    with ThreadPoolExecutor(threads) as pool:
        print(json.dumps(list(pool.map(text, range(first, last)))), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
