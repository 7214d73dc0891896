"""End to end: the bot is killed while it adds a document that was confirmed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord_double.bot_process import copied, ready_bot, running_bot
from tests.discord_double.conftest import Scene, furnished
from tests.discord_double.keeping import ask, previewed, until_says

WEEKS = 200
LONG = "\n\n".join(
    f"In week {week} of the log the harbour of Rajin received {week * 7} tonnes of coal from "
    f"train number {week}, and the master of the port signed for it on page {week}."
    for week in range(1, WEEKS + 1)
).encode()
"""Some hundred passages: seconds of embedding, in which a bot can be killed."""
LAST_WEEK = f"Who signed for the coal of week {WEEKS} of the log?"


@pytest.fixture
async def live() -> AsyncIterator[Scene]:
    """A furnished double without a bot."""
    async with furnished() as scene:
        yield scene


@pytest.fixture
def home(wire_home: Path, tmp_path: Path) -> Path:
    """A home that this test may spoil."""
    return copied(wire_home, tmp_path / "home")


async def test_killed_between_confirm_and_added_it_is_added_whole_at_the_next_start(
    live: Scene, home: Path
):
    await _killed(live, home, after=0.3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
async def test_killed_at_any_moment_it_is_added_whole(live: Scene, home: Path, seed: int):
    await _killed(live, home, after=random.Random(seed).uniform(0, 6))


async def _killed(live: Scene, home: Path, after: float) -> None:
    double = live.double
    bot = await ready_bot(double, home)
    preview = await previewed(live, "log.txt", LONG)
    await double.press(preview, "Confirm", live.owner)
    await until_says(live, preview, "Adding")
    await asyncio.sleep(after)
    killed_early = "✓ Added" not in preview.text
    await bot.kill()
    async with running_bot(double, home) as again:
        await until_says(live, preview, "✓ Added **")  # where it was confirmed
        answer = await ask(live, LAST_WEEK)
        assert f"page {WEEKS}" in answer
        # Once, and on record once.
        audit = await double.slash(live.owner, live.channel, "audit")
        assert (await double.wait_answer(audit)).text.count("added **") == 1
        listed = await double.slash(live.owner, live.channel, "documents", search="log")
        assert "1 document on" in (await double.wait_answer(listed)).text
        assert ("going on" in again.said) is killed_early
        assert "Traceback" not in again.said
