"""The finished PDF holds what LibreOffice wrote: each object, text and page; a damaged file is a fault."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import re
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Stream

from service import catalog, generate
from service.config import Settings
from service.conversion.pdf import pdf_reader
from service.conversion.pdf.pdf_syntax import Irregular
from service.conversion.pool.client import client
from service.errors import ConversionFault
from tests.helpers.forms import FORMS
from tests.helpers.pdf import finish

DATE = datetime(2021, 3, 9, 8, 30, tzinfo=UTC)
CHANGED = {"/Lang", "/CreationDate", "/Metadata", "/DestOutputProfile"}
OF_THE_FILE = {"/Length", "/Filter"}  # how a stream is kept, not what it holds


@pytest.fixture(scope="module")
def raws():
    """The full samples as LibreOffice writes them."""
    samples = {form: catalog.edition(form, 2021).sample("full") for form in FORMS}
    documents = {form: generate(form, 2021, sample, ("docx",))["docx"] for form, sample in samples.items()}
    found = {}
    for form, docx in documents.items():
        with client(Settings.from_env()).convert(docx).pdf as file:
            found[form] = file.read()
    return found


def differences(before, now, place="", seen=None):
    """The places below two objects at which they, or what they refer to, differ."""
    seen = set() if seen is None else seen
    pair = before, now
    if all(isinstance(each, pikepdf.Object) and each.is_indirect for each in pair):
        if (before.objgen, now.objgen) in seen:
            return
        seen.add((before.objgen, now.objgen))
    if type(before) is not type(now) or (
        isinstance(before, pikepdf.Object) and before._type_code != now._type_code
    ):
        yield place
    elif isinstance(before, Dictionary | Stream):
        names = [set(each.keys()) - OF_THE_FILE for each in pair]
        if names[0] != names[1] or (isinstance(before, Stream) and before.read_bytes() != now.read_bytes()):
            yield place
        for name in sorted(names[0] & names[1]):
            yield from differences(before[name], now[name], f"{place}{name}", seen)
    elif isinstance(before, Array):
        if len(before) != len(now):
            yield place
        for one, other in zip(before, now, strict=False):
            yield from differences(one, other, f"{place}[]", seen)
    elif before != now:
        yield place


@pytest.mark.parametrize("form", FORMS)
def test_every_object_is_as_it_was_but_for_what_is_set(raws, form):
    made = finish(raws[form], DATE)
    with pikepdf.open(io.BytesIO(raws[form])) as before, pikepdf.open(io.BytesIO(made)) as now:
        changed = set(differences(before.Root, now.Root)) | set(differences(before.docinfo, now.docinfo))
        assert {place[place.rindex("/") :] for place in changed} == CHANGED
        icc = [each.Root.OutputIntents[0].DestOutputProfile.read_bytes() for each in (before, now)]
        assert icc[0][:24] + icc[0][36:] == icc[1][:24] + icc[1][36:]
        assert now.Root.Lang == "zh-CN"
        assert set(now.trailer.keys()) - {"/Type", "/W", "/Length", "/Filter"} == {
            "/Root",
            "/Info",
            "/Size",
            "/ID",
        }
        assert now.check_pdf_syntax() == []
    assert len(made) < len(raws[form]) * 0.6


@pytest.mark.parametrize("form", FORMS)
def test_text_and_pages_are_as_they_were(raws, form):
    looks = []
    for content in (raws[form], finish(raws[form], DATE)):
        with contextlib.closing(pypdfium2.PdfDocument(content)) as document:
            looks.append(
                [
                    (page.get_textpage().get_text_range(), page.render(scale=0.5).to_pil().tobytes())
                    for page in document
                ]
            )
    assert looks[0] == looks[1]
    assert len(looks[0]) > 1


@pytest.mark.parametrize("form", FORMS)
def test_libreoffices_way_of_writing_is_read_without_a_detour(raws, form, monkeypatch):
    monkeypatch.setattr(pikepdf, "open", None)
    assert finish(raws[form], DATE).startswith(raws[form][:9])


def test_a_forked_process_finishes_with_threads_of_its_own(raws):
    made = finish(raws["annex2"], DATE)
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as child:
        assert child.submit(finish, raws["annex2"], DATE).result(300) == made


def test_streams_hold_what_looks_like_objects_and_strings_what_looks_like_streams(raws):
    out = io.BytesIO()
    lure = b"\nendstream\nendobj\n\n7 0 obj\n<</Length 4>>\nstream\nxref\n0 1\ntrailer\nstartxref\n0\n%%EOF\n"
    with pikepdf.open(io.BytesIO(raws["annex3"])) as document:
        document.Root.PieceInfo = Dictionary(Lure=Dictionary(Private=document.make_stream(lure, Note=lure)))
        document.docinfo.Title = "(/CreationDate (D:1) \\) <</ModDate 1 0 R>> % >>"
        document.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            fix_metadata_version=False,
        )
    with pikepdf.open(io.BytesIO(finish(out.getvalue(), DATE))) as document:
        private = document.Root.PieceInfo.Lure.Private
        assert private.read_bytes() == bytes(private.Note) == lure
        assert document.docinfo.Title == "(/CreationDate (D:1) \\) <</ModDate 1 0 R>> % >>"
        assert document.docinfo.CreationDate == "D:20210309083000Z"


def outcome(content):
    """None where it is a fault; else a PDF that opens."""
    try:
        made = finish(content, DATE)
    except ConversionFault:
        return None
    with pikepdf.open(io.BytesIO(made)) as document:
        return len(document.pages)


def with_length(raw, number):
    """`raw` with another number for the length of the first stream, as long a text as before."""
    place = re.search(rb"\n(\d{4,})\nendobj", raw)
    return raw[: place.start(1)] + number.rjust(len(place[1]), b"0") + raw[place.end(1) :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: with_length(raw, b"0"),
        lambda raw: with_length(raw, b"9" * 4),
        lambda raw: with_length(raw, b"-1"),
        lambda raw: raw.replace(b"xref\n0 ", b"xref\n1 "),
        lambda raw: re.sub(rb"(?<=xref\n0 )\d+", b"99999999", raw),
        lambda raw: re.sub(rb"(?<=startxref\n)\d+", b"0", raw),
        lambda raw: re.sub(rb"(?<=startxref\n)\d+", b"9" * 30, raw),
        lambda raw: re.sub(rb"/Root \d+ 0 R", b"/Root 1 0 R", raw),
        lambda raw: re.sub(rb"/Root \d+ 0 R", b"", raw),
        lambda raw: re.sub(rb"/Pages \d+ 0 R", b"/Pages [7]", raw),
        lambda raw: re.sub(rb"/Kids\s*\[", b"/Kids[713 0 R ", raw),
        lambda raw: raw[raw.index(b"trailer") :],
    ],
)
def test_a_damaged_pdf_is_a_fault(raws, damage):
    damaged = damage(raws["annex3"])
    assert damaged != raws["annex3"]
    assert outcome(damaged) is None


@given(st.floats(0, 0.999))
@examples(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_pdf_cut_anywhere_is_a_fault(raws, share):
    raw = raws["annex3"]
    assert outcome(raw[: int(len(raw) * share)] + b"\n%%EOF\n") is None


@given(place=st.floats(0, 1), table=st.booleans(), put=st.binary(max_size=12), taken=st.integers(0, 40))
@example(place=0.5, table=True, put=b"", taken=20)
@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_pdf_changed_anywhere_is_a_fault_or_opens(raws, place, table, put, taken):
    raw = raws["annex3"]
    first = raw.rindex(b"xref\n0 ") if table else 0
    at = first + int((len(raw) - first) * place)
    outcome(raw[:at] + put + raw[at + taken :])


@pytest.mark.parametrize(
    "text", [b"<</A<<>>", b"<</A 1/A 2>>", b"<</A>>", b"<<(a) 1>>", b"<</A (>>", b"[1]", b""]
)
def test_what_is_no_dictionary_is_not_taken_for_one(text):
    with pytest.raises(Irregular):
        pdf_reader.entries(text)
