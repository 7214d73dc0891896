"""The conversation before a message: Discord's reply chain, read back to its beginning.

Every reply hangs on one message, so a conversation that forks has its history right in every
branch. The links come from Discord, our own side of it from the record.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import discord

from bot.answering.model import Exchange
from bot.discord.kinds import said_in
from bot.discord.library import Library

MOST_EXCHANGES = 6
REMEMBERED = 1_000
"""Messages whose place in a chain is kept in memory."""
LONGEST_CONTEXT = 1_000
"""Characters of somebody's message that a question can hang on."""


@dataclass(frozen=True, slots=True)
class Link:
    """A message in a chain: what it adds to the conversation, and which message came before."""

    exchange: Exchange | None
    before: int | None


END = Link(None, None)


class Conversations:
    """Reads reply chains, and remembers their links."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._links: OrderedDict[int, Link] = OrderedDict()

    async def before(self, message: discord.Message) -> tuple[Exchange, ...]:
        """What was asked and answered before a message, oldest first."""
        exchanges: list[Exchange] = []
        known = _replied_to(message)
        seen = {message.id}
        before = _reference(message)
        while before and before not in seen and len(exchanges) < MOST_EXCHANGES:
            seen.add(before)
            link = await self._link(message.channel, before, known)
            known = None
            if link.exchange:
                exchanges.append(link.exchange)
            before = link.before
        return tuple(reversed(exchanges))

    async def _link(
        self, channel: discord.abc.Messageable, identifier: int, known: discord.Message | None
    ) -> Link:
        if identifier in self._links:
            self._links.move_to_end(identifier)
            return self._links[identifier]
        link = await self._read(channel, identifier, known)
        self._links[identifier] = link
        if len(self._links) > REMEMBERED:
            self._links.popitem(last=False)
        return link

    async def _read(
        self, channel: discord.abc.Messageable, identifier: int, known: discord.Message | None
    ) -> Link:
        answer = await self._library.shown_by(identifier)
        if answer:
            exchange = Exchange(answer.question, said_in(answer))
            if answer.question_message_id is None:
                return Link(exchange, None)
            asked = await _fetch(channel, int(answer.question_message_id))
            return Link(exchange, _reference(asked) if asked else None)
        message = known or await _fetch(channel, identifier)
        if message is None or message.author.bot or not message.content.strip():
            return END
        return Link(Exchange(message.content[:LONGEST_CONTEXT]), _reference(message))


def _reference(message: discord.Message) -> int | None:
    """The message of the same channel that this one replies to."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None:
        return None
    return reference.message_id if reference.channel_id == message.channel.id else None


def _replied_to(message: discord.Message) -> discord.Message | None:
    resolved = message.reference.resolved if message.reference else None
    return resolved if isinstance(resolved, discord.Message) else None


async def _fetch(channel: discord.abc.Messageable, identifier: int) -> discord.Message | None:
    """A message, if it is still there and we may read it."""
    try:
        return await channel.fetch_message(identifier)
    except discord.HTTPException:
        return None
