"""Creates TemplateFaults that name file, part, line, tag and reason."""

import re
from dataclasses import dataclass

from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError

from service.errors import TemplateFault

_TAG = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
_XML = re.compile(r"<[^>]*>")
_QUOTED = re.compile(r"'([^']+)'")


class ForbiddenCharacter(ValueError):
    """A value contains a character that XML 1.0 forbids (section 2.2, production 2)."""


class MisplacedPicture(ValueError):
    """A picture is printed where no drawing can be, such as in a property of the document."""


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (ForbiddenCharacter, "值里有 XML 不允许的字符"),
    (MisplacedPicture, "此处不能印图片"),
    (SecurityError, "沙箱不允许"),
    (UndefinedError, "数据里没有这个名字"),
    (TemplateSyntaxError, "标签写法有误"),
)


@dataclass(frozen=True)
class TemplatePart:
    """The location of tags: a template file and a part of its package."""

    file: str
    part: str

    def fault(self, zh: str, en: str) -> TemplateFault:
        """A fault of the whole part."""
        return TemplateFault(f"模板 {self.file} 的 {self.part}：{zh}", f"{self.file}, {self.part}: {en}")

    def tag_fault(self, source: str, line: int | None, exc: Exception) -> TemplateFault:
        """A fault of one tag; `line` counts from 1 in `source`, one line per Word paragraph."""
        reason = next((zh for kind, zh in _REASONS if isinstance(exc, kind)), "标签无法求值")
        if line is None:
            return self.fault(f"{reason}：{exc}", str(exc))
        tag = _tag(source, line, str(exc))
        return self.fault(f"第 {line} 行“{tag}”：{reason}：{exc}", f"line {line}, {tag}: {exc}")


def _tag(source: str, line: int, message: str) -> str:
    text = _XML.sub("", (source.split("\n")[line - 1 : line] or [""])[0])
    tags: list[str] = _TAG.findall(text)
    names = _QUOTED.findall(message)
    named = [tag for tag in tags if any(name in tag for name in names)]
    return (named or ["".join(tags) or text])[0].strip()[:200]
