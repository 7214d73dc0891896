"""`/model`: which of the operator's chat models answers in a server, for those who manage it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.generative.models import NO_MODEL, Models
from bot.discord.errors import Declined
from bot.discord.keeping.rights import NO_MEMBER
from bot.discord.language import decimal, say
from bot.discord.rendering.notices import said_page
from bot.discord.rendering.text import fitted

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

Interaction = discord.Interaction[Any]


class ModelChoice(commands.Cog):
    """Only there where the operator has configured a model."""

    def __init__(self, bot: TumenBot, models: Models) -> None:
        self._bot = bot
        self._models = models

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    @app_commands.describe(name="Which model answers in this server; “none” for quotes alone")
    async def model(self, interaction: Interaction, name: str | None = None) -> None:
        """Show or choose the chat model that answers in this server."""
        guild = interaction.guild
        if guild is None or self._bot.get_guild(guild.id) is None:
            raise Declined(say(NO_MEMBER))
        scope = str(guild.id)
        if name is not None:
            await self._choose(scope, name.strip(), interaction.user.id)
        now, spent = await asyncio.to_thread(self._now, scope)
        told = (
            say("Answers here are quotes, word for word; no chat model is asked.")
            if now == NO_MODEL
            else say(
                "**{model}** answers here. Today it has used {spent} of {most} tokens.",
                model=fitted(now, 80),
                spent=decimal(spent),
                most=decimal(self._models.most_tokens_a_day),
            )
        )
        await interaction.response.send_message(view=said_page(told).layout(), ephemeral=True)

    @model.autocomplete("name")
    async def _names(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = [*self._models.names, NO_MODEL]
        return [
            app_commands.Choice(name=name[:100], value=name)
            for name in names
            if typed.casefold() in name.casefold() and len(name) <= 100
        ][:25]

    async def _choose(self, scope: str, name: str, user_id: int) -> None:
        try:
            await asyncio.to_thread(self._models.choose, scope, name, str(user_id))
        except KeyError as error:
            known = ", ".join((*self._models.names, NO_MODEL))
            raise Declined(
                say("I know no such model. There are: {models}.", models=known)
            ) from error

    def _now(self, scope: str) -> tuple[str, int]:
        return self._models.name_for(scope), self._models.spent_today(scope)
