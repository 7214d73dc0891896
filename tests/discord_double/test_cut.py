"""End to end: what the way to Discord does in the worst instant.

A connection that was kept alive is cut just when it is used. discord.py tries again only after a
reset; what aiohttp raises otherwise (`ServerDisconnectedError`, no `OSError`) reaches the bot.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.discord_double.conftest import Scene, living
from tests.discord_double.reading import SHELLS, TREATY, answered

pytestmark = pytest.mark.asyncio(loop_scope="module")

CREATE, ORIGINAL = r"/channels/\d+/messages$", r"/messages/@original$"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(wire_home: Path) -> AsyncIterator[Scene]:
    """One bot for the module, in a furnished double."""
    async with living(wire_home) as scene:
        yield scene


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def healed(live: Scene) -> AsyncIterator[None]:
    """After each scene nothing fails any more, and the bot answers."""
    yield
    live.double.faults.clear()
    asked = await live.double.slash(live.someone(), live.channel, "ask", question=TREATY)
    await live.double.wait_answer(asked, answered, 30)


@pytest.mark.parametrize("path", [r"/typing$", CREATE], ids=["typing", "the reply"])
async def test_a_cut_connection_does_not_lose_the_answer_to_a_mention(live: Scene, path: str):
    cut = live.double.faults.add("POST", path, 500, cut=True)
    asked = await live.mention(TREATY)
    assert await live.double.wait_message(live.channel, answered, after=asked, within=2.5)
    assert cut.hits


async def test_a_cut_connection_does_not_lose_the_answer_to_a_command(live: Scene):
    cut = live.double.faults.add("PATCH", ORIGINAL, 500, cut=True)
    asked = await live.double.slash(live.someone(), live.channel, "ask", question=SHELLS)
    assert await live.double.wait_answer(asked, answered, 2.5)
    assert cut.hits


async def test_a_reply_made_on_a_connection_that_was_cut_is_not_made_twice(live: Scene):
    live.double.faults.add("POST", CREATE, 500, cut=True, handled_first=True)
    asked = await live.mention(TREATY)
    await live.double.wait_message(live.channel, answered, after=asked)
    await asyncio.sleep(1.5)
    replies = [m for m in live.channel.messages.values() if m.replies_to is asked]
    assert len([m for m in replies if answered(m)]) == 1


async def test_typing_that_discord_holds_back_does_not_hold_up_the_answer(live: Scene):
    live.double.faults.add("POST", r"/typing$", 429, retry_after=5.0)
    start = time.monotonic()
    asked = await live.mention(TREATY)
    await live.double.wait_message(live.channel, answered, after=asked)
    assert time.monotonic() - start < 3


async def test_a_question_deleted_while_its_answer_is_on_its_way_leaves_no_answer(live: Scene):
    live.double.faults.add("POST", CREATE, 0, delay=0.8)
    asked = await live.mention(TREATY)
    await live.double.until(lambda: any(r.body and r.at > asked.at for r in live.double.requests))
    await live.double.delete(asked)
    await asyncio.sleep(1.5)
    left = [m for m in live.channel.messages.values() if m.author.bot and m.id > asked.id]
    assert left == []
