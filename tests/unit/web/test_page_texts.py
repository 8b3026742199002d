"""No text that a page may show has a word that only programmers or administrators use."""

from __future__ import annotations

import ast
import re
import tomllib

import pytest

from schemas.bilingual import Bilingual
from schemas.field_faults import CELL_MESSAGES, MESSAGES
from service import errors
from service.batch.documents import file_errors
from service.batch.inputs import input_errors
from service.batch.jobs import item_errors
from service.errors import FieldError
from service.extraction import extraction_result
from service.glyph_warnings import CharacterWarning
from service.web.http import problems
from service.web.pages import error_texts, messages
from tests.helpers import ROOT

ENGINEERS = re.compile(
    r"JSON|payload|报文|/api/|\b(GET|POST|DELETE|PUT)\b|--[a-z]|KEXIE_|kexie-forms|\battach[=)]|pointer|指针|SHA-?256"
    r"|\bHTTP\b|multipart|LibreOffice|[Bb]ase64|\b(null|true|false)\b|request_id|Content-Type|\bAccept\b"
    r"|\bAllow\b|加引号|without quotes|键名|写作 ?[0-9{]|written [0-9{]|X-API-Key|Bearer|Idempotency|\bscope"
    r"|altChunk|ndjson"
)
#: For those who set up the service or make forms: the pages of new forms, and what the log reports.
ADMINISTRATORS = "[messages.new_form]", "[messages.retention]"  # from, to
NOT_ON_PAGES = re.compile(
    r"service/(cli|doctor|editions|form_authoring|form_changes|lint|regeneration|config|blank_forms|forms|processes"
    r"|web/gunicorn_app|web/http/(form_parser|parameters|json_fields)|web/http/tracing|web/openapi|web/controls/pasted_text|web/schemas/forms|batch/workers|archive/bagit_export"
    r"|outbound_http|batch/hosted/webhook_sender|web/api/(embed_tokens|health)|payload_files|payload_json"
    r"|signatures/(sign|trust)|sealed_copies/sign_records|handover/(archival_codes|earlier_packages)"
    r"|archive/(sm3|database|sqlite_database|migrations)|access/(api_keys|authenticator|jwks|jwt_issuer)|pipeline)"
)


def unfit(text):
    return ENGINEERS.search(text)


def test_messages_of_pages_for_clerks():
    whole = (ROOT / "service/web/pages/messages.toml").read_text("utf-8")
    begin, end = map(whole.index, ADMINISTRATORS)
    known = tomllib.loads(whole[:begin] + whole[end:])["messages"]
    assert len(known) > 700
    assert [key for key, text in known.items() if unfit(f"{text['zh']} {text['en']}")] == []


def faults():
    """Every fault and notice by its code, as the service words it."""
    tables = (
        MESSAGES,
        CELL_MESSAGES,
        input_errors.ITEM_MESSAGES,
        input_errors.WARNINGS,
        file_errors.FILE_MESSAGES,
        {code: (text.zh, text.en) for code, text in extraction_result.MESSAGES.items()},
    )
    for table in tables:
        for code, (zh, en) in table.items():
            yield FieldError("", "", code, Bilingual(zh, en))
    yield from (item_errors.worker_lost(), item_errors.service_failed())
    for face in (None, "Face"):
        found = CharacterWarning("/x", "项", "𠀀", face, "仿宋")
        yield FieldError("", "", found.code, found.message)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_faults_and_notices(lang):
    found = {each.code: error_texts.of_fault(each, lang) for each in faults()}
    assert {code: text for code, text in found.items() if unfit(text)} == {}


def literal(node):
    """A text in the code, its values left out; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    return None


def raised():
    """Each error that the code of the service makes, with its place."""
    helpers = {"unreadable": errors.UnreadableDocument}
    for path in sorted((ROOT / "service").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if NOT_ON_PAGES.match(place):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) > 1:
                kind = helpers.get(node.func.id) or getattr(errors, node.func.id, None)
                zh, en = map(literal, node.args[:2])
                if isinstance(kind, type) and issubclass(kind, errors.KexieError) and zh and en:
                    yield f"{place}:{node.lineno}", kind, Bilingual(zh, en)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_errors_of_the_service(lang):
    found = list(raised())
    assert len(found) > 80
    texts = {}
    for place, kind, text in found:
        error = errors.KexieError(text.zh, text.en)
        error.__class__ = type(kind.__name__, (errors.KexieError,), {"code": kind.code})
        texts[place] = error_texts.of_problem(error, lang)
    assert {place: text for place, text in texts.items() if unfit(text)} == {}


def test_errors_of_http_itself():
    for code, _, detail in (*problems.HTTP.values(), problems.INTERNAL):
        text = error_texts.PROBLEMS.get(code, detail)
        assert not unfit(f"{text.zh} {text.en}"), code


def test_the_cause_stays_where_only_the_way_out_differs():
    found = CharacterWarning("/x", "项", "𠀀", None, "仿宋")
    error = FieldError("", "", found.code, found.message)
    assert (
        error_texts.of_fault(error, "zh")
        == "“𠀀”（U+20000）没有字体可以印出。请换用别的字，或下载 Word 文件。"
    )
    assert error_texts.of_fault(error, "en").startswith("No installed font has '𠀀' (U+20000). Use another")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("含有不换行空格（U+00A0）1 处，已改为普通空格。", "含有不换行空格 1 处，已改为普通空格。"),
        ("首尾有空白或看不见的字符（U+0020 U+3000），已删去。", "首尾有空白或看不见的字符，已删去。"),
        ("Has a no-break space (U+00A0), 1 in all, replaced.", "Has a no-break space, 1 in all, replaced."),
    ],
)
def test_characters_are_named_without_their_numbers(own, said):
    assert error_texts.of_fault(FieldError("", "", "changed", Bilingual(own, own)), "zh") == said


def test_each_text_is_of_a_code_that_there_is():
    kinds = [errors.KexieError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    http = {code for code, _, _ in (*problems.HTTP.values(), problems.INTERNAL)}
    codes = {kind.code for kind in kinds} | http
    assert error_texts.PROBLEMS.keys() <= codes
    assert error_texts.FAULTS.keys() <= {each.code for each in faults()} | {"rows_not_json"}
    assert messages.MESSAGES
