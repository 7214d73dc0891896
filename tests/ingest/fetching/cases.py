"""What a hostile link is for the tests, and servers that misbehave."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass, field

from tests.ingest.fetching.web import Reader, Reply, Writer, http

SIZE = 200_000
STORY = (
    "<html><head><title>Barges</title></head><body><article><h1>Barges at Khasan</h1><p>Forty "
    "barges passed Khasan on Monday, the harbour office said, and twelve of them turned back "
    "before the bridge because of the ice.</p></article></body></html>"
)
TAKEN = "Forty barges passed Khasan"
GOOD = http(STORY)


BUSY = "took too long"
ODD = "broken|broke off|hung up"


@dataclass(frozen=True)
class Case:
    """A link and what must come of it."""

    group: str
    what: str
    link: str
    refused: str = ""
    """A pattern in the refusal; empty where the page is taken."""
    taken: str = ""
    pages: dict[str, Reply] = field(default_factory=dict)
    names: dict[str, list[list[str]]] = field(default_factory=dict)
    seconds: float = 10.0


def hold(head: bytes) -> Reply:
    """Send something and then nothing more, without hanging up."""

    async def reply(reader: Reader, writer: Writer) -> None:
        writer.write(head)
        await writer.drain()
        await reader.read()

    return reply


def drip(head: bytes, drop: bytes, every: float = 0.02) -> Reply:
    """Send something and then drops, for as long as anybody listens."""

    async def reply(_: Reader, writer: Writer) -> None:
        writer.write(head)
        for _ in range(2_000):
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(every)

    return reply


def flood(head: bytes, wave: bytes) -> Reply:
    """Send without end, as fast as the other side reads; at most 2 GB."""

    async def reply(_: Reader, writer: Writer) -> None:
        writer.write(head)
        for _ in range(2_000_000_000 // len(wave)):
            writer.write(wave)
            await writer.drain()

    return reply


def raw(head: str, body: bytes = b"") -> bytes:
    return head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


def at(group: str, *rows: tuple[str, Reply, str, str]) -> list[Case]:
    """Cases of one page each: what it is, its answer, and the refusal's or the text's words."""
    return [
        Case(
            group,
            what,
            "http://site.example:{port}/story",
            refused,
            taken,
            {"site.example/story": reply},
        )
        for what, reply, refused, taken in rows
    ]


HTML = "Content-Type: text/html"
STORY_BYTES = STORY.encode()
BOMB = gzip.compress(bytes(80_000_000), 9)
"""80 KB that unfold to 80 MB."""
