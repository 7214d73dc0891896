"""The one way from a request to its answer, whatever surface element it came from."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import aiohttp
import discord

from bot.answering.model import Exchange
from bot.discord.desk import Place
from bot.discord.errors import Declined, note, page_for
from bot.discord.kinds import KINDS
from bot.discord.rendering.answers import Frame
from bot.discord.rendering.notices import busy_page, writing_page
from bot.discord.replies import Reply
from bot.discord.request import Request

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

log = logging.getLogger(__name__)
T = TypeVar("T")

Remember = Callable[[], Awaitable[tuple[Exchange, ...]]]
"""Reads the conversation before a question."""
GLANCE = 1.0
"""Seconds after which somebody who waits is told how it stands, and again."""


async def respond(
    bot: TumenBot, request: Request, reply: Reply, remember: Remember | None = None
) -> None:
    """Queue a request, answer it, keep the answer, and show it. Raises nothing but cancelling.

    A question that is deleted meanwhile is cancelled, and what was shown is taken back.
    """
    started = time.perf_counter()
    place: Place | None = None
    try:
        with bot.desk.admit(request.user_id, request.guild_id, request.message_id) as place:
            await reply.acknowledge(bot.desk.ahead(place))
            if remember:
                request = replace(request, history=await remember())
            await _answer(bot, request, reply, place)
    except Declined as declined:
        await _settle(request, reply.decline(page_for(declined, "")), declined)
    except asyncio.CancelledError:
        if place is None or not place.withdrawn:
            raise
        if place.task:
            place.task.uncancel()
        log.info("question %s: cancelled, its message was deleted", request.id)
        await reply.withdraw()
    except Exception as error:
        log_id = note(error, f"question {request.id}")
        await _settle(request, reply.finish([page_for(error, log_id)]), error)
    else:
        log.info(
            "question %s: %s in %.0f ms (user %s, scope %s)",
            request.id,
            request.kind,
            1000 * (time.perf_counter() - started),
            request.user_id,
            request.scope,
        )


async def _answer(bot: TumenBot, request: Request, reply: Reply, place: Place) -> None:
    waiting = asyncio.ensure_future(place.turn.wait())
    while not await glanced(waiting):
        await reply.show(busy_page(bot.desk.ahead(place)))
    kind = KINDS[request.kind]
    engine, store = bot.engine, bot.library.store
    certain: list[str] = []
    working = asyncio.ensure_future(
        bot.desk.run(lambda: kind.work(engine, store, request, certain.append))
    )
    while not await glanced(working):
        await reply.show(writing_page(certain))
    result = await working
    await bot.library.keep(kind.keep(result, request))
    frame = Frame(request.id, request.heading, request.private, request.may_add)
    pages = kind.pages(result, frame)
    message_ids = await reply.finish(pages)
    try:
        await bot.library.shown(request.id, message_ids)
    except Exception as error:  # the answer is there; only replies to it won't know it
        note(error, f"question {request.id}: its messages could not be kept")


async def glanced(future: asyncio.Future[T]) -> bool:
    """Wait a glance's time; says whether the future is done. Cancelled, cancels it, too."""
    try:
        done, _ = await asyncio.wait((future,), timeout=GLANCE)
    except asyncio.CancelledError:
        future.cancel()
        raise
    return bool(done)


async def _settle(request: Request, sending: Awaitable[object], cause: Exception) -> None:
    """Send the last word on a request; where even that fails, the log has it."""
    try:
        await sending
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        note(error, f"question {request.id}: the user could not be told ({cause!r})")
