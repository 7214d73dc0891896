"""Messages: mentions, replies, private messages, channels with auto-answer; and deletions."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord.ext import commands

from bot.discord.asking import respond
from bot.discord.errors import missing_permission, note
from bot.discord.keeping.rights import answered_elsewhere, keeps_library
from bot.discord.language import say
from bot.discord.limits import Rate, RateLimit
from bot.discord.rendering.notices import help_page, said_page
from bot.discord.rendering.page import Accent, Page
from bot.discord.replies import MessageReply
from bot.discord.request import Request
from store.model import BASE_SCOPE

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

log = logging.getLogger(__name__)

HEARD = 2_000
"""Messages kept in mind as heard, so that an edit asks nothing twice."""
ONE_COMPLAINT = Rate(1, 600)
"""Private notes to one user that a permission is missing."""


class Listening(commands.Cog):
    """Hears what is said to the bot, and only that."""

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot
        self._heard: deque[int] = deque(maxlen=HEARD)
        self._complaints = RateLimit(ONE_COMPLAINT)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A new message."""
        if self._is_from_a_person(message) and self._is_for_us(message):
            await self._hear(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """A mention may be added to a message that was not for us before."""
        message = payload.message
        if self._is_from_a_person(message) and self._mentions_us(message):
            await self._hear(message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A deleted question is cancelled."""
        self._bot.desk.withdraw(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """As for one."""
        for identifier in payload.message_ids:
            self._bot.desk.withdraw(identifier)

    async def _hear(self, message: discord.Message) -> None:
        if message.id in self._heard:
            return
        self._heard.append(message.id)
        self._bot.speaking.about(message.content, message.guild)
        missing = _missing_permissions(message)
        if missing:
            log.info("message %s: not answered, missing %s", message.id, ", ".join(missing))
            told = say("You asked me in a channel.") + " " + missing_permission(*missing)
            await self._complain(message, told)
            return
        if message.guild:
            elsewhere = await answered_elsewhere(self._bot, message.guild.id, message.channel)
            if elsewhere:
                told = say("You asked me in a channel.") + " " + elsewhere
                await self._complain(message, told)
                return
        reply = MessageReply(message, self._bot.pace)
        text = self._without_mention(message) or _replied_text(message)
        try:
            if text:
                await respond(
                    self._bot,
                    await self._request(message, text),
                    reply,
                    lambda: self._bot.conversations.before(message),
                )
            else:
                await reply.decline(self._help())
        except (discord.HTTPException, aiohttp.ClientError) as error:
            note(error, f"message {message.id}")

    def _help(self) -> Page:
        return help_page(self._bot.me.mention, reads_messages=self._bot.intents.message_content)

    def _is_from_a_person(self, message: discord.Message) -> bool:
        ordinary = message.type in (discord.MessageType.default, discord.MessageType.reply)
        return ordinary and not message.author.bot and message.webhook_id is None

    def _is_for_us(self, message: discord.Message) -> bool:
        if message.guild is None or self._mentions_us(message):
            return True
        answered = message.reference.resolved if message.reference else None
        if isinstance(answered, discord.Message) and message.type is discord.MessageType.reply:
            return answered.author.id == self._bot.me.id and bool(message.content.strip())
        return self._is_auto_answered(message)

    def _mentions_us(self, message: discord.Message) -> bool:
        if any(user.id == self._bot.me.id for user in message.mentions):
            return True
        own_role = message.guild.self_role if message.guild else None
        return own_role is not None and own_role in message.role_mentions

    def _is_auto_answered(self, message: discord.Message) -> bool:
        places = {message.channel.id, getattr(message.channel, "parent_id", None)}
        return (
            not self._bot.auto_answered.isdisjoint(places)
            and message.type is discord.MessageType.default
            and bool(message.content.strip())
            and not message.mentions
        )

    def _without_mention(self, message: discord.Message) -> str:
        own_role = message.guild.self_role if message.guild else None
        text = message.content
        for mention in (
            f"<@{self._bot.me.id}>",
            f"<@!{self._bot.me.id}>",
            own_role.mention if own_role else "",
        ):
            text = text.replace(mention, " ") if mention else text
        return " ".join(text.split())

    async def _request(self, message: discord.Message, text: str) -> Request:
        guild_id = message.guild.id if message.guild else None
        return Request(
            kind="answer",
            text=text,
            scope=str(guild_id) if guild_id else BASE_SCOPE,
            channel_id=message.channel.id,
            user_id=message.author.id,
            guild_id=guild_id,
            message_id=message.id,
            may_add=await keeps_library(self._bot, message),
        )

    async def _complain(self, message: discord.Message, told: str) -> None:
        """Where we may not write, the one who asked is told in private."""
        if not self._complaints.take(message.author.id):
            return
        page = said_page(told, Accent.MISSING)
        try:
            await message.author.send(view=page.layout())
        except (discord.HTTPException, aiohttp.ClientError) as error:
            note(error, f"message {message.id}: the user could not be told")


def _replied_text(message: discord.Message) -> str:
    """A bare mention under somebody's message asks what that message asks."""
    resolved = message.reference.resolved if message.reference else None
    if isinstance(resolved, discord.Message) and not resolved.author.bot:
        return " ".join(resolved.content.split())
    return ""


def _missing_permissions(message: discord.Message) -> list[str]:
    guild, channel = message.guild, message.channel
    if guild is None or isinstance(channel, discord.PartialMessageable):
        return []
    thread = isinstance(channel, discord.Thread)
    needed = ("view_channel", "send_messages_in_threads" if thread else "send_messages")
    try:
        have = channel.permissions_for(guild.me)
    except discord.ClientException:  # a thread whose channel we don't know
        return []
    return [name for name in needed if not getattr(have, name)]
