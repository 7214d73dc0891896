"""`/ask`, and the menus on a message: Ask about this, Fact-check this."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.asking import respond
from bot.discord.commands.options import AsOf
from bot.discord.errors import Declined
from bot.discord.keeping.rights import answered_elsewhere, keeps_library
from bot.discord.language import say
from bot.discord.replies import InteractionReply
from bot.discord.request import KindName, Request, scope_of

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

LONGEST_QUESTION = 1_000
LONGEST_MESSAGE = 4_000
Interaction = discord.Interaction[Any]


class Ask(commands.Cog):
    """Questions by command and by menu."""

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot
        self._menus = [
            app_commands.ContextMenu(name="Ask about this", callback=self.ask_about),
            app_commands.ContextMenu(name="Fact-check this", callback=self.fact_check),
        ]

    async def cog_load(self) -> None:
        """Menus can't be declared in a class."""
        for menu in self._menus:
            self._bot.tree.add_command(menu)

    @app_commands.command()
    @app_commands.describe(
        question="What do you want to know?",
        as_of="Only what was known on this day, like 2024-12-31",
        private="Show the answer only to me",
    )
    async def ask(
        self,
        interaction: Interaction,
        question: app_commands.Range[str, 1, LONGEST_QUESTION],
        as_of: AsOf | None = None,
        private: bool = False,  # noqa: FBT001, FBT002 - options of a command
    ) -> None:
        """Ask about North Korea, Russia and China; every sentence comes with its source."""
        await ask_privately_or_not(
            self._bot, interaction, "answer", question, as_of=as_of, private=private
        )

    async def ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Answer what a message asks, for the one who wants to know."""
        await ask_privately_or_not(
            self._bot, interaction, "answer", _text_of(message), private=True
        )

    async def fact_check(self, interaction: Interaction, message: discord.Message) -> None:
        """Hold what a message claims against the corpus, for the one who wants to know."""
        await ask_privately_or_not(
            self._bot, interaction, "fact-check", _text_of(message), private=True
        )


async def ask_privately_or_not(
    bot: TumenBot,
    interaction: Interaction,
    kind: KindName,
    text: str,
    *,
    as_of: date | None = None,
    private: bool,
) -> None:
    """Pass a request of an interaction on; nobody else sees a command's text, so it is shown.

    Where the server's admins want no answers, one is given to the asker alone or not at all.
    """
    if interaction.guild_id and not private:
        elsewhere = await answered_elsewhere(bot, interaction.guild_id, interaction.channel)
        if elsewhere:
            private_hint = say("With /ask and private, I answer you alone anywhere.")
            raise Declined(f"{elsewhere} {private_hint}")
    request = Request(
        kind=kind,
        text="\n".join(" ".join(line.split()) for line in text.splitlines()),
        scope=scope_of(bot, interaction),
        channel_id=interaction.channel_id or 0,
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        private=private,
        heading=" ".join(text.split()) if kind == "answer" else None,
        as_of=as_of,
        may_add=await keeps_library(bot, interaction),
    )
    await respond(bot, request, InteractionReply(interaction, bot.pace, private=private))


def _text_of(message: discord.Message) -> str:
    text = message.content.strip()[:LONGEST_MESSAGE]
    if not text:
        raise Declined(say("This message has no text that I could read."))
    return text
