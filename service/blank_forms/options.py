"""Questions that are answered by boxes: 是□ 否□, 级别：□国家级 □省级 □其他____."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.blank_forms.kinds import of_label, unit_at
from service.blank_forms.label_words import BOXES, label, plain

_BOX = re.compile(f"[{BOXES}]")
_INSIDE = "[”\"'’]?[内中里处](?:打|划|画|填|勾|选|标|用|以|[√✓，。])"
_MEANT = re.compile(f"[“\"'‘(（][{BOXES}][”\"'’)）]|在[{BOXES}]|[{BOXES}](?={_INSIDE})")
_DIGITS = re.compile(f"(?:[{BOXES}][ \u3000]?){{4,}}")
_BRACKETS = re.compile(r"[(（\[［【][ \u3000_]{0,4}[)）\]］】]")
_MOUTH = re.compile("(?:(?<=^)|(?<=[\\s：:、；;]))口(?=\\s?[\u3400-\u9fff])")
_SEVERAL = re.compile(
    "多选|可选多|[(（]选.{0,2}项|附件|材料|资料|目录|提交|所附|兴趣|爱好|意向|成果|涉及|证明"
)
_OTHER = re.compile(r"其[他它][^\s_:：(（□]{0,4}(?:[(（][^\s_)）]+[)）])?[:：]?\s*[(（]?([\s_]*)")
_LETTER = re.compile(
    r"[\s;；,，、]*(?<![A-Za-z0-9])(?:[A-H][.．、)）]|[1-9][.．、)）](?![0-9])|[①-⑨]|[(（][1-9A-H][)）])\s*"
)
_SLASHED = re.compile("[\u3400-\u9fff]{1,6}(?:[ ]?[/／][ ]?[\u3400-\u9fff]{1,6})+")
_YES_NO = ({"是", "否"}, {"有", "无"}, {"是", "不是"}, {"有", "没有"}, {"需要", "不需要"}, {"同意", "不同意"})
_WITH_BLANKS = re.compile("[(（][^()（）]*[:：].*$", re.DOTALL)  # behind an option, with blanks of their own
_HINT = re.compile("[(（][^()（）]*[√✓勾打选划圈][^()（）]*[)）]")
_LONGEST_TEXT = 20_000  # characters, far more than in any form
_LONGEST = 40  # characters of an option
_LONGEST_TITLE = 12  # of a question in a line of its own
_LONGEST_WORD = 16  # of one without a box


@dataclass(frozen=True)
class Options:
    """The label in front of boxes, the options' words, the kind of answer, and where they are in the text."""

    label: str
    words: tuple[str, ...]
    kind: str
    other: bool
    at: tuple[tuple[int, int], ...]
    """Start and end of each box."""
    span: tuple[int, int]
    """From the label to the end of the last option."""
    blank: tuple[int, int] | None = None
    """The blank behind 其他."""


@dataclass
class _Question:
    label: str
    start: int
    boxes: list[tuple[int, int]]
    words: list[str]
    end: int = 0


def questions(text: str, before: str = "") -> list[Options]:
    """The questions that a text asks by boxes, with the boxes in front of the options or behind them."""
    boxes = _boxes(text) if len(text) <= _LONGEST_TEXT else []
    if not boxes:
        return []
    found = _Behind(text, boxes) if _are_behind(text, boxes) else _InFront(text, boxes)
    return [each for question in found.questions() if (each := _options(text, question, before))]


def _boxes(text: str) -> list[tuple[int, int]]:
    single = [each for each in text if each in BOXES]
    if not single:
        mouths, brackets = list(_MOUTH.finditer(text)), list(_BRACKETS.finditer(text))
        found = mouths if len(mouths) > 1 else brackets
        return [each.span() for each in found] if len(found) > 1 and _are_short(text, found) else []
    others = [each.span() for pattern in (_DIGITS, _MEANT) for each in pattern.finditer(text)]
    return [
        found.span()
        for found in _BOX.finditer(text)
        if not any(start <= found.start() < end for start, end in others)
    ]


def _are_short(text: str, boxes: list[re.Match[str]]) -> bool:
    """Whether brackets are boxes: between words alone, not units or sentences."""
    ends = [each.end() for each in boxes]
    between = [text[end : each.start()] for end, each in zip(ends, boxes[1:], strict=False)]
    words = [plain(each) for each in between]
    return all(1 <= len(each) <= 8 and not re.search("[，。；年月日%:：]", each) for each in words)


def _are_behind(text: str, boxes: list[tuple[int, int]]) -> bool:
    line_start = text.rfind("\n", 0, boxes[0][0]) + 1
    first = re.split("[:：]", text[line_start : boxes[0][0]])[-1]
    line_end = text.find("\n", boxes[-1][1])
    last = text[boxes[-1][1] : line_end if line_end >= 0 else len(text)]
    ends = [text[end:].partition("\n")[0] for _, end in boxes]
    if len(boxes) > 1 and label(first) and not any(label(each) for each in ends):
        return True  # each at the end of its line
    return (
        bool(label(first))
        and not label(re.sub(r"[(（].*", "", last)).strip("、/")
        and not _starts_apart(first)
    )


def _starts_apart(first: str) -> bool:
    """Whether the words in front of the first box are a label: spaces lie between."""
    return first.rstrip() != first and not re.search(r"\S\s{1,}\S", first.strip()) and len(label(first)) > 4


class _InFront:
    def __init__(self, text: str, boxes: list[tuple[int, int]]) -> None:
        self._text, self._boxes = text, boxes

    def questions(self) -> Iterator[_Question]:
        text, boxes = self._text, self._boxes
        start = text.rfind("\n", 0, boxes[0][0]) + 1
        if not label(text[start : boxes[0][0]]):
            start = text.rfind("\n", 0, max(start - 1, 0)) + 1
        question = _Question(text[start : boxes[0][0]], start, [], [])
        for at, box in enumerate(boxes):
            end = boxes[at + 1][0] if at + 1 < len(boxes) else _end_of_last(text, box[1])
            word, after = _split(text[box[1] : end])
            question.boxes.append(box)
            question.words.append(word)
            question.end = box[1] + len(_WITH_BLANKS.sub("", word))
            if after and at + 1 < len(boxes):
                yield question
                question = _Question(after, end - len(after), [], [])
        yield question


class _Behind:
    def __init__(self, text: str, boxes: list[tuple[int, int]]) -> None:
        self._text, self._boxes = text, boxes

    def questions(self) -> Iterator[_Question]:
        end, question = self._text.rfind("\n", 0, self._boxes[0][0]) + 1, None
        for box in self._boxes:
            head, word = _split_behind(self._text[end : box[0]], question is None)
            head = head or (_title_above(self._text[:end]) if question is None else "")
            if question is None or head:
                if question:
                    yield question
                question = _Question(head, end, [], [])
            question.boxes.append(box)
            question.words.append(word)
            question.end = end = box[1]
        if question:
            yield question


def _title_above(text: str) -> str:
    """The line above the first option, if it is a short label."""
    above = text.rstrip("\n").rpartition("\n")[2]
    return above if 1 < len(label(above)) <= _LONGEST_TITLE and not re.search("[。；;，,:：]", above) else ""


def _end_of_last(text: str, start: int) -> int:
    """The end of the last option: of its line, or in front of another label."""
    line = text[start:].partition("\n")[0]
    other = re.search(r"\S(\s{2,})(?=[^\s_:：]{2,}[:：]|[^\s_:：]{3,12}(?:\s{2,}|_{2,})[^\s_])", line)
    return start + (other.start(1) if other else len(line))


def _split(chunk: str) -> tuple[str, str]:
    """An option and the label of the question behind it, if one begins there."""
    line, newline, rest = chunk.partition("\n")
    if newline and label(rest):
        return line, rest
    found = re.match(r"(\s*\S+?[；;。]?(?:\s{2,}|[；;。]\s*))(\S.*[:：]\s*)$", chunk) or re.match(
        r"(\s*\S+\s)(\s*[^\s:：]{2,}[:：]\s*)$", chunk
    )
    return (found[1], found[2]) if found else (chunk, "")


def _split_behind(chunk: str, is_first: bool) -> tuple[str, str]:
    """The label in front of an option, if a question begins there, and the option."""
    head, colon, word = chunk.rpartition("：") if "：" in chunk else chunk.rpartition(":")
    if colon and label(head):
        return head, word
    if is_first or "\n" in chunk.strip(" \u3000；;"):
        words = chunk.split()
        if len(words) > 1:
            return " ".join(words[:-1]), words[-1]
    return "", chunk


def _options(text: str, question: _Question, before: str) -> Options | None:
    words = [_word(each) for each in question.words]
    if len(words) == 1 and not words[0] and before:
        return Options(before, (), "yes_no", False, tuple(question.boxes), (question.start, question.end))
    if not all(words) or max(map(len, words)) > _LONGEST:
        return None
    title = label(_HINT.sub("", re.split("[。；;\n]", question.label.strip())[-1])) or label(before)
    is_other = ["其他" in each[:2] or "其它" in each[:2] for each in words]
    behind = _OTHER.search(text, question.boxes[-1][0] if any(is_other[-1:]) else question.start)
    blank = behind.span(1) if any(is_other) and behind and behind.end() <= question.end + 40 else None
    kind = kind_of(words, f"{before}{question.label}{title}")
    return Options(
        title, tuple(words), kind, any(is_other), tuple(question.boxes), (question.start, question.end), blank
    )


def _word(text: str) -> str:
    words = label(_WITH_BLANKS.sub("", text).strip(" \u3000\n；;。，,、/|"))
    return re.sub(r"[(（][\s_]*[)）]$|[:：]$", "", words).strip("；;。，,、/| ")


def kind_of(words: Sequence[str], around: str) -> str:
    """The kind of answer to options with these words around them."""
    if len(words) == 1:
        return "yes_no"
    if len(words) == 2 and {re.sub("[(（,，:：].*", "", each) for each in words} in _YES_NO:
        return "yes_no"
    return "choices" if _SEVERAL.search(around) else "choice"


def unboxed(text: str) -> tuple[str, ...]:
    """The options of a text that prints them without boxes: 教学/科研, A.重点 B.一般, 国家级 省级（选一项）.

    Empty for other text, as 职务/职称.
    """
    words = text.strip()
    bare = _HINT.sub("", words).strip()
    if _SLASHED.fullmatch(bare):
        return () if unit_at(bare)[1] or of_label(bare) else tuple(re.split("[ ]?[/／][ ]?", bare))
    first, *lettered = (each.strip() for each in _LETTER.split(bare))
    if not first and len(lettered) > 1 and "\n" not in bare and all(map(_is_option, lettered)):
        return tuple(lettered)
    apart = [each for each in re.split(r"[\s、，,;；/]+" if bare != words else r"\s+", bare) if each]
    is_known = bare != words or set(apart) in ({"男", "女"}, *_YES_NO)
    return tuple(apart) if len(apart) > 1 and is_known and all(map(_is_option, apart)) else ()


def _is_option(words: str) -> bool:
    return 0 < len(words) <= _LONGEST_WORD and not re.search("[。:：_□]", words)
