"""What people bring: attachments and links, and reading them before they are gone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp
import discord

from bot.discord.language import say
from bot.discord.rendering.text import one_line, printable
from ingest.fetching import Fetched
from ingest.formats import check_size
from ingest.intake import Incoming
from ingest.parsed import RefusedError

Fetch = Callable[[str], Awaitable[Fetched]]

MOST_SOURCES = 10
"""Documents brought at once: as many as a message can have attachments."""
LONGEST_LINK = 2_000
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_AFTER_LINK = ".,;:!?)]}'*_~|"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody attached. Its address is good for a day at most."""

    attachment: discord.Attachment
    origin: str | None = None
    """The origin of the document that it takes the place of."""

    @property
    def name(self) -> str:
        """What people call it."""
        return one_line(printable(self.attachment.filename))

    async def read(self, _: Fetch) -> Incoming:
        """Its bytes; raises :class:`RefusedError`."""
        check_size(self.attachment.size)
        try:
            data = await self.attachment.read()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise RefusedError(
                say("Discord did not hand me the file whole. Nothing was added; attach it again.")
            ) from error
        if len(data) != self.attachment.size:
            raise RefusedError(
                say("The upload broke off half-way. Nothing was added; attach it again.")
            )
        origin = self.origin or f"discord:{self.attachment.id}/{self.name}"
        return Incoming(data, self.name, origin)


@dataclass(frozen=True, slots=True)
class Link:
    """An address that somebody gave."""

    url: str
    origin: str | None = None
    """The origin of the document that is read again."""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.url

    async def read(self, fetch: Fetch) -> Incoming:
        """What is there now; raises :class:`RefusedError`."""
        found = await fetch(self.url)
        return Incoming(
            found.data, found.name, self.origin or found.url, url=found.url, charset=found.charset
        )


Source = Upload | Link


def sources_of(attachments: Sequence[discord.Attachment], text: str) -> list[Source]:
    """The attachments and the links in a text, each once, as many as are taken at once."""
    links = dict.fromkeys(match.rstrip(_AFTER_LINK) for match in _LINK.findall(text))
    found: list[Source] = [Upload(attachment) for attachment in attachments]
    found += [Link(link) for link in links if len(link) <= LONGEST_LINK]
    return found[:MOST_SOURCES]
