"""Rendering gives docxtpl's documents: the same XML, with every value as sent, the same bytes each time."""

import copy
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from docxtpl import RichText
from lxml import etree

from service import catalog, submission, template_context
from service.rendering import load_template
from tests.helpers import ROOT
from tests.helpers import docx_builder as build
from tests.helpers.docx_builder import docx, paragraph
from tests.helpers.docx_check import problems
from tests.helpers.rendering import CONTEXT, CORE, TEMPLATES, by_docxtpl, loaded, parts, texts

# Not valid from docxtpl either: gridSpan and shd before tcW, runs in text, python-docx's own settings.
INVALID = {"colspan", "cell background", "rich text without r", "made by python-docx"}


@pytest.fixture
def load(tmp_path):
    return lambda template: loaded(template, tmp_path)


def context_for(name):
    return build.form_context() if name == "a form" else CONTEXT


def is_fast(template):
    """Whether plain one-line values are rendered without an XML parser."""
    return all(getattr(part, "proved", True) for part in template._parts)


@pytest.mark.parametrize("name", TEMPLATES)
def test_same_document_as_docxtpl(load, name):
    template, fast = TEMPLATES[name]
    loaded = load(template)
    assert is_fast(loaded) is fast
    theirs = by_docxtpl(template, copy.deepcopy(context_for(name)))
    assert parts(loaded.render(context_for(name))) == parts(theirs)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in INVALID])
def test_word_opens_the_document(load, name):
    document = load(TEMPLATES[name][0]).render(context_for(name))
    assert problems(document, braces_allowed=True) == []


@pytest.mark.parametrize(
    "value",
    [
        "{{ a }}",
        "{_{",
        "}_} {_% %_}",
        "{% raw %}",
        "}}",
        "R&D",
        "a<b",
        "]]>",
        "&amp;",
        "&#9;",
        "“{{”",
        "\\",
        "{#",
    ],
)
def test_values_print_as_sent_everywhere(load, value):
    template = load(
        docx(
            paragraph("{{ v }}"),
            header=paragraph("{{ v }}"),
            footer=paragraph("{{ v }}"),
            footnote="{{ v }}",
            title="{{ v }}",
        )
    )
    document = template.render({"v": value})
    for part in ("word/document.xml", "word/header.xml", "word/footer.xml", "word/footnotes.xml"):
        assert texts(document, part) == [value]
    core = etree.fromstring(parts(document)[CORE])
    assert core.findtext("{http://purl.org/dc/elements/1.1/}title") == value


def test_none_prints_nothing(load):
    document = load(docx(paragraph("[{{ x }}]"), title="[{{ x }}]")).render({"x": None})
    assert texts(document) == ["[]"]
    assert b">[]<" in parts(document)[CORE]


def test_title_may_be_longer_than_python_docx_allows(load):
    assert (
        "长" * 300
        in parts(load(docx(paragraph("x"), title="{{ t }}")).render({"t": "长" * 300}))[CORE].decode()
    )


def test_a_package_without_properties_gets_docxtpls_with_a_fixed_time(load):
    template = docx(paragraph("{{ name }}"), title=None)
    ours, theirs = (parts(d) for d in (load(template).render(CONTEXT), by_docxtpl(template, CONTEXT)))
    assert ours.keys() == theirs.keys()
    assert b"1980-01-01T00:00:00Z" in ours.pop(CORE)
    theirs.pop(CORE)
    assert ours == theirs


def test_footnotes_are_rendered_once_however_many_sections(load):
    two = f"<w:p><w:pPr>{build.SECTION.format('')}</w:pPr></w:p>"
    document = load(docx(two + paragraph("x"), footnote="{{ v }}")).render({"v": "{{ 1 + 1 }}"})
    assert texts(document, "word/footnotes.xml") == ["{{ 1 + 1 }}"]


def test_the_same_context_gives_the_same_bytes(load):
    template = load(build.form())
    first = template.render(build.form_context())
    assert template.render(build.form_context()) == first
    assert load_template(template.path).render(build.form_context()) == first


RENDER = """
import hashlib, json, sys
from service.rendering import load_template
print(hashlib.sha256(load_template(sys.argv[1]).render(json.loads(sys.argv[2]))).hexdigest())
"""


def test_two_processes_give_the_same_bytes(load):
    template = load(build.form())
    command = [sys.executable, "-c", RENDER, str(template.path), json.dumps(build.form_context())]
    hashes = {
        subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert hashes == {hashlib.sha256(template.render(build.form_context())).hexdigest()}


def test_zip_order_and_times(load):
    with zipfile.ZipFile(io.BytesIO(load(build.form()).render(build.form_context()))) as package:
        assert package.testzip() is None
        assert package.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_template_reports_its_path_and_hash(load):
    template = load(build.form())
    assert template.sha256 == hashlib.sha256(template.path.read_bytes()).hexdigest()
    assert template.path.suffix == ".docx"


def test_rendering_leaves_the_context_alone(load):
    context = build.form_context()
    load(build.form()).render(context)
    assert context == build.form_context()


def test_many_threads_render_at_once(load):
    template = load(docx(paragraph("{{ a }}") + paragraph("{{ b }}"), header=paragraph("{{ a }}")))
    contexts = [{"a": f"甲{n}", "b": RichText(f"乙{n}") if n % 3 else f"乙\t{n}"} for n in range(120)]
    alone = [template.render(context) for context in contexts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(template.render, contexts)) == alone


EDITIONS = [
    pytest.param(
        catalog.edition(path.stem, int(path.parent.name)),
        sample,
        id=f"{path.stem}-{path.parent.name}-{sample}",
    )
    for path in sorted((ROOT / "docx_templates").glob("*/*.docx"))
    for sample in ("blank", "minimal", "full")
]


@pytest.mark.parametrize(("edition", "sample"), EDITIONS)
def test_the_forms_are_docxtpls_and_take_the_fast_way(edition, sample):
    payload = {} if sample == "blank" else edition.sample(sample)
    data = template_context.build(submission.validate(edition, payload))
    template = load_template(edition.template_path)
    document = template.render(data)
    assert is_fast(template)
    assert parts(document) == parts(by_docxtpl(edition.template_path.read_bytes(), data))
    assert problems(document) == []


OFFICE_CORE = "http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties"


@pytest.mark.parametrize("also_usual", [False, True], ids=["alone", "beside-the-usual"])
@pytest.mark.parametrize("name", ["docProps/core.xml", "docProps/properties.xml"])
def test_the_properties_of_libreoffice_24_are_kept(load, name, also_usual):
    template = docx(paragraph("{{ name }}"), title="申报书（{{ name }}）")
    inside = build.parts(template)
    inside[name] = inside.pop("docProps/core.xml")
    kinds = inside["[Content_Types].xml"]
    inside["[Content_Types].xml"] = kinds.replace(b"docProps/core.xml", name.encode())
    rels = inside["_rels/.rels"].decode().replace("docProps/core.xml", name)
    usual = re.search("<Relationship [^>]*core-properties[^>]*/>", rels)[0]
    office = re.sub('Type="[^"]*"', f'Type="{OFFICE_CORE}"', usual)
    second = office.replace("rId2", "rId9") if also_usual else ""
    inside["_rels/.rels"] = rels.replace(usual, f"{usual if also_usual else office}{second}").encode()
    made = parts(load(build.zipped(inside)).render({"name": "云泽县科协"}))
    cores = [each for each in made if b"coreProperties" in made[each]]
    assert cores == [name]
    assert "<dc:title>申报书（云泽县科协）</dc:title>" in made[name].decode()
    assert made["_rels/.rels"].count(b"core-properties") == 1
