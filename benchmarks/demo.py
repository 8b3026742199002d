"""Renders every sample to a folder as .docx and .pdf: `python benchmarks/demo.py out`."""

from __future__ import annotations

import sys
from pathlib import Path

from service import catalog, generate


def main(folder: Path) -> None:
    """Writes `<form>-<year>.<sample>.<format>` for each edition and sample into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for edition in catalog.editions():
        for sample in ("minimal", "full"):
            made = generate(edition.form, edition.year, edition.sample(sample))
            for format, document in made.items():
                path = folder / f"{edition.form}-{edition.year}.{sample}.{format}"
                path.write_bytes(document)
                print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
