"""Files and bodies made to harm whoever reads them, for the tests."""

from __future__ import annotations

import io
import warnings
import zipfile

from service import catalog, generate
from tests.helpers.batch import workbook

DTD = '<!DOCTYPE a [<!ENTITY b "c">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd" [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
LAUGHS = f"<!DOCTYPE a [{LAUGHS}]><a>&l9;</a>"
QUADRATIC = f'<!DOCTYPE a [<!ENTITY b "{"x" * 50_000}">]><a>{"&b;" * 50_000}</a>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
PLAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
BOUNDARY = "hostile"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def filled():
    """A filled form as it should be."""
    return generate("annex3", 2021, catalog.edition("annex3", 2021).sample("minimal"), ("docx",))["docx"]


def sheet():
    """A sheet as it should be."""
    return workbook([["编号", "县级科协名称"], ["1", "甲"]])


def changed(package, more=(), change=lambda name, part: part):
    """A package with other parts: `change` of each, and `more`, pairs of name and content."""
    made = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        warnings.simplefilter("ignore")  # of a name that occurs twice
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in more:
            new.writestr(name, content)
    return made.getvalue()


def with_part(package, name, content):
    """A package in which one part says something else."""
    return changed(package, change=lambda found, part: content if found == name else part)


def linked(kind, target):
    """A filled form that names something outside."""
    link = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'

    def change(name, part):
        if name != "word/_rels/document.xml.rels":
            return part
        return part.replace(b"</Relationships>", f"{link}</Relationships>".encode())

    return changed(filled(), change=change)


def with_macros():
    """A filled form with a project of macros, and its content type said to have them."""

    def change(name, part):
        return part.replace(PLAIN.encode(), MACRO.encode()) if name == "[Content_Types].xml" else part

    return changed(filled(), [("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(600))], change)


def with_chunk():
    """A filled form that takes in a web page (altChunk)."""
    link = f'<Relationship Id="rIdX" Type="{OFFICE}/aFChunk" Target="chunk.html"/>'

    def change(name, part):
        if name == "word/_rels/document.xml.rels":
            return part.replace(b"</Relationships>", f"{link}</Relationships>".encode())
        if name == "word/document.xml":
            return part.replace(b"<w:sectPr", b'<w:altChunk r:id="rIdX"/><w:sectPr', 1)
        return part

    return changed(filled(), [("word/chunk.html", "<script>alert(1)</script>")], change)


def bomb(package, name, size, head=b""):
    """A package with a part of so many spaces, behind `head`."""
    return changed(package, [(name, head + b" " * size)])


def form(content, name="表.docx", field="file", more=""):
    """A form of one file (RFC 7578)."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"{more}\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def parts(number):
    """A form of so many fields."""
    one = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    return (one * number + f"--{BOUNDARY}--\r\n").encode()
