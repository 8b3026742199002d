"""Pictures become their normal form: upright, plain, as large as printed; what is none is refused."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from schemas.normal_pictures import DPI, PictureFault, PictureLimits, alike, normal
from tests.helpers.pictures import MILLIMETRES, face, opened, saved

RED, WHITE = (200, 30, 30), (255, 255, 255)


def normalised(content, place=MILLIMETRES, limits=None):
    return normal(content, *place, limits or PictureLimits())


def code(content, **options):
    with pytest.raises(PictureFault) as fault:
        normalised(content, **options)
    return fault.value.code


def near(one, other):
    return all(abs(a - b) <= 8 for a, b in zip(one, other, strict=True))


@given(st.sampled_from(["png", "jpeg"]), st.integers(1, 60), st.integers(1, 60), st.integers(0, 99))
def test_the_normal_form_of_a_normal_form_is_itself(kind, width, height, seed):
    noise = random.Random(seed).randbytes(3 * width * height)
    once = normalised(saved(Image.frombytes("RGB", (width, height), noise), kind), place=(3, 4))
    assert normalised(once.content, place=(3, 4)) == once
    assert opened(once.content).size == (once.width, once.height)


def test_it_is_as_large_as_it_is_printed_and_keeps_its_proportions():
    large = normalised(saved(face(2100, 980), "jpeg"))
    assert (large.width, large.height) == (round(MILLIMETRES[0] / 25.4 * DPI + 0.5), 193)
    small = normalised(saved(face(), "png"))
    assert (small.width, small.height) == (70, 98)
    assert small.within(*MILLIMETRES) == (35 * 36_000, 49 * 36_000)
    assert large.within(*MILLIMETRES)[0] == 35 * 36_000
    assert large.within(60, 5)[1] == 5 * 36_000


def test_it_is_turned_as_its_exif_says_and_carries_nothing_else():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "the camera"  # turned by a quarter
    sent = saved(face().rotate(90, expand=True), "jpeg", exif=exif, comment=b"a comment", quality=95)
    found = normalised(sent + b"hidden behind the end")
    assert (found.width, found.height) == (70, 98)
    assert near(opened(found.content).getpixel((3, 3)), RED)
    for secret in (b"Exif", b"camera", b"comment", b"hidden"):
        assert secret not in found.content
    trailed = normalised(found.content + b"hidden behind the end")
    assert b"hidden" not in trailed.content
    assert alike(trailed, found)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixels_becomes_grey_or_rgb(mode):
    grey = face().convert("L")
    deep = Image.frombytes("I;16", grey.size, b"".join(bytes([0, each]) for each in grey.tobytes()))
    image = deep if mode == "I;16" else face().convert(mode)
    found = normalised(saved(image, "jpeg" if mode == "CMYK" else "png"))
    image = opened(found.content)
    assert image.mode in ("L", "RGB")
    assert not image.info.keys() - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    if mode != "1":
        assert abs(image.convert("L").getpixel((3, 3)) - grey.getpixel((3, 3))) <= 20  # a palette is coarse


def test_what_is_transparent_is_white():
    clear = face()
    clear.putalpha(Image.new("L", clear.size, 0))
    assert opened(normalised(saved(clear)).content).getpixel((3, 3)) == WHITE


def test_a_photograph_sent_as_png_is_not_kept_as_large_as_that():
    noise = Image.frombytes("RGB", (300, 300), random.Random(1).randbytes(270_000)).resize((400, 400))
    sent = saved(noise)
    assert normalised(sent).kind == "jpeg"
    assert normalised(saved(face())).kind == "png"
    assert len(normalised(sent).content) < len(sent) * 0.6


@pytest.mark.parametrize(
    ("content", "other"),
    [(saved(face(), "gif"), "GIF"), (saved(face(), "bmp"), "BMP"), (saved(face(), "webp"), "WebP"),
     (b"\0\0\0\x18ftypheic\0\0", "HEIC"), (b"%PDF-1.7", "PDF"), (b"<svg/>", "SVG"), (b"", ""),
     (b"PK\3\4", "")],
)  # fmt: skip
def test_another_format_is_refused_by_its_name(content, other):
    with pytest.raises(PictureFault) as fault:
        normalised(content)
    assert fault.value.code == "picture_format"
    assert other in fault.value.values["zh"]


@pytest.mark.parametrize("kind", ["png", "jpeg"])
@given(st.data())
def test_a_file_cut_short_is_refused(kind, data):
    whole = saved(face(200, 280), kind)
    left = data.draw(st.integers(12, len(whole) - 40))
    assert code(whole[:left]) == "picture_damaged"


@given(
    st.binary(max_size=200), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", saved(face())[:60]])
)
def test_no_file_does_more_than_be_refused(rest, start):
    assert code(start + rest) in ("picture_damaged", "picture_too_many_pixels")


def test_too_many_bytes_or_pixels_are_refused_before_they_are_read():
    small = PictureLimits(size=100, pixels=1000)
    assert code(saved(face()), limits=small) == "picture_too_large"
    assert code(saved(face(40, 30)), limits=PictureLimits(pixels=1000)) == "picture_too_many_pixels"
    bomb = saved(Image.new("1", (9_000, 6_000)))
    assert len(bomb) < 100_000
    assert code(bomb) == "picture_too_many_pixels"


def test_pictures_are_compared_by_their_pixels():
    once = normalised(saved(face(), "jpeg"))
    again = normalised(saved(opened(once.content), "jpeg", quality=60))
    assert again.content != once.content
    assert alike(once, again)
    marked = face()
    marked.paste((0, 120, 0), (40, 4, 56, 20))
    assert not alike(once, normalised(saved(marked)))
    assert not alike(once, normalised(saved(face().rotate(90, expand=True))))
