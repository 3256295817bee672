"""The one way in which this package asks another machine: public addresses only, bounded in size and time.

It is geopy's adapter for the online geocoders of `geo.online`, which nothing starts unless an editor does. A name is looked up
once, each of its addresses is checked, and the connection goes to the address that was checked: no second look-up can lead it
elsewhere. The same holds for each redirect. Proxies of the environment are not used, since they would look names up themselves.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, cast
from urllib.parse import SplitResult, urljoin, urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable

from geo.errors import shown

LARGEST_ANSWER = 2**20
"""Bytes of an answer that are read."""
LONGEST_WAIT = 30.0
"""Seconds that one question may take, from the look-up of the name to the last byte of the answer, redirects included."""
MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PASSED = (ipaddress.ip_network("2001::/32"), ipaddress.ip_network("2002::/16"), ipaddress.ip_network("64:ff9b:1::/48"))
# Teredo, 6to4 and local NAT64: addresses that stand for others

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PublicAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """geopy's way to a service, for public addresses only; see the module."""

    def __init__(self, *, proxies: object = None, ssl_context: ssl.SSLContext | None = None) -> None:
        super().__init__(proxies=None, ssl_context=ssl_context)
        self._context = ssl_context if isinstance(ssl_context, ssl.SSLContext) else ssl.create_default_context()

    def get_json(self, url: str, *, timeout: float | None, headers: Mapping[str, str]) -> Any:
        text = self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise GeocoderParseError(f"The answer is not JSON: {shown(text)}") from None

    def get_text(self, url: str, *, timeout: float | None, headers: Mapping[str, str]) -> str:
        """Return the answer to a question.

        Raises
        ------
        AdapterHTTPError : the service refuses
        GeocoderTimedOut, GeocoderUnavailable, GeocoderServiceError : it takes too long, is not there, or may not be asked
        """
        deadline = time.monotonic() + min(timeout or LONGEST_WAIT, LONGEST_WAIT)
        for _ in range(MOST_REDIRECTS + 1):
            status, answered, body, charset = self._ask(url, dict(headers), deadline)
            if status in _REDIRECTS and answered.get("location"):
                before, url = url, urljoin(url, answered["location"])
                if before.startswith("https:") and not url.startswith("https:"):
                    raise GeocoderServiceError("A redirect leads from https to something else: it is not followed.")
                continue
            try:
                text = body.decode(charset)
            except (UnicodeDecodeError, LookupError):
                raise GeocoderParseError("The answer is no text.") from None
            if status >= 300:
                raise AdapterHTTPError(f"status {status}", status_code=status, headers=answered, text=text[:500])
            return text
        raise GeocoderServiceError(f"More than {MOST_REDIRECTS} redirects.")

    def _ask(self, url: str, headers: dict[str, str], deadline: float) -> tuple[int, dict[str, str], bytes, str]:
        """Return status, headers, body and charset of one answer."""
        parts = urlsplit(url)
        host, port = _target(parts)
        address = _looked_up(host, port, deadline)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with _line(address, port, deadline) as plain, _secured(plain, parts, host, self._context) as line:
                connection = http.client.HTTPConnection(host, port)
                connection.default_port = {"http": 80, "https": 443}[parts.scheme]  # else it would stand in the Host header
                connection.sock = line
                connection.request("GET", target, headers={**headers, "Connection": "close", "Accept-Encoding": "identity"})
                answer = connection.getresponse()
                if answer.getheader("Content-Encoding", "identity") != "identity":
                    raise GeocoderServiceError("The answer is packed, though it was asked for plain.")
                body = answer.read(LARGEST_ANSWER + 1)
                if len(body) > LARGEST_ANSWER:
                    raise GeocoderServiceError(f"The answer has more than {LARGEST_ANSWER} bytes.")
                _in_time(deadline)  # a line that was shut at the deadline looks like the end of the answer
                found = {name.lower(): value for name, value in answer.getheaders()}
                return answer.status, found, body, answer.headers.get_content_charset() or "utf-8"
        except (OSError, http.client.HTTPException, ValueError) as error:
            _in_time(deadline)
            if isinstance(error, TimeoutError):
                raise GeocoderTimedOut("The service did not answer in time.") from error
            raise GeocoderUnavailable(f"The service cannot be asked: {shown(error)}") from error


def is_public(address: _Address) -> bool:
    """Return whether an address is one of the public internet: not of this machine, its network, or a machine's own use."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.scope_id is not None or any(address in network for network in _PASSED) or int(address) >> 32 == 0:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _target(parts: SplitResult) -> tuple[str, int]:
    """Return host and port of an address that may be asked at all."""
    try:
        port = {"http": parts.port or 80, "https": parts.port or 443}.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if not parts.hostname or not port or parts.username is not None:
        raise GeocoderServiceError(f"“{shown(parts.geturl())}” is no address of http or https that may be asked.")
    return parts.hostname, port


def _looked_up(host: str, port: int, deadline: float) -> str:
    """Return the address that a name stands for, once, after every one that it stands for was found to be public.

    A name that stands for a public address and a private one too is refused: that is how a name is bent.
    """
    answers: queue.SimpleQueue[list[Any] | BaseException] = queue.SimpleQueue()

    def look() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look, daemon=True).start()  # the system's look-up knows no deadline
    try:
        found = answers.get(timeout=_left(deadline))
    except queue.Empty:
        raise GeocoderTimedOut(f"The name “{shown(host)}” was not found in time.") from None
    if isinstance(found, BaseException) or not found:
        raise GeocoderUnavailable(f"The name “{shown(host)}” is not known: {shown(found)}")
    addresses = [str(one[4][0]) for one in found]
    for address in addresses:
        if not is_public(ipaddress.ip_address(address)):
            raise GeocoderServiceError(f"“{shown(host)}” is {address}, which is no public address: it is not asked.")
    return addresses[0]


@contextlib.contextmanager
def _line(address: str, port: int, deadline: float) -> Iterator[socket.socket]:
    """Connect to an address; the line is shut at the deadline, however slowly the other end still sends."""
    with _connected(address, port, _left(deadline)) as line:
        # The socket's own way to shut: that of a secured line would take what reads it away under the reader.
        shut = threading.Timer(_left(deadline), lambda: _shut(line))
        shut.daemon = True
        shut.start()
        try:
            yield line
        finally:
            shut.cancel()


def _connected(address: str, port: int, timeout: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=timeout)


@contextlib.contextmanager
def _secured(line: socket.socket, parts: SplitResult, host: str, context: ssl.SSLContext) -> Iterator[socket.socket]:
    """Put TLS on a line where the address asks for it; the certificate must be for the name, not for the address."""
    if parts.scheme != "https":
        yield line
        return
    with context.wrap_socket(_duplicate(line), server_hostname=host) as secured:
        yield secured


def _duplicate(line: socket.socket) -> socket.socket:
    """Return a second handle of a line: TLS takes the one that it is given away from everybody else."""
    copy = line.dup()
    copy.settimeout(line.gettimeout())
    return copy


def _shut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.001)


def _in_time(deadline: float) -> None:
    if time.monotonic() >= deadline - 0.01:
        raise GeocoderTimedOut("The service did not answer in time.")


def guarded(geocoder: Any) -> Any:
    """Give one of geopy's geocoders this way to its service, in the place of its own, and return it.

    Raises
    ------
    GeocoderServiceError : it is asynchronous
    """
    own = geocoder.adapter
    if isinstance(own, PublicAdapter):
        return geocoder
    if not isinstance(own, BaseSyncAdapter):
        raise GeocoderServiceError(f"{type(geocoder).__name__} is asynchronous: make it without an adapter of its own.")
    context = geocoder.ssl_context
    geocoder.adapter = PublicAdapter(ssl_context=cast("ssl.SSLContext | None", context))
    return geocoder
