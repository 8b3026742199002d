"""完整性: that nothing is missing, and nothing is there that does not belong."""

from collections import Counter
from functools import partial

from service.archive import Verification
from service.errors import Bilingual
from service.four_properties.check import EXPLAIN, Check, result
from service.four_properties.rows import Rows

_Check = partial(Check, "integrity")


def integrity(verified: Verification, codes: Counter[str], rows: Rows) -> list[Check]:
    """The checks of integrity."""
    strange = codes["object_without_row"] + codes["foreign_file"] + codes["young_object_without_row"]
    return [
        _Check(
            "manifests_present",
            Bilingual("每条记录都有清单", "Each record has its manifest"),
            verified.records,
            result(codes["row_without_object"]),
            Bilingual(
                f"缺清单 {codes['row_without_object']} 条", f"{codes['row_without_object']} lack theirs"
            ),
        ),
        _Check(
            "files_present",
            Bilingual("登记的文件齐全", "All files present"),
            verified.files,
            result(codes["object_missing"]),
            Bilingual(f"缺 {codes['object_missing']} 个", f"{codes['object_missing']} missing"),
        ),
        _Check(
            "nothing_foreign",
            Bilingual("没有未登记的文件", "No files beside those of records"),
            verified.files,
            result(strange),
            Bilingual(f"未登记的文件 {strange} 个", f"{strange} files that no record names"),
        ),
        _Check(
            "versions_complete",
            Bilingual("各编号的版本连续", "Versions without gaps"),
            rows.submissions,
            result(rows.gaps),
            Bilingual(f"版本有缺号的编号 {rows.gaps} 个", f"{rows.gaps} ids lack a version"),
        ),
        _Check(
            "submitters_present",
            Bilingual("责任者已著录", "Submitters known"),
            verified.records,
            result(rows.unnamed, EXPLAIN),
            Bilingual(f"没有责任者的记录 {rows.unnamed} 条", f"{rows.unnamed} records without submitter"),
        ),
        _Check(
            "log_complete",
            Bilingual("审计日志没有缺失", "No rows of the audit log lost"),
            rows.acts,
            result(rows.lost, EXPLAIN),
            Bilingual(f"写明有缺失的行 {rows.lost} 行", f"{rows.lost} rows say that others were lost"),
        ),
    ]
