"""Converts a .docx over and over by unoserver's own client and prints the seconds of each time as JSON.

Run with the Python of `.venv/peers`: `unoserver_client.py PORT SOURCE.docx TARGET.pdf TIMES OPTION=VALUE…`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence

from unoserver.client import UnoClient


def main(port: str, source: str, target: str, times: int, options: Sequence[str]) -> list[float]:
    """The seconds of each of `times` conversions, file to file; unoserver's quickest way.

    Bytes in place of files take it 20 ms more, and its update of indexes, which the forms lack, 7 ms.
    """
    client = UnoClient(port=port)
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        client.convert(inpath=source, outpath=target, filter_options=options, update_index=False)
        taken.append(time.perf_counter() - start)
    return taken


if __name__ == "__main__":
    server, docx, pdf, count, *filter_options = sys.argv[1:]
    print(json.dumps(main(server, docx, pdf, int(count), filter_options)))
