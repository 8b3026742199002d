"""Finds the value that a content control is bound to in the package's data (ECMA-376 part 1, 17.5.2.6)."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import cast

from lxml import etree

from service.wordml import W, parse
from service.wordml.word_package import relations

_DATASTORE = "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}"
_PROPERTIES = {
    "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}": "docProps/core.xml",
    "{6668398D-A668-4E3E-A5EB-62B293D839F1}": "docProps/app.xml",
}
_MOST = 2_000_000  # bytes of a data part
_MOST_READ = 20_000_000  # bytes of the parts searched for all controls, and characters of the values found
_NAME = r"(?:[\w.-]+:)?[\w.-]+"
_NUMBERED = r"(?:\[[0-9]{1,6}\])?"
# Only steps downwards, as Word writes them: they cost no more than the part is long.
_STEPS = re.compile(rf"/{{1,2}}{_NAME}{_NUMBERED}(?:/{_NAME}{_NUMBERED})*(?:/@{_NAME}|/text\(\){_NUMBERED})?")
_MAPPING = re.compile(r"""xmlns:([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class UnknownPath(ValueError):
    """The path is none of the simple ones that are followed."""


class CustomXml:
    """The data parts of a package. Each search of one for a control costs a part of `_MOST_READ`."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self._left = _MOST_READ

    def values(self, binding: etree._Element, *, followed: bool = True) -> list[str] | None:
        """The values at a `w:dataBinding`; None if its data part is missing.

        Raises UnknownPath, also if the path is not to be `followed`, or too much was read for others.
        """
        path, space = binding.get(W + "xpath", "").strip(), _namespace(binding)
        path = binding.get(space + "xpath", path).strip()
        if not (followed and _STEPS.fullmatch(path)):
            raise UnknownPath
        spaces = {
            prefix: one or other
            for prefix, one, other in _MAPPING.findall(binding.get(space + "prefixMappings", ""))
            if one or other
        }
        store = binding.get(space + "storeItemID", "").upper()
        known = [self._known[store]] if store in self._known else []
        for root, length in known if store else self._known.values():
            self._spend(length)
            found = []
            for text in _found(root, path, spaces):
                self._spend(len(text))
                found.append(text)
            if found:
                return found
        return [] if known else None

    def _spend(self, amount: int) -> None:
        self._left -= amount
        if self._left < 0:
            raise UnknownPath

    @cached_property
    def _known(self) -> dict[str, tuple[etree._Element, int]]:
        """The root of each data part, and its length in bytes, by its id in capitals."""
        stores = {store: name for store, name in _PROPERTIES.items() if name in self._parts}
        for name in self._parts:
            if name.lower().startswith("customxml/") and "/_rels/" not in name:
                stores |= dict.fromkeys(self._ids(name), name)
        roots = {store: (_root(self._parts[name]), len(self._parts[name])) for store, name in stores.items()}
        return {store: (root, length) for store, (root, length) in roots.items() if root is not None}

    def _ids(self, name: str) -> Iterator[str]:
        for target in relations(self._parts, name).values():
            properties = _root(self._parts.get(target, b""))
            if properties is not None and properties.tag == _DATASTORE + "datastoreItem":
                yield properties.get(_DATASTORE + "itemID", "").upper()


def _namespace(binding: etree._Element) -> str:
    """The namespace of a binding's attributes: of Word 2006 or its own, as `w15:dataBinding`."""
    own = str(binding.tag).rpartition("}")[0] + "}"
    return own if binding.get(own + "xpath") is not None else W


def _root(part: bytes) -> etree._Element | None:
    if len(part) > _MOST:
        return None
    try:
        return parse(part)
    except etree.XMLSyntaxError:
        return None


def _found(root: etree._Element, path: str, spaces: dict[str, str]) -> Iterator[str]:
    try:
        found = cast("list[etree._Element | str]", etree.XPath(path, namespaces=spaces, regexp=False)(root))
    except etree.XPathError as error:
        raise UnknownPath from error
    for each in found:
        yield "".join(map(str, each.itertext())) if isinstance(each, etree._Element) else str(each)
