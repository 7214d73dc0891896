"""`/setup`, `/audit`, `/doctor` and `/stats`, for those who manage a server."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.keeping.checkup import examine
from bot.discord.keeping.rights import invite_link, managed_guild
from bot.discord.rendering.chart import questions_chart
from bot.discord.rendering.checkup import checkup_page
from bot.discord.rendering.statistics import CHART_NAME, statistics_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.discord.client import TumenBot

Interaction = discord.Interaction[Any]
DAYS = 7


def for_managers(command: Any) -> Any:  # noqa: ANN401 - what discord.py's decorators take and give
    """A command of servers that invited the bot, for who manages them."""
    decorators: tuple[Callable[[Any], Any], ...] = (
        app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False),
        app_commands.allowed_installs(guilds=True, users=False),
        app_commands.default_permissions(manage_guild=True),
        app_commands.checks.has_permissions(manage_guild=True),
    )
    for decorate in decorators:
        command = decorate(command)
    return command


class Managing(commands.Cog):
    """What admins set and look at."""

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot

    @for_managers
    @app_commands.command()
    async def setup(self, interaction: Interaction) -> None:
        """Where I answer, who may add documents, my language, quotas: all in one message."""
        await self._bot.managing.show_settings(interaction)

    @for_managers
    @app_commands.command()
    async def audit(self, interaction: Interaction) -> None:
        """Who changed what in this server's library and settings, and when."""
        await self._bot.managing.show_audit(interaction)

    @for_managers
    @app_commands.command()
    async def doctor(self, interaction: Interaction) -> None:
        """Check intents, permissions, commands and indexes, with how to mend what is wrong."""
        guild = managed_guild(self._bot, interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        findings = await examine(self._bot, guild)
        invite = invite_link(self._bot.application_id or self._bot.me.id)
        page = checkup_page(findings, invite)
        await interaction.edit_original_response(view=page.layout())

    @for_managers
    @app_commands.command()
    async def stats(self, interaction: Interaction) -> None:
        """What was asked here this week, what was answered, and what to add next."""
        guild = managed_guild(self._bot, interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        library, scope = self._bot.library, str(guild.id)
        found = await asyncio.to_thread(library.answers.statistics, scope, DAYS)
        titles = {one.id: one.metadata.title for one in await library.documents(scope)}
        files = []
        if found.answered + found.abstained:
            picture = await asyncio.to_thread(questions_chart, found.days)
            files.append(discord.File(io.BytesIO(picture), CHART_NAME))
        page = statistics_page(found, titles)
        await interaction.edit_original_response(view=page.layout(), attachments=files)
