"""Authentication: API keys, tokens of a portal's issuer, tokens of embedded forms."""

from service.access.api_keys import ApiKey, ApiKeys
from service.access.authenticator import Authenticator
from service.access.caller import ANYONE, SCOPE_NAMES, SCOPES, Caller

__all__ = ["ANYONE", "SCOPES", "SCOPE_NAMES", "ApiKey", "ApiKeys", "Authenticator", "Caller"]
