"""End to end: what hostile, hasty and unlucky people do, and what must not leak."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.discord_double.conftest import Scene, living
from tests.discord_double.reading import HELPFUL, SHELLS, TREATY, answered, complete
from tests.discord_double.world import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = (
    "@everyone @here {owner} <@&1> **shells** ~~x~~ ||spoiler|| `code` ```py\nimport os``` "
    "[click](https://evil.example) <#1> # heading > quote https://evil.example/a_b_c"
)
DEAD = {"times": 99, "code": 50027, "message": "Invalid Webhook Token"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(wire_home: Path) -> AsyncIterator[Scene]:
    """One bot for the module, in a furnished double."""
    async with living(wire_home) as scene:
        yield scene
        assert "Traceback" not in scene.bot.said


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def healed(live: Scene) -> AsyncIterator[None]:
    """After each scene nothing fails any more, and the bot answers."""
    yield
    live.double.faults.clear()
    await answer(live)


async def answer(live: Scene, question: str = TREATY, **options: object) -> Message:
    asked = await live.double.slash(
        live.someone(), live.channel, "ask", question=question, **options
    )
    return await live.double.wait_answer(asked, complete)


def said_to_all(live: Scene) -> list[Message]:
    return [m for m in live.channel.messages.values() if m.author.bot]


async def test_a_hostile_question_is_shown_as_it_stands(live: Scene):
    question = HOSTILE.format(owner=live.owner.mention)
    shown = await answer(live, question)
    assert shown.pings == []
    assert not re.search(r"(?<!\\)\]\(https://evil", shown.text)
    assert not re.search(r"(?<!\\)```", shown.text)
    assert not re.search(r"(?m)^# heading", shown.text)
    assert "@everyone" not in shown.text


@pytest.mark.parametrize(
    "question",
    ["a" * 1000, "?" * 400, "\u202e\u200b\u0000", "한국 " * 200, "🇰🇵" * 200, "SELECT * --"],
)
async def test_odd_questions_get_an_answer(live: Scene, question: str):
    asked = await live.double.slash(live.someone(), live.channel, "ask", question=question)
    assert (await live.double.wait_answer(asked)).text


async def test_a_long_mention_is_answered(live: Scene):
    words = f"{live.double.world.bot.mention} {SHELLS} " + "really " * 270
    asked = await live.double.say(live.channel, live.someone(), words[:2000])
    assert await live.double.wait_message(live.channel, complete, after=asked)


async def test_a_bare_mention_gets_help(live: Scene):
    mention = live.double.world.bot.mention
    asked = await live.double.say(live.channel, live.someone(), mention)
    told = await live.double.wait_message(live.channel, after=asked)
    assert "/ask" in told.text


async def test_a_private_answer_stays_private_when_its_token_dies(live: Scene):
    before = len(said_to_all(live))
    live.double.faults.add("*", r"^/webhooks/", 401, **DEAD)
    asker = live.someone()
    asked = await live.double.slash(asker, live.channel, "ask", question=TREATY, private=True)
    direct = live.double.world.direct(asker)
    assert await live.double.wait_message(direct, answered)
    assert len(said_to_all(live)) == before
    assert asked.acknowledged


async def test_a_private_answer_acknowledged_too_late_stays_private(live: Scene):
    before = len(said_to_all(live))
    asker = live.someone()
    await live.double.slash(asker, live.channel, "ask", question=TREATY, private=True, late=4.0)
    assert await live.double.wait_message(live.double.world.direct(asker), answered)
    assert len(said_to_all(live)) == before


async def test_a_dead_token_where_the_bot_is_no_member_is_let_go(live: Scene):
    elsewhere = live.double.guild("Far away", live.ben, has_bot=False)
    channel = live.double.channel(elsewhere, "general")
    live.double.faults.add("*", r"^/webhooks/", 401, **DEAD)
    seen = len(live.double.requests)
    await live.double.slash(live.someone(), channel, "ask", question=TREATY)
    await live.double.until(lambda: any(r.status == 403 for r in live.double.requests[seen:]))
    await asyncio.sleep(0.3)


async def test_a_permission_that_was_just_taken_is_met_calmly(live: Scene):
    live.double.faults.add(
        "POST", r"/channels/\d+/messages$", 403, times=2, code=50013, message="Missing Permissions"
    )
    mention = live.double.world.bot.mention
    seen = len(live.double.requests)
    await live.double.say(live.channel, live.someone(), f"{mention} {TREATY}")
    await live.double.until(lambda: any(r.status == 403 for r in live.double.requests[seen:]))
    await asyncio.sleep(0.3)


async def test_direct_messages_that_are_closed_are_met_calmly(live: Scene):
    live.double.faults.add("POST", r"/messages$", 403, times=9, code=50007, message="Cannot send")
    live.double.faults.add("*", r"^/webhooks/", 401, **DEAD)
    seen = len(live.double.requests)
    await live.double.slash(live.someone(), live.channel, "ask", question=TREATY, private=True)
    await live.double.until(lambda: any(r.status == 403 for r in live.double.requests[seen:]))
    await asyncio.sleep(0.3)


async def test_a_button_pressed_twice_and_by_many_answers_each(live: Scene):
    shown = await answer(live)
    pressed = [
        await live.double.press(shown, button, user)
        for user in (live.ada, live.ben, live.ada)
        for button in ("[1]", HELPFUL)
    ]
    for one in pressed:
        assert (await live.double.wait_answer(one)).ephemeral


async def test_sharing_twice_shares_once(live: Scene):
    shown = await answer(live, private=True)
    before = len(said_to_all(live))
    asker = shown.interaction.user
    await live.double.press(shown, re.compile("^Share"), asker)
    await live.double.until(lambda: len(said_to_all(live)) > before)
    again = await live.double.press(shown, re.compile("^Share"), asker)
    told = await live.double.wait_answer(again, lambda m: "already" in m.text)
    assert told.ephemeral
    assert len(said_to_all(live)) == before + 1


async def test_the_buttons_of_an_unknown_answer_are_met_calmly(live: Scene):
    shown = await answer(live)
    for part in shown.buttons:
        part["custom_id"] = re.sub(r"[0-9a-f]{12}", "0" * 12, part["custom_id"])
    pressed = await live.double.press(shown, "[1]", live.ben)
    assert "record" in (await live.double.wait_answer(pressed)).text


async def test_a_date_that_is_none_is_declined_kindly(live: Scene):
    asked = await live.double.slash(
        live.someone(), live.channel, "ask", question=TREATY, as_of="the day before yesterday"
    )
    told = await live.double.wait_answer(asked)
    assert "date" in told.text
    assert told.ephemeral


async def test_a_question_deleted_while_it_waits_is_never_answered(live: Scene):
    double = live.double
    held = double.faults.add("PATCH", r"/@original$", 0, delay=1.5, times=2)
    for _ in range(2):
        await double.slash(live.someone(), live.channel, "ask", question=SHELLS)
    await double.until(lambda: len(held.hits) == 2)
    words = f"{double.world.bot.mention} {TREATY}"
    asked = await double.say(live.channel, live.someone(), words)
    await double.until(lambda: live.channel.typing and live.channel.typing[-1] > asked.at)
    await double.delete(asked)
    await asyncio.sleep(2.2)
    left = [m for m in said_to_all(live) if m.id > asked.id and not m.interaction]
    assert left == []
