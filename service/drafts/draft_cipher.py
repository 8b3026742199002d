"""The secret of a draft's link: its hash for the database, and the draft's encryption (AES-256-GCM)."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_ID, _SECRET, _NONCE, _KEY = 12, 24, 12, 32  # bytes


@dataclass(frozen=True)
class DraftLink:
    """What a draft's link holds: its public id, and the secret that the server does not keep."""

    id: str
    secret: str = field(repr=False)

    @classmethod
    def new(cls) -> "DraftLink":
        """A link that nobody can guess."""
        return cls(secrets.token_urlsafe(_ID), secrets.token_urlsafe(_SECRET))

    @property
    def sha256(self) -> str:
        """The hash by which the database knows the secret; it is random, so a fast hash is enough."""
        return hashlib.sha256(f"{self.id}.{self.secret}".encode()).hexdigest()

    def opens(self, sha256: str) -> bool:
        """Whether the secret is that of this hash."""
        return hmac.compare_digest(self.sha256, sha256)

    def encrypt(self, content: bytes, about: str) -> bytes:
        """The content as it is stored; `about` must be the same for `decrypt`."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher().encrypt(nonce, content, about.encode())

    def decrypt(self, stored: bytes, about: str) -> bytes | None:
        """The content; None if it is of another secret or `about`, or damaged."""
        try:
            return self._cipher().decrypt(stored[:_NONCE], stored[_NONCE:], about.encode())
        except InvalidTag:
            return None

    def _cipher(self) -> AESGCM:
        derivation = HKDF(SHA256(), _KEY, salt=None, info=f"kexie-forms draft {self.id}".encode())
        return AESGCM(derivation.derive(self.secret.encode()))
