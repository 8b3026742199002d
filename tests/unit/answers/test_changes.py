"""The answers that differ between two payloads, field by field."""

from __future__ import annotations

import copy

from service import catalog
from service.answers.changes import answer_changes

ANNEX2 = catalog.edition("annex2", 2021)


def changed(before, **more):
    """What differs of the sample after `more` is set at its pointers, without labels."""
    after = copy.deepcopy(before)
    for path, value in more.items():
        *above, last = path.split("__")
        holder = after
        for key in above:
            holder = holder[int(key) if key.isdigit() else key]
        holder[last] = value
    return [
        (each.pointer, each.label, each.before, each.after) for each in answer_changes(ANNEX2, before, after)
    ]


def test_answers_are_compared_as_they_are_printed_and_sums_with_them():
    full = ANNEX2.sample("full")
    del full["budget"]["total"]
    assert changed(full, budget__items__0__amount="5.2") == []
    found = changed(
        full,
        overall_approach="一段。\n二段。",
        cover__contact_person=None,
        basic_info__leader_in_npc_standing=True,
        basic_info__last_election_date="2020-01-02",
        budget__items__0__amount="6.2",
    )
    assert [each[:2] for each in found] == [
        ("/cover/contact_person", "联系人"),
        ("/basic_info/leader_in_npc_standing", "人大常委"),
        ("/basic_info/last_election_date", "最近一次换届日期"),
        ("/overall_approach", "总体思路"),
        ("/budget/items/0/amount", "金额"),
        ("/budget/total", "计划开支合计"),
    ]
    assert found[0][2:] == (("沈砚青",), ())
    assert found[1][2:] == (("否",), ("是",))
    assert found[2][3] == ("2020年1月2日",)
    assert found[3][3] == ("一段。", "二段。")
    assert found[4][2:] == (("5.20",), ("6.20",))
    assert found[5][2:] == (("45.60",), ("46.60",))


def test_rows_that_came_or_went_and_answers_that_are_refused_are_there():
    full = ANNEX2.sample("full")
    rows = full["budget"]["items"]
    shorter = copy.deepcopy(full)
    removed = shorter["budget"]["items"].pop()
    shorter["budget"]["total"] = None
    gone = {each.pointer: each.before for each in answer_changes(ANNEX2, full, shorter) if not each.after}
    last = f"/budget/items/{len(rows) - 1}"
    assert gone[f"{last}/name"] == (removed["name"],)
    assert changed(full, cover__email="kexie@", cover__contact_person="甲") == [
        ("/cover/contact_person", "联系人", ("沈砚青",), ("甲",)),
        ("/cover/email", "电子信箱", (full["cover"]["email"],), ("kexie@",)),
    ]
    wrong = full | {"cover": full["cover"] | {"email": "kexie@"}}
    assert changed(wrong) == []
