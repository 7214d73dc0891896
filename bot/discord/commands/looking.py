"""`/sources` and `/timeline`: looking things up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.commands.ask import LONGEST_QUESTION, ask_privately_or_not
from bot.discord.commands.options import AsOf

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

Interaction = discord.Interaction[Any]
Query = app_commands.Range[str, 1, LONGEST_QUESTION]


class Looking(commands.Cog):
    """Looking things up without asking."""

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        query="What to look for", as_of="Only what was known on this day, like 2024-12-31"
    )
    async def sources(
        self, interaction: Interaction, query: Query, as_of: AsOf | None = None
    ) -> None:
        """Find passages on something, without an answer."""
        await ask_privately_or_not(
            self._bot, interaction, "passages", query, as_of=as_of, private=False
        )

    @app_commands.command()
    @app_commands.describe(
        topic="What the sentences should be about",
        as_of="Only what was known on this day, like 2024-12-31",
    )
    async def timeline(
        self, interaction: Interaction, topic: Query, as_of: AsOf | None = None
    ) -> None:
        """Dated sentences on a topic, in order, each with its source."""
        await ask_privately_or_not(
            self._bot, interaction, "timeline", topic, as_of=as_of, private=False
        )
