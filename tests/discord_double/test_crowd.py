"""End to end: many ask at once, some too much, and Discord holds the bot back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.discord_double.conftest import Scene, living
from tests.discord_double.reading import SHELLS, TREATY, answered, complete

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORIGINAL = r"/messages/@original$"
LONGEST_STALL = 0.5


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(wire_home: Path) -> AsyncIterator[Scene]:
    """One bot for the module, in a furnished double."""
    async with living(wire_home) as scene:
        yield scene
        assert "Traceback" not in scene.bot.said
        assert "Can't keep up" not in scene.bot.said, "its heartbeat was late"


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def healed(live: Scene) -> AsyncIterator[None]:
    """Nothing fails before or after."""
    yield
    live.double.faults.clear()
    live.double.limits.on = False


async def test_many_at_once_are_all_answered_and_the_loop_never_stands_still(live: Scene):
    double = live.double
    asked = [
        await double.slash(live.someone(), live.channel, "ask", question=SHELLS) for _ in range(20)
    ]
    stalls = []
    waiting = asyncio.gather(*(double.wait_answer(one, complete) for one in asked))
    while not waiting.done():
        stalls.append(await double.gateway.round_trip())
        await asyncio.sleep(0.02)
    await waiting
    assert all(one.acknowledged_after < 3 for one in asked)
    assert max(stalls) < LONGEST_STALL


async def test_who_waits_sees_how_many_come_before(live: Scene):
    double = live.double
    held = double.faults.add("PATCH", ORIGINAL, 0, delay=2.5, times=2)
    first = [
        await double.slash(live.someone(), live.channel, "ask", question=SHELLS) for _ in range(2)
    ]
    await double.until(lambda: len(held.hits) == 2, 10, "two answers on their way")
    third = await double.slash(live.someone(), live.channel, "ask", question=TREATY)
    busy = await double.wait_answer(third, lambda m: "ahead" in m.text, 2)
    assert "2 ahead of you" in busy.text
    assert await double.wait_answer(third, answered)
    for one in first:
        assert await double.wait_answer(one, answered)


async def test_one_question_at_a_time_each(live: Scene):
    double = live.double
    asker = live.someone()
    held = double.faults.add("PATCH", ORIGINAL, 0, delay=0.8)
    first = await double.slash(asker, live.channel, "ask", question=SHELLS)
    await double.until(lambda: held.hits, 10)
    second = await double.slash(asker, live.channel, "ask", question=TREATY)
    declined = await double.wait_answer(second)
    assert declined.ephemeral
    assert "One at a time" in declined.text
    assert await double.wait_answer(first, answered)


async def test_too_many_questions_are_declined_kindly(live: Scene):
    double = live.double
    asker = live.someone()
    for _ in range(20):
        asked = await double.slash(asker, live.channel, "ask", question=TREATY)
        answer = await double.wait_answer(asked)
        await asyncio.sleep(0.05)  # until its place in the line is free
        if not complete(answer):
            break
    assert "Please wait" in answer.text
    assert answer.ephemeral


async def test_a_busy_channel_under_discords_limits_loses_nothing(live: Scene):
    double = live.double
    channel = double.channel(live.guild, "busy")
    await double.announce(channel)
    double.limits.on = True
    words = f"{double.world.bot.mention} {SHELLS}"
    asked = [await double.say(channel, live.someone(), words) for _ in range(8)]

    def replied() -> bool:
        done = {m.replies_to for m in channel.messages.values() if complete(m)}
        return set(asked) <= done

    start = time.monotonic()
    await double.until(replied, 30, "eight replies")
    # Five messages in five seconds are allowed; placeholders must not eat the answers' share.
    assert time.monotonic() - start < 8
