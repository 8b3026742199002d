"""What is to be thought of a signature: its verdict, in words for clerks."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from service.errors import Bilingual

_WHOLE = ("ENTIRE_FILE", "ENTIRE_REVISION")
#: Verdicts, the best first; the last one that a file's signatures have is the file's.
VERDICTS = {
    "valid": Bilingual("有效", "Valid"),
    "undecided_before": Bilingual("签署前有无改动不明", "Unknown whether changed before it was signed"),
    "unknown_signer": Bilingual("签署人未知", "Unknown signer"),
    "expired": Bilingual("证书已过期", "Certificate expired"),
    "unsupported": Bilingual("无法核验：算法不支持", "Cannot be checked: algorithm not supported"),
    "unreadable": Bilingual("无法核验：签名读不出来", "Cannot be checked: signature unreadable"),
    "untrusted": Bilingual("证书不可信", "Certificate not acceptable"),
    "changed_before": Bilingual("签署前已被改动", "Changed before it was signed"),
    "revoked": Bilingual("证书已吊销", "Certificate revoked"),
    "changed": Bilingual("签署后有改动", "Changed after signing"),
    "broken": Bilingual("签名无效：内容与签名不符", "Invalid: content and signature differ"),
}
EXPLANATIONS = {
    "valid": Bilingual(
        "签署后没有改动，签署人的证书可信。",
        "Unchanged since it was signed, by a trusted certificate.",
    ),
    "undecided_before": Bilingual(
        "签署后没有改动，但无法判断归档之后、签署之前文件里加了什么。请与归档的 PDF 逐页核对。",
        "Unchanged since it was signed, but it is unknown what was added to the archived PDF before it was "
        "signed. Compare it with the archived PDF page by page.",
    ),
    "unknown_signer": Bilingual(
        "签署后没有改动，但签署人的证书不在本服务信任的名单里。请另行核实签署人；如可信，请管理员将其签发机构的"
        "证书加入名单。",
        "Unchanged since it was signed, but this service does not know who issued the certificate. Check the "
        "signer by other means; if trusted, have the issuer's certificate added to those trusted.",
    ),
    "expired": Bilingual(
        "签署后没有改动，但证书已过期，也没有可信的时间戳证明是在有效期内签署的。请另行核实签署时间。",
        "Unchanged since it was signed, but the certificate has expired, and no trusted time stamp proves "
        "that it was signed before. Check the time of signing by other means.",
    ),
    "unsupported": Bilingual(
        "签名用的是本服务不能核验的算法（如国密 SM2、电子签章 GM/T 38540）。这不表示签名无效，"
        "请用签章系统自带的工具核验。",
        "The signature uses an algorithm that this service cannot check (such as SM2 or seals of GM/T "
        "38540). This does not mean that it is invalid: check it with the seal system's own program.",
    ),
    "unreadable": Bilingual(
        "签名的数据读不出来。请用签章系统自带的工具核验，或请签署人重新签署。",
        "The signature's data cannot be read. Check it with the signer's own program, or have it signed "
        "again.",
    ),
    "untrusted": Bilingual(
        "签署后没有改动，但证书不能采信：不能用于签名，不是它所称的机构签发的，或所用的算法已不安全。"
        "请另行核实签署人。",
        "Unchanged since it was signed, but its certificate cannot be relied on: it is not for signing, not "
        "from the issuer that it names, or its algorithm is no longer safe. Check the signer by other means.",
    ),
    "changed_before": Bilingual(
        "归档之后、签署之前，文件里已加了签名以外的内容：签署的页面可能与归档的不同。"
        "请与归档的 PDF 逐页核对。",
        "Other content than signatures was added to the archived PDF before it was signed: the pages that "
        "were signed may differ from those archived. Compare it with the archived PDF page by page.",
    ),
    "revoked": Bilingual(
        "证书已被签发机构吊销。请另行核实，必要时请签署人重新签署。",
        "The issuer has revoked the certificate. Check by other means, or have it signed again.",
    ),
    "changed": Bilingual(
        "签署之后，文件又被改动，改动的部分不受签名保护。请向签署人索取签署时的原文件。",
        "The file was changed after it was signed; the change is not covered. Ask the signer for the file as "
        "it was signed.",
    ),
    "broken": Bilingual(
        "文件的内容与签名不符：签署后内容被改动，或签名已损坏。请向签署人索取签署时的原文件。",
        "Content and signature differ: the content was changed, or the signature is damaged. Ask the signer "
        "for the file as it was signed.",
    ),
}

#: The verdict on an otherwise valid signature, by what was added to the archived PDF before it.
BEFORE = {"changed": "changed_before", "undecided": "undecided_before"}
_EXTENDED = Bilingual(
    "此后文件中又加了别的签名或信息，属于允许的添加。",
    "Further signatures or information were added after it, as is allowed.",
)
_SELF_SIGNED = Bilingual(
    "签署后没有改动，但证书是签署人自己签发的，没有签发机构证明签署人是谁。请另行核实签署人；如可信，请管理员将这份证书"
    "加入信任的名单。",
    "Unchanged since it was signed, but the signer issued the certificate: no authority says who the signer "
    "is. Check the signer by other means; if trusted, have this certificate added to those trusted.",
)


@dataclass(frozen=True)
class Signature:
    """A signature of a PDF as it was found: its verdict, who signed when, and how far it reaches.

    `time` is ISO 8601, claimed by the signer unless it is `stamped` by a trusted authority. `extended`: the
    file was continued after it, as its rules allow (a further signature, for instance). `kind` is
    "signature", or "timestamp" for a time stamp on the whole document. `before`: whether the archived
    PDF with which the file begins was "unchanged" but for signatures when it was signed, "changed", or it is
    "undecided"; None for another file, or one that was verified before this was examined.
    """

    verdict: str
    field: str
    kind: str = "signature"
    signer: str = ""
    issuer: str = ""
    serial: str = ""
    certificate: str = ""  # SHA-256
    not_before: str | None = None
    not_after: str | None = None
    time: str | None = None
    stamped: bool = False
    extended: bool = False
    whole_file: bool = False
    algorithm: str = ""
    before: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The signature for JSON."""
        return asdict(self)


def signature(facts: Mapping[str, Any]) -> Signature:
    """The signature of which `verify_worker` found these facts."""
    known = {name: facts[name] for name in Signature.__dataclass_fields__ if name in facts}
    return Signature(
        verdict=_verdict(facts),
        extended=facts.get("coverage") != "ENTIRE_FILE" and "coverage" in facts,
        whole_file=facts.get("coverage") == "ENTIRE_FILE",
        **known,
    )


def explanation(found: Signature) -> Bilingual:
    """What a signature's verdict means: the one cause that is known."""
    is_self_signed = bool(found.signer) and found.signer == found.issuer
    doubted = found.verdict in ("unknown_signer", "untrusted")
    return _SELF_SIGNED if doubted and is_self_signed else EXPLANATIONS[found.verdict]


def extension(found: Signature) -> Bilingual:
    """What is to be said of what was added after a valid signature; "" for nothing."""
    return _EXTENDED if found.extended and found.verdict == "valid" else Bilingual("", "")


def _verdict(facts: Mapping[str, Any]) -> str:
    own = _of_signature(facts)
    return BEFORE.get(facts.get("before", ""), own) if own == "valid" else own


def _of_signature(facts: Mapping[str, Any]) -> str:
    if "fault" in facts:
        return "unsupported" if facts.get("chinese") or _is_unknown_form(facts) else "unreadable"
    if not facts["intact"]:
        return "unsupported" if facts.get("chinese") else "broken"
    if facts["coverage"] not in _WHOLE or not facts["allowed"]:
        return "changed"
    if facts["trusted"]:
        return "valid"
    return "revoked" if facts["revoked"] else _of_problem(facts["problem"])


def _is_unknown_form(facts: Mapping[str, Any]) -> bool:
    """Whether the signature's form is none of ISO 32000-2, 12.8.3, and ETSI EN 319 142-1."""
    form = facts.get("subfilter")
    return bool(form) and not str(form).startswith(("/adbe.", "/ETSI."))


def _of_problem(problem: str | None) -> str:
    """The verdict for an indication of ETSI EN 319 102-1, 5.1.3."""
    if problem in ("EXPIRED", "OUT_OF_BOUNDS_NO_POE", "OUT_OF_BOUNDS_NOT_REVOKED"):
        return "expired"
    return "unknown_signer" if problem in (None, "NO_CERTIFICATE_CHAIN_FOUND") else "untrusted"


def worst(signatures: Sequence[Signature]) -> str | None:
    """The verdict of a file: the worst of its signatures; None without any."""
    order = list(VERDICTS)
    return max((each.verdict for each in signatures), key=order.index, default=None)
