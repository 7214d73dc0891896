"""What is in the library: the list, a document's page, and changing what is there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from bot.discord.errors import Declined
from bot.discord.keeping.document_buttons import LONGEST_SEARCH, CorrectionsModal
from bot.discord.keeping.managing import show
from bot.discord.keeping.rights import kept_scope
from bot.discord.keeping.sources import Link, Upload
from bot.discord.keeping.undoing import UNDOINGS, may_undo, take_back
from bot.discord.language import retell, say
from bot.discord.library import NO_SUCH
from bot.discord.rendering.documents import ON_A_PAGE, document_page, documents_page
from bot.discord.rendering.drafts import removed_page, undone_page
from bot.discord.rendering.notices import said_page
from bot.discord.rendering.text import fitted
from bot.discord.request import scope_of
from ingest.details import read_details
from ingest.fetching import is_link
from ingest.parsed import RefusedError
from store.errors import UnknownDocumentError
from store.model import BASE_SCOPE, Detail, DocumentSummary
from store.servers import Action, Entry

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

Interaction = discord.Interaction[Any]


class Shelves:
    """Shows and changes documents. Its methods raise :class:`Declined` to who may not."""

    def __init__(self, bot: TumenBot) -> None:
        self._bot = bot

    # --- looking

    async def show_list(self, interaction: Interaction, search: str, page: int = 0) -> None:
        """A page of the documents that can be asked about here, or of those found."""
        search = " ".join(search.split())[:LONGEST_SEARCH]
        words = search.casefold().split()
        found = [
            one
            for one in await self._bot.library.documents(scope_of(self._bot, interaction))
            if all(word in _searchable(one) for word in words)
        ]
        documents = sorted(found, key=lambda one: one.scope == BASE_SCOPE)  # their own first
        pages = max(1, -(-len(documents) // ON_A_PAGE))
        page = min(page, pages - 1)
        shown = documents[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
        await show(interaction, documents_page(shown, search, page, pages, len(documents)))

    async def show_document(self, interaction: Interaction, identifier: str) -> None:
        """A document's page, for who looks alone, with buttons for those who keep it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        known = await self._bot.library.document(identifier, scope_of(self._bot, interaction))
        kept = await self._keeps(interaction, known.document)
        page = document_page(replace(known, kept=kept))
        await interaction.edit_original_response(view=page.layout())

    async def own(self, interaction: Interaction) -> list[DocumentSummary]:
        """The documents that who acts may change; none for those who may change none."""
        try:
            scope = await kept_scope(self._bot, interaction)
        except Declined:
            return []
        return [one for one in await self._bot.library.documents(scope) if one.scope == scope]

    # --- changing

    async def remove(self, interaction: Interaction, identifier: str) -> None:
        """Take a document out of every search."""
        document, scope = await self._kept(interaction, identifier)
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            await asyncio.to_thread(self._bot.library.store.remove, document.id, scope)
        except UnknownDocumentError as error:
            raise Declined(say("It was removed by somebody else in the meantime.")) from error
        entry = await self._log(interaction, "removed", document, version=document.version)
        await interaction.edit_original_response(view=removed_page(entry).layout())

    async def refresh(
        self,
        interaction: Interaction,
        identifier: str,
        attachment: discord.Attachment | None = None,
    ) -> None:
        """Read a document's link again, or a newer file; who acts confirms what is new."""
        document, _ = await self._kept(interaction, identifier)
        if attachment:
            source: Upload | Link = Upload(attachment, document.origin)
        elif is_link(document.origin):
            source = Link(document.origin, document.origin)
        else:
            raise Declined(
                say(
                    "This came as a file, so there is no link to read again. Give the newer file: "
                    "/refresh with the option “file”."
                )
            )
        await self._bot.intake.bring(interaction, [source])

    async def open_corrections(self, interaction: Interaction, identifier: str) -> None:
        """Let who acts type corrections."""
        document, _ = await self._kept(interaction, identifier)
        await interaction.response.send_modal(CorrectionsModal(document))

    async def correct(
        self, interaction: Interaction, identifier: str, typed: Mapping[Detail, str | None]
    ) -> None:
        """Keep corrected details, with who and when."""
        document, scope = await self._kept(interaction, identifier)
        await interaction.response.defer(ephemeral=True, thinking=True)
        details, refusals = _readable(typed)
        made = await asyncio.to_thread(
            self._bot.library.store.correct,
            document.id,
            details,
            scope=scope,
            corrected_by=str(interaction.user.id),
        )
        if not made:
            raise Declined(" ".join(refusals) or say("These are the details that it has already."))
        told = "; ".join(f"{one.detail}: {one.old or '–'} → {one.new or '–'}" for one in made)
        await self._log(interaction, "corrected", document, detail=told)
        left = "".join(f"\n⚠️ {fitted(refusal, 300)}" for refusal in refusals)
        page = said_page(say("✓ Corrected. Answers name it so from now on.") + left)
        await interaction.edit_original_response(view=page.layout())

    async def undo(self, interaction: Interaction, entry_id: int) -> None:
        """Take back what a line of the audit log tells, unless more was done since."""
        scope = await kept_scope(self._bot, interaction)
        servers = self._bot.library.servers
        entry = await asyncio.to_thread(servers.entry, entry_id, scope)
        if entry is None or entry.document_id is None or entry.action not in UNDOINGS:
            raise Declined(say("There is nothing here to take back."))
        if not may_undo(entry):
            raise Declined(say("An hour has passed. /remove and /add do the same by hand."))
        latest, *_ = await asyncio.to_thread(servers.history, entry.document_id, scope, 1)
        if latest.id != entry.id:
            raise Declined(
                say(
                    "It can't be taken back: {who} changed this document since ({action}).",
                    who=f"<@{latest.user_id}>",
                    action=retell(latest.action),
                )
            )
        await interaction.response.defer()
        try:
            await asyncio.to_thread(take_back, entry, self._bot.library.store)
        except UnknownDocumentError as error:
            raise Declined(say("It was taken back or removed in the meantime.")) from error
        await asyncio.to_thread(
            servers.append,
            Entry(
                scope=scope,
                user_id=interaction.user.id,
                action=UNDOINGS[entry.action],
                document_id=entry.document_id,
                title=entry.title,
                bytes=entry.bytes,
            ),
        )
        await interaction.edit_original_response(view=undone_page(entry).layout())

    # ---

    async def _kept(self, interaction: Interaction, identifier: str) -> tuple[DocumentSummary, str]:
        """A document that who acts may change, with its scope; raises :class:`Declined`."""
        scope = await kept_scope(self._bot, interaction)
        found = next(
            (d for d in await self._bot.library.documents(scope) if d.id == identifier.strip()),
            None,
        )
        if found is None:
            raise Declined(say(NO_SUCH))
        if found.scope != scope:
            raise Declined(say("This belongs to the base corpus, which only my operator changes."))
        return found, scope

    async def _keeps(self, interaction: Interaction, document: DocumentSummary) -> bool:
        try:
            return await kept_scope(self._bot, interaction) == document.scope
        except Declined:
            return False

    async def _log(
        self,
        interaction: Interaction,
        action: Action,
        document: DocumentSummary,
        **more: Any,  # noqa: ANN401
    ) -> Entry:
        entry = Entry(
            scope=document.scope,
            user_id=interaction.user.id,
            action=action,
            document_id=document.id,
            title=document.metadata.title,
            **more,
        )
        entry_id = await asyncio.to_thread(self._bot.library.servers.append, entry)
        return replace(entry, id=entry_id)


def _readable(typed: Mapping[Detail, str | None]) -> tuple[dict[Detail, str | None], list[str]]:
    """The details that could be read, and sentences about those that could not."""
    details: dict[Detail, str | None] = {}
    refusals = []
    for detail, value in typed.items():
        try:
            details |= read_details({detail: value})
        except RefusedError as refusal:
            refusals.append(retell(str(refusal)))
    return details, refusals


def _searchable(document: DocumentSummary) -> str:
    meta = document.metadata
    return f"{meta.title} {meta.publisher or ''}".casefold()
