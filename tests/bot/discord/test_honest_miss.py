"""A question that the corpus does not answer asks for a source, and is answered when it comes."""

from __future__ import annotations

import pytest

from tests.bot.discord.files import BRIDGE, BRIDGE_QUESTION, letter
from tests.bot.discord.reading import labels, texts


@pytest.fixture
async def library(open_scene, shelf):
    """A scene over the shelf, which says nothing of the bridge."""
    return await open_scene(shelf)


async def test_an_honest_miss_is_answered_again_once_a_source_is_there(library):
    miss = await library.ann.slash(library.channel, "ask", question=BRIDGE_QUESTION)
    assert "The corpus does not answer this" in texts(miss.response)
    assert "Add a source" not in labels(miss.response)  # ann may not
    keeper = library.manager()
    details = await keeper.click(miss.response, label="Details")
    opened = await keeper.click(details.response, label="Add a source")
    shown = await keeper.submit_modal(opened, {"files": [("bridge.md", BRIDGE)]})
    await keeper.click(shown.response, label="Confirm")
    await library.env.settle()
    again = library.said()
    assert f"<@{library.ann.id}>, there is an answer to your question now" in again
    assert "850 metres" in again


async def test_a_miss_of_a_private_question_is_answered_in_private(library):
    library.bot.library.servers.change(
        library.guild.id, 1, "x", add_roles=[library.guild.default_role.id]
    )
    miss = await library.ann.slash(library.channel, "ask", question=BRIDGE_QUESTION, private=True)
    opened = await library.ann.click(miss.response, label="Add a source")
    shown = await library.ann.submit_modal(opened, {"files": [("bridge.md", BRIDGE)]})
    await library.ann.click(shown.response, label="Confirm")
    await library.env.settle()
    assert "850 metres" in texts(library.ann.user.dm_channel.last_message)
    assert all(m.author.id != library.bot.me.id for m in library.channel.history())


async def test_a_source_that_does_not_answer_disturbs_nobody(library):
    keeper = library.manager()
    miss = await keeper.slash(library.channel, "ask", question=BRIDGE_QUESTION)
    opened = await keeper.click(miss.response, label="Add a source")
    shown = await keeper.submit_modal(opened, {"files": [("letter.txt", letter(9))]})
    before = len(library.channel.history())
    await keeper.click(shown.response, label="Confirm")
    await library.env.settle()
    assert len(library.channel.history()) == before


async def test_a_source_is_asked_for_only_of_those_who_may_add_one(library):
    me = library.bot.me.mention
    await library.ann.send(library.channel, f"{me} {BRIDGE_QUESTION}")
    miss = library.channel.last_message
    assert "Add a source" not in labels(miss)
    details = await library.ben.click(miss, label="Details")
    assert "Add a source" not in labels(details.response)
    keeper = library.manager()
    await keeper.send(library.channel, f"{me} {BRIDGE_QUESTION}")
    miss = library.channel.last_message
    # Everybody sees the button of a public answer; who may not add is told why.
    refused = await library.ben.click(miss, label="Add a source")
    assert "You can't change this server's library" in texts(refused.response)


async def test_the_details_of_an_answer_ask_for_no_source(library):
    keeper = library.manager()
    question = "What does Article 4 of the treaty say?"
    answer = await keeper.slash(library.channel, "ask", question=question)
    details = await keeper.click(answer.response, label="Details")
    assert "Add a source" not in labels(details.response)
