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
from bot.discord.commands.adding import Adding
from bot.discord.commands.ask import Ask, ask_privately_or_not
from bot.discord.commands.documents import Documents
from bot.discord.commands.household import Household
from bot.discord.commands.looking import Looking
from bot.discord.commands.managing import Managing as ManagingCommands
from bot.discord.commands.model import ModelChoice
from bot.discord.controls import bot_of
from bot.discord.conversation import Conversations
from bot.discord.desk import Desk, DeskRules
from bot.discord.errors import report
from bot.discord.keeping.audit_controls import OlderButton
from bot.discord.keeping.document_buttons import DOCUMENT_BUTTONS
from bot.discord.keeping.draft_buttons import DRAFT_BUTTONS
from bot.discord.keeping.greeting import Greeting
from bot.discord.keeping.intake import Intake
from bot.discord.keeping.managing import Managing
from bot.discord.keeping.settings_controls import SETTINGS_CONTROLS
from bot.discord.keeping.shelves import Shelves
from bot.discord.keeping.sources import Fetch
from bot.discord.language import CommandTexts
from bot.discord.library import Library
from bot.discord.listening import Listening
from bot.discord.outlived_forms import OutlivedForms
from bot.discord.replies import Pace
from bot.discord.request import scope_of
from bot.discord.speaking import Speaking
from bot.discord.sync import sync_if_changed
from ingest.fetching import fetch

log = logging.getLogger(__name__)

COGS = (
    Ask,
    Looking,
    Documents,
    Adding,
    Household,
    ManagingCommands,
    Listening,
    Greeting,
    OutlivedForms,
)
ITEMS = (*BUTTONS, *DRAFT_BUTTONS, *DOCUMENT_BUTTONS, *SETTINGS_CONTROLS, OlderButton)
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

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Before any command: from here on, what is said to its user is in their language."""
        bot_of(interaction).speaking.to(interaction)
        return True

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
        fetch_link: Fetch = fetch,
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
        self.speaking = Speaking(library.servers)
        self.managing = Managing(self)
        self.intake = Intake(self, fetch_link)
        self.shelves = Shelves(self)
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
        await self.tree.set_translator(CommandTexts())
        for cog in COGS:
            await self.add_cog(cog(self))
        if self._has_models and self.engine.models:
            await self.add_cog(ModelChoice(self, self.engine.models))
        self.add_dynamic_items(*ITEMS)
        await self.speaking.load()
        self.auto_answered = await asyncio.to_thread(self.library.servers.auto_answer_channels)
        application_id = self.application_id or self.me.id
        await sync_if_changed(self.tree, application_id, self.library.answers)
        await self.intake.adding.resume()

    async def on_ready(self) -> None:
        """May come again after a lost connection; so nothing is done here."""
        log.info("Ready as %s in %s servers", self.me, len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no text commands; :class:`Listening` hears messages."""

    async def answer_privately(self, interaction: discord.Interaction[Any], text: str) -> None:
        """Answer a question that was typed into a modal, for who typed it."""
        await ask_privately_or_not(self, interaction, "answer", text, private=True)

    async def leave(self) -> None:
        """Let running answers and additions finish, within bounds, then go."""
        log.info("Leaving: running answers may finish")
        await asyncio.gather(self.desk.leave(LEAVING), self.intake.leave())
        await self.close()
