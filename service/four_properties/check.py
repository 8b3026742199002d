"""One check of a property: its result and evidence; the result of several."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.errors import Bilingual
from service.four_properties.named import Wrong
from service.four_properties.texts import EVIDENCE, NAMES

PASSED, EXPLAIN, FAILED, UNCHECKED, NONE = "passed", "explain", "failed", "not_checked", "nothing_to_check"
RESULTS = {
    PASSED: Bilingual("合格", "passed"),
    EXPLAIN: Bilingual("需说明", "to be explained"),
    FAILED: Bilingual("不合格", "failed"),
    UNCHECKED: Bilingual("未检测", "not checked"),
    NONE: Bilingual("无此项", "nothing to check"),
}


@dataclass(frozen=True)
class Check:
    """What was checked, how many of it, with which result, on what evidence; what was `wrong`, if named."""

    code: str
    count: int
    result: str
    evidence: Bilingual
    wrong: Wrong | None = None

    @property
    def name(self) -> Bilingual:
        """What was checked, in words."""
        return NAMES[self.code]

    def as_dict(self) -> dict[str, Any]:
        """The check for JSON."""
        return {
            "code": self.code,
            "name": self.name.zh,
            "name_en": self.name.en,
            "checked": self.count,
            "result": self.result,
            "evidence": self.evidence.zh,
            "evidence_en": self.evidence.en,
            "named": [each.as_dict() for each in self.wrong.first] if self.wrong else [],
            "others": self.wrong.left if self.wrong else 0,
        }


def checked(code: str, count: int, wrong: int, otherwise: str = FAILED, **found: object) -> Check:
    """A check of `count` things, of which `wrong` are not as they should; NONE if there are none."""
    result = otherwise if wrong else PASSED if count else NONE
    return Check(code, count, result, filled(EVIDENCE[code], wrong=wrong, **found))


def unchecked(code: str, evidence: Bilingual | None = None) -> Check:
    """A check that the service cannot make."""
    return Check(code, 0, UNCHECKED, evidence or EVIDENCE[code])


def with_names(checks: Iterable[Check], wrong: Mapping[str, Wrong]) -> list[Check]:
    """Checks with what is `wrong`, by the code of the check."""
    return [replace(each, wrong=wrong.get(each.code)) for each in checks]


def filled(text: Bilingual, **values: object) -> Bilingual:
    """A text with its values; those of two languages are each in their own."""
    zh = {name: value.zh if isinstance(value, Bilingual) else value for name, value in values.items()}
    en = {name: value.en if isinstance(value, Bilingual) else value for name, value in values.items()}
    return Bilingual(text.zh.format(**zh), text.en.format(**en))


def overall(checks: Iterable[Check]) -> str:
    """The result of several checks: failed if one is, else to be explained; else what was checked passed."""
    found = {each.result for each in checks}
    return next((each for each in (FAILED, EXPLAIN, PASSED) if each in found), UNCHECKED)


def described(checks: Sequence[Check]) -> Bilingual:
    """The result of checks in words, with how many of them were not made."""
    found = RESULTS[overall(checks)]
    left = sum(each.result == UNCHECKED for each in checks)
    if not left:
        return found
    return Bilingual(f"{found.zh}（另有 {left} 项未检测）", f"{found.en} ({left} not checked)")
