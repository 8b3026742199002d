"""JWTs of a portal's issuer (RFC 7519, hardened by RFC 8725)."""

import time
from collections.abc import Callable
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import GuestProtocol, Key

from service.access.caller import BY_ISSUER, Caller, granted, is_tenant
from service.access.jwks import key_set
from service.config import Settings
from service.errors import Unauthorized, UsageError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
_LEEWAY = 30  # seconds


class JwtIssuer:
    """Authenticates callers by tokens of KEXIE_JWT_ISSUER. Raises UsageError for invalid settings."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        if not (settings.jwt_issuer and settings.jwt_audience):
            raise UsageError(
                "KEXIE_JWT_ISSUER、KEXIE_JWT_AUDIENCE、KEXIE_JWT_KEYS 须一起设置。",
                "KEXIE_JWT_ISSUER, KEXIE_JWT_AUDIENCE and KEXIE_JWT_KEYS must be set together.",
            )
        self._keys = key_set(settings, clock)
        self._rules = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": settings.jwt_issuer},
            aud={"essential": True, "value": settings.jwt_audience},
            exp={"essential": True},
        )

    def caller(self, token: str) -> Caller:
        """The caller of a token. Raises Unauthorized, or AccessFault if the issuer's keys are unavailable."""
        claims = self._claims(token)
        tenant, scope = claims.get("tenant"), claims.get("scope")
        if not isinstance(tenant, str) or not is_tenant(tenant) or not isinstance(scope, str):
            raise _refused("令牌缺少有效的 tenant 或 scope。", "The token has no valid tenant or scope.")
        return Caller(tenant, granted(scope.split()), BY_ISSUER + tenant)

    def _claims(self, token: str) -> dict[str, Any]:
        registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            claims = jwt.decode(token, self._key, registry=registry).claims
            self._rules.validate(claims)
        except ExpiredTokenError as error:
            raise _refused("令牌已过期。", "The token has expired.") from error
        except (JoseError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            raise _refused("令牌无效，请核对。", "The token is not valid: check it.") from error
        return claims

    def _key(self, token: GuestProtocol) -> Key:
        kid = token.headers().get("kid")
        found = self._keys.find(kid) if kid is None or isinstance(kid, str) else None
        if found is None:
            raise ValueError(kid)
        return found


def _refused(zh: str, en: str) -> Unauthorized:
    return Unauthorized(zh, en, sent=True)
