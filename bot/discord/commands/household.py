"""`/help`, and `/auto-answer` for those who manage a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.commands.managing import for_managers
from bot.discord.errors import Declined
from bot.discord.language import say
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

    @for_managers
    @app_commands.command(name="auto-answer")
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
        if state == "on":
            self._bot.managing.check_auto_answer(place)
        await self._bot.managing.set_auto_answer(interaction, place.id, on=state == "on")
        told = (
            say(
                "I answer every question in {channel} now, threads and posts included.",
                channel=place.mention,
            )
            if state == "on"
            else say("In {channel} I answer only when I am mentioned.", channel=place.mention)
        )
        await interaction.response.send_message(view=said_page(told).layout(), ephemeral=True)


def _here(interaction: Interaction) -> Place:
    channel = interaction.channel
    if isinstance(channel, discord.Thread) and channel.parent:
        channel = channel.parent
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        raise Declined(say("Choose a text channel or a forum."))
    return channel
