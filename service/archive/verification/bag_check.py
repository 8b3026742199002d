"""Validates a BagIt bag that came from elsewhere, by bagit, and names each file that is at fault."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import bagit

_CODES = {
    bagit.ChecksumMismatch: "hash_differs",
    bagit.FileMissing: "file_missing",
    bagit.UnexpectedFile: "file_unexpected",
}
_OTHER, _INFO = "not_a_bag", "bag-info.txt"
#: What bagit raises for files that are no bag's; TypeError for hashes without a length of their own (SHAKE).
_UNFIT = (bagit.BagError, ValueError, LookupError, RuntimeError, TypeError, AttributeError)
#: What bagit reads in times or with codecs that a stranger's bag must not choose is refused before.
_ENCODING = re.compile(rb"BagIt-Version: [0-9.]+\r?\nTag-File-Character-Encoding: UTF-?8\s*", re.IGNORECASE)
_LONGEST, _LONGEST_LINE, _DEEPEST = 32 * 1024**2, 1_200, 32  # bytes of a manifest and a line; names in a path


def check_bag(root: Path) -> tuple[int, list[tuple[str, str, str]]]:
    """The number of files in the payload's manifest; of each fault the code, the file, details.

    Raises OSError.
    """
    if not _is_plain(root):
        return 0, [(_OTHER, "", "")]
    logging.getLogger("bagit").setLevel(logging.CRITICAL)  # it logs what it raises
    try:
        bag = bagit.Bag(str(root))
    except _UNFIT as error:
        return 0, [(_OTHER, "", str(error))]
    added = [("file_unexpected", name, "") for name in _unlisted(root, bag)]
    return len(bag.payload_entries()), [*_faults(bag), *added]


def _is_plain(root: Path) -> bool:
    """Whether tag files are UTF-8, as RFC 8493 has it for any bag of ours, and manifests of common sizes."""
    if not _ENCODING.fullmatch((root / "bagit.txt").read_bytes()[:_LONGEST_LINE]):
        return False
    found = [each for each in root.iterdir() if each.name.startswith(("manifest-", "tagmanifest-"))]
    tags = [*found, *(each for each in [root / _INFO] if each.exists())]
    if any(not each.is_file() or each.stat().st_size > _LONGEST for each in tags):
        return False
    return all(_are_plain_lines(each) for each in tags)


def _are_plain_lines(file: Path) -> bool:
    with file.open("rb") as content:
        while line := content.readline(_LONGEST_LINE + 1):
            if len(line) > _LONGEST_LINE or line.count(b"/") > _DEEPEST:
                return False
    return True


def _faults(bag: bagit.Bag) -> Iterator[tuple[str, str, str]]:
    """Yields the faults; where the sum of all files differs, also which ones do."""
    try:
        bag.validate()
    except bagit.BagValidationError as error:
        for each in error.details:
            yield _CODES.get(type(each), _OTHER), each.path, ""
        if not error.details:
            fault = _OTHER, "", str(error)
            others = list(_faults(bag)) if bag.info.pop("Payload-Oxum", None) else [fault]
            if fault not in others:
                yield "oxum_differs", _INFO, ""
            yield from others
    except _UNFIT as error:
        yield _OTHER, "", str(error)


def _unlisted(root: Path, bag: bagit.Bag) -> Iterator[str]:
    """Yields the files beside the payload that no manifest of the bag lists, which bagit allows."""
    manifests = (*bag.manifest_files(), *bag.tagmanifest_files())
    listed = {"bagit.txt", _INFO, *bag.tagfile_entries(), *(Path(each).name for each in manifests)}
    for top in sorted(root.iterdir()):
        files = top.rglob("*") if top.is_dir() and top.name != "data" else [top]
        names = (each.relative_to(root).as_posix() for each in files if each.is_file())
        yield from (name for name in names if name not in listed)
