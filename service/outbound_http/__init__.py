"""Outbound requests, only to hosts in the settings: address checked and pinned, with a deadline."""

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

import certifi
import httpx

from service.errors import UsageError

DEADLINE = 10.0  # seconds for a request and its response
_LONGEST = 2_000  # characters of a URL
_PORTS = {"https": 443, "http": 80}
# The IANA registries of special addresses (RFC 6890), not as each version of Python knows them.
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
            *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4"),
            # Teredo, ORCHID and the like, documentation, 6to4, AS112, 6bone.
            *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "3ffe::/16"),
        ),
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # beyond it are NAT64, site-local and other special addresses
_ISATAP = (0x5EFE, 0x0200_5EFE)  # before the IPv4 address that it embeds (RFC 5214, 6.1)


class Unreachable(Exception):
    """No response arrived; the text is the reason in one word."""


@dataclass(frozen=True)
class Target:
    """A URL that may be called; an intranet host may have a private address."""

    url: httpx.URL
    intranet: bool


def target(url: str, allowed: Collection[str]) -> Target:
    """The target of a URL whose host is in `allowed` (KEXIE_ALLOWED_HOSTS). Raises UsageError.

    `host` allows only HTTPS on port 443 and public addresses; `host:port` is an intranet host.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        parsed = httpx.URL("")
    host = parsed.raw_host.decode("ascii", "replace")
    host = f"[{host}]" if ":" in host else host
    plain = len(url) <= _LONGEST and url.isprintable() and not parsed.userinfo and not parsed.fragment
    if plain and host and parsed.scheme in _PORTS:
        port = parsed.port or _PORTS[parsed.scheme]
        if f"{host}:{port}" in allowed:
            return Target(parsed, intranet=True)
        if host in allowed and parsed.scheme == "https" and port == _PORTS["https"]:
            return Target(parsed, intranet=False)
    raise UsageError(
        "不能访问这个地址：须为 https，主机须在设置 KEXIE_ALLOWED_HOSTS 中，不带用户名和 #。请联系管理员。",
        "This URL is not allowed: it must be https, with a host in KEXIE_ALLOWED_HOSTS, "
        "without user name and fragment. Ask the administrator.",
    )


def post(to: Target, body: bytes, headers: Mapping[str, str]) -> int:
    """Posts `body` and returns the response status, without following redirects. Raises Unreachable."""
    status, _ = asyncio.run(exchange(to, body, headers, 0))
    return status


async def exchange(to: Target, body: bytes, headers: Mapping[str, str], most: int) -> tuple[int, bytes]:
    """As `post`, with the first `most` bytes of the response beside its status."""
    until = asyncio.get_running_loop().time() + DEADLINE
    address = await _address(to, until)
    try:
        async with asyncio.timeout_at(until):
            return await _post(to, address, body, headers, most)
    except TimeoutError as error:
        raise Unreachable("timeout") from error
    except (httpx.HTTPError, OSError) as error:
        raise Unreachable("connection") from error


async def _post(
    to: Target, address: str, body: bytes, headers: Mapping[str, str], most: int
) -> tuple[int, bytes]:
    """Connects to the checked address: the name is not resolved again."""
    host = to.url.raw_host.decode("ascii")
    named = {**headers, "Host": to.url.netloc.decode("ascii")}
    trusted = ssl.create_default_context()
    trusted.load_verify_locations(certifi.where())  # Mozilla's authorities beside those of this machine
    async with (
        httpx.AsyncClient(verify=trusted, trust_env=False, timeout=DEADLINE) as client,
        client.stream(
            "POST",
            to.url.copy_with(host=address),
            content=body,
            headers=named,
            extensions={"sni_hostname": host},
        ) as response,
    ):
        received = bytearray()
        if most:
            async for piece in response.aiter_bytes():
                received += piece
                if len(received) >= most:
                    break
        return response.status_code, bytes(received[:most])


async def _address(to: Target, until: float) -> str:
    """Resolves the host to an address, until that time of the loop.

    Raises Unreachable, also when any of its addresses is not allowed.
    """
    try:
        async with asyncio.timeout_at(until):
            addresses = await asyncio.wrap_future(_addresses(to))
    except OSError as error:  # a TimeoutError, too
        raise Unreachable("name") from error
    if not to.intranet and not all(map(is_public, addresses)):
        raise Unreachable("address")
    return addresses[0]


def _addresses(to: Target) -> Future[list[str]]:
    """The addresses of the host, asked for in a thread that nothing waits for: name servers may be slow."""
    asked: Future[list[str]] = Future()
    asked.set_running_or_notify_cancel()  # so that nobody cancels it: the thread sets its result, if late

    def ask() -> None:
        host, port = to.url.raw_host.decode("ascii"), to.url.port or _PORTS[to.url.scheme]
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            asked.set_result([str(each[4][0]) for each in found])
        except Exception as error:  # of any kind: it is raised where the addresses are awaited
            asked.set_exception(error)

    threading.Thread(target=ask, name="name-lookup", daemon=True).start()
    return asked


def is_public(address: str) -> bool:
    """Whether an IP address is public and does not embed another address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif found not in _GLOBAL_V6 or int(found) >> 32 & 0xFFFF_FFFF in _ISATAP:
            return False
    return found.is_global and not any(found in network for network in _SPECIAL)
