"""A minimal discord.py client that exercises the double, so that it is known good by itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self
from unittest import mock

import discord
import yarl
from discord import app_commands
from discord.ext import commands

from tests.discord_double.double import DiscordDouble


class Again(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"again:(\d+)"):
    """A button that outlives its view."""

    def __init__(self, number: int) -> None:
        super().__init__(discord.ui.Button(label="Again", custom_id=f"again:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button from its id alone."""
        return cls(int(match[1]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Answer whoever pressed."""
        await interaction.response.send_message(f"again {self.number}", ephemeral=True)


class Ask(discord.ui.Modal, title="Ask"):
    """A modal with one input."""

    words: discord.ui.TextInput[Ask] = discord.ui.TextInput(label="Question", custom_id="words")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Repeat the words."""
        await interaction.response.send_message(f"asked: {self.words.value}")


class SmallClient(commands.AutoShardedBot):
    """Answers mentions with an edited V2 message, and has a command of each kind."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(
            "!", intents=intents, allowed_mentions=discord.AllowedMentions.none(), help_command=None
        )
        self.heard: list[discord.Message] = []
        self.deleted: list[int] = []
        self.errors: list[Exception] = []
        self.resumed = 0

    async def setup_hook(self) -> None:
        """Register the commands with Discord."""
        self.add_dynamic_items(Again)
        self.tree.add_command(_slow)
        self.tree.add_command(_look)
        self.tree.add_command(_modal)
        self.tree.error(self._failed)
        await self.tree.sync()

    async def before_identify_hook(self, _: int | None, *, initial: bool = False) -> None:
        """Do without discord.py's five seconds before a new session."""

    async def _failed(self, _: discord.Interaction, error: Exception) -> None:
        self.errors.append(error)

    async def on_shard_resumed(self, _: int) -> None:
        """Count."""
        self.resumed += 1

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Note it."""
        self.deleted.append(event.message_id)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention: first a draft, then the edit."""
        if message.author.bot:
            return
        self.heard.append(message)
        if self.user not in message.mentions:
            return
        await message.channel.typing()
        view = discord.ui.LayoutView(timeout=None)
        view.add_item(discord.ui.TextDisplay("draft"))
        sent = await message.reply(view=view)
        view.clear_items()
        view.add_item(discord.ui.TextDisplay(f"complete, {message.author.mention} @everyone"))
        view.add_item(discord.ui.ActionRow(Again(7)))
        await sent.edit(view=view)


@app_commands.command(name="slow", description="Answers after a deferral")
async def _slow(interaction: discord.Interaction, question: str, *, private: bool = False) -> None:
    await interaction.response.defer(ephemeral=private, thinking=True)
    await interaction.followup.send(f"answer to {question}")
    await interaction.followup.send("and more", file=discord.File(__file__, "code.py"))


@_slow.autocomplete("question")
async def _choices(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=current + "?", value=current)]


@app_commands.context_menu(name="Look at this")
async def _look(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"saw {message.content}", view=_view())


def _view() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(Again(3))
    return view


@app_commands.command(name="modal", description="Opens a modal")
async def _modal(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Ask())


@asynccontextmanager
async def connected(
    double: DiscordDouble, intents: discord.Intents | None = None
) -> AsyncIterator[SmallClient]:
    """A small client that is logged in and ready."""
    wanted = intents or discord.Intents(guilds=True, messages=True, message_content=True)
    client = SmallClient(wanted)
    socket = discord.gateway.DiscordWebSocket
    with (
        mock.patch.object(discord.http.Route, "BASE", double.api),
        mock.patch.object(socket, "DEFAULT_GATEWAY", yarl.URL(double.gateway.url)),
    ):
        running = asyncio.create_task(client.start(double.token))
        try:
            ready = asyncio.create_task(double.ready(10))
            await asyncio.wait({ready, running}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                ready.cancel()
                await running
            await double.until(lambda: client.guilds and client.guilds[0].channels, 5)
            yield client
        finally:
            await client.close()
            await asyncio.gather(running, return_exceptions=True)
