"""A server's settings and its audit log, for those who manage it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord

from bot.discord.errors import Declined, missing_permission
from bot.discord.keeping.rights import lacking, managed_guild
from bot.discord.language import LANGUAGES, for_record, say
from bot.discord.rendering.page import Page
from bot.discord.rendering.settings import audit_page, settings_page
from store.servers import ServerSettings

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

LINES = 10
"""Lines of the audit log on a page."""
Interaction = discord.Interaction[Any]


class Managing:
    """Shows and changes settings. Every method raises :class:`Declined` to who may not."""

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot

    async def settings(self, interaction: Interaction) -> ServerSettings:
        """What is set for the server."""
        return await self._bot.library.settings(managed_guild(self._bot, interaction).id)

    async def change(self, interaction: Interaction, told: str, **changes: object) -> None:
        """Set some fields; ``told`` says for the audit log what was set."""
        guild = managed_guild(self._bot, interaction)
        await asyncio.to_thread(
            self._bot.library.servers.change, guild.id, interaction.user.id, told, **changes
        )
        await self.show_settings(interaction)

    async def choose_language(self, interaction: Interaction, language: str | None) -> None:
        """Speak one language in the server, or, with ``None``, each member's own."""
        guild = managed_guild(self._bot, interaction)
        told = (
            for_record("language: {language}", language=LANGUAGES[language])
            if language
            else for_record("language: that of each member's Discord")
        )
        await asyncio.to_thread(
            self._bot.library.servers.change, guild.id, interaction.user.id, told, language=language
        )
        self._bot.speaking.choose(guild.id, language)
        self._bot.speaking.to(interaction)
        await self.show_settings(interaction)

    async def choose_auto_answer(self, interaction: Interaction, wanted: set[int]) -> None:
        """Answer every question in these channels and in no others."""
        guild = managed_guild(self._bot, interaction)
        servers = self._bot.library.servers
        have = await asyncio.to_thread(servers.auto_answer_channels, guild.id)
        for channel_id in wanted - have:
            self.check_auto_answer(guild.get_channel(channel_id))
        for channel_id in sorted(wanted ^ have):
            await self.set_auto_answer(interaction, channel_id, on=channel_id in wanted)
        await self.show_settings(interaction)

    async def set_auto_answer(self, interaction: Interaction, channel_id: int, *, on: bool) -> None:
        """Turn it on or off in one channel, in the record and in the running bot."""
        bot, guild = self._bot, managed_guild(self._bot, interaction)
        await asyncio.to_thread(
            bot.library.servers.set_auto_answer, channel_id, guild.id, interaction.user.id, on=on
        )
        (bot.auto_answered.add if on else bot.auto_answered.discard)(channel_id)

    def check_auto_answer(self, place: discord.abc.GuildChannel | None) -> None:
        """Raise :class:`Declined` where auto-answer could not work."""
        if not self._bot.intents.message_content:
            raise Declined(
                say(
                    "My operator has not turned on the “Message Content” intent, so I can't read "
                    "messages that don't mention me."
                )
            )
        if place is None:
            raise Declined(say("I can't see that channel. Let me see it, then choose it again."))
        missing = [name for name in lacking(place) if name != "read_message_history"]
        if missing:
            raise Declined(missing_permission(*missing))

    async def show_settings(self, interaction: Interaction) -> None:
        """The settings message as things stand."""
        guild = managed_guild(self._bot, interaction)
        servers = self._bot.library.servers
        settings = await self._bot.library.settings(guild.id)
        auto = await asyncio.to_thread(servers.auto_answer_channels, guild.id)
        used = await asyncio.to_thread(servers.used, str(guild.id))
        await show(interaction, settings_page(guild, settings, auto, used))

    async def show_audit(self, interaction: Interaction, before: int | None = None) -> None:
        """A page of the audit log, newest first or from a line on."""
        guild = managed_guild(self._bot, interaction)
        entries = await asyncio.to_thread(
            self._bot.library.servers.entries, str(guild.id), before=before, limit=LINES + 1
        )
        await show(interaction, audit_page(entries[:LINES], more=len(entries) > LINES))


async def show(interaction: Interaction, page: Page) -> None:
    """A page for the one who acts alone: new for a command, else in place of what was used."""
    view = page.layout()
    if interaction.type is discord.InteractionType.application_command:
        await interaction.response.send_message(view=view, ephemeral=True)
    else:
        await interaction.response.edit_message(view=view)
