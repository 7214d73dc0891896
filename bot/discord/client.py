"""The bot: what it listens for, what it hands to its parts, how it comes and goes."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.engine import AnswerEngine
from bot.discord.buttons import BUTTONS
from bot.discord.commands.ask import Ask
from bot.discord.commands.household import Household
from bot.discord.commands.looking import Looking
from bot.discord.commands.model import ModelChoice
from bot.discord.conversation import Conversations
from bot.discord.desk import Desk, DeskRules
from bot.discord.errors import report
from bot.discord.library import Library
from bot.discord.listening import Listening
from bot.discord.replies import Pace
from bot.discord.request import scope_of
from bot.discord.sync import sync_if_changed
from bot.discord.translator import Translator

log = logging.getLogger(__name__)

AT_ONCE_BY_MODEL = 8
"""Questions answered at the same time where threads mostly wait for a model's server."""
LEAVING = 20.0
"""Seconds that running answers have to finish when the bot is told to go."""


def wanted_intents(*, message_content: bool) -> discord.Intents:
    """The least that is needed; the content of messages must be allowed by Discord."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    intents.message_content = message_content
    return intents


class Tree(app_commands.CommandTree["TumenBot"]):
    """The commands, with one handler for what goes wrong in any of them."""

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the user and the log."""
        await report(interaction, error)


class TumenBot(commands.AutoShardedBot):
    """Tumen on Discord, over an engine and what it knows."""

    def __init__(
        self,
        engine: AnswerEngine,
        library: Library,
        desk: Desk | None = None,
        *,
        message_content: bool = True,
        **options: Any,  # noqa: ANN401 - the library's own
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=wanted_intents(message_content=message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            chunk_guilds_at_startup=False,
            max_messages=None,
            **options,
        )
        self.engine = engine
        self.library = library
        self._has_models = engine.models is not None and bool(engine.models.names)
        self.desk = desk or Desk(DeskRules(at_once=AT_ONCE_BY_MODEL) if self._has_models else None)
        self.pace = Pace()
        self.conversations = Conversations(library)
        self.auto_answered: set[int] = set()

    @property
    def me(self) -> discord.ClientUser:
        """The bot's own user, known from the login on."""
        if self.user is None:
            raise RuntimeError("Not logged in yet")
        return self.user

    def scope_of(self, interaction: discord.Interaction[Any]) -> str:
        """The scope in which an interaction may look."""
        return scope_of(self, interaction)

    async def setup_hook(self) -> None:
        """After the login, before the first event."""
        await self.tree.set_translator(Translator())
        for cog in (Ask(self), Looking(self), Household(self), Listening(self)):
            await self.add_cog(cog)
        if self._has_models and self.engine.models:
            await self.add_cog(ModelChoice(self, self.engine.models))
        self.add_dynamic_items(*BUTTONS)
        self.auto_answered = await asyncio.to_thread(self.library.answers.auto_answer_channels)
        application_id = self.application_id or self.me.id
        await sync_if_changed(self.tree, application_id, self.library.answers)

    async def on_ready(self) -> None:
        """May come again after a lost connection; so nothing is done here."""
        log.info("Ready as %s in %s servers", self.me, len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no text commands; :class:`Listening` hears messages."""

    async def leave(self) -> None:
        """Let running answers finish, within bounds, then go."""
        log.info("Leaving: running answers may finish")
        await self.desk.leave(LEAVING)
        await self.close()
