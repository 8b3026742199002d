"""真实性: that documents are what was archived, by whom, and unchanged since."""

from collections import Counter
from functools import partial

from service.archive import Verification
from service.audit.proof import Proof
from service.errors import Bilingual
from service.four_properties.check import EXPLAIN, FAILED, PASSED, Check, result
from service.four_properties.rows import Rows
from service.signatures.verdicts import VERDICTS

_Check = partial(Check, "authenticity")
_ALTERED = {"changed", "broken", "revoked"}


def authenticity(verified: Verification, codes: Counter[str], log: Proof, rows: Rows) -> list[Check]:
    """The checks of authenticity."""
    changed = codes["object_changed"] + codes["wrong_size"] + codes["sm3_differs"]
    return [
        _Check(
            "files_unchanged",
            Bilingual("文件内容未被改动", "Contents of files unchanged"),
            verified.files,
            EXPLAIN if codes["sm3_unchecked"] and not changed else result(changed),
            Bilingual(
                f"重算校验值（SHA-256；清单中有 SM3 的也重算），不符 {changed} 个",
                f"hashes recomputed (SHA-256, and SM3 where manifests have it): {changed} differ",
            ),
        ),
        _Check(
            "manifests_unchanged",
            Bilingual("清单（固化信息）未被改动", "Manifests unchanged"),
            verified.records,
            result(codes["manifest_changed"]),
            Bilingual(
                f"重算清单的校验值，不符 {codes['manifest_changed']} 份",
                f"hashes of manifests recomputed: {codes['manifest_changed']} differ",
            ),
        ),
        _Check(
            "metadata_agree",
            Bilingual("元数据与清单一致", "Index and manifests agree"),
            verified.records,
            result(codes["row_differs"]),
            Bilingual(
                f"逐条比对索引与清单，不一致 {codes['row_differs']} 条",
                f"index and manifests compared: {codes['row_differs']} differ",
            ),
        ),
        _chain(log),
        _Check(
            "origin_logged",
            Bilingual("归档行为有记录", "Archiving is logged"),
            verified.records,
            result(rows.unlogged, EXPLAIN),
            Bilingual(
                f"审计日志中没有归档行的记录 {rows.unlogged} 条（启用审计日志之前归档的没有）",
                f"{rows.unlogged} records without a row of their archiving (those from before the log)",
            ),
        ),
        _signatures(rows),
    ]


def _chain(log: Proof) -> Check:
    return _Check(
        "audit_chain",
        Bilingual("审计日志未被改动", "Audit log unchanged"),
        log.rows,
        FAILED if log.fault else PASSED,
        Bilingual(
            log.fault.message.zh if log.fault else f"逐行验证链条，完整；末行校验值 {log.hash[:16]}",
            log.fault.message.en
            if log.fault
            else f"the chain is whole; hash of the last row {log.hash[:16]}",
        ),
    )


def _signatures(rows: Rows) -> Check:
    signed = {code: number for code, number in rows.verdicts.items() if code}
    if not signed:
        found, evidence = PASSED, Bilingual("没有带电子签名的盖章件", "no sealed copy has signatures")
    else:
        found = result(sum(signed.get(code, 0) for code in _ALTERED))
        if found == PASSED and set(signed) != {"valid"}:
            found = EXPLAIN
        counts = [(VERDICTS[code], number) for code, number in sorted(signed.items())]
        evidence = Bilingual(
            "存入时逐个核验：" + "，".join(f"{name.zh} {number} 件" for name, number in counts),
            "verified when added: " + ", ".join(f"{name.en} {number}" for name, number in counts),
        )
    name = Bilingual("电子签名有效", "Signatures valid")
    return _Check("signatures", name, sum(signed.values()), found, evidence)
