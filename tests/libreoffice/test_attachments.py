"""The data that a PDF carries inside: there as PDF/A-3 asks, and read back as they were sent."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from datetime import UTC, datetime
from decimal import Decimal

import pikepdf
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service import catalog, create_app, generate
from service.cli import main
from service.conversion.pdf.attachments import PDF_LIMIT, UNPACKED_LIMIT, Attachment, attachments
from service.errors import UnreadableDocument, UsageError
from service.payload_json import dump, parse
from service.submission import validate
from tests.helpers import ROOT
from tests.helpers.payloads import PAYLOADS
from tests.helpers.pdf import finish

SAMPLE = ROOT / "samples" / "2021" / "annex2.full.json"
ANNEX2 = "/api/v1/forms/annex2/2021"
DATE = datetime(2021, 3, 1, tzinfo=UTC)
DIGITS = '{"budget":{"items":[{"name":"讲座","amount":3.60},{"amount":1e1},{"amount":0.5}],"total":14.10}}'


@pytest.fixture(scope="module")
def full():
    return parse(SAMPLE.read_bytes())


@pytest.fixture(scope="module")
def ready():
    """A PDF/A-2b as LibreOffice gives it."""
    return generate("annex3", 2021, {}, ("pdf",))["pdf"]


@pytest.fixture(scope="module")
def made(full):
    return generate("annex2", 2021, full, attach=True)


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **more: CliRunner().invoke(main, [str(part) for part in arguments], **more)


def carrying(*files, mode=pikepdf.ObjectStreamMode.generate):
    """A small PDF with these files inside, by name and content."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, content in files:
            document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
        document.save(out, object_stream_mode=mode, static_id=True)
    return out.getvalue()


def test_the_pdf_claims_pdf_a_3b(made):
    with pikepdf.open(io.BytesIO(made["pdf"])) as document:
        xmp = document.open_metadata()
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "B")
        assert document.Root.Metadata.get("/Filter") is None
        assert "项目申报书" in xmp["dc:title"]
        assert document.check_pdf_syntax() == []


def test_each_file_is_embedded_and_associated(made):
    """ISO 19005-3, 6.8; ISO 32000-2, 7.11.3, 7.11.4, 14.13."""
    with pikepdf.open(io.BytesIO(made["pdf"])) as document:
        modified = str(document.docinfo.CreationDate)
        tree = list(document.Root.Names.EmbeddedFiles.Names)
        named = dict(zip(map(str, tree[::2]), tree[1::2], strict=True))
        assert list(named) == ["manifest.json", "payload.json"]
        assert [file.objgen for file in document.Root.AF] == [file.objgen for file in named.values()]
        for name, file in named.items():
            assert (file.Type, file.AFRelationship) == ("/Filespec", "/Source")
            assert str(file.F) == str(file.UF) == name
            assert str(file.Desc)
            assert file.EF.F.objgen == file.EF.UF.objgen
            stream = file.EF.F
            content = stream.read_bytes()
            assert (stream.Type, stream.Subtype) == ("/EmbeddedFile", "/application/json")
            assert str(stream.Params.ModDate) == modified
            assert stream.Params.Size == len(content)
            assert bytes(stream.Params.CheckSum) == hashlib.md5(content).digest()


def test_the_payload_comes_back_as_it_was_sent(made, full):
    text = attachments(made["pdf"])["payload.json"].decode()
    assert parse(text.encode()) == full
    assert "云泽县科学技术协会" in text


def test_numbers_keep_their_digits(ready):
    submission = validate(catalog.edition("annex2", 2021), parse(DIGITS.encode()))
    assert submission.data["budget"]["total"] == Decimal("14.1")
    kept = dump(submission.payload)
    assert json.loads(kept, parse_float=str)["budget"] == {
        "items": [{"name": "讲座", "amount": "3.60"}, {"amount": "1E+1"}, {"amount": "0.5"}],
        "total": "14.10",
    }


@pytest.mark.parametrize("form", PAYLOADS)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_payload_comes_back_equal(form, data, ready):
    payload = parse(json.dumps(data.draw(PAYLOADS[form])).encode())
    sent = dump(validate(catalog.edition(form, 2021), payload).payload)
    carried = attachments(finish(ready, DATE, [Attachment("payload.json", "申报数据", sent)]))
    assert parse(carried["payload.json"]) == payload


def test_the_manifest_proves_the_word_document(made):
    manifest = json.loads(attachments(made["pdf"])["manifest.json"])
    edition = catalog.edition("annex2", 2021)
    assert {key: manifest[key] for key in edition.summary()} == edition.summary()
    assert manifest["service"]
    (file,) = manifest["files"]
    assert file["name"].endswith("项目申报书（云泽县科学技术协会）.docx")
    assert (file["sha256"], file["size"]) == (hashlib.sha256(made["docx"]).hexdigest(), len(made["docx"]))


def test_the_same_payload_gives_the_same_bytes(made, full):
    assert generate("annex2", 2021, full, ("pdf",), attach=True)["pdf"] == made["pdf"]


def test_the_printed_pages_are_those_of_the_plain_pdf(made, full):
    plain = generate("annex2", 2021, full, ("pdf",))["pdf"]
    with pikepdf.open(io.BytesIO(plain)) as one, pikepdf.open(io.BytesIO(made["pdf"])) as other:
        assert "/AF" not in one.Root
        assert len(one.pages) == len(other.pages)
        for before, after in zip(one.pages, other.pages, strict=True):
            assert before.Contents.read_bytes() == after.Contents.read_bytes()


def test_only_a_pdf_can_carry_data(full):
    with pytest.raises(UsageError):
        generate("annex2", 2021, full, ("docx",), attach=True)


def locked(pdf):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def otherwise_packed(pdf):
    """The payload behind a filter that no limit of ours holds."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        stream = document.Root.Names.EmbeddedFiles.Names[1].EF.F
        stream.write(stream.read_bytes(), filter=pikepdf.Name.LZWDecode)
        document.save(out, compress_streams=False)
    return out.getvalue()


def bomb():
    """A PDF of 40 KB whose catalogue is in a stream of 40 MiB."""
    packed = zlib.compress(b"1 0 <</Type/Catalog/Pages 2 0 R>>" + b" " * 40 * 1024**2, 9)
    parts = [b"%PDF-1.5\n", b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"]
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
    parts.append(b"3 0 obj\n" + stream % (len(packed), packed) + b"\nendobj\n")
    begins = [sum(map(len, parts[:number])) for number in range(4)]
    rows = [(0, 0, 255), (2, 3, 0), (1, begins[1], 0), (1, begins[2], 0), (1, begins[3], 0)]
    table = b"".join(kind.to_bytes(1) + place.to_bytes(4) + last.to_bytes(1) for kind, place, last in rows)
    parts.append(b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table))
    parts.append(table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % begins[3])
    return b"".join(parts)


SMALL = carrying(("payload.json", b'{"case_name": "x"}'))
HALF = b"0" * (UNPACKED_LIMIT // 2 + 1)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (b"", "not a PDF"),
        (b'{"cover": {}}', "not a PDF"),
        (generate("annex3", 2021, {}, ("docx",))["docx"], "not a PDF"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
        (SMALL[: len(SMALL) // 2], "damaged"),
        (SMALL[len(SMALL) // 2 :], "not a PDF"),
        (locked(SMALL), "encrypted"),
        (carrying(("payload.json", b"0" * (UNPACKED_LIMIT + 1))), "too large"),
        (carrying(("a.json", HALF), ("payload.json", HALF)), "too large"),
        (otherwise_packed(SMALL), "damaged"),
        (bomb(), "damaged"),
        (SMALL + b" " * PDF_LIMIT, "larger than 32 MiB"),
    ],
    ids=[
        *("empty", "json", "docx", "head only", "first half", "second half", "locked", "large payload"),
        *("large together", "another filter", "bomb", "large file"),
    ],
)
def test_what_carries_no_data_is_reported_clearly(file, message):
    with pytest.raises(UnreadableDocument) as caught:
        attachments(file)
    assert message in caught.value.text.en
    assert re.search("附有数据|生成时的原文件", caught.value.text.zh)


def test_a_pdf_without_data_is_reported_clearly(ready):
    with pytest.raises(UnreadableDocument, match="没有携带数据"):
        attachments(ready)


OPEN = carrying(("payload.json", b'{"case_name": "x"}'), mode=pikepdf.ObjectStreamMode.disable)
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6)


@settings(max_examples=400)
@given(pdf=st.sampled_from([SMALL, OPEN]), changes=CHANGES)
def test_no_broken_file_makes_the_reader_fail(pdf, changes):
    broken = bytearray(pdf)
    for place, new in changes:
        begin = 5 + int(place * (len(pdf) - 5))
        broken[begin : begin + len(new)] = new
    try:
        assert isinstance(attachments(bytes(broken)), dict)
    except UnreadableDocument as error:
        assert re.search("附有数据|生成时的原文件", error.text.zh)


def test_extract_gives_the_payload_back(run, tmp_path, full):
    assert run("render", "annex2", "--year", 2021, SAMPLE, "-o", "a.pdf", "--attach").exit_code == 0
    assert run("extract", "a.pdf", "-o", "back.json").exit_code == 0
    assert parse((tmp_path / "back.json").read_bytes()) == full
    assert run("extract", "a.pdf").stdout_bytes == (tmp_path / "back.json").read_bytes()
    piped = run("extract", "-", input=(tmp_path / "a.pdf").read_bytes())
    assert piped.stdout_bytes == (tmp_path / "back.json").read_bytes()
    for name, payload in (("one", SAMPLE), ("two", "back.json")):
        assert run("render", "annex2", "--year", 2021, payload, "-o", f"{name}.docx").exit_code == 0
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()


@pytest.mark.parametrize(
    ("content", "exit_code", "message"),
    [
        (b"a letter", 3, "plain text"),
        (carrying(("other.json", b"{}")), 3, "只能读取附有数据的 PDF"),
        (carrying(("payload.json", b"{}")), 3, "form"),
        (carrying(("payload.json", b"[]"), ("manifest.json", b"{}")), 3, "请使用生成时的原文件"),
        (carrying(("payload.json", b'{"amount": 1e99999999999999999999}')), 3, "请使用生成时的原文件"),
        (carrying(("payload.json", b'{"case_name": "\\ud800"}')), 3, "请使用生成时的原文件"),
        (carrying(("payload.json", b"{}"), ("manifest.json", b'{"form": 2, "year": 2021}')), 3, "form"),
        (carrying(("payload.json", b"{}"), ("manifest.json", b'{"form": "annex9", "year": 1}')), 2, "annex9"),
        (None, 2, "nowhere.pdf"),
    ],
    ids=[
        "no PDF",
        "another file",
        "no manifest",
        "a list",
        "no number",
        "no text",
        "no form",
        "new",
        "no file",
    ],
)
def test_extract_says_what_it_can_read(run, tmp_path, content, exit_code, message):
    name = "nowhere.pdf"
    if content is not None:
        name = "file.pdf"
        (tmp_path / name).write_bytes(content)
    result = run("extract", name, "-o", "back.json")
    assert result.exit_code == exit_code
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "back.json").exists()


def test_attach_without_a_pdf_is_a_usage_error(run, tmp_path):
    result = run("render", "annex2", "--year", 2021, SAMPLE, "-o", "a.docx", "--attach")
    assert result.exit_code == 2
    assert "PDF" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", ["pdf", "zip"])
def test_the_data_are_attached_over_http(made, format):
    client = create_app().test_client()
    sent = {"data": SAMPLE.read_bytes(), "content_type": "application/json"}
    answer = client.post(f"{ANNEX2}/documents?format={format}&attach=true", **sent)
    assert answer.status_code == 200
    pdf = answer.data
    if format == "zip":
        package = zipfile.ZipFile(io.BytesIO(pdf))
        pdf = next(package.read(name) for name in package.namelist() if name.endswith(".pdf"))
    assert pdf == made["pdf"]


@pytest.mark.parametrize(
    "query", ["attach=yes", "attach=", "attach=1", "attach=true&format=docx", "attach=true&format=png"]
)
def test_a_wrong_attach_is_a_usage_error(query):
    answer = create_app().test_client().post(f"{ANNEX2}/documents?{query}", json={})
    assert (answer.status_code, answer.json["code"]) == (400, "usage")
    assert "attach" in answer.json["detail"]
