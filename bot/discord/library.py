"""The record and the store as the surface reads them: off the event loop, walls kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from bot.discord.errors import Declined
from bot.discord.kinds import citations_in, details_in, pages_again, was_missed
from bot.discord.language import mark, say
from bot.discord.rendering.citations import SURROUNDINGS, Opened, opened_page
from bot.discord.rendering.details import details_page
from bot.discord.rendering.documents import Known
from bot.discord.rendering.page import Page
from store.answers import AnswerRecord, StoredAnswer
from store.database import open_database
from store.drafts import DraftRecord
from store.errors import UnknownDocumentError
from store.model import DocumentSummary
from store.servers import ServerRecord, ServerSettings
from store.store import RECORD_FILE, Store, readable_scopes

NO_SUCH = mark("I know no such document here. Type a part of its title and pick from the list.")

T = TypeVar("T")
P = ParamSpec("P")


@contextmanager
def open_library(store: Store) -> Iterator[Library]:
    """The library over an open store, with what its record keeps for Discord."""
    engine = open_database(store.folder / RECORD_FILE)
    try:
        yield Library(store, AnswerRecord(engine), ServerRecord(engine), DraftRecord(engine))
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Library:
    """What was answered before, and the documents behind it."""

    store: Store
    answers: AnswerRecord
    servers: ServerRecord
    drafts: DraftRecord

    async def open_citation(self, answer_id: str, number: int, scope: str) -> Page:
        """The passage that a citation of a kept answer rests on, for a reader in ``scope``.

        Raises :class:`Declined` where it can't be shown, or its words are not exact any more.
        """
        return await _in_thread(self._open_citation, answer_id, number, scope)

    async def details(self, answer_id: str, scope: str, *, may_add: bool) -> Page:
        """How a kept answer came about, for a reader in ``scope``; raises :class:`Declined`.

        A reader who ``may_add`` what was missing can do so from there.
        """
        stored = await _in_thread(self.answers.get, answer_id)
        if stored is None:
            raise Declined(say("I don't have this answer on record any more."))
        if stored.scope not in readable_scopes(scope):
            raise Declined(say("This answer belongs to another server."))
        missed = stored.id if may_add and was_missed(stored) and stored.scope == scope else None
        return details_page(await _in_thread(details_in, stored), missed)

    async def document(self, identifier: str, scope: str) -> Known:
        """What is known of a document that ``scope`` may see; raises :class:`Declined`."""
        return await _in_thread(self._document, identifier, scope)

    async def documents(self, scope: str) -> list[DocumentSummary]:
        """The documents that ``scope`` may see, by title."""
        return await _in_thread(self.store.documents, scope)

    async def keep(self, answer: StoredAnswer) -> None:
        """Keep an answer, before its buttons are shown."""
        await _in_thread(self.answers.put, answer, ())

    async def shown(self, answer_id: str, message_ids: Sequence[int]) -> None:
        """Note which messages show an answer, so that replies to them are follow-ups."""
        stored = await _in_thread(self.answers.get, answer_id)
        if stored:
            await _in_thread(self.answers.put, stored, message_ids)

    async def shown_by(self, message_id: int) -> StoredAnswer | None:
        """The answer that a message shows."""
        return await _in_thread(self.answers.shown_by, message_id)

    async def judge(self, answer_id: str, user_id: int, verdict: str) -> None:
        """Keep what a reader thinks of an answer."""
        if await _in_thread(self.answers.get, answer_id) is None:
            raise Declined(say("I don't have this answer on record any more."))
        await _in_thread(self.answers.judge, answer_id, user_id, verdict)

    async def publish(self, answer_id: str, user_id: int) -> list[Page]:
        """A private answer for all to see, once; raises :class:`Declined`."""
        stored = await _in_thread(self.answers.get, answer_id)
        if stored is None or stored.asker_id != str(user_id):
            raise Declined(say("Only who asked can share this answer."))
        if not await _in_thread(self.answers.publish, answer_id):
            raise Declined(say("This answer was shared already."))
        return await _in_thread(pages_again, stored)

    async def settings(self, guild_id: int) -> ServerSettings:
        """What a server's admins have set."""
        return await _in_thread(self.servers.settings, guild_id)

    # --- in a thread

    def _open_citation(self, answer_id: str, number: int, scope: str) -> Page:
        stored = self.answers.get(answer_id)
        if stored is None:
            raise Declined(say("I don't have this answer on record any more."))
        if stored.scope not in readable_scopes(scope):
            raise Declined(say("This source belongs to another server."))
        citation = next((c for c in citations_in(stored) if c.number == number), None)
        if citation is None:
            raise Declined(say("This answer has no such source."))
        start, end = citation.start, citation.end
        try:
            text = self.store.text(citation.document_id, citation.version)
        except UnknownDocumentError as error:
            raise Declined(say("The document of this source was deleted for good.")) from error
        if text[start:end] != citation.quote:
            raise Declined(
                say("These words can't be found in the document any more; don't use them.")
            )
        before, after = text[max(0, start - SURROUNDINGS) : start], text[end : end + SURROUNDINGS]
        if start > SURROUNDINGS:
            before = "… " + before.split(" ", 1)[-1]
        if end + SURROUNDINGS < len(text):
            after = after.rsplit(" ", 1)[0] + " …"
        sources = citation.sources or self.store.sources(
            citation.document_id, citation.version, start, end
        )
        provenance = self.answers.provenance(citation.document_id)
        corrections = tuple(self.store.corrections(citation.document_id))
        removed = not self.store.record.catalogue.has_document(citation.document_id)
        opened = Opened(citation, before, after, sources, provenance, corrections, removed)
        return opened_page(opened)

    def _document(self, identifier: str, scope: str) -> Known:
        wanted = identifier.strip()
        found = next((d for d in self.store.documents(scope) if d.id == wanted), None)
        if found is None:
            raise Declined(say(NO_SUCH))
        return Known(
            document=found,
            text=self.store.text(found.id, found.version),
            came=self.answers.provenance(found.id),
            cited=self.answers.times_cited(found.id, scope),
            history=self.servers.history(found.id, scope),
            kept=False,
        )


async def _in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.to_thread(function, *args, **kwargs)
