"""End to end: the bot is killed while it adds a document that was confirmed."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.discord_double.bot_process import ready_bot, running_bot
from tests.discord_double.conftest import Scene
from tests.discord_double.keeping import ask, previewed, until_says

WEEKS = 200
LONG = "\n\n".join(
    f"In week {week} of the log the harbour of Rajin received {week * 7} tonnes of coal from "
    f"train number {week}, and the master of the port signed for it on page {week}."
    for week in range(1, WEEKS + 1)
).encode()
"""Some hundred passages: seconds of embedding, in which a bot can be killed."""
LAST_WEEK = f"Who signed for the coal of week {WEEKS} of the log?"


async def test_killed_between_confirm_and_added_it_is_added_whole_at_the_next_start(
    scene: Scene, home: Path
):
    await _killed(scene, home, after=0.3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
async def test_killed_at_any_moment_it_is_added_whole(scene: Scene, home: Path, seed: int):
    await _killed(scene, home, after=random.Random(seed).uniform(0, 6))


async def _killed(scene: Scene, home: Path, after: float) -> None:
    double = scene.double
    bot = await ready_bot(double, home)
    preview = await previewed(scene, "log.txt", LONG)
    await double.press(preview, "Confirm", scene.owner)
    await until_says(scene, preview, "Adding")
    await asyncio.sleep(after)
    killed_early = "✓ Added" not in preview.text
    await bot.kill()
    async with running_bot(double, home) as again:
        await until_says(scene, preview, "✓ Added **")  # where it was confirmed
        answer = await ask(scene, LAST_WEEK)
        assert f"page {WEEKS}" in answer
        # Once, and on record once.
        audit = await double.slash(scene.owner, scene.channel, "audit")
        assert (await double.wait_answer(audit)).text.count("added **") == 1
        listed = await double.slash(scene.owner, scene.channel, "documents", search="log")
        assert "1 document on" in (await double.wait_answer(listed)).text
        assert ("going on" in again.said) is killed_early
        assert "Traceback" not in again.said
