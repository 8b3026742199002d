"""A batch's memory does not grow with its records."""

from __future__ import annotations

import subprocess
import sys

from tests.helpers.batch import COMMAND, TIMEOUT, Place, write

_PEAK = """
import json, resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_records(tmp_path):
    def peak(count):
        """The KiB of the largest process of a batch."""
        place = Place(tmp_path / str(count))
        source = write(tmp_path / f"{count}.ndjson", count, forms=("annex3",))
        command = [
            COMMAND,
            "batch",
            source,
            "--archive",
            place.archive,
            "--formats",
            "docx",
            "--workers",
            "1",
        ]
        said = subprocess.run(
            [sys.executable, "-c", _PEAK, *map(str, command)],
            capture_output=True,
            check=True,
            timeout=TIMEOUT,
        )
        assert place.states() == {"done": count}
        place.end()
        return int(said.stdout)

    few, many = peak(60), peak(360)
    assert many < few * 1.05
    assert many < 300 * 1024
