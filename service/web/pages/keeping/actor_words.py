"""Who acted, as the audit log has it, in the words of a page."""

from collections.abc import Mapping

_WHO = {
    "key": "who_key",
    "embed": "who_embed",
    "jwt": "who_jwt",
    "user": "who_user",
    "worker": "who_worker",
    "service": "who_service",
    "anyone": "who_anyone",
}


def who(text: str, texts: Mapping[str, str]) -> str:
    """Who acted, in the page's texts."""
    kind, _, name = text.partition(":")
    return texts[_WHO[kind]].format(name=name)
