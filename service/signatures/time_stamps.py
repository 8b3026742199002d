"""Time stamps of the authority in the settings (RFC 3161), over HTTP as every request of the service."""

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from service import outbound_http
from service.config import Settings

_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
_LONGEST = 64 * 1024  # bytes of a response
_OK = 200


class HttpTimeStamper(TimeStamper):
    """The authority at KEXIE_TIMESTAMP_URL. Raises UsageError if its host is not in KEXIE_ALLOWED_HOSTS."""

    def __init__(self, url: str, settings: Settings) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._target = outbound_http.target(url, settings.allowed_hosts)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Sends the request. Raises OSError if the authority does not answer as it should."""
        try:
            status, body = await outbound_http.exchange(self._target, req.dump(), _HEADERS, _LONGEST)
        except outbound_http.Unreachable as error:
            raise OSError(f"time stamp authority: {error}") from error
        if status != _OK:
            raise OSError(f"time stamp authority: status {status}")
        return tsp.TimeStampResp.load(body)
