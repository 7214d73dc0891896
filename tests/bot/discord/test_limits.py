"""How much the bot takes on, and what it says when that is too much."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest

from bot.discord.asking import respond
from bot.discord.desk import Desk, DeskRules
from bot.discord.errors import Declined
from bot.discord.limits import Rate, RateLimit
from bot.discord.request import Request
from tests.bot.discord.reading import acknowledgement, texts

TREATY = "What does Article 4 of the treaty say?"
MESSAGE = 4
REQUEST = Request("answer", TREATY, "base", channel_id=1, user_id=777, message_id=4)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_rate_counts_within_a_sliding_window():
    clock = Clock()
    limit = RateLimit(Rate(2, 10), clock)
    assert limit.take(1)
    clock.now = 4
    assert limit.take(1)
    assert not limit.take(1)
    assert limit.wait(1) == 6
    assert limit.take(2)
    clock.now = 10
    assert limit.take(1)
    assert not limit.take(1)


async def test_a_user_who_asks_a_lot_is_asked_to_wait(open_scene, shelf):
    scene = await open_scene(shelf, DeskRules(per_user=Rate(2, 60)))
    for _ in range(2):
        await scene.ann.slash(scene.channel, "ask", question=TREATY)
    third = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    assert third.ephemeral
    assert re.search(r"Please wait \d+ seconds", texts(third.response))
    other = await scene.ben.slash(scene.channel, "ask", question=TREATY)
    assert "**[1]**" in texts(other.response)


async def test_a_server_that_asks_a_lot_is_asked_to_wait_but_not_others(open_scene, shelf):
    scene = await open_scene(shelf, DeskRules(per_guild=Rate(1, 60)))
    await scene.ann.slash(scene.channel, "ask", question=TREATY)
    second = await scene.ben.slash(scene.channel, "ask", question=TREATY)
    assert "This server asks a lot" in texts(second.response)
    await scene.ben.user.send_dm(TREATY)
    assert "**[1]**" in texts(scene.ben.user.dm_channel.last_message)


async def test_a_flood_in_a_channel_is_refused_once_not_each_time(open_scene, shelf):
    scene = await open_scene(shelf, DeskRules(per_user=Rate(1, 60)))
    for _ in range(5):
        await scene.ann.send(scene.channel, f"<@{scene.bot.me.id}> {TREATY}")
    ours = [m for m in scene.channel.history() if m.author.id == scene.bot.me.id]
    assert len(ours) == 2


# The desk alone: the timing of a line is easier to steer there


@pytest.fixture
def desk():
    return Desk(DeskRules(at_once=1, most_waiting=2))


async def stand(desk, user, entered, leave):
    with desk.admit(user, None, question_id=user) as place:
        entered.append(desk.ahead(place))
        await place.turn.wait()
        await leave.wait()


async def test_the_line_is_first_come_first_served_and_counts_honestly(desk):
    entered, leave = [], asyncio.Event()
    tasks = [asyncio.create_task(stand(desk, user, entered, leave)) for user in range(3)]
    await asyncio.sleep(0)
    assert entered == [0, 1, 2]
    with pytest.raises(Declined, match="Busy: 3 ahead of you"), desk.admit(9, None):
        pass
    leave.set()
    await asyncio.gather(*tasks)
    with desk.admit(9, None) as place:
        assert place.turn.is_set()


async def test_one_question_a_user_at_a_time(desk):
    entered, leave = [], asyncio.Event()
    task = asyncio.create_task(stand(desk, 1, entered, leave))
    await asyncio.sleep(0)
    with pytest.raises(Declined, match="still answering your last question"), desk.admit(1, None):
        pass
    leave.set()
    await task
    with desk.admit(1, None):
        pass


async def test_leaving_waits_for_those_in_the_line_and_takes_no_more(desk):
    entered, leave = [], asyncio.Event()
    task = asyncio.create_task(stand(desk, 1, entered, leave))
    await asyncio.sleep(0)
    leaving = asyncio.create_task(desk.leave(5))
    await asyncio.sleep(0)
    with pytest.raises(Declined, match="about to restart"), desk.admit(2, None):
        pass
    assert not leaving.done()
    leave.set()
    await asyncio.gather(task, leaving)


async def test_leaving_has_an_end(desk):
    task = asyncio.create_task(stand(desk, 1, [], asyncio.Event()))
    await asyncio.sleep(0)
    await asyncio.wait_for(desk.leave(0.01), 1)
    task.cancel()


# In the scene, with an engine that can be held up


class SlowEngine:
    """The real engine behind a door."""

    def __init__(self, engine):
        self._engine = engine
        self.door = threading.Event()

    def answer(self, question, _):
        assert self.door.wait(10)
        return self._engine.answer(question)


class Recorder:
    """A place for a reply; does something once it shows that there is a wait."""

    def __init__(self, when_shown):
        self.seen, self._when_shown = [], when_shown

    async def acknowledge(self, ahead):
        self.seen.append(f"acknowledged, {ahead} ahead")

    async def show(self, page):
        self.seen.append(str(page.tree()))
        self._when_shown()

    async def finish(self, pages):
        self.seen.append(str(pages[0].tree()))
        return [1]

    async def decline(self, page):
        self.seen.append(str(page.tree()))

    async def withdraw(self):
        self.seen.append("withdrawn")


async def test_who_waits_is_told_how_many_are_ahead_and_then_answered(open_scene, shelf):
    scene = await open_scene(shelf, DeskRules(at_once=1))
    leave = asyncio.Event()
    first = asyncio.create_task(stand(scene.bot.desk, 1, [], leave))
    await asyncio.sleep(0)
    reply = Recorder(when_shown=leave.set)
    await respond(scene.bot, REQUEST, reply)
    await first
    assert reply.seen[0] == "acknowledged, 1 ahead"
    assert "Busy: 1 ahead of you" in reply.seen[1]
    assert "**[1]**" in reply.seen[-1]


async def test_still_writing_looks_different_from_complete(open_scene, shelf):
    scene = await open_scene(shelf)
    slow = scene.bot.engine = SlowEngine(scene.bot.engine)
    reply = Recorder(when_shown=slow.door.set)
    await respond(scene.bot, REQUEST, reply)
    acknowledged, writing, complete = reply.seen
    assert acknowledged == "acknowledged, 0 ahead"
    assert "Still writing" in writing
    assert "Complete" not in writing
    assert "Complete" in complete
    assert "Still writing" not in complete


async def test_a_question_that_is_cancelled_takes_back_what_was_shown(open_scene, shelf):
    scene = await open_scene(shelf)
    slow = scene.bot.engine = SlowEngine(scene.bot.engine)
    reply = Recorder(when_shown=lambda: scene.bot.desk.withdraw(REQUEST.message_id))
    await respond(scene.bot, REQUEST, reply)
    slow.door.set()
    assert reply.seen[-1] == "withdrawn"
    assert not any("Complete" in one for one in reply.seen)


async def test_a_command_that_has_to_wait_is_acknowledged_with_the_number_ahead(open_scene, shelf):
    scene = await open_scene(shelf, DeskRules(at_once=1))
    with scene.bot.desk.admit(777, None) as place:
        held = asyncio.get_running_loop().call_later(0.3, place.turn.clear)
        asyncio.get_running_loop().call_later(
            0.3, lambda: (scene.bot.desk._line.remove(place), scene.bot.desk._call())
        )
        result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
        held.cancel()
        scene.bot.desk._line.append(place)
    assert acknowledgement(scene.env) == MESSAGE
    assert "**[1]**" in texts(result.response)


async def test_deleting_the_question_cancels_it_and_takes_back_what_was_shown(open_scene, shelf):
    scene = await open_scene(shelf)
    slow = scene.bot.engine = SlowEngine(scene.bot.engine)

    def delete() -> None:
        asked = next(m for m in scene.channel.history() if m.author.id == scene.ann.id)
        scene.env.backend.delete_message(scene.channel.id, asked.id)
        slow.door.set()

    asyncio.get_running_loop().call_later(1.5, delete)
    await scene.ann.send(scene.channel, f"<@{scene.bot.me.id}> {TREATY}")
    assert scene.channel.history() == []
    assert scene.bot.desk._line == []


async def test_fifty_at_once_lose_nothing_and_never_stall_the_loop(open_scene, shelf):
    scene = await open_scene(shelf)
    people = [scene.guild.add_member(scene.env.create_user(f"user{n}")) for n in range(50)]
    for person in people[:-1]:
        scene.env.backend.create_message(
            scene.channel.id, person.id, f"<@{scene.bot.me.id}> {TREATY}"
        )
    worst = 0.0

    async def watch() -> None:
        nonlocal worst
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.01)
            worst = max(worst, loop.time() - before - 0.01)

    watching = asyncio.create_task(watch())
    await people[-1].send(scene.channel, f"<@{scene.bot.me.id}> {TREATY}")
    watching.cancel()
    answered = {
        m.reference.message_id
        for m in scene.channel.history()
        if m.author.id == scene.bot.me.id and "Complete" in texts(m)
    }
    assert len(answered) == 50
    assert worst < 1.0
