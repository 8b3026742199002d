"""Forms, full or with styles, marks and random dress, saved by LibreOffice in each format: all is read."""

from __future__ import annotations

import os

import pytest

from service import catalog, generate
from service.extraction import extract
from service.roundtrip import differences
from service.submission import validate
from tests.helpers.forms import FORMS, made_up
from tests.helpers.hand_made import Paper, put, set_property, style, t
from tests.helpers.hostile.dressed import KEPT, LIST, dressed, silent, with_a_deleted_mark
from tests.helpers.libreoffice import FILTERS, save

_CASES = int(os.environ.get("DRESSED_CASES", "480")) // 160  # for each format
# LibreOffice writes the text before a deleted mark into an .rtf as deleted itself: no reader can know.
_PIECES = {"rtf": [piece for piece in KEPT if piece is not with_a_deleted_mark]}
QUOTA, LEADER = "/basic_info/staff_quota", "/basic_info/leader_name"
INDEPENDENT = "/basic_info/is_independent"
FULL = [*FORMS, made_up.FORM]


@pytest.fixture(scope="module", autouse=True)
def editions():
    """The forms of 2021 and the made-up one, by name."""
    with pytest.MonkeyPatch.context() as patch:
        made = made_up.publish(patch)
        yield {form: catalog.edition(form, 2021) for form in FORMS} | {made.form: made}


def styled():
    """A form whose styles strike out 1, hide 甲 and number a line, and whose 是 alone is highlighted."""
    made = Paper()
    made.add_lists(LIST)
    made.add_styles(
        style("character", "Struck", "<w:strike/>"),
        style("character", "Base", "<w:vanish/>"),
        style("character", "Hidden", "<w:i/>", based_on="Base"),
        style("paragraph", "Listed", "", '<w:numPr><w:numId w:val="7"/></w:numPr>', "TableLong"),
    )
    put(made.value("编制数"), t("1", '<w:rStyle w:val="Struck"/>') + t("9"))
    put(made.value("负责人姓名"), t("岑") + t("甲", '<w:rStyle w:val="Hidden"/>') + t("远"))
    put(made.value("是否独立建制"), t("是", '<w:highlight w:val="yellow"/>') + t("□  否□"))
    paragraph = put(made.tables[1].find(".//{*}tc"), "第一点")[-1]
    set_property(paragraph, "pPr", '<w:pStyle w:val="Listed"/>')
    return made


@pytest.fixture(scope="module")
def saved_again(tmp_path_factory, editions):
    """For each format papers with what they wear, saved in it, and then as .docx in one call for all.

    With them come the full samples, as neither paper nor wear.
    """
    folder, cases = tmp_path_factory.mktemp("saved"), {}
    full = {
        form: generate(form, each.year, each.sample("full"), ("docx",))["docx"]
        for form, each in editions.items()
    }
    for number, extension in enumerate(FILTERS):
        cases[f"{extension}-styled"] = styled(), []
        for seed in range(100_000 + 10_000 * number, 100_000 + 10_000 * number + _CASES):
            cases[f"{extension}-{seed}"] = dressed(seed, _PIECES.get(extension, KEPT))
        for form, document in full.items():
            cases[f"{extension}-{form}"] = None, []
            (folder / f"{extension}-{form}.docx").write_bytes(document)
    for name, (paper, _) in cases.items():
        if paper:
            (folder / f"{name}.docx").write_bytes(paper.docx())
    for extension, target in FILTERS.items():
        save(sorted(folder.glob(f"{extension}-*.docx")), f"{extension}:{target}", folder / extension)
    save(sorted(folder.glob("*/out/*")), f"docx:{FILTERS['docx']}", folder / "back")
    return {
        name: (*case, (folder / "back/out" / f"{name}.docx").read_bytes()) for name, case in cases.items()
    }


@pytest.mark.parametrize("extension", FILTERS)
def test_nothing_is_lost_in_silence(extension, saved_again):
    for name, (paper, worn, docx) in saved_again.items():
        if name.startswith(f"{extension}-") and worn:
            assert silent(paper, docx) == {}, (name, worn)


@pytest.mark.parametrize("extension", FILTERS)
@pytest.mark.parametrize("form", FULL)
def test_a_full_form_holds_the_same(extension, form, editions, saved_again):
    read, edition = extract(saved_again[f"{extension}-{form}"][-1]), editions[form]
    assert (read.edition, read.warnings) == (edition, ())
    sent, back = (validate(edition, payload).data for payload in (edition.sample("full"), read.data))
    assert differences(edition, sent, back) == []


@pytest.mark.parametrize("extension", FILTERS)
def test_what_styles_do_is_reported(extension, saved_again):
    read = extract(saved_again[f"{extension}-styled"][-1])
    info = read.data["basic_info"]
    assert (info["staff_quota"], info["leader_name"], info.get("is_independent")) == (9, "岑远", None)
    found = {(each.code, each.pointer) for each in read.warnings}
    assert {("struck_text", QUOTA), ("hidden_text", LEADER), ("unclear_box", INDEPENDENT)} <= found
    assert ("numbering", "/overall_approach") in found
