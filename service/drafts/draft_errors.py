"""The errors of drafts on the server."""

from datetime import datetime

from service.errors import DraftChanged, DraftExpired, DraftsFull, UnknownDraft
from service.submission import date_in_china


def unknown_draft() -> UnknownDraft:
    """The id or the secret is wrong, or the draft was deleted; which of them is not said."""
    return UnknownDraft(
        "服务器上没有这份草稿：链接不完整，或草稿已被删除。请向发链接的人核对。",
        "There is no such draft on the server: the link is incomplete, or the draft was deleted. "
        "Check with the sender.",
    )


def drafts_off() -> UnknownDraft:
    """The service keeps no drafts."""
    return UnknownDraft("本服务不保存草稿。", "This service keeps no drafts.")


def expired(when: datetime) -> DraftExpired:
    """The draft is no longer on the server."""
    day = date_in_china(when)
    return DraftExpired(
        f"这份草稿的链接已于{day.year}年{day.month}月{day.day}日到期，服务器上的内容已删除。请向发链接的人索取新的链接。",
        f"The link of this draft expired on {day}, and its content was deleted. Ask its sender for another.",
    )


def changed() -> DraftChanged:
    """Another person has saved the draft since it was read."""
    return DraftChanged(
        "这份草稿已有别人存过，本次没有保存，以免盖掉别人的内容。请先看服务器上的那一份。",
        "Somebody else has saved this draft meanwhile, so yours was not saved. Look at the saved one first.",
    )


def full(drafts: int, megabytes: int) -> DraftsFull:
    """The tenant has as many drafts as it may have."""
    return DraftsFull(
        f"服务器上的草稿已满（最多 {drafts} 份、共 {megabytes} MB）。请删除不用的草稿，或下载保存。",
        f"The server holds as many drafts as it may ({drafts}, {megabytes} MB). Delete some, or save a file.",
    )
