"""The relationships of a part (ECMA-376 part 2, 6.5): which part each of its ids names."""

import posixpath

from lxml import etree

from service.wordml import parse

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def relations(parts: dict[str, bytes], name: str) -> dict[str, str]:
    """The parts that the part `name` refers to by their ids; without those outside of the package."""
    folder, stem = posixpath.split(name)
    listed = parts.get(posixpath.join(folder, "_rels", f"{stem}.rels"))
    try:
        root = None if listed is None else parse(listed)
    except etree.XMLSyntaxError:
        return {}
    return {
        each.get("Id", ""): posixpath.normpath(posixpath.join(f"/{folder}", each.get("Target", ""))).lstrip(
            "/"
        )
        for each in ([] if root is None else root.iterchildren(_RELATIONSHIP))
        if each.get("TargetMode") != "External"
    }
