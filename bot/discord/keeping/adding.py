"""From a confirmed draft to a document in the library, whole or not at all.

A start that finds a confirmed draft goes on with it, and says so where it was confirmed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.discord.asking import glanced
from bot.discord.errors import Declined, note
from bot.discord.keeping.answering_again import answer_again
from bot.discord.keeping.undoing import may_undo
from bot.discord.keeping.workshop import Workshop
from bot.discord.language import for_record, say
from bot.discord.rendering.drafts import added_page, adding_page, known_page, preview_page
from bot.discord.rendering.page import Page
from ingest.intake import Accepted, Draft, accept, load_draft
from store.drafts import CONFIRMED, StoredDraft
from store.model import BASE_SCOPE
from store.record import document_id
from store.servers import Entry

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

log = logging.getLogger(__name__)
Tell = Callable[[Page], Awaitable[None]]

GIVING_WAY = 0.5
"""Seconds that embedding waits, before each batch, for questions that are being answered."""
LEAVING = 15.0
"""Seconds that documents have to be finished when the bot is told to go."""
UNIMPORTANT = (discord.HTTPException, aiohttp.ClientError, OSError)


@dataclass(slots=True)
class Progress:
    """How far the adding of a document is, told by its thread."""

    done: int = 0
    total: int = 0


class Adding:
    """Adds confirmed drafts and tells how it goes."""

    def __init__(self, bot: TumenBot, workshop: Workshop) -> None:
        self._bot = bot
        self._workshop = workshop
        self._progress: dict[str, Progress] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    async def resume(self) -> None:
        """Go on with what was confirmed when the bot was last ended."""
        for stored in await asyncio.to_thread(self._bot.library.drafts.confirmed):
            log.info("draft %s: was being added when I ended; going on", stored.id)
            self._spawn(self._go_on(stored))

    async def _go_on(self, stored: StoredDraft) -> None:
        """Finish a draft of an earlier run, in the language of its server once that is known."""
        await self._bot.wait_until_ready()
        guild = self._bot.get_guild(int(stored.scope)) if stored.scope != BASE_SCOPE else None
        if guild:
            self._bot.speaking.in_server(guild)
        await self.finish(stored, self._teller(stored))

    async def leave(self) -> None:
        """Let what is being added be finished, within bounds; the next start does the rest."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVING):
                await self._idle.wait()

    async def finish(self, stored: StoredDraft, tell: Tell) -> None:
        """Add a confirmed draft and say how it went. Raises nothing but cancelling."""
        self._progress[stored.id] = Progress()
        self._idle.clear()
        try:
            page = await self._add(stored, tell)
        except Exception as error:
            page = await self._reopened(stored, error)
        finally:
            del self._progress[stored.id]
        with suppress(*UNIMPORTANT):
            await tell(page)
        if not self._progress:
            self._idle.set()

    async def page_of(self, stored: StoredDraft) -> Page:
        """What there is to say of a draft that is not settled yet."""
        drafted = await asyncio.to_thread(load_draft, stored.data)
        if stored.state != CONFIRMED:
            return preview_page(stored.id, drafted, stored.bytes)
        progress = self._progress.get(stored.id, Progress())
        title = drafted.metadata.title
        return adding_page(stored.id, title, progress.done, progress.total)

    async def outcome(self, draft_id: str, scope: str) -> Page | None:
        """What became of a draft, if it became something."""
        entry = await asyncio.to_thread(self._bot.library.servers.of_draft, draft_id, scope)
        return added_page(entry, undo=may_undo(entry)) if entry else None

    async def _add(self, stored: StoredDraft, tell: Tell) -> Page:
        library = self._bot.library
        progress = self._progress[stored.id]
        drafted = await asyncio.to_thread(load_draft, stored.data)
        title = drafted.metadata.title

        def report(done: int, total: int, what: str) -> None:
            del what
            progress.done, progress.total = done, total
            self._give_way()

        working = asyncio.ensure_future(
            self._workshop.run(stored.scope, lambda: accept(drafted, library.store, report))
        )
        while not await glanced(working):
            with suppress(*UNIMPORTANT):
                await tell(adding_page(stored.id, title, progress.done, progress.total))
        accepted = await working
        entry = _entry(stored, drafted, accepted)
        await asyncio.to_thread(library.drafts.settle, stored.id, entry)
        if entry is None:
            return known_page(title, accepted.document_id, meanwhile=True)
        log.info("scope %s: %s document %s", stored.scope, entry.action, entry.document_id)
        if stored.answer_id:
            self._spawn(answer_again(self._bot, stored.answer_id, entry))
        page = await self.outcome(stored.id, stored.scope)
        return page or known_page(title, accepted.document_id, meanwhile=False)

    async def _reopened(self, stored: StoredDraft, error: Exception) -> Page:
        """Let the draft wait again; the preview says why."""
        if isinstance(error, Declined):
            notice = str(error)
        else:
            log_id = note(error, f"draft {stored.id}: adding")
            notice = say(
                "It could not be added, and nothing was changed. Press Confirm again in a minute; "
                "if it stays so, tell my operator: {log_id}.",
                log_id=log_id,
            )
        await asyncio.to_thread(self._bot.library.drafts.reopen, stored.id)
        drafted = await asyncio.to_thread(load_draft, stored.data)
        return preview_page(stored.id, drafted, stored.bytes, notice)

    def _give_way(self) -> None:
        """In the thread that embeds: questions that people wait for come first."""
        ends = time.monotonic() + GIVING_WAY
        while self._bot.desk.busy and time.monotonic() < ends:
            time.sleep(0.02)

    def _teller(self, stored: StoredDraft) -> Tell:
        """Edits the message in which a draft was confirmed, as long as Discord allows it."""

        async def tell(page: Page) -> None:
            application_id = self._bot.application_id
            if stored.token and stored.message_id and application_id:
                webhook = discord.Webhook.partial(application_id, stored.token, client=self._bot)
                await webhook.edit_message(stored.message_id, view=page.layout())

        return tell

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _entry(stored: StoredDraft, drafted: Draft, accepted: Accepted) -> Entry | None:
    """The line of the audit log; none where another document says the same.

    A draft that was stored just before the bot was killed is known when it is accepted again,
    by its own origin.
    """
    version = drafted.version
    ours = accepted.document_id == document_id(version.scope, version.origin)
    if accepted.outcome == "known" and not ours:
        return None
    replaced = accepted.replaced
    if accepted.outcome == "known" and accepted.version > 1:
        replaced = accepted.version - 1
    return Entry(
        scope=stored.scope,
        user_id=stored.user_id,
        action="refreshed" if replaced else "added",
        document_id=accepted.document_id,
        title=drafted.metadata.title,
        detail=_length(drafted.passages),
        version=accepted.version,
        replaced=replaced,
        bytes=stored.bytes,
        draft_id=stored.id,
    )


def _length(passages: int) -> str:
    if passages == 1:
        return for_record("{n} passage", n=passages)
    return for_record("{n} passages", n=passages)
