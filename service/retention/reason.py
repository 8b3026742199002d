"""The reason of a hold or a destruction: one line."""

LENGTH = 500  # characters


def is_reason(text: str) -> bool:
    """Whether a text can be one."""
    return bool(text.strip()) and len(text) <= LENGTH and text.isprintable()
