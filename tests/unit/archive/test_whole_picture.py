"""Scans whose file was cut off anywhere are not whole, nor are TIFFs made to take long."""

import io
import struct
import time

import pytest
from PIL import Image

from service.archive.additions import whole_picture
from tests.helpers.pictures import face, scanned


def tiff(pages=1, **options):
    """A scan of some pages as TIFF; without compression its directory comes before the image."""
    first, *others = [face(number).convert("1") for number in range(1, pages + 1)]
    made = io.BytesIO()
    first.save(made, "TIFF", save_all=pages > 1, append_images=others, **options)
    return made.getvalue()


SCANS = {
    "PNG": scanned(),
    "JPEG": scanned(kind="jpeg"),
    "TIFF, not compressed": tiff(),
    "TIFF, pages": tiff(3),
    "TIFF, fax": tiff(compression="group4"),
    "TIFF, JPEG": scanned(kind="tiff"),
}


@pytest.mark.parametrize("scan", SCANS.values(), ids=SCANS)
def test_a_scan_is_whole_and_not_once_its_end_is_cut_off(scan):
    assert whole_picture.is_whole(scan)
    assert not any(whole_picture.is_whole(scan[: len(scan) * tenths // 10]) for tenths in (1, 3, 5, 7, 9))


def test_of_a_tiff_whose_directory_comes_first_the_last_byte_counts():
    scan = SCANS["TIFF, pages"]
    assert struct.unpack_from("<I", scan, 4) == (8,)
    assert not whole_picture.is_whole(scan[:-1])


def test_a_tiff_whose_directories_go_in_circles_or_overlap_is_soon_refused():
    entry = struct.pack("<HHII", 273, 4, 100_000, 30)  # strips that begin within the directories
    circle = b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 8) + bytes(500_000)
    began = time.process_time()
    assert not whole_picture.is_whole(circle)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(("rows", "whole"), [(30_000, True), (100_001, False)])
def test_a_tiff_in_more_strips_than_any_scan_is_refused_before_they_are_listed(rows, whole):
    made = io.BytesIO()
    Image.new("1", (1, rows)).save(made, "TIFF", tiffinfo={278: 1})  # a row in each strip
    assert whole_picture.is_whole(made.getvalue()) == whole
