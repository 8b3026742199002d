"""The report on the four properties: as JSON, and as a PDF/A to be signed."""

import functools
import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from service import conversion
from service.archive import VerificationFault
from service.config import Settings
from service.four_properties.assess import Assessment
from service.four_properties.check import EXPLAIN, FAILED, NONE, RESULTS, UNCHECKED, Check, described
from service.four_properties.named import in_words
from service.four_properties.properties import PROPERTIES
from service.rendering import Template, load_template
from service.submission import time_in_china

_TEMPLATE = Path(__file__).with_name("report.docx")
_NUMERALS = "一二三四"
_LISTED = 50  # faults on paper
_NAMED = 20  # records or files of a check on paper


def to_json(assessment: Assessment) -> bytes:
    """The report as JSON, with every fault."""
    return (json.dumps(assessment.as_dict(), ensure_ascii=False, indent=2) + "\n").encode()


def to_pdf(assessment: Assessment, settings: Settings) -> bytes:
    """The report as PDF/A, with the first faults. Raises as `conversion.convert`."""
    time = time_in_china(assessment.time)
    values = {
        "place": _place(assessment),
        "made_by": assessment.made_by.zh,
        "records": f"{assessment.records:,}",
        "files": f"{assessment.files:,}",
        "size": f"{assessment.size:,}",
        "time": f"{time.year}年{time.month}月{time.day}日 {time:%H:%M}",
        "program": assessment.program,
        "rows": f"{assessment.log.rows:,}",
        "hash": assessment.log.hash[:16],
        "conclusion": _conclusion(assessment),
        "properties": [
            _property(number, checks, PROPERTIES[code].zh)
            for number, (code, checks) in zip(_NUMERALS, assessment.checks.items(), strict=True)
        ],
        "faults": _faults(assessment),
    }
    return conversion.convert(_template().render(values), settings)


@functools.cache
def _template() -> Template:
    return load_template(_TEMPLATE)


def _place(assessment: Assessment) -> str:
    if not assessment.fonds:
        return assessment.place
    return f"全宗 {assessment.fonds} 的电子档案（目录 {assessment.place}）"


def _conclusion(assessment: Assessment) -> str:
    each = [f"{PROPERTIES[code].zh}{described(checks).zh}" for code, checks in assessment.checks.items()]
    return "，".join(each) + "。"


def _property(number: str, checks: Sequence[Check], name: str) -> dict[str, Any]:
    rows = [
        {
            "number": place,
            "name": each.name.zh,
            "count": f"{each.count:,}" if each.result not in (UNCHECKED, NONE) else "—",
            "result": RESULTS[each.result].zh,
            "evidence": each.evidence.zh,
        }
        for place, each in enumerate(checks, 1)
    ]
    return {"number": number, "name": name, "result": described(checks).zh, "checks": rows}


def _faults(assessment: Assessment) -> list[str]:
    broken, faults = assessment.log.fault, assessment.faults
    checks = chain.from_iterable(assessment.checks.values())
    of_checks = [_named(each) for each in checks if _to_be_named(each, bool(broken or faults))]
    if not (broken or faults or of_checks):
        return ["逐个文件核对，没有发现问题。"]
    of_log = [f"审计日志第 {broken.seq} 行：{broken.message.zh}"] if broken else []
    left = len(faults) - _LISTED
    more = [f"上述之外的错误另有 {left} 处，见 JSON 格式的报告。"] if left > 0 else []
    lines = [*of_log, *map(_line, faults[:_LISTED]), *more, *of_checks]
    return [f"{number}. {line}" for number, line in enumerate(lines, 1)]


def _to_be_named(check: Check, faulty: bool) -> bool:
    """Whether a check has something to say that is not among the faults, if there are any."""
    known = faulty and not (check.wrong and check.wrong.first)
    return check.result == EXPLAIN or (check.result == FAILED and not known)


def _named(check: Check) -> str:
    """A check that is not passed, with the first records and files that are the reason."""
    result = f"{RESULTS[check.result].zh}，{check.name.zh}：{check.evidence.zh}。"
    if not (wrong := check.wrong) or not wrong.first:
        return result
    shown = [each.words for each in wrong.first[:_NAMED]]
    left = wrong.count - len(shown)
    return f"{result}{'；'.join(shown)}{f'，及另外 {left} 件' if left else ''}。"


def _line(fault: VerificationFault) -> str:
    of = f"{in_words(fault.record)} " if fault.record else ""
    return f"{of}{fault.file or fault.place}：{fault.message.zh}"
