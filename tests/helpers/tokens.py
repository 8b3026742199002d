"""Tokens of embedded forms as the tests sign them, and settings of a service that signs them."""

from __future__ import annotations

import time

from service.access import embed_token

SECRET = "0123456789abcdef0123456789abcdef"


def signing(folder):
    """The settings, by name, of a service that signs tokens and has its archive in `folder`."""
    return {"KEXIE_ARCHIVE": str(folder / "archive"), "KEXIE_SECRET": SECRET}


def a_token(**changed):
    """A token of annex3 2021 that is good for a minute, but for what is `changed`."""
    told = {
        "tenant": "云泽县",
        "origin": "https://portal.example",
        "data": {},
        "maker": "",
        "expires": int(time.time()) + 60,
    }
    return embed_token.EmbedToken(**{"form": "annex3", "year": 2021, **told, **changed})
