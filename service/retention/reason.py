"""The reason of a hold, its lifting, a shorter period, or a destruction: one line."""

from service.errors import Bilingual, UsageError

LENGTH = 500  # characters


def require_reason(text: str, of: Bilingual) -> None:
    """Raises UsageError unless a text is the reason `of` what is done."""
    if not is_reason(text):
        raise UsageError(
            f"请写明{of.zh}（一行，不超过 {LENGTH} 字）。",
            f"Give the reason of {of.en}, in one line of up to {LENGTH} characters.",
        )


def is_reason(text: str) -> bool:
    """Whether a text can be one."""
    return bool(text.strip()) and len(text) <= LENGTH and text.isprintable()
