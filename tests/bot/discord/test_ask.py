"""Asking by command: the answer, its sources, its buttons."""

from __future__ import annotations

from bot.discord.rendering.page import Accent
from tests.bot.discord.reading import accent, acknowledgement, answer_id, labels, texts

DEFERRED = 5
TREATY = "What does Article 4 of the treaty say?"


async def test_an_answer_shows_the_sentence_its_mark_and_its_source(scene):
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    shown = texts(result.response)
    assert acknowledgement(scene.env) == DEFERRED
    assert "shall provide military and other assistance" in shown
    assert "**[1]**" in shown
    assert "TASS (state media), 5 Dec 2024" in shown
    assert labels(result.response)[0] == "[1]"
    assert accent(result.response) == Accent.COMPLETE
    assert "Complete" in shown


async def test_the_question_of_a_command_is_shown_since_discord_does_not(scene):
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    assert TREATY in texts(result.response)


async def test_a_citation_opens_only_for_the_one_who_presses_it(scene):
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    opened = await scene.ben.click(result.response, label="[1]")
    shown = texts(opened.response)
    assert opened.ephemeral
    assert "**Article 4 of the treaty says that" in shown
    assert "The treaty was signed in Pyongyang on 19 June 2024." in shown
    assert "state media" in shown
    assert "5 Dec 2024" in shown
    assert "base corpus" in shown


async def test_buttons_work_after_a_restart(scene, shelf):
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    message = scene.channel.last_message
    await scene.restart(shelf)
    opened = await scene.ben.click(message, label="[1]")
    assert "**Article 4 of the treaty" in texts(opened.response)
    judged = await scene.ben.click(message, label="Wrong")
    assert judged.ephemeral
    assert shelf.answers.judgements(answer_id(result.response)) == {str(scene.ben.id): "wrong"}
