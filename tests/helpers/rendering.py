"""What the tests of rendering compare: docxtpl's document and ours, part by part."""

import hashlib
import io
import zipfile

from docxtpl import DocxTemplate
from lxml import etree

from service.rendering import load_template
from tests.helpers.docx_read import W

CORE = "docProps/core.xml"


def by_docxtpl(template, context):
    document = DocxTemplate(io.BytesIO(template))
    document.render(context, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def parts(document):
    """Each part by its name; XML in its canonical form."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        contents = {name: package.read(name) for name in package.namelist()}
    return {
        name: etree.tostring(etree.fromstring(content), method="c14n")
        if name.endswith((".xml", ".rels"))
        else content
        for name, content in contents.items()
    }


def texts(document, part="word/document.xml"):
    root = etree.fromstring(parts(document)[part])
    return ["".join(str(t.text or "") for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p")]


def loaded(template, folder):
    """The template of these bytes, by way of a file in `folder`."""
    path = folder / f"{hashlib.sha256(template).hexdigest()[:12]}.docx"
    path.write_bytes(template)
    return load_template(path)
