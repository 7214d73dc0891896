"""`/help`, and `/auto-answer` for those who manage a server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.errors import Declined, missing_permission
from bot.discord.rendering.notices import help_page, said_page

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

Interaction = discord.Interaction[Any]
Place = discord.TextChannel | discord.ForumChannel


class Household(commands.Cog):
    """What is neither asking nor looking."""

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def help(self, interaction: Interaction) -> None:
        """What I can do, with examples."""
        page = help_page(self._bot.me.mention, reads_messages=self._bot.intents.message_content)
        await interaction.response.send_message(view=page.layout(), ephemeral=True)

    @app_commands.command(name="auto-answer")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    @app_commands.describe(
        state="Whether questions there are answered without a mention",
        channel="A channel or forum; this one if left out",
    )
    async def auto_answer(
        self,
        interaction: Interaction,
        state: Literal["on", "off"],
        channel: Place | None = None,
    ) -> None:
        """Answer every question in a channel, its threads or its posts, without a mention."""
        place = channel or _here(interaction)
        guild = interaction.guild
        if guild is None or self._bot.get_guild(guild.id) is None:
            raise Declined("I must be a member of this server for that.")
        if state == "on":
            self._check(place, guild)
        await asyncio.to_thread(
            self._bot.library.answers.set_auto_answer,
            place.id,
            guild.id,
            interaction.user.id,
            on=state == "on",
        )
        change = self._bot.auto_answered.add if state == "on" else self._bot.auto_answered.discard
        change(place.id)
        told = (
            f"I answer every question in {place.mention} now, threads and posts included."
            if state == "on"
            else f"In {place.mention} I answer only when I am mentioned."
        )
        await interaction.response.send_message(view=said_page(told).layout(), ephemeral=True)

    def _check(self, place: Place, guild: discord.Guild) -> None:
        if not self._bot.intents.message_content:
            raise Declined(
                "My operator has not turned on the “Message Content” intent, so I can't read "
                "messages that don't mention me."
            )
        have = place.permissions_for(guild.me)
        needed = ("view_channel", "send_messages", "send_messages_in_threads")
        missing = [name for name in needed if not getattr(have, name)]
        if missing:
            raise Declined(missing_permission(*missing))


def _here(interaction: Interaction) -> Place:
    channel = interaction.channel
    if isinstance(channel, discord.Thread) and channel.parent:
        channel = channel.parent
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        raise Declined("Choose a text channel or a forum.")
    return channel
