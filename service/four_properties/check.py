"""One check of a property: its result and evidence; the result of several."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import Bilingual

PASSED, EXPLAIN, FAILED, UNCHECKED, NONE = "passed", "explain", "failed", "not_checked", "nothing_to_check"
RESULTS = {
    PASSED: Bilingual("合格", "passed"),
    EXPLAIN: Bilingual("需说明", "to be explained"),
    FAILED: Bilingual("不合格", "failed"),
    UNCHECKED: Bilingual("未检测", "not checked"),
    NONE: Bilingual("无此项", "nothing to check"),
}
PROPERTIES = {
    "authenticity": Bilingual("真实性", "authenticity"),
    "integrity": Bilingual("完整性", "integrity"),
    "usability": Bilingual("可用性", "usability"),
    "security": Bilingual("安全性", "security"),
}


@dataclass(frozen=True)
class Check:
    """What was checked of a property, how many of it, with which result, and on what evidence."""

    property: str
    code: str
    name: Bilingual
    count: int
    result: str
    evidence: Bilingual

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
        }


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


def result(wrong: int, otherwise: str = FAILED) -> str:
    """PASSED if nothing is wrong, else `otherwise`."""
    return otherwise if wrong else PASSED
