"""One request to a stranger's server, with a limit on everything that it may send.

aiohttp, since it is the client that discord.py brings along and that is still mended often,
and since its socket factory sees every address before it is connected to. Redirects, cookies
and compression are switched off in it and done here, where they can be counted.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import hdrs

from ingest.parsed import RefusedError

if TYPE_CHECKING:
    from yarl import URL

    from ingest.fetching.guard import Guard

PRODUCT = "Tumen"
"""Our name for robots.txt."""
USER_AGENT = f"{PRODUCT}/{version('tumen')} (reads single pages that a person asked it to read)"
CONNECT_SECONDS = 10.0
MAX_LINE = 16_384
"""Bytes of the status line and of one header; aiohttp's 8 KB are too few for some policies."""
MAX_HEADERS = 128

_HEADERS = {
    hdrs.USER_AGENT: USER_AGENT,
    hdrs.ACCEPT: "text/html, application/pdf, text/plain;q=0.9, */*;q=0.5",
    # Nothing but gzip: a packing that nobody asked for is refused, and needs no unpacker.
    hdrs.ACCEPT_ENCODING: "gzip",
}
_AUTOMATIC = 32 + zlib.MAX_WBITS
_BROKEN = "The site's answer is broken, so nothing of it was taken; try again later."
_BROKE_OFF = "The site's answer broke off half-way, so nothing of it was taken; try again."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; ``body`` is unpacked, and empty where it is not of a page."""

    url: URL
    status: int
    headers: Mapping[str, str]
    media_type: str | None
    charset: str | None
    file_name: str | None
    body: bytes


class Client:
    """Asks servers through a guard; made by :func:`opened_client`."""

    def __init__(self, session: aiohttp.ClientSession, guard: Guard, proxy: str | None) -> None:
        self._session = session
        self._guard = guard
        self._proxy = proxy

    async def get(self, url: URL, max_bytes: int, *, cut: bool = False) -> Answer:
        """The answer to a GET request; redirects and failures are handed back as such.

        More than ``max_bytes``, packed or unpacked, are refused, or ``cut`` off where a
        beginning is of use. Raises :class:`RefusedError` for whatever goes wrong but for
        time: the caller limits that, with ``asyncio.timeout``.
        """
        self._guard.check(url)
        try:
            async with self._session.get(
                url, allow_redirects=False, proxy=self._proxy, headers=_HEADERS
            ) as response:
                wanted = response.status in (200, 203)
                body = await _read(response, max_bytes, cut=cut) if wanted else b""
                disposition = response.content_disposition
                return Answer(
                    response.url,
                    response.status,
                    response.headers,
                    response.content_type if hdrs.CONTENT_TYPE in response.headers else None,
                    response.charset,
                    disposition.filename if disposition else None,
                    body,
                )
        except RefusedError:
            raise
        except TimeoutError:
            raise
        except Exception as error:  # a hostile answer makes libraries raise anything
            raise _refusal(error, url, behind_proxy=self._proxy is not None) from error


@asynccontextmanager
async def opened_client(guard: Guard, proxy: str | None = None) -> AsyncIterator[Client]:
    """A client without cookies, for as long as the context lasts.

    ``proxy`` is an http(s) address. The guard then sees the names of sites but not the
    addresses behind them, which the proxy looks up.
    """
    connector = aiohttp.TCPConnector(
        resolver=None if proxy else guard.resolver,
        socket_factory=None if proxy else guard.open_socket,
        use_dns_cache=False,
        happy_eyeballs_delay=None,  # one address after the other, in the resolver's order
        force_close=True,
        limit=1,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        max_line_size=MAX_LINE,
        max_field_size=MAX_LINE,
        max_headers=MAX_HEADERS,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
    ) as session:
        yield Client(session, guard, proxy)


async def _read(response: aiohttp.ClientResponse, max_bytes: int, *, cut: bool) -> bytes:
    """The unpacked body."""
    if not cut and (response.content_length or 0) > max_bytes:
        raise _too_big(max_bytes)
    packing = response.headers.get(hdrs.CONTENT_ENCODING, "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise RefusedError(
            "The site packs its page in a way that Tumen did not ask for "
            f"({packing[:20]!r}); save the page in a browser and add that file."
        )
    unpacker = _Unpacker() if packing in ("gzip", "x-gzip") else None
    body = bytearray()
    async for chunk in response.content.iter_any():
        # One byte more than allowed tells too much from just enough.
        room = max_bytes + 1 - len(body)
        body += unpacker.unpack(chunk, room) if unpacker else chunk[:room]
        if len(body) > max_bytes:
            if cut:
                return bytes(body[:max_bytes])
            raise _too_big(max_bytes)
    if unpacker and not unpacker.finished:
        raise RefusedError(_BROKE_OFF)
    return bytes(body)


class _Unpacker:
    """gzip, possibly in several members (RFC 1952), never more than asked for at once."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_AUTOMATIC)
        self._begun = False

    @property
    def finished(self) -> bool:
        return self._member.eof or not self._begun

    def unpack(self, data: bytes, room: int) -> bytes:
        """Up to ``room`` bytes; where that is too few, the caller gives up."""
        unpacked = bytearray()
        while data and len(unpacked) < room:
            if self._member.eof:
                data = data.lstrip(b"\0")  # padding between members is allowed
                if not data:
                    break
                self._member = zlib.decompressobj(_AUTOMATIC)
            self._begun = True
            unpacked += self._member.decompress(data, room - len(unpacked))
            data = self._member.unused_data
        return bytes(unpacked)


def _too_big(max_bytes: int) -> RefusedError:
    return RefusedError(
        f"What the link leads to is bigger than {max_bytes / 1e6:,.0f} MB; save the part that "
        "matters and add that file."
    )


def _refusal(error: Exception, url: URL, *, behind_proxy: bool) -> RefusedError:
    host = url.host or ""
    own = (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError)
    if isinstance(error, own) or (behind_proxy and isinstance(error, aiohttp.ClientConnectorError)):
        return RefusedError("The way to the web (the proxy) is closed now; try again later.")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return RefusedError(f"There is no site {host}; check how the link is spelt.")
    if isinstance(error, aiohttp.ClientSSLError):
        return RefusedError(
            f"The site can't prove that it is {host} (its certificate is not valid), so nothing "
            "was taken from it; save the page in a browser, if you trust it, and add that file."
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        return RefusedError(f"{host} can't be reached now; check the link, or try again later.")
    if isinstance(error, aiohttp.ClientPayloadError):
        return RefusedError(_BROKE_OFF)
    if isinstance(error, aiohttp.ServerDisconnectedError | OSError):
        return RefusedError("The site hung up without an answer; try again later.")
    return RefusedError(_BROKEN)
