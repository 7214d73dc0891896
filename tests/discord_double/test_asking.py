"""End to end: the bot as its own process is asked in every way, by people of one server."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.discord_double.conftest import Scene, living
from tests.discord_double.reading import (
    CITATION,
    HELPFUL,
    SHELLS,
    TREATY,
    UNKNOWN,
    answered,
    citations,
    complete,
)
from tests.discord_double.world import COMPONENTS_V2, SEND_MESSAGES, Message

pytestmark = pytest.mark.asyncio(loop_scope="module")

DEFER, MESSAGE = 5, 4
ACKNOWLEDGED_WITHIN = 3.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(wire_home: Path) -> AsyncIterator[Scene]:
    """One bot for the module, in a furnished double."""
    async with living(wire_home) as scene:
        yield scene
        assert "Traceback" not in scene.bot.said
        assert "Can't keep up" not in scene.bot.said, "its heartbeat was late"


async def ask(live: Scene, question: str = TREATY, **options: object) -> Message:
    asker = live.someone()
    asked = await live.double.slash(asker, live.channel, "ask", question=question, **options)
    return await live.double.wait_answer(asked, complete)


async def mention(live: Scene, text: str, **more: object) -> tuple[Message, Message]:
    asked = await live.double.say(
        live.channel, live.someone(), f"{live.double.world.bot.mention} {text}", **more
    )
    return asked, await live.double.wait_message(live.channel, complete, after=asked)


async def test_it_logs_in_and_registers_its_commands_once(live: Scene):
    [(scope, commands)] = live.double.world.command_puts
    names = {command["name"] for command in commands}
    assert scope is None
    assert {"ask", "sources", "document", "timeline", "help"} <= names
    assert {"Ask about this", "Fact-check this"} <= names
    everywhere = next(command for command in commands if command["name"] == "ask")
    assert set(everywhere["integration_types"]) == {0, 1}
    assert {"ko", "ru", "zh-CN"} <= set(everywhere["description_localizations"])


async def test_a_mention_gets_a_cited_answer_in_reply(live: Scene):
    asked, answer = await mention(live, TREATY)
    assert answer.replies_to is asked
    assert answer.flags & COMPONENTS_V2
    assert "Article 4" in answer.text
    assert "[1]" in citations(answer)
    assert answer.pings == []


async def test_something_is_seen_at_once_after_a_mention(live: Scene):
    asked, answer = await mention(live, SHELLS)
    seen = [at for at in live.channel.typing if at >= asked.at] + [answer.revisions[0][0]]
    assert min(seen) - asked.at < 1.0


async def test_ask_is_acknowledged_in_time_and_answered(live: Scene):
    asked = await live.double.slash(live.someone(), live.channel, "ask", question=SHELLS)
    answer = await live.double.wait_answer(asked, answered)
    assert asked.acknowledged in (DEFER, MESSAGE)
    assert asked.acknowledged_after is not None
    assert asked.acknowledged_after < ACKNOWLEDGED_WITHIN
    assert "shells" in answer.text
    assert not answer.ephemeral


async def test_a_citation_opens_only_for_the_one_who_presses(live: Scene):
    answer = await ask(live)
    pressed = await live.double.press(answer, CITATION, live.ben)
    opened = await live.double.wait_answer(pressed)
    assert opened.ephemeral
    assert re.search(r"\*\*[^*]*Article 4[^*]*\*\*", opened.text), "the quoted words are in bold"
    assert "Tumen briefs" in opened.text
    linked = any(button.get("url", "").startswith("http") for button in opened.buttons)
    assert linked or re.search(r"\]\(https?://", opened.text), "its source can be followed"


async def test_feedback_is_thanked_for_privately(live: Scene):
    answer = await ask(live)
    pressed = await live.double.press(answer, HELPFUL, live.ben)
    thanks = await live.double.wait_answer(pressed)
    assert thanks.ephemeral
    assert "helpful" in thanks.text.lower()


async def test_a_private_answer_can_be_shared(live: Scene):
    before = set(live.channel.messages)
    answer = await ask(live, private=True)
    assert answer.ephemeral
    assert set(live.channel.messages) == before
    await live.double.press(answer, re.compile("^Share"), answer.interaction.user)
    shared = await live.double.until(
        lambda: [m for i, m in live.channel.messages.items() if i not in before and answered(m)]
    )
    assert "Article 4" in shared[0].text


async def test_a_reply_to_an_answer_is_understood_as_a_follow_up(live: Scene):
    _, first = await mention(live, SHELLS)
    asked = await live.double.say(live.channel, live.someone(), "and in 2025?", reply_to=first)
    answer = await live.double.wait_message(live.channel, answered, after=asked)
    assert answer.replies_to is asked
    assert "2025" in answer.text


async def test_what_the_corpus_lacks_is_said_honestly(live: Scene):
    _, answer = await mention(live, UNKNOWN)
    assert "does not answer" in answer.text or "not in the corpus" in answer.text
    assert answer.text.count("[1]") == 0 or "nearest" in answer.text.lower()


async def test_a_direct_message_is_answered(live: Scene):
    asker = live.someone()
    direct = live.double.world.direct(asker)
    asked = await live.double.say(direct, asker, TREATY)
    assert "Article 4" in (await live.double.wait_message(direct, answered, after=asked)).text


@pytest.mark.parametrize("menu", ["Ask about this", "Fact-check this"])
async def test_the_menu_of_a_message_works(live: Scene, menu: str):
    text = "North Korea sent Russia 28,000 containers of shells. What does Article 4 say?"
    target = await live.double.say(live.channel, live.ben, text)
    used = await live.double.context_menu(live.someone(), live.channel, menu, target)
    answer = await live.double.wait_answer(used, lambda m: bool(citations(m)))
    assert "28,000" in answer.text or "Article 4" in answer.text


async def test_it_works_privately_in_a_server_that_never_invited_it(live: Scene):
    elsewhere = live.double.guild("Elsewhere", live.ben, has_bot=False)
    channel = live.double.channel(elsewhere, "general")
    asked = await live.double.slash(live.ben, channel, "ask", question=TREATY, private=True)
    assert (await live.double.wait_answer(asked, answered)).ephemeral


async def test_help_and_sources_answer(live: Scene):
    double = live.double
    helped = await double.slash(live.someone(), live.channel, "help")
    assert "/ask" in (await double.wait_answer(helped)).text
    found = await double.slash(live.someone(), live.channel, "sources", query="treaty Article 4")
    assert "Article 4" in (await double.wait_answer(found, lambda m: "Article" in m.text)).text


async def test_a_timeline_is_dated_and_cited(live: Scene):
    asked = await live.double.slash(live.someone(), live.channel, "timeline", topic="treaty")
    answer = await live.double.wait_answer(asked, lambda m: bool(citations(m)))
    assert "2024" in answer.text


async def test_a_document_is_offered_and_shown(live: Scene):
    double = live.double
    typed = await double.autocomplete(live.ada, live.channel, "document", "id", id="treaty")
    await double.wait_acknowledged(typed)
    assert typed.choices
    assert all("treaty" in choice["name"].lower() for choice in typed.choices)
    chosen = typed.choices[0]
    asked = await double.slash(live.ada, live.channel, "document", id=chosen["value"])
    assert chosen["name"][:30] in (await double.wait_answer(asked)).text


async def test_nothing_pings_even_when_the_question_tries(live: Scene):
    _, answer = await mention(live, f"@everyone {live.owner.mention} {UNKNOWN}")
    assert answer.pings == []
    assert all(m.pings == [] for m in live.double.world.messages() if m.author.bot)


async def test_forum_posts_are_answered_where_an_admin_turned_it_on(live: Scene):
    double = live.double
    forum = double.forum(live.guild, f"posts-{len(double.world.channels)}")
    await double.announce(forum)
    with pytest.raises(LookupError, match="not offered"):
        await double.slash(live.ben, forum, "auto-answer", state="on")
    turned = await double.slash(live.owner, live.channel, "auto-answer", state="on", channel=forum)
    assert (await double.wait_answer(turned)).ephemeral
    post = await double.forum_post(forum, live.someone(), "A question", TREATY, 0.3)
    assert await double.wait_message(post, answered)
    follow = await double.say(post, live.someone(), SHELLS)
    assert await double.wait_message(post, answered, after=follow)


async def test_an_edit_that_adds_a_mention_asks(live: Scene):
    said = await live.double.say(live.channel, live.someone(), TREATY)
    await live.double.edit(said, f"{live.double.world.bot.mention} {TREATY}")
    assert await live.double.wait_message(live.channel, answered, after=said)
    await live.double.edit(said, f"{live.double.world.bot.mention} {TREATY} Please.")
    _, other = await mention(live, SHELLS)
    replies = [m for m in live.channel.messages.values() if m.replies_to is said]
    assert len(replies) == 1
    assert other


async def test_other_bots_and_webhooks_are_ignored(live: Scene):
    double = live.double
    robot = double.user("Robot", bot=True)
    text = f"{double.world.bot.mention} {TREATY}"
    first = await double.say(live.channel, robot, text)
    await double.say(live.channel, robot, text, webhook=True)
    _, answer = await mention(live, SHELLS)
    replies = [m for m in live.channel.messages.values() if m.id > first.id and m.author.bot]
    assert [m for m in replies if m.replies_to and m.replies_to.author is robot] == []
    assert answer


async def test_where_it_may_not_write_nothing_breaks(live: Scene):
    double = live.double
    shut = double.channel(live.guild, "read-only", denied_to_bot=SEND_MESSAGES)
    await double.announce(shut)
    asker = live.someone()
    await double.say(shut, asker, f"{double.world.bot.mention} {TREATY}")
    asked = await double.slash(live.someone(), shut, "ask", question=TREATY)
    assert await double.wait_answer(asked, answered)
    assert [m for m in shut.messages.values() if m.author.bot and not m.interaction] == []
    told = await double.wait_message(double.world.direct(asker))
    assert "Send Messages" in told.text
