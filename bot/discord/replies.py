"""Where an answer goes: to an interaction or to a message, through one small interface."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import aiohttp
import discord
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from bot.discord.errors import GONE, THREAD_NOT_STARTED, UNKNOWN_MESSAGE
from bot.discord.limits import Rate, RateLimit
from bot.discord.rendering.notices import busy_page
from bot.discord.rendering.page import Page

log = logging.getLogger(__name__)
T = TypeVar("T")

ONE_EDIT = Rate(1, 1.0)
"""Of what is shown while an answer is on its way; the answer itself never waits."""
ONE_DECLINE = Rate(1, 20.0)
"""Refusals to one user in channels, where all would read them."""
RETRIES = (1.0, 2.0, 4.0)
"""Seconds until a forum post's first message is there."""
CUT_CONNECTION_TRIES = 4
MOST_PLACEHOLDERS = 2
"""In one channel at a time: each takes from the messages that Discord lets us send there."""
UNIMPORTANT = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What may go wrong with what is only shown meanwhile."""


async def persistently(call: Callable[[], Awaitable[T]]) -> T:
    """Try again where the connection was cut in the middle, which discord.py does not."""
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(aiohttp.ClientError),
        stop=stop_after_attempt(CUT_CONNECTION_TRIES),
        wait=wait_exponential(multiplier=0.25, max=2),
        reraise=True,
    ):
        with attempt:
            return await call()
    raise AssertionError


class Pace:
    """Keeps what is shown meanwhile from flooding a channel."""

    def __init__(self) -> None:
        self.placeholders: Counter[int] = Counter()
        self.edits = RateLimit(ONE_EDIT)
        self.declines = RateLimit(ONE_DECLINE)


class Reply(Protocol):
    """Where a request's answer goes."""

    async def acknowledge(self, ahead: int) -> None:
        """Show at once that the request was seen."""

    async def show(self, page: Page) -> None:
        """Show how it stands; left out where the channel had an edit within the last second."""

    async def finish(self, pages: Sequence[Page]) -> list[int]:
        """Show the outcome in place of all before; gives the ids of its messages."""

    async def decline(self, page: Page) -> None:
        """Say that the request is not taken on, to nobody else if possible."""

    async def withdraw(self) -> None:
        """Take back what was shown."""


class MessageReply:
    """Replies to a message in its channel."""

    def __init__(self, message: discord.Message, pace: Pace) -> None:
        self._message = message
        self._pace = pace
        self._shown: discord.Message | None = None
        self._holds_place = False
        self._typing: asyncio.Task[None] | None = None

    async def acknowledge(self, ahead: int) -> None:
        """Type, without waiting for it: where Discord slows typing down, the answer goes on."""
        del ahead  # shown after a second, if it still holds
        self._typing = asyncio.create_task(self._type())

    async def show(self, page: Page) -> None:
        """Post or edit a placeholder; in a crowded channel, typing has to do."""
        channel = self._message.channel.id
        crowded = self._pace.placeholders[channel] >= MOST_PLACEHOLDERS
        if (crowded and self._shown is None) or not self._pace.edits.take(channel):
            return
        with suppress(*UNIMPORTANT):
            if self._shown is None:
                self._pace.placeholders[channel] += 1
                self._holds_place = True
                self._shown = await self._send(page, reply=True)
            else:
                await self._shown.edit(view=page.layout())

    async def finish(self, pages: Sequence[Page]) -> list[int]:
        """The first page in place of the placeholder, or as a reply; the others after it."""
        self._give_place_back()
        first, *others = pages
        settling = asyncio.ensure_future(self._settle(first))
        try:
            self._shown = await asyncio.shield(settling)
        except asyncio.CancelledError:
            # The question was deleted while the answer was on its way: take it back whole.
            with suppress(*UNIMPORTANT):
                self._shown = await settling
            raise
        rest = [(await self._send(page, reply=False)).id for page in others]
        return [self._shown.id, *rest]

    async def decline(self, page: Page) -> None:
        """Reply, but not to each message of a flood."""
        if self._pace.declines.take(self._message.author.id):
            await self._send(page, reply=True)

    async def withdraw(self) -> None:
        """Delete what was shown."""
        self._give_place_back()
        if self._shown:
            with suppress(*UNIMPORTANT):
                await self._shown.delete()

    async def _type(self) -> None:
        with suppress(*UNIMPORTANT):
            await self._message.channel.typing()

    def _give_place_back(self) -> None:
        if self._typing:
            self._typing.cancel()
        if self._holds_place:
            self._holds_place = False
            self._pace.placeholders[self._message.channel.id] -= 1

    async def _settle(self, page: Page) -> discord.Message:
        shown = self._shown
        if shown:
            try:
                return await persistently(lambda: shown.edit(view=page.layout()))
            except discord.NotFound:
                log.info("The placeholder was deleted; the answer is sent anew")
        return await self._send(page, reply=True)

    async def _send(self, page: Page, *, reply: bool) -> discord.Message:
        for wait in (*RETRIES, None):
            try:
                return await self._send_once(page, reply=reply)
            except discord.HTTPException as error:
                if error.code != THREAD_NOT_STARTED or wait is None:
                    raise
                await asyncio.sleep(wait)
        raise AssertionError

    async def _send_once(self, page: Page, *, reply: bool) -> discord.Message:
        channel = self._message.channel
        view, nonce = page.layout(), secrets.token_hex(8)
        if reply and _may_reply(self._message):
            reference = self._message.to_reference(fail_if_not_exists=False)
            return await persistently(
                lambda: channel.send(
                    view=view, nonce=nonce, reference=reference, mention_author=False
                )
            )
        return await persistently(lambda: channel.send(view=view, nonce=nonce))


class InteractionReply:
    """Answers a slash command or a context menu; through the channel once its token is dead."""

    def __init__(self, interaction: discord.Interaction[Any], pace: Pace, *, private: bool) -> None:
        self._interaction = interaction
        self._pace = pace
        self._private = private
        self._dead = False

    async def acknowledge(self, ahead: int) -> None:
        """Defer, or say at once how many come before."""
        response = self._interaction.response
        try:
            if ahead:
                await response.send_message(view=busy_page(ahead).layout(), ephemeral=self._private)
            else:
                await response.defer(ephemeral=self._private, thinking=True)
        except discord.HTTPException as error:
            if error.code not in GONE:
                raise
            log.warning("Interaction %s was acknowledged too late", self._interaction.id)
            self._dead = True

    async def show(self, page: Page) -> None:
        """Edit the original response."""
        if self._dead or not self._pace.edits.take(self._interaction.channel_id or 0):
            return
        with suppress(*UNIMPORTANT):
            await self._interaction.edit_original_response(view=page.layout())

    async def finish(self, pages: Sequence[Page]) -> list[int]:
        """The first page in place of the original response, the others after it."""
        first, *others = pages
        try:
            sent = await self._settle(first)
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            log.info("The response of interaction %s was deleted", self._interaction.id)
            return []
        messages = [sent, *[await self._follow_up(page) for page in others]]
        return [message.id for message in messages if message]

    async def decline(self, page: Page) -> None:
        """Only for the one who asked."""
        await self._interaction.response.send_message(view=page.layout(), ephemeral=True)

    async def withdraw(self) -> None:
        """Delete the original response."""
        with suppress(*UNIMPORTANT):
            await self._interaction.delete_original_response()

    async def _settle(self, page: Page) -> discord.Message | None:
        if not self._is_dead():
            try:
                return await persistently(
                    lambda: self._interaction.edit_original_response(view=page.layout())
                )
            except discord.HTTPException as error:
                if error.code == UNKNOWN_MESSAGE or error.code not in GONE:
                    raise
                self._dead = True
        return await self._through_channel(page)

    async def _follow_up(self, page: Page) -> discord.Message | None:
        if self._is_dead():
            return await self._through_channel(page)
        return await self._interaction.followup.send(
            view=page.layout(), ephemeral=self._private, wait=True
        )

    def _is_dead(self) -> bool:
        return self._dead or self._interaction.is_expired()

    async def _through_channel(self, page: Page) -> discord.Message | None:
        """What came too late for the interaction goes to the channel, or privately to the asker."""
        log.info("Interaction %s is over; its answer goes another way", self._interaction.id)
        channel = self._interaction.channel
        target = self._interaction.user if self._private else channel
        if not isinstance(target, discord.abc.Messageable):
            return None
        return await target.send(view=page.layout())


def _may_reply(message: discord.Message) -> bool:
    """Replying needs to read the history, sending does not."""
    guild = message.guild
    if guild is None or isinstance(message.channel, discord.PartialMessageable):
        return True
    return message.channel.permissions_for(guild.me).read_message_history
