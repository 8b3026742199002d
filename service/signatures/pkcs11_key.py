"""A key in a hardware module or card (PKCS#11), named by a URI (RFC 7512)."""

import importlib
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from pyhanko.sign import signers

_KNOWN = {"token", "object", "id", "module-path", "slot-id"}


def signer(uri: str, pin: str | None) -> signers.Signer:
    """The signer of `pkcs11:token=…;object=…?module-path=/…/module.so`.

    `object` is the label of key and certificate alike.
    Raises ValueError for a URI without these, OSError, LookupError or `pkcs11.PKCS11Error` for what cannot
    be opened.
    """
    named = attributes(uri)
    if "module-path" not in named or not {"object", "id"} & set(named):
        raise ValueError("a pkcs11 URI needs module-path, and object or id")
    try:  # an optional package
        from pyhanko.sign.pkcs11 import PKCS11Signer

        session = _session(named, pin)
    except ImportError as error:
        raise ValueError("python-pkcs11 is not installed: pip install 'kexie-forms[pkcs11]'") from error
    id = unquote_to_bytes(_raw(uri)["id"]) if "id" in named else None
    label = named.get("object")
    found = PKCS11Signer(session, cert_label=label, cert_id=id, key_label=label, key_id=id)
    # Not every module hashes for ECDSA; pyHanko can do it for this kind of key alone.
    found.use_raw_mechanism = found.signing_cert.public_key.algorithm == "ec"
    return found


def _session(named: Mapping[str, str], pin: str | None) -> Any:
    """A session with the token of these attributes."""
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import open_pkcs11_session

    opened = partial(
        open_pkcs11_session,
        named["module-path"],
        slot_no=int(named["slot-id"]) if "slot-id" in named else None,
        token_criteria=TokenCriteria(label=named["token"]) if "token" in named else None,
    )
    try:
        return opened(user_pin=pin)
    except importlib.import_module("pkcs11.exceptions").UserAlreadyLoggedIn:  # by this process, before
        return opened()


def attributes(uri: str) -> dict[str, str]:
    """The attributes of a pkcs11 URI. Raises ValueError for one that is not known here."""
    return {name: unquote(value) for name, value in _raw(uri).items()}


def _raw(uri: str) -> dict[str, str]:
    path, _, query = uri.removeprefix("pkcs11:").partition("?")
    pairs = [part.partition("=") for part in [*path.split(";"), *query.split("&")] if part]
    found = {name: value for name, _, value in pairs}
    if unknown := sorted(set(found) - _KNOWN):
        raise ValueError(f"a pkcs11 URI has no {unknown[0]!r} here: only {', '.join(sorted(_KNOWN))}")
    return found
