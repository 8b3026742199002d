"""Refuses requests that another web site's page makes in a visitor's browser (CSRF)."""

from flask import request

from service.errors import Forbidden


def refuse_other_sites() -> None:
    """Refuses a form that another site posts. Raises Forbidden."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise Forbidden("请在本站的页面上提交。", "Submit this from this site's own page.")
