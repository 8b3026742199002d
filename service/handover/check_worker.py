"""The program that checks a stranger's package in the sandbox and writes what it found as JSON.

Arguments: the folder with the service's packages, the package (a zip), and the file to write.
"""

import dataclasses
import json
import sys
from pathlib import Path

EXPANSION = 4  # times its bytes that a package has at most when it is unpacked: its files hardly shrink
LISTED = 50  # faults


def main() -> None:
    """Checks the package; what it refuses to unpack is an answer too."""
    root, package, written = map(Path, sys.argv[1:])
    sys.path.insert(0, str(root))  # the sandbox shows it, and python -P leaves it out
    from service.errors import UnreadablePackage
    from service.handover.package_check import check
    from service.handover.received_zip import unpacked

    try:
        with package.open("rb") as content, unpacked(content, written.parent, EXPANSION) as folder:
            found = check(folder)
    except UnreadablePackage as error:
        answer = {"refused": [error.text.zh, error.text.en]}
    else:
        more = max(len(found.faults) - LISTED, 0)
        answer = dataclasses.asdict(
            dataclasses.replace(found, faults=found.faults[:LISTED], more_faults=more)
        )
    written.write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
