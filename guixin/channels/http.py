"""The one HTTP client: it cannot be talked into calling our own network.

A name is resolved once, every address it stands for is checked, and the connection goes to one of exactly those
addresses, so a name that changes its mind between check and call (DNS rebinding) gains nothing. No redirects,
no proxies from the environment, short waits, little read.

GUIXIN_WEBHOOK_ALLOW lists hosts, addresses or networks that may be called although they are private:
"erp.example.internal,10.1.0.0/16".
"""

import ipaddress
import os
import socket
import ssl
import time
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

import httpcore

PORTS = {80, 443, 8080, 8443}
CONNECT_WITHIN, ANSWER_WITHIN = 3.0, 10.0  # seconds
READ_AT_MOST = 65_536

# Global by the registry, yet doors to somewhere else: translation (NAT64) and tunnels (6to4, Teredo).
_TUNNELS = [
    ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Forbidden(Exception):
    """We do not call this address."""


class Unreachable(Exception):
    """Nobody answered in time."""


def check_address(url: str) -> None:
    """Refuse at once what can never be called. A name that does not resolve yet is for the call to find out."""
    parts = _parts(url)
    try:
        _addresses(parts)
    except Unreachable:
        return


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST and return the status. Raises Forbidden or Unreachable."""
    return post_and_read(url, body, headers)[0]


def post_and_read(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """POST and return the status with the beginning of the answer. Raises Forbidden or Unreachable."""
    parts = _parts(url)
    address = _addresses(parts)[0]
    timeouts = {"connect": CONNECT_WITHIN, "read": ANSWER_WITHIN, "write": ANSWER_WITHIN, "pool": 1.0}
    until = time.monotonic() + ANSWER_WITHIN
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=ssl.create_default_context(), network_backend=_Pinned(str(address))
            ) as pool,
            pool.stream(
                "POST",
                url,
                headers=[*headers.items(), ("host", parts.netloc), ("content-length", str(len(body)))],
                content=body,
                extensions={"timeout": timeouts},
            ) as response,
        ):
            answer = bytearray()
            for chunk in response.iter_stream():
                answer += chunk
                if len(answer) > READ_AT_MOST or time.monotonic() > until:
                    break  # nobody we call has so much to say
            return response.status, bytes(answer[:READ_AT_MOST])
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as why:
        raise Unreachable(f"{parts.hostname}: {type(why).__name__} {why}".strip()) from why


class _Pinned(httpcore.SyncBackend):
    """Connects to the address that was checked, whatever the name says by now. TLS still verifies the name."""

    def __init__(self, address: str):
        super().__init__()
        self.address = address

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        return super().connect_tcp(self.address, port, timeout, local_address, socket_options)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise Forbidden(f"This is not an address: {url}") from wrong
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Forbidden("An address has printable ASCII characters only; write other names in punycode.")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Forbidden("An address begins with https:// (or http://) and a host.")
    if parts.username is not None or parts.password is not None or "\\" in url:
        raise Forbidden("An address may not carry a name or password.")
    if port is not None and port not in PORTS and not _allowed_host(parts.hostname):
        raise Forbidden(f"Port {port} is not called.")
    return parts


def _addresses(parts: SplitResult) -> list[Address]:
    """Every address the host stands for, all of them checked: one private among them forbids the host."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as why:
        raise Unreachable(f"{host}: {why}") from why
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not _allowed_host(host) and (
        inner := next((each for each in addresses if not (is_public(each) or _allowed(each))), None)
    ):
        raise Forbidden(f"{host} is {inner}, an address inside a network; GUIXIN_WEBHOOK_ALLOW can list it.")
    return addresses


def is_public(address: Address) -> bool:
    """Whether an address belongs to somebody out there: not private, loopback, link-local, multicast or a tunnel."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _allow_list() -> list[str]:
    return [
        each.strip().lower() for each in os.environ.get("GUIXIN_WEBHOOK_ALLOW", "").split(",") if each.strip()
    ]


def _allowed_host(host: str) -> bool:
    return host.lower() in _allow_list()


def _allowed(address: Address) -> bool:
    for each in _allow_list():
        try:
            if address in ipaddress.ip_network(each, strict=False):
                return True
        except ValueError:  # a host name
            continue
    return False
