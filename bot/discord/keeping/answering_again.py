"""After an honest miss and a document that was added for it: the question, answered again."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import ui

from bot.answering.composing import tell_nobody
from bot.discord.errors import note
from bot.discord.kinds import KINDS
from bot.discord.language import say
from bot.discord.rendering.answers import Frame
from bot.discord.rendering.page import Page
from bot.discord.rendering.text import fitted
from bot.discord.request import Request
from store.answers import StoredAnswer
from store.servers import Entry

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

log = logging.getLogger(__name__)


async def answer_again(bot: TumenBot, answer_id: str, entry: Entry) -> None:
    """Answer a kept question again and tell its asker, if there is an answer now.

    Where it was asked, or in private if it was asked privately. Raises nothing.
    """
    stored = await asyncio.to_thread(bot.library.answers.get, answer_id)
    if stored is None or stored.scope != entry.scope:
        return
    bot.speaking.about(stored.question, bot.get_guild(int(stored.scope)))
    try:
        pages, request = await _work(bot, stored)
        if not pages:
            log.info("question %s: still not answered by %s", stored.id, entry.document_id)
            return
        target, reference = await _where(bot, stored)
        messages = []
        for page in _introduced(pages, stored, entry):
            messages.append(await _send(target, page, reference))
            reference = None
        await bot.library.shown(request.id, [message.id for message in messages])
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        note(error, f"question {answer_id}: answered again, and the asker could not be told")
    except Exception as error:
        note(error, f"question {answer_id}: it could not be answered again")


async def _work(bot: TumenBot, stored: StoredAnswer) -> tuple[list[Page], Request]:
    """The pages of the new answer, none where there still is none."""
    request = Request(
        kind="answer",
        text=stored.standalone_question,
        scope=stored.scope,
        channel_id=int(stored.channel_id),
        user_id=int(stored.asker_id),
        guild_id=int(stored.scope),
        message_id=int(stored.question_message_id) if stored.question_message_id else None,
        private=stored.private,
        heading=stored.question,
    )
    kind = KINDS["answer"]
    engine, store = bot.engine, bot.library.store
    result = await bot.desk.run(lambda: kind.work(engine, store, request, tell_nobody))
    if not kind.cites(result):
        return [], request
    await bot.library.keep(kind.keep(result, request))
    return kind.pages(result, Frame(request.id, request.heading)), request


async def _where(
    bot: TumenBot, stored: StoredAnswer
) -> tuple[discord.abc.Messageable, discord.MessageReference | None]:
    """The asker in private, or the channel with the message that asked."""
    if stored.private:
        return await bot.fetch_user(int(stored.asker_id)), None
    channel_id = int(stored.channel_id)
    channel = bot.get_partial_messageable(channel_id, guild_id=int(stored.scope))
    if stored.question_message_id is None:
        return channel, None
    reference = discord.MessageReference(
        message_id=int(stored.question_message_id), channel_id=channel_id, fail_if_not_exists=False
    )
    return channel, reference


def _introduced(pages: list[Page], stored: StoredAnswer, entry: Entry) -> list[Page]:
    told = say(
        "{asker}, there is an answer to your question now: {keeper} added **{title}**.",
        asker=f"<@{stored.asker_id}>",
        keeper=f"<@{entry.user_id}>",
        title=fitted(entry.title or "–", 150),
    )
    first, *others = pages
    return [Page((ui.TextDisplay(told), *first.items)), *others]


async def _send(
    target: discord.abc.Messageable, page: Page, reference: discord.MessageReference | None
) -> discord.Message:
    if reference is None:
        return await target.send(view=page.layout())
    return await target.send(view=page.layout(), reference=reference, mention_author=False)
