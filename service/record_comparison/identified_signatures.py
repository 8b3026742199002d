"""What the heading of an answer says of a file's signatures."""

from service.errors import Bilingual
from service.record_comparison.identified import CONTINUED, NOTHING, Identified
from service.sealed_copies.add_copy import Finding
from service.signatures.verdicts import BEFORE

_UNVERIFIED = Bilingual("签名没有核验", "Signatures were not verified")


def in_heading(found: Identified) -> Bilingual:
    """What was found of signatures, in few words; nothing where the heading says it, or there are none."""
    finding = found.finding
    if found.sealed_copy and finding:
        of = _words(finding) if finding.verdict or finding.unproved else NOTHING
        return Bilingual(f"存入时{of.zh}", f"When it was added: {of.en}") if of.zh else of
    if found.result == CONTINUED and not found.unproved:
        return NOTHING
    if finding is None:
        return _UNVERIFIED if found.result == CONTINUED and not found.unfinished else NOTHING
    says_so = finding.verdict == "valid" or (found.unproved and finding.verdict in BEFORE.values())
    return NOTHING if says_so or not (finding.verdict or finding.unproved) else _words(finding)


def _words(finding: Finding) -> Bilingual:
    if finding.verdict is None:
        return finding.name
    zh = finding.name.zh if finding.name.zh.startswith("签") else f"签名{finding.name.zh}"
    return Bilingual(zh, f"Signature: {finding.name.en}")
