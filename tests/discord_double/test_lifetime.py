"""End to end: the bot starts, restarts, is stopped, is killed, and is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.discord_double.bot_process import ready_bot, running_bot, start_bot
from tests.discord_double.conftest import Scene
from tests.discord_double.reading import HELPFUL, SHELLS, TREATY, answered, complete

ORIGINAL = r"/messages/@original$"


async def ask(scene: Scene, question: str = TREATY):
    asked = await scene.double.slash(scene.ada, scene.channel, "ask", question=question)
    return await scene.double.wait_answer(asked, answered)


async def test_after_a_restart_old_buttons_work_and_nothing_is_synced_again(
    scene: Scene, home: Path
):
    double = scene.double
    async with running_bot(double, home):
        answer = await ask(scene)
        assert len(double.world.command_puts) == 1
    async with running_bot(double, home):
        pressed = await double.press(answer, "[1]", scene.ben)
        assert "Article 4" in (await double.wait_answer(pressed)).text
        pressed = await double.press(answer, HELPFUL, scene.ben)
        assert (await double.wait_answer(pressed)).ephemeral
        await double.until(lambda: double.gateway.connected)
    assert len(double.world.command_puts) == 1


async def test_sigterm_finishes_the_answer_that_is_being_written(scene: Scene, home: Path):
    double = scene.double
    bot = await ready_bot(double, home)
    double.faults.add("PATCH", ORIGINAL, 0, delay=0.8)
    asked = await double.slash(scene.ada, scene.channel, "ask", question=SHELLS)
    await double.until(lambda: any(r.method == "PATCH" for r in double.requests), 10)
    bot.terminate()
    code = await bot.ended(20)
    assert code == 0, bot.said
    assert asked.original is not None
    assert complete(asked.original)
    assert "Traceback" not in bot.said
    assert double.gateway.closed[-1] == 1000


async def test_a_question_while_it_leaves_is_told_so(scene: Scene, home: Path):
    double = scene.double
    bot = await ready_bot(double, home)
    double.faults.add("PATCH", ORIGINAL, 0, delay=1.2)
    first = await double.slash(scene.ada, scene.channel, "ask", question=SHELLS)
    await double.until(lambda: any(r.method == "PATCH" for r in double.requests), 10)
    bot.terminate()
    await double.until(lambda: "Leaving" in bot.said, 5)
    second = await double.slash(scene.ben, scene.channel, "ask", question=TREATY)
    assert "restart" in (await double.wait_answer(second)).text
    assert await bot.ended(20) == 0
    assert first.original is not None
    assert complete(first.original)


@pytest.mark.slow
async def test_sigterm_is_not_held_up_for_ever(scene: Scene, home: Path):
    double = scene.double
    bot = await ready_bot(double, home)
    double.faults.add("PATCH", ORIGINAL, 0, delay=60)
    await double.slash(scene.ada, scene.channel, "ask", question=SHELLS)
    await double.until(lambda: any(r.method == "PATCH" for r in double.requests), 10)
    bot.terminate()
    assert await bot.ended(30) == 0, bot.said


async def test_a_kill_in_the_middle_leaves_a_home_that_starts_again(scene: Scene, home: Path):
    double = scene.double
    bot = await ready_bot(double, home)
    double.faults.add("PATCH", ORIGINAL, 0, delay=5)
    asked = await double.slash(scene.ada, scene.channel, "ask", question=SHELLS)
    await double.until(lambda: any(r.method == "PATCH" for r in double.requests), 10)
    await bot.kill()
    double.faults.clear()
    assert asked.original is not None
    assert not complete(asked.original)
    async with running_bot(double, home):
        assert await ask(scene)
        mention = await double.say(scene.channel, scene.ben, f"{double.world.bot.mention} {SHELLS}")
        assert await double.wait_message(scene.channel, answered, after=mention)


async def _plain_end(bot) -> None:
    code = await bot.ended(40)
    assert code != 0
    assert "Traceback" not in bot.said
    spoken = [line for line in bot.output if line.startswith("tumen:")]
    assert len(spoken) == 1, bot.said
    assert "token" in spoken[0].lower()


async def test_a_discord_out_of_reach_ends_with_a_plain_sentence(scene: Scene, home: Path):
    nowhere = "http://127.0.0.1:9"  # the discard port: nobody listens
    bot = await start_bot(scene.double, home, DOUBLE_API=nowhere)
    assert await bot.ended(40) != 0
    [spoken] = [line for line in bot.output if line.startswith("tumen:")]
    assert "reached" in spoken
    assert "Traceback" not in bot.said


async def test_a_bad_token_ends_with_a_plain_sentence(scene: Scene, home: Path):
    wrong = scene.double.token[::-1]
    bot = await start_bot(scene.double, home, token=wrong)
    await _plain_end(bot)


async def test_a_token_that_the_gateway_refuses_ends_with_a_plain_sentence(
    scene: Scene, home: Path
):
    bot = await ready_bot(scene.double, home)
    scene.double.token += ".reset"
    scene.double.gateway.forget_sessions()
    await scene.double.gateway.drop()
    await _plain_end(bot)


async def test_without_the_content_intent_it_says_what_is_off_and_carries_on(
    scene: Scene, home: Path
):
    double = scene.double
    double.gateway.privileged = 0
    async with running_bot(double, home) as bot:
        assert await ask(scene)
        asked = await double.say(scene.channel, scene.ben, f"{double.world.bot.mention} {TREATY}")
        assert await double.wait_message(scene.channel, answered, after=asked)
        assert "message content" in bot.said.lower().replace("-", " ")
        assert "Traceback" not in bot.said


async def test_two_bots_cannot_share_a_home(scene: Scene, home: Path):
    async with running_bot(scene.double, home):
        second = await start_bot(scene.double, home)
        assert await second.ended(40) != 0
        assert "Traceback" not in second.said
        await asyncio.sleep(0)
