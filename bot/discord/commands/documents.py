"""`/documents`, `/document`, `/refresh` and `/remove`."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.commands.options import MOST_CHOICES
from bot.discord.keeping.document_buttons import LONGEST_SEARCH
from bot.discord.rendering.text import cut, printable
from bot.discord.request import scope_of
from store.errors import StoreError
from store.model import DocumentSummary

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

log = logging.getLogger(__name__)
LONGEST_CHOICE = 100
Interaction = discord.Interaction[Any]
DocumentId = app_commands.Range[str, 1, 100]
Choices = list[app_commands.Choice[str]]


class Documents(commands.Cog):
    """What is in the library."""

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(search="Words of a title or a publisher")
    async def documents(
        self, interaction: Interaction, search: app_commands.Range[str, 1, LONGEST_SEARCH] = ""
    ) -> None:
        """What this server can ask about: its own documents and the base corpus."""
        await self._bot.shelves.show_list(interaction, search)

    @app_commands.command()
    @app_commands.describe(id="The document: type a part of its title")
    async def document(
        self,
        interaction: Interaction,
        id: DocumentId,  # noqa: A002 - the option's name
    ) -> None:
        """What is known of one document: who says it, when, and how it begins."""
        await self._bot.shelves.show_document(interaction, id)

    @app_commands.command()
    @app_commands.describe(id="The document: type a part of its title")
    async def remove(
        self,
        interaction: Interaction,
        id: DocumentId,  # noqa: A002 - the option's name
    ) -> None:
        """Take a document out of every search of this server; it can be undone for an hour."""
        await self._bot.shelves.remove(interaction, id)

    @app_commands.command()
    @app_commands.describe(
        id="The document: type a part of its title",
        file="The newer file, for a document that came as one",
    )
    async def refresh(
        self,
        interaction: Interaction,
        id: DocumentId,  # noqa: A002 - the option's name
        file: discord.Attachment | None = None,
    ) -> None:
        """Bring a document up to date: its link is read again, or a newer file takes its place."""
        await self._bot.shelves.refresh(interaction, id, file)

    @document.autocomplete("id")
    async def _all_titles(self, interaction: Interaction, typed: str) -> Choices:
        try:
            documents = await self._bot.library.documents(scope_of(self._bot, interaction))
        except StoreError as error:
            log.warning("The titles could not be read: %s", error)
            return []
        return _choices(documents, typed)

    @remove.autocomplete("id")
    @refresh.autocomplete("id")
    async def _own_titles(self, interaction: Interaction, typed: str) -> Choices:
        try:
            return _choices(await self._bot.shelves.own(interaction), typed)
        except StoreError as error:
            log.warning("The titles could not be read: %s", error)
            return []


def _choices(documents: Iterable[DocumentSummary], typed: str) -> Choices:
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
