"""A key in a hardware module or card (PKCS#11), named by a URI (RFC 7512)."""

import importlib
from urllib.parse import unquote, unquote_to_bytes

from pyhanko.sign import signers

_KNOWN = {"token", "object", "id", "module-path", "slot-id"}


def signer(uri: str, pin: str | None) -> signers.Signer:
    """The signer of `pkcs11:token=…;object=…?module-path=/…/module.so`.

    `object` is the label of key and certificate alike.
    Raises ValueError for a URI without these, OSError or LookupError for what cannot be opened.
    """
    named = attributes(uri)
    if "module-path" not in named or not {"object", "id"} & set(named):
        raise ValueError("a pkcs11 URI needs module-path, and object or id")
    try:  # an optional package
        failures = importlib.import_module("pkcs11.exceptions").PKCS11Error
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as error:
        raise ValueError("python-pkcs11 is not installed: pip install 'kexie-forms[pkcs11]'") from error
    try:
        session = open_pkcs11_session(
            named["module-path"],
            slot_no=int(named["slot-id"]) if "slot-id" in named else None,
            token_criteria=TokenCriteria(label=named["token"]) if "token" in named else None,
            user_pin=pin,
        )
    except failures as error:
        raise OSError(f"PKCS#11: {type(error).__name__} {error}") from error
    id = unquote_to_bytes(_raw(uri)["id"]) if "id" in named else None
    label = named.get("object")
    return PKCS11Signer(session, cert_label=label, cert_id=id, key_label=label, key_id=id)


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
