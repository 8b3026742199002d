"""The settings on who may call: keys, the tokens of a portal's own issuer, tokens of embedded forms."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from service.config.reading import Setting, flag
from service.errors import Bilingual


def _text(text: str) -> str | None:
    return text or None


def _key_set(text: str) -> Path | str | None:
    if "://" not in text:
        return Path(text).absolute() if text else None
    if urlsplit(text).scheme != "https" or not urlsplit(text).hostname:
        raise ValueError(text)
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "KEXIE_OPEN",
        "open",
        "0",
        flag,
        Bilingual(
            "1：没有密钥也可以在本机以外的地址上提供服务，由前面的代理验明调用者",
            "1: serve other machines without any key, too: the proxy in front checks the callers",
        ),
    ),
    Setting(
        "KEXIE_SECRET",
        "secret",
        "",
        _text,
        Bilingual(
            "签发嵌入令牌的密钥，至少 32 字节，各进程各机器相同",
            "secret that signs the tokens of embedded forms: 32 bytes or more, the same for all processes",
        ),
        secret=True,
    ),
    Setting(
        "KEXIE_JWT_ISSUER",
        "jwt_issuer",
        "",
        _text,
        Bilingual(
            "门户自有签发者（iss），其 JWT 可代替密钥",
            "a portal's own issuer (iss), whose JWTs stand for keys",
        ),
    ),
    Setting(
        "KEXIE_JWT_AUDIENCE",
        "jwt_audience",
        "",
        _text,
        Bilingual("JWT 中本服务的名称（aud）", "this service's name in those JWTs (aud)"),
    ),
    Setting(
        "KEXIE_JWT_KEYS",
        "jwt_keys",
        "",
        _key_set,
        Bilingual(
            "签发者公钥（JWKS）的文件，或主机在 KEXIE_ALLOWED_HOSTS 中的 https 网址",
            "the issuer's public keys (JWKS): a file, or an https URL of a host in KEXIE_ALLOWED_HOSTS",
        ),
    ),
)
