"""Checks the paths of a tag tree against the schema and collects the printed fields."""

from collections.abc import Iterable, Mapping, Sequence

from jinja2 import nodes

from service.errors import Bilingual
from service.template_tags.find_tags import Tag
from service.template_tags.jinja_tree import PLAIN_ONLY
from service.template_tags.lint_fault import LintFault
from service.template_tags.schema_shapes import ANY, Chain, Shape, reachable, resolve, step

_GLOBALS = {"range": ANY, "loop": ANY}
_SAME_ITEMS = {"list", "reverse", "sort"}
_NOT_A_LIST = Bilingual("不能逐项重复", "cannot be looped over")
_UNPRINTABLE = {
    "lines": Bilingual(
        "有多行，要写 {{%p for line in {0} %}} … {{%p endfor %}}",
        "has several lines: use {{%p for line in {0} %}} … {{%p endfor %}}",
    ),
    "rows": Bilingual(
        "有多行，要写 {{%tr for item in {0} %}} … {{%tr endfor %}}",
        "has several rows: use {{%tr for item in {0} %}} … {{%tr endfor %}}",
    ),
    "boxes": Bilingual("有{number}个方框；写 {boxes}", "has {number} boxes; use {boxes}"),
    "parts": Bilingual(
        "分{number}处印出，各写一个标签：{first} …… {last}",
        "is printed in {number} places, each with its tag: {first} … {last}",
    ),
    "group": Bilingual("是一组栏目，要写出其中一栏", "is a group of fields: name one of them"),
}
Scope = Mapping[str, Shape]


def follow(tree: nodes.Template, tags: Sequence[Tag], context: Shape) -> tuple[list[LintFault], set[str]]:
    """The faults of the tree of `tags` by the names of `context`, and the pointers of the printed fields."""
    walk = _Walk(tags)
    walk.block(tree.body, {**_GLOBALS, **context.children})
    return walk.faults, walk.printed


class _Walk:
    def __init__(self, tags: Sequence[Tag]) -> None:
        self.faults: list[LintFault] = []
        self.printed: set[str] = set()
        self._tags = tags

    def block(self, body: Iterable[nodes.Node], scope: Scope) -> None:
        """Checks statements in order; `{% set %}` adds a name for the following ones."""
        scope = dict(scope)
        for node in body:
            if isinstance(node, nodes.Output):
                for child in node.nodes:
                    self._print(child, scope)
            elif isinstance(node, nodes.If):
                self._if(node, scope)
            elif isinstance(node, nodes.For):
                self._for(node, scope)
            elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
                scope[node.target.name] = self._value(node.node, scope)
            else:
                self._fault("unsupported_tag", node, PLAIN_ONLY)

    def _if(self, node: nodes.If, scope: Scope) -> None:
        self._read(node.test, scope)
        self.block(node.body, scope)
        for branch in node.elif_:
            self._if(branch, scope)
        self.block(node.else_, scope)

    def _for(self, node: nodes.For, scope: Scope) -> None:
        inner = node.iter
        while isinstance(inner, nodes.Filter) and inner.name in _SAME_ITEMS and inner.node is not None:
            inner = inner.node
        looped = self._value(inner, scope)
        if looped.kind not in ("rows", "lines", "any"):
            self._fault("not_a_list", node, _NOT_A_LIST)
        names = _names(node.target)
        inside = {**scope, **dict.fromkeys(names, ANY if len(names) > 1 else looped.item or ANY)}
        if node.test is not None:
            self._read(node.test, inside)
        self.block(node.body, inside)
        self.block(node.else_, scope)

    def _print(self, node: nodes.Node, scope: Scope) -> None:
        """Checks an expression and marks its fields as printed."""
        if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)):
            self._print_value(node, scope)
        elif isinstance(node, (nodes.Compare, nodes.Not, nodes.Test)):
            self._read(node, scope)
        elif isinstance(node, nodes.CondExpr):
            self._read(node.test, scope)
            self._print(node.expr1, scope)
            if node.expr2 is not None:
                self._print(node.expr2, scope)
        elif isinstance(node, nodes.Filter) and node.node is not None and _chain(node.node):
            self._print_value(node.node, scope, filtered=True)
            for argument in (*node.args, *node.kwargs):
                self._read(argument, scope)
        else:
            for child in node.iter_child_nodes():
                self._print(child, scope)

    def _print_value(self, node: nodes.Node, scope: Scope, *, filtered: bool = False) -> None:
        shape = self._value(node, scope)
        if shape.kind == "leaf" or (filtered and shape.kind == "lines"):
            self.printed.add(shape.pointer)
        elif shape.kind in _UNPRINTABLE:
            self._fault("unprintable", node, _hint(shape, _spelled(node)))

    def _read(self, node: nodes.Node, scope: Scope) -> None:
        """Checks every path in an expression that is not printed."""
        if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)):
            self._value(node, scope)
            return
        for child in node.iter_child_nodes():
            self._read(child, scope)

    def _value(self, node: nodes.Node, scope: Scope) -> Shape:
        chain = _chain(node)
        if chain is None:
            if isinstance(node, (nodes.Getattr, nodes.Getitem)):
                self._fault("unsupported_tag", node, PLAIN_ONLY)
            else:
                self._read(node, scope)
            return ANY
        found, near = resolve(chain, scope)
        if found is None:
            zh, en = (f"；是否应为 {near}？", f"; did you mean {near}?") if near else ("", "")
            self._fault("not_in_schema", node, Bilingual(f"数据模式中没有{zh}", f"not in the schema{en}"))
        # Continue with the likely meaning, so that one mistake is one fault.
        return found or reachable(scope).get(near, ANY)

    def _fault(self, code: str, node: nodes.Node, message: Bilingual) -> None:
        tag = self._tags[node.lineno - 1]
        fault = LintFault(code, tag.place, tag.written, message)
        if fault not in self.faults:
            self.faults.append(fault)


def _hint(shape: Shape, spelled: str) -> Bilingual:
    """What to write in place of lines, rows, boxes, parts or a group, which `spelled` names."""
    hint, number = _UNPRINTABLE[shape.kind], len(shape.children)
    boxes = [step(spelled, key) for key in shape.children]
    ends = {"first": boxes[0], "last": boxes[-1]} if boxes else {}
    zh = {"number": "两" if number == 2 else number, "boxes": " 或 ".join(boxes), **ends}
    en = {"number": "two" if number == 2 else number, "boxes": " or ".join(boxes), **ends}
    return Bilingual(hint.zh.format(spelled, **zh), hint.en.format(spelled, **en))


def _names(target: nodes.Node) -> list[str]:
    if isinstance(target, nodes.Name):
        return [target.name]
    return [name.name for name in target.find_all(nodes.Name)]


def _chain(node: nodes.Node) -> Chain | None:
    """The name and keys of `a.b["c"]`; None for other expressions."""
    keys: list[tuple[str | int, bool]] = []
    while isinstance(node, (nodes.Getattr, nodes.Getitem)):
        if isinstance(node, nodes.Getattr):
            keys.append((node.attr, True))
        elif isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, (str, int)):
            keys.append((node.arg.value, False))
        else:
            return None
        node = node.node
    return (node.name, keys[::-1]) if isinstance(node, nodes.Name) else None


def _spelled(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_spelled(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        key = node.arg.value
        return f'{_spelled(node.node)}["{key}"]' if isinstance(key, str) else f"{_spelled(node.node)}[{key}]"
    return node.name if isinstance(node, nodes.Name) else "…"
