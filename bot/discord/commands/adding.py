"""`/add`, and the menu **Add to corpus** on a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.errors import Declined
from bot.discord.keeping.sources import LONGEST_LINK, sources_of
from bot.discord.language import say

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

Interaction = discord.Interaction[Any]


class Adding(commands.Cog):
    """Ways to bring a document."""

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot
        self._menu = app_commands.ContextMenu(name="Add to corpus", callback=self.add_message)

    async def cog_load(self) -> None:
        """Menus can't be declared in a class."""
        self._bot.tree.add_command(self._menu)

    @app_commands.command()
    @app_commands.describe(
        file="A PDF, DOCX, EPUB, HTML, text or other document",
        link="The address of a page or a file",
    )
    async def add(
        self,
        interaction: Interaction,
        file: discord.Attachment | None = None,
        link: app_commands.Range[str, 1, LONGEST_LINK] | None = None,
    ) -> None:
        """Add a document to this server's library: a file, a link, or neither to choose files."""
        if file is None and link is None:
            await self._bot.intake.open_modal(interaction)
            return
        sources = sources_of([file] if file else [], link or "")
        if not sources:
            raise Declined(say("A link begins with https:// or http://. Nothing was added."))
        await self._bot.intake.bring(interaction, sources)

    async def add_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Add what a message has attached or links to."""
        sources = sources_of(message.attachments, message.content)
        if not sources:
            raise Declined(
                say("This message has neither an attachment nor a link that I could add.")
            )
        await self._bot.intake.bring(interaction, sources)
