"""`/sources`, `/timeline` and `/document`: looking things up."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.commands.ask import LONGEST_QUESTION, ask_privately_or_not
from bot.discord.commands.options import MOST_CHOICES, AsOf
from bot.discord.rendering.text import cut, printable
from bot.discord.request import scope_of
from store.errors import StoreError

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

log = logging.getLogger(__name__)
LONGEST_CHOICE = 100
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

    @app_commands.command()
    @app_commands.describe(id="The document: type a part of its title")
    async def document(
        self,
        interaction: Interaction,
        id: app_commands.Range[str, 1, 100],  # noqa: A002 - the option's name
    ) -> None:
        """What is known of one document: who says it, when, and how it begins."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        page = await self._bot.library.document(id, scope_of(self._bot, interaction))
        await interaction.edit_original_response(view=page.layout())

    @document.autocomplete("id")
    async def _titles(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        try:
            documents = await self._bot.library.documents(scope_of(self._bot, interaction))
        except StoreError as error:
            log.warning("The titles could not be read: %s", error)
            return []
        wanted = typed.casefold().split()
        return [
            app_commands.Choice(
                name=cut(printable(document.metadata.title), LONGEST_CHOICE) or document.id,
                value=document.id,
            )
            for document in documents
            if all(word in document.metadata.title.casefold() for word in wanted)
            or document.id.startswith(typed)
        ][:MOST_CHOICES]
