"""What the service cannot know of its records: the fonds, the department, the level of secrecy."""

import re
from dataclasses import dataclass

from service.config import Settings
from service.errors import Bilingual, UsageError

SECRECIES = ("公开", "内部", "秘密", "机密", "绝密")
_CATEGORY = "WS"  # 文书
_CODE = re.compile(r"[A-Z0-9]{1,10}")
_FAULTS = {
    "fonds": Bilingual(
        "全宗号{fonds}：1 至 10 位大写字母或数字，由接收的档案馆给定",
        "the fonds{fonds}: 1 to 10 capital letters or digits, given by the archive",
    ),
    "department": Bilingual(
        "机构或问题{department}：一行，不超过 100 字",
        "the department or subject{department}: one line of up to 100 characters",
    ),
    "department_code": Bilingual(
        "机构或问题代码{department_code}：1 至 10 位大写字母或数字，可以不给",
        "the department's code{department_code}: 1 to 10 capital letters or digits, or none",
    ),
    "secrecy": Bilingual(
        "密级{secrecy}：" + "、".join(SECRECIES) + "之一",
        "the level of secrecy{secrecy}: one of " + ", ".join(SECRECIES),
    ),
}
#: What packages are classed by: the names of options and of fields of a form.
CLASSED_BY = tuple(_FAULTS)


@dataclass(frozen=True)
class Classification:
    """全宗号, 机构或问题 with its code ("" for none), and 密级, of all that is handed over at once."""

    fonds: str
    department: str
    department_code: str
    secrecy: str

    @classmethod
    def given(cls, settings: Settings, *, named: bool = True, **options: str | None) -> "Classification":
        """That of the options, or else of the settings. Raises UsageError, with every fault at once.

        `named`: it names the options of the command line and the settings.
        """
        found = cls.unchecked(settings, **options)
        wrong = [_FAULTS[name] for name in found.wrong()]
        if wrong:
            zh = "；".join(each.zh.format(**_ways("（{} 或 {}）", named)) for each in wrong)
            en = "; ".join(each.en.format(**_ways(" ({} or {})", named)) for each in wrong)
            raise UsageError(
                f"移交包的下列各项没有给出或有误。{zh}。", f"Give or correct, for the package: {en}."
            )
        return found

    @classmethod
    def unchecked(cls, settings: Settings, **options: str | None) -> "Classification":
        """That of the options, or else of the settings; "" for what neither has."""
        return cls(**{name: options.get(name) or getattr(settings, name) or "" for name in _FAULTS})

    def wrong(self) -> list[str]:
        """The fields that are missing or malformed."""
        sound = {
            "fonds": bool(_CODE.fullmatch(self.fonds)),
            "department": 0 < len(self.department.strip()) <= 100 and self.department.isprintable(),
            "department_code": not self.department_code or bool(_CODE.fullmatch(self.department_code)),
            "secrecy": self.secrecy in SECRECIES,
        }
        return [name for name, good in sound.items() if not good]

    def series(self, year: int, years: int | None) -> str:
        """The archival code (DA/T 22, DA/T 13) up to the number; `years` None is 永久."""
        period = "Y" if years is None else f"D{years}"
        behind = f"-{self.department_code}" if self.department_code else ""
        return f"{self.fonds}-{_CATEGORY}·{year}-{period}{behind}"


def _ways(text: str, named: bool) -> dict[str, str]:
    """How each is given on the command line, in words; "" where it is given otherwise."""
    return {
        name: text.format(f"--{name.replace('_', '-')}", f"KEXIE_{name.upper()}") if named else ""
        for name in _FAULTS
    }
