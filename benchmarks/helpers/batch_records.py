"""Mixed records for a batch, the same each time.

`python -m benchmarks.helpers.batch_records COUNT [--faulty K]`
Writes .ndjson to standard output. Each record is the full or the minimal sample of its form with other words
and numbers; faulty ones are spread over the file, each in another way.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from service import catalog

Item = dict[str, Any]
YEARS = (2019, 2020, 2021)
FORMS = ("annex1", "annex2", "annex3")
_PLACES = ["澄浦县", "泽阳县", "临川县", "安和县", "青沂县", "白水县", "长宁县", "云溪县"]
_WORDS = "组织动员基层科技工作者面向乡镇街道社区开展科普服务提升全民科学素质建设科技志愿队伍".strip()


def records(
    count: int, faulty: int = 0, years: Sequence[int] = YEARS, forms: Sequence[str] = FORMS
) -> Iterator[str]:
    """`count` lines, of which `faulty` have an error each; the first record is always valid."""
    chance = random.Random(count)
    spoilt = set(chance.sample(range(1, count), faulty))
    ways = iter(range(faulty))
    first = ""
    for number in range(count):
        item = sound(number, years, forms, chance)
        line = json.dumps(item, ensure_ascii=False)
        if number in spoilt:
            line = _FAULTS[next(ways) % len(_FAULTS)](item, first)
        first = first or line
        yield line


def sound(number: int, years: Sequence[int], forms: Sequence[str], chance: random.Random) -> Item:
    """The record of that number, without a fault."""
    form, year = forms[number % len(forms)], years[number // len(forms) % len(years)]
    sample = "minimal" if number % 5 == 4 else "full"
    data = copy.deepcopy(catalog.edition(form, year).sample(sample))
    place = f"{chance.choice(_PLACES)}{number}科协"
    if form == "annex2":
        data.setdefault("cover", {})["applicant"] = place
        data["overall_approach"] = _text(chance)
    elif form == "annex3":
        data["association_name"], data["background"] = place, _text(chance)
    else:
        data["association_name"] = place
        data["bonus"] = chance.randrange(0, 20) / 2
    return {"form": form, "year": year, "id": f"32{number:05}", "data": data}


def _text(chance: random.Random) -> str:
    size = chance.randrange(40, 200)
    return "".join(chance.choice(_WORDS) for _ in range(size)) + "。"


def _with(**changes: Any) -> Callable[[Item, str], str]:
    """A fault that is another value of a key."""
    return lambda item, _: json.dumps({**item, **changes}, ensure_ascii=False)


def _data(changes: Item) -> Callable[[Item, str], str]:
    """A fault that is another value in the data."""
    return lambda item, _: json.dumps({**item, "data": {**item["data"], **changes}}, ensure_ascii=False)


def _same_id(item: Item, first: str) -> str:
    other = json.loads(first)
    return json.dumps({**item, **{key: other[key] for key in ("form", "year", "id")}}, ensure_ascii=False)


_FAULTS: Sequence[Callable[[Item, str], str]] = (
    _data({"fax": "0520-1"}),
    _with(form="annex3", data={"association_name": "县科协", "background": "字" * 2001}),
    lambda item, _: json.dumps(item, ensure_ascii=False)[:-9],
    _with(form="annex2", data={"budget": {"items": [{"name": "会务", "amount": "3.60"}], "total": "4"}}),
    _same_id,
    _with(form="annex9"),
    _with(form="annex2", data={"cover": {"applicant": 5, "email": "kexie"}}),
    _with(year=1999),
    _with(form="annex3", data={"association_name": "\U000f0000县科协"}),
    _with(form="annex1", data={"scores": {"1.1": 99}}),
)


def main() -> None:
    """Writes the records that the command line asks for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("count", type=int)
    asked.add_argument("--faulty", type=int, default=0)
    asked.add_argument("--years", type=int, nargs="+", default=YEARS)
    asked.add_argument("--form", choices=FORMS, action="append")
    given = asked.parse_args()
    for line in records(given.count, given.faulty, given.years, given.form or FORMS):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
