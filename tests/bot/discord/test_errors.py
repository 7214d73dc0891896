"""When things go wrong: one calm sentence for the user, and the log with the id that it names."""

from __future__ import annotations

import re

import pytest

from store.errors import StoreError
from tests.bot.discord.reading import accent, labels, texts

TREATY = "What does Article 4 of the treaty say?"
WORDS = "xyzzy never to be logged"


class BrokenEngine:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def answer(self, *_):
        raise self.error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuntimeError(WORDS), "Something went wrong on my side"),
        (StoreError("database is locked"), "My documents can't be read at the moment"),
        (MemoryError(), "Something went wrong on my side"),
    ],
)
async def test_a_failing_engine_is_met_with_a_calm_sentence(scene, caplog, error, sentence):
    scene.bot.engine = BrokenEngine(error)
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    shown = texts(result.response)
    assert sentence in shown
    assert WORDS not in shown
    assert "Traceback" not in shown
    [log_id] = re.findall(r"operator: ([0-9a-f]{6})\.", shown)
    assert log_id in caplog.text
    assert labels(result.response) == []


async def test_the_bot_goes_on_after_a_failure(scene):
    engine = scene.bot.engine
    scene.bot.engine = BrokenEngine(RuntimeError())
    await scene.ann.slash(scene.channel, "ask", question=TREATY)
    scene.bot.engine = engine
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    assert "**[1]**" in texts(result.response)


async def test_a_failing_mention_is_answered_with_the_sentence_too(scene):
    scene.bot.engine = BrokenEngine(RuntimeError())
    await scene.ann.send(scene.channel, f"<@{scene.bot.me.id}> {TREATY}")
    assert "Something went wrong on my side" in scene.said()


async def test_a_record_that_can_not_be_written_shows_no_button_that_would_lead_nowhere(
    open_scene, own_shelf
):
    scene = await open_scene(own_shelf)
    with own_shelf.answers._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE answers RENAME TO gone")
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    assert "Something went wrong" in texts(result.response)
    assert labels(result.response) == []


async def test_an_answer_whose_message_can_not_be_noted_stays(open_scene, own_shelf):
    scene = await open_scene(own_shelf)
    with own_shelf.answers._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE answer_messages RENAME TO gone")
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    assert "**[1]**" in texts(result.response)


async def test_a_failing_button_tells_only_the_one_who_pressed(open_scene, own_shelf):
    scene = await open_scene(own_shelf)
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    before = texts(result.response)
    with own_shelf.answers._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE feedback RENAME TO gone")
    pressed = await scene.ben.click(result.response, label="Helpful")
    assert "Something went wrong" in texts(pressed.response)
    assert pressed.response.ephemeral
    assert texts(result.response) == before


async def test_the_buttons_of_a_forgotten_answer_say_so(scene, shelf):
    result = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    shelf.forget()
    for label in ("[1]", "Helpful"):
        pressed = await scene.ben.click(result.response, label=label)
        assert "don't have this answer on record" in texts(pressed.response)


async def test_a_permission_that_was_just_taken_is_met_calmly(scene, caplog):
    scene.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    await scene.ann.send(scene.channel, f"<@{scene.bot.me.id}> {TREATY}")
    assert "code 50013" in caplog.text
    assert "Traceback" not in caplog.text


async def test_an_answer_whose_place_was_deleted_is_let_go(scene, caplog):
    scene.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=404, code=10008)
    await scene.ann.slash(scene.channel, "ask", question=TREATY)
    assert "was deleted" in caplog.text
    assert len(scene.channel.history()) <= 1


@pytest.mark.parametrize(("status", "code"), [(401, 50027), (404, 10015)])
async def test_an_answer_that_outlived_its_token_goes_to_the_channel(scene, status, code):
    scene.env.inject_error(
        "PATCH", "/webhooks/*/messages/@original", status=status, code=code, times=None
    )
    await scene.ann.slash(scene.channel, "ask", question=TREATY)
    assert "**[1]**" in scene.said()


async def test_a_private_answer_that_outlived_its_token_stays_private(scene):
    scene.env.inject_error(
        "PATCH", "/webhooks/*/messages/@original", status=401, code=50027, times=None
    )
    await scene.ann.slash(scene.channel, "ask", question=TREATY, private=True)
    assert "**[1]**" in texts(scene.ann.user.dm_channel.last_message)
    assert not any("**[1]**" in texts(message) for message in scene.channel.history())


async def test_the_log_holds_no_message_and_an_id_for_each_question(scene, caplog):
    await scene.ann.slash(scene.channel, "ask", question=f"{TREATY} {WORDS}")
    await scene.ann.send(scene.channel, f"<@{scene.bot.me.id}> {TREATY} {WORDS}")
    await scene.ann.send(scene.channel, WORDS)
    assert WORDS not in caplog.text
    assert len(set(re.findall(r"question ([0-9a-f]{12}): answer in", caplog.text))) == 2


async def test_a_failure_looks_different_from_an_answer(scene):
    good = await scene.ann.slash(scene.channel, "ask", question=TREATY)
    scene.bot.engine = BrokenEngine(RuntimeError())
    bad = await scene.ben.slash(scene.channel, "ask", question=TREATY)
    assert accent(good.response) != accent(bad.response)
