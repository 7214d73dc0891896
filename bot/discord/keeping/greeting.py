"""First contact: what the bot says, once, in a server that invited it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord.ext import commands

from bot.discord.errors import note
from bot.discord.rendering.notices import welcome_page

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

log = logging.getLogger(__name__)
TO_GREET = ("view_channel", "send_messages")


class Greeting(commands.Cog):
    """Greets each server once, where it may, and never says anything unasked again.

    Servers that were there before the record began to note whom the bot met are not greeted. That
    it has begun is noted under the bot's own id.
    """

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot
        self._silent = False

    async def cog_load(self) -> None:
        """Before Discord is told of the commands, which tells whether the bot ran before."""
        self._silent = await asyncio.to_thread(self._met_servers_unnoted)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server invited the bot."""
        await self._meet(guild, greeting=True)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Servers may have invited the bot while it was off."""
        met = await asyncio.to_thread(self._bot.library.servers.met)
        for guild in self._bot.guilds:
            if guild.id not in met and not guild.unavailable:
                await self._meet(guild, greeting=not self._silent)
        self._silent = False
        await asyncio.to_thread(self._bot.library.servers.meet, self._bot.me.id, greeting=False)

    async def _meet(self, guild: discord.Guild, *, greeting: bool) -> None:
        channel = _where(guild)
        if greeting and channel is None:
            log.info("server %s: no channel to greet in, so far", guild.id)
            return
        servers = self._bot.library.servers
        first = await asyncio.to_thread(servers.meet, guild.id, greeting=greeting)
        if not (greeting and first and channel):
            return
        self._bot.speaking.in_server(guild)
        page = welcome_page(self._bot.me.mention)
        try:
            await channel.send(view=page.layout())
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            note(error, f"server {guild.id}: it could not be greeted")

    def _met_servers_unnoted(self) -> bool:
        library = self._bot.library
        application_id = self._bot.application_id or self._bot.me.id
        ran_before = library.answers.synced_commands(application_id) is not None
        return ran_before and self._bot.me.id not in library.servers.met()


def _where(guild: discord.Guild) -> discord.TextChannel | None:
    """The channel for system messages, else the first where the bot may write."""
    first = [guild.system_channel] if guild.system_channel else []
    for channel in (*first, *guild.text_channels):
        have = channel.permissions_for(guild.me)
        if all(getattr(have, name) for name in TO_GREET):
            return channel
    return None
