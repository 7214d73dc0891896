"""End to end: Discord fails in every way that it is known to, and the bot carries on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.discord_double.conftest import Scene, living
from tests.discord_double.reading import SHELLS, TREATY, answered, complete

pytestmark = pytest.mark.asyncio(loop_scope="module")

CREATE, EDIT = r"/channels/\d+/messages$", r"/messages/\d+$"
CALLBACK, ORIGINAL = r"/callback$", r"/messages/@original$"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(wire_home: Path) -> AsyncIterator[Scene]:
    """One bot for the module, in a furnished double."""
    async with living(wire_home) as scene:
        yield scene
        assert "Traceback" not in scene.bot.said
        assert "Can't keep up" not in scene.bot.said, "its heartbeat was late"


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def healed(live: Scene) -> AsyncIterator[None]:
    """After each scene nothing fails any more, and the bot answers."""
    yield
    live.double.faults.clear()
    asked = await live.double.slash(live.someone(), live.channel, "ask", question=TREATY)
    await live.double.wait_answer(asked, answered, 30)


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_a_reply_comes_although_discord_fails_at_first(live: Scene, status: int):
    failed = live.double.faults.add("POST", CREATE, status, retry_after=0.4)
    asked = await live.mention(TREATY)
    answer = await live.double.wait_message(live.channel, complete, after=asked)
    assert failed.hits
    assert len([m for m in live.channel.messages.values() if m.replies_to is asked]) == 1
    assert answer


@pytest.mark.parametrize("status", [429, 503])
async def test_an_edit_of_a_deferred_answer_is_tried_again(live: Scene, status: int):
    failed = live.double.faults.add("PATCH", ORIGINAL, status, retry_after=0.4)
    asked = await live.double.slash(live.someone(), live.channel, "ask", question=SHELLS)
    assert await live.double.wait_answer(asked, answered)
    assert failed.hits


async def test_a_reply_that_was_made_but_reported_as_failed_is_not_doubled(live: Scene):
    live.double.faults.add("POST", CREATE, 502, handled_first=True)
    asked = await live.mention(TREATY)
    await live.double.wait_message(live.channel, complete, after=asked)
    assert len([m for m in live.channel.messages.values() if m.replies_to is asked]) == 1


async def test_a_cut_gateway_is_resumed_and_no_question_is_lost(live: Scene):
    resumes = len(live.double.gateway.resumes)
    await live.double.gateway.drop()
    asked = await live.mention(SHELLS)
    await live.double.until(lambda: len(live.double.gateway.resumes) > resumes, 20, "RESUME")
    assert await live.double.wait_message(live.channel, answered, after=asked)


async def test_an_invalid_session_is_begun_anew(live: Scene):
    identified = len(live.double.gateway.identifies)
    puts = len(live.double.world.command_puts)
    await live.double.gateway.invalidate()
    await live.double.until(lambda: len(live.double.gateway.identifies) > identified, 20)
    await live.double.ready()
    asked = await live.mention(TREATY)
    assert await live.double.wait_message(live.channel, answered, after=asked)
    assert len(live.double.world.command_puts) == puts, "no new sync after a reconnect"


async def test_a_gateway_lost_in_the_middle_of_an_answer_does_not_lose_it(live: Scene):
    live.double.faults.add("PATCH", ORIGINAL, 0, delay=0.5)
    asked = await live.double.slash(live.someone(), live.channel, "ask", question=TREATY)
    await live.double.wait_acknowledged(asked)
    await live.double.gateway.drop()
    assert await live.double.wait_answer(asked, answered)
    await live.double.ready()


async def test_a_command_acknowledged_too_late_is_answered_in_the_channel(live: Scene):
    newest = max(live.double.world.messages(), key=lambda message: message.id)
    asked = await live.double.slash(live.someone(), live.channel, "ask", question=TREATY, late=3.5)
    await live.double.until(lambda: asked.attempts, 10, "an attempt to acknowledge")
    assert await live.double.wait_message(live.channel, answered, after=newest)
    assert asked.acknowledged is None


async def test_a_press_that_comes_too_late_is_let_go(live: Scene):
    first = await live.mention(TREATY)
    answer = await live.double.wait_message(live.channel, answered, after=first)
    pressed = await live.double.press(answer, "[1]", live.ben, late=3.5)
    await live.double.until(lambda: pressed.attempts, 10)
    again = await live.double.press(answer, "[1]", live.ben)
    assert (await live.double.wait_answer(again)).ephemeral


async def test_an_expired_token_moves_the_answer_to_the_channel(live: Scene):
    live.double.faults.add(
        "*", r"^/webhooks/", 401, times=99, code=50027, message="Invalid Webhook Token"
    )
    asked = await live.double.slash(live.someone(), live.channel, "ask", question=TREATY)
    await live.double.wait_acknowledged(asked)
    newest = max(live.channel.messages.values(), key=lambda message: message.id)
    answer = await live.double.wait_message(live.channel, answered, after=newest)
    assert answer.interaction is None


async def test_a_question_deleted_while_it_is_answered_is_let_go(live: Scene):
    live.double.faults.add("POST", r"/messages$", 0, delay=0.6)
    asked = await live.mention(TREATY)
    await asyncio.sleep(0.2)
    await live.double.delete(asked)
    await asyncio.sleep(1.0)
    left = [m for m in live.channel.messages.values() if m.author.bot and m.id > asked.id]
    assert not any(answered(m) for m in left)
    assert "Traceback" not in live.bot.said


async def test_an_answer_deleted_while_it_is_written_is_let_go(live: Scene):
    live.double.faults.add("PATCH", EDIT, 0, delay=0.5)
    asked = await live.mention(SHELLS)
    draft = await live.double.wait_message(live.channel, after=asked)
    await live.double.delete(draft)
    await asyncio.sleep(1.0)
    assert "Traceback" not in live.bot.said


async def test_a_message_that_discord_forgot_is_met_with_a_calm_sentence(live: Scene):
    first = await live.mention(TREATY)
    await live.double.wait_message(live.channel, answered, after=first)
    live.double.faults.add("POST", CREATE, 404, code=10008, message="Unknown Message")
    asked = await live.mention(SHELLS)
    await live.double.until(lambda: any(r.status == 404 for r in live.double.requests))
    await asyncio.sleep(0.5)
    assert asked
    assert "Traceback" not in live.bot.said
