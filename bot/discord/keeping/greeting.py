"""First contact: what the bot says, once, when it joins a server."""

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
    """Greets once, where it may, and never says anything unasked again."""

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server invited the bot."""
        channel = _where(guild)
        if channel is None:
            log.info("server %s: joined, and no channel to greet in", guild.id)
            return
        if not await asyncio.to_thread(self._bot.library.servers.greet_once, guild.id):
            return
        page = welcome_page(self._bot.me.mention)
        try:
            await channel.send(view=page.layout())
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            note(error, f"server {guild.id}: it could not be greeted")


def _where(guild: discord.Guild) -> discord.TextChannel | None:
    """The channel for system messages, else the first where the bot may write."""
    first = [guild.system_channel] if guild.system_channel else []
    for channel in (*first, *guild.text_channels):
        have = channel.permissions_for(guild.me)
        if all(getattr(have, name) for name in TO_GREET):
            return channel
    return None
