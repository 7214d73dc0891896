"""A small web on this machine: real sockets, names of our own, and servers that misbehave.

The port of 127.0.0.1 is the public web as far as the guard knows; the same port of
127.0.0.2 is a private machine that nobody may even connect to.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult

from ingest.fetching import Guard

PUBLIC, PRIVATE = "127.0.0.1", "127.0.0.2"
CERTIFICATE = Path(__file__).parent / "self_signed.pem"

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Reply = bytes | Callable[[Reader, Writer], Awaitable[None]]
"""Bytes are sent as they are, then the connection is closed."""


def http(body: bytes | str = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A well-formed answer; header names are written with underscores."""
    data = body.encode() if isinstance(body, str) else body
    lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(data))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + data


def moved(target: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return http(status=status, Location=target)


class Names(AbstractResolver):
    """A name service under control: each lookup of a name takes its next answer."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.lookups: Counter[str] = Counter()

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002
    ) -> list[ResolveResult]:
        """The addresses of a name; every other name under ``.example`` is the public server."""
        self.lookups[host] += 1
        answers = self.answers.get(host.rstrip("."))
        if answers is None and not host.endswith((".example", ".org")):
            raise OSError(None, "no such name")
        addresses = [PUBLIC] if answers is None else answers[0]
        if not addresses:
            raise OSError(None, "a name without addresses")
        if answers and len(answers) > 1:
            del answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


class Web:
    """The servers; pages by host and path, as in ``news.example/story``."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply] = {}
        self.names = Names()
        self.requests: dict[str, list[bytes]] = defaultdict(list)
        self.private_contacts = 0
        self.visited = asyncio.Event()
        self.idle = asyncio.Event()
        self._open = 0
        self.port = self.tls_port = 0

    @property
    def guard(self) -> Guard:
        """A guard that takes this machine's two public ports for the web."""
        return Guard(resolver=self.names, trusted=[(PUBLIC, self.port), (PUBLIC, self.tls_port)])

    async def serve(self, reader: Reader, writer: Writer) -> None:
        """Answer one request and hang up."""
        self._open += 1
        self.idle.clear()
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode("latin-1")
            host = head.lower().partition(b"\r\nhost: ")[2].partition(b"\r\n")[0].decode()
            page = host.partition(":")[0] + target.partition("?")[0]
            self.requests[page].append(head)
            reply = self.pages.get(page)
            if reply is None:
                reply = http("<h1>Not found</h1>", "404 Not Found")
            if isinstance(reply, bytes):
                writer.write(reply)
                await writer.drain()
            else:
                await reply(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()
            self._open -= 1
            if not self._open:
                self.idle.set()

    async def trip(self, _: Reader, writer: Writer) -> None:
        """The private machine: it only counts who came."""
        self.private_contacts += 1
        self.visited.set()
        writer.write(http("<p>The secret of the private machine.</p>"))
        writer.close()


@contextlib.asynccontextmanager
async def running_web() -> AsyncIterator[Web]:
    """The web, for as long as the context lasts."""
    web = Web()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    async with contextlib.AsyncExitStack() as stack:
        plain = await stack.enter_async_context(await asyncio.start_server(web.serve, PUBLIC, 0))
        web.port = plain.sockets[0].getsockname()[1]
        tls = await stack.enter_async_context(
            await asyncio.start_server(web.serve, PUBLIC, 0, ssl=context)
        )
        web.tls_port = tls.sockets[0].getsockname()[1]
        await stack.enter_async_context(await asyncio.start_server(web.trip, PRIVATE, web.port))
        yield web
