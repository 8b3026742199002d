"""Finds what an office leaves in a template: tracked changes, comments, hidden text, settings."""

from collections.abc import Iterator, Mapping

from lxml import etree

from service.errors import Bilingual
from service.layout.seals_and_review_marks import CHANGES
from service.template_tags.lint_fault import WHOLE, LintFault
from service.wordml import OFF, W, is_on, parse, properties_of, property_of, value

_SHOWN = 24
_MARKS = {
    **dict.fromkeys(
        CHANGES,
        ("tracked_change", "修订尚未接受或拒绝", "a tracked change is still open: accept or reject it"),
    ),
    W + "commentReference": ("comment", "批注尚未删除", "a comment was not removed"),
    W + "dataBinding": (
        "bound_control",
        "内容控件绑定了 XML 数据，Word 会以其代替所填内容，请解除",
        "the content control is bound to XML data, which Word shows in place of the content: unbind it",
    ),
    W + "altChunk": (
        "embedded_document",
        "嵌入了另一份文件，印不出来，请改为正文",
        "another file is embedded, which is not printed: insert its text",
    ),
    W + "subDoc": (
        "embedded_document",
        "链接了子文档，印不出来，请改为正文",
        "a subdocument is linked, which is not printed: insert its text",
    ),
}
_HIDDEN = Bilingual("隐藏文字不会印出，请删去或改为可见", "hidden text is not printed: remove or show it")
_SETTINGS = {
    "trackRevisions": ("tracking", "修订功能未关闭，请关闭", "track changes is on: turn it off"),
    "documentProtection": (
        "protected",
        "设有编辑限制，请取消",
        "editing is restricted: remove the restriction",
    ),
    "writeProtection": (
        "protected",
        "设有修改密码或建议只读，请取消",
        "write protection is set: remove it",
    ),
    "mailMerge": (
        "mail_merge",
        "连着邮件合并的数据源，请改为普通文档",
        "a mail merge source is attached: detach it",
    ),
    "docVars": ("document_variables", "带有文档变量，请删去", "has document variables: remove them"),
    "embedTrueTypeFonts": (
        "embedded_fonts",
        "字体嵌入在文件中，请取消嵌入",
        "fonts are embedded: turn it off",
    ),
}
_PARTS = {
    "word/comments": ("comment", "还有批注部件，请删去所有批注", "comments were left: remove them all"),
    "word/people": (
        "comment",
        "还有批注人或修订人名单，请用“检查文档”删去",
        "the list of reviewers was left: inspect the document",
    ),
    "word/fonts/": ("embedded_fonts", "字体嵌入在文件中，请取消嵌入", "a font is embedded: turn it off"),
    "_xmlsignatures/": (
        "signature",
        "带有数字签名，填写后失效，请删去",
        "is signed, which filling in breaks: remove it",
    ),
}
_PERSONAL = {
    "docProps/core.xml": {"lastModifiedBy": "最后修改者"},
    "docProps/app.xml": {"Company": "单位", "Manager": "经理"},
}


def faults(parts: Mapping[str, bytes]) -> Iterator[LintFault]:
    """The faults of whole parts; those in a part's text are `in_part`'s."""
    for name in parts:
        for prefix, (code, *message) in _PARTS.items():
            if name.startswith(prefix) and not name.endswith(".rels"):
                yield LintFault(code, WHOLE, name, Bilingual(*message))


def in_part(
    name: str, root: etree._Element, styles: frozenset[str]
) -> Iterator[tuple[etree._Element, LintFault]]:
    """The leftovers in a part with their elements, for the caller to place; `styles` are the hidden ones."""
    if name == "word/settings.xml":
        yield from _settings(root)
    for element in root.iter(*_MARKS):
        code, *message = _MARKS[str(element.tag)]
        yield element, LintFault(code, WHOLE, _text(element), Bilingual(*message))
    for run in root.iter(W + "r"):
        if _text(run) and is_hidden(run, styles):
            yield run, LintFault("hidden_text", WHOLE, _text(run), _HIDDEN)


def personal(parts: Mapping[str, bytes]) -> Iterator[Bilingual]:
    """Notes of names in the properties (ECMA-376 part 2, 11; part 1, 15.2.12.3) that every document shows."""
    for part, names in _PERSONAL.items():
        root = parse(parts[part]) if part in parts else None
        for element in () if root is None else root.iter(etree.Element):
            name = etree.QName(element).localname
            if name in names and (element.text or "").strip():
                yield Bilingual(
                    f"文件属性中有{names[name]}“{element.text}”，每份文书都带着",
                    f"the properties name {name} '{element.text}', and so does every document made",
                )


def hidden_styles(root: etree._Element) -> frozenset[str]:
    """The styles of hidden text, those based on them included."""
    ids = {str(style.get(W + "styleId")): style for style in root.iter(W + "style")}

    def hides(name: str, depth: int = 0) -> bool:
        style = ids.get(name)
        if style is None or depth > len(ids):
            return False
        own = properties_of(style, "rPr").get(W + "vanish")
        return is_on(own) if own is not None else hides(value(property_of(style, "basedOn")) or "", depth + 1)

    return frozenset(filter(hides, ids))


def _settings(root: etree._Element) -> Iterator[tuple[etree._Element, LintFault]]:
    for name, (code, *message) in _SETTINGS.items():
        element = property_of(root, name)
        if element is not None and is_on(element) and element.get(W + "enforcement") not in OFF:
            yield element, LintFault(code, WHOLE, name, Bilingual(*message))


def is_hidden(run: etree._Element, styles: frozenset[str]) -> bool:
    """Whether a run's text is hidden (17.3.2.41), by itself or by one of the hidden `styles`."""
    own = properties_of(run, "rPr")
    if W + "vanish" in own:
        return is_on(own[W + "vanish"])
    paragraph = next(run.iterancestors(W + "p"), None)
    above = None if paragraph is None else property_of(paragraph, "pPr", "pStyle")
    return bool({value(own.get(W + "rStyle")), value(above)} & styles)


def _text(element: etree._Element) -> str:
    """The text inside an element, shortened, or the name of its tag."""
    texts = element.iter(W + "t", W + "delText")
    text = "".join(each.text or "" for each in texts)
    if not text:
        return "" if element.tag == W + "r" else etree.QName(element).localname
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"
