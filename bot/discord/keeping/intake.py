"""What people bring: read at once, shown as a preview, amended, confirmed or cancelled.

What was read waits in the record until somebody decides, so that no restart loses it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from bot.discord.errors import Declined, note, page_for
from bot.discord.keeping.adding import Adding
from bot.discord.keeping.draft_buttons import AddModal, DraftModal
from bot.discord.keeping.quotas import check_quotas
from bot.discord.keeping.rights import kept_scope
from bot.discord.keeping.sources import Fetch, Source
from bot.discord.keeping.workshop import Workshop
from bot.discord.language import mark, retell, say
from bot.discord.rendering.drafts import known_page, preview_page, reading_page, refused_page
from bot.discord.rendering.notices import said_page
from bot.discord.rendering.page import Accent, Page
from bot.discord.replies import InteractionReply
from ingest.intake import Draft, amend, draft, dump_draft, load_draft
from ingest.parsed import RefusedError
from ingest.sandbox import ParserPool
from store.drafts import CONFIRMED, StoredDraft
from store.model import BASE_SCOPE, Detail
from store.store import Store

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

Interaction = discord.Interaction[Any]

OVER = mark(
    "This preview is over: it was decided on, or I kept it for a day. /documents shows what is in."
)


class Intake:
    """Takes documents in. Its methods raise :class:`Declined` with a sentence for who acts."""

    def __init__(self, bot: TumenBot, fetch: Fetch) -> None:
        self._bot = bot
        self._fetch = fetch
        self.workshop = Workshop()
        self._pool = ParserPool()
        self.adding = Adding(bot, self.workshop)
        self._confirming = asyncio.Lock()

    # --- bringing

    async def open_modal(self, interaction: Interaction, answer_id: str | None = None) -> None:
        """Let who acts choose files or type links."""
        await kept_scope(self._bot, interaction)
        await interaction.response.send_modal(AddModal(answer_id))

    async def bring(
        self, interaction: Interaction, sources: Sequence[Source], answer_id: str | None = None
    ) -> None:
        """Read what was brought and show a preview of each, to who brought it alone.

        ``answer_id`` names the question that is answered again once a document is in.
        """
        scope = await kept_scope(self._bot, interaction)
        reply = InteractionReply(interaction, self._bot.pace, private=True)
        await reply.acknowledge(0)
        pages = []
        for number, source in enumerate(sources, 1):
            await reply.show(reading_page(source.name, number, len(sources)))
            pages.append(await self._read(source, scope, interaction.user.id, answer_id))
        await reply.finish(pages)

    async def _read(self, source: Source, scope: str, user_id: int, answer_id: str | None) -> Page:
        """Read a document; gives its preview, or why there is none."""
        library = self._bot.library
        added_by = None if scope == BASE_SCOPE else str(user_id)
        try:
            await check_quotas(library, scope, 0)
            incoming = await source.read(self._fetch)
            await check_quotas(library, scope, len(incoming.data))
            drafted = await self.workshop.run(
                scope,
                lambda: draft(incoming, library.store, self._pool, scope=scope, added_by=added_by),
            )
        except (RefusedError, Declined) as refusal:
            return refused_page(source.name, str(refusal))
        except Exception as error:
            return page_for(error, note(error, f"reading {source.name!r} for scope {scope}"))
        if drafted.known:
            twin = drafted.known
            return known_page(twin.metadata.title, twin.document_id, meanwhile=False)
        size = len(incoming.data)
        stored = StoredDraft(scope, user_id, dump_draft(drafted), size, answer_id)
        await asyncio.to_thread(library.drafts.put, stored)
        return preview_page(stored.id, drafted, size)

    # --- deciding

    async def edit(self, interaction: Interaction, draft_id: str) -> None:
        """Let who acts correct the details of a draft."""
        stored = await self._waiting(interaction, draft_id)
        drafted = await asyncio.to_thread(load_draft, stored.data)
        await interaction.response.send_modal(DraftModal(draft_id, drafted.metadata))

    async def amend(
        self, interaction: Interaction, draft_id: str, typed: Mapping[Detail, str | None]
    ) -> None:
        """Show the preview with corrected details, and with why some could not be taken."""
        stored = await self._waiting(interaction, draft_id)
        drafted = await asyncio.to_thread(load_draft, stored.data)
        store = self._bot.library.store
        drafted, notice = await asyncio.to_thread(_amended, drafted, typed, store)
        data = dump_draft(drafted)
        if not await asyncio.to_thread(self._bot.library.drafts.amend, draft_id, data):
            raise Declined(say(OVER))
        page = preview_page(draft_id, drafted, stored.bytes, notice)
        await interaction.response.edit_message(view=page.layout())

    async def cancel(self, interaction: Interaction, draft_id: str) -> None:
        """Forget a draft."""
        await self._waiting(interaction, draft_id)
        await asyncio.to_thread(self._bot.library.drafts.drop, draft_id)
        page = said_page(say("Nothing was added."), Accent.OPEN)
        await interaction.response.edit_message(view=page.layout())

    async def look(self, interaction: Interaction, draft_id: str) -> None:
        """Say how it stands with a draft."""
        scope = await kept_scope(self._bot, interaction)
        stored = await asyncio.to_thread(self._bot.library.drafts.get, draft_id)
        if stored and stored.scope == scope:
            page = await self.adding.page_of(stored)
        else:
            page = await self.adding.outcome(draft_id, scope) or said_page(
                say(OVER), Accent.MISSING
            )
        await interaction.response.edit_message(view=page.layout())

    async def confirm(self, interaction: Interaction, draft_id: str) -> None:
        """Add a draft, if who acts still may and the day's quota allows it."""
        scope = await kept_scope(self._bot, interaction)
        drafts = self._bot.library.drafts
        stored = await asyncio.to_thread(drafts.get, draft_id)
        if stored is None or stored.scope != scope or stored.state == CONFIRMED:
            await self.look(interaction, draft_id)
            return
        message_id = interaction.message.id if interaction.message else None
        async with self._confirming:  # two at once must not share what is left of a quota
            await check_quotas(self._bot.library, scope, stored.bytes)
            confirmed = await asyncio.to_thread(
                drafts.confirm, draft_id, interaction.token, message_id
            )
        if not confirmed:
            await self.look(interaction, draft_id)
            return
        confirmed_draft = replace(stored, state=CONFIRMED)
        page = await self.adding.page_of(confirmed_draft)
        await interaction.response.edit_message(view=page.layout())

        async def tell(page: Page) -> None:
            await interaction.edit_original_response(view=page.layout())

        await self.adding.finish(confirmed_draft, tell)

    async def leave(self) -> None:
        """Let what is being added be finished, within bounds."""
        await self.adding.leave()
        self.workshop.close()
        await asyncio.to_thread(self._pool.close)

    async def _waiting(self, interaction: Interaction, draft_id: str) -> StoredDraft:
        """A draft that waits and that who acts may decide on; raises :class:`Declined`."""
        scope = await kept_scope(self._bot, interaction)
        stored = await asyncio.to_thread(self._bot.library.drafts.get, draft_id)
        if stored is None or stored.scope != scope or stored.state == CONFIRMED:
            raise Declined(say(OVER))
        return stored


def _amended(
    drafted: Draft, typed: Mapping[Detail, str | None], store: Store
) -> tuple[Draft, str | None]:
    """The draft with all that could be read, and a sentence about what could not."""
    refusals = []
    for detail, value in typed.items():
        try:
            drafted = amend(drafted, {detail: value}, store)
        except RefusedError as refusal:
            refusals.append(retell(str(refusal)))
    return drafted, " ".join(refusals) or None
