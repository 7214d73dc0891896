"""Hostile documents, questions and readers."""

from __future__ import annotations

import re

import pytest

from bot.discord.errors import Declined
from bot.discord.rendering.text import escaped
from tests.bot.discord.reading import buttons, texts
from tests.conftest import plain_version

FERRY = "How many times did the railway ferry cross the Tumen river in 2023?"


def harmless(shown: str) -> None:
    assert not re.search(r"@(everyone|here)\b", shown)
    assert "<@123456789012345678>" not in shown.replace(r"\<", "")
    assert "](https://evil.example)" not in shown.replace(r"\]", "")
    assert "javascript:" not in shown
    assert r"\*\*bold\*\*" in shown or "bold" not in shown


async def test_a_hostile_document_is_shown_as_it_stands_and_does_nothing(scene):
    result = await scene.ann.slash(scene.channel, "ask", question=FERRY)
    shown = texts(result.response)
    assert "77 times" in shown
    harmless(shown)
    opened = await scene.ann.click(result.response, label="[1]")
    harmless(texts(opened.response))
    assert all(button["style"] != 5 for button in buttons(opened.response))


async def test_a_hostile_question_is_shown_as_it_stands(scene):
    question = (
        "@everyone <@123456789012345678> **[x](https://evil.example)** \u202eTreaty Article 4?"
    )
    result = await scene.ann.slash(scene.channel, "ask", question=question)
    shown = texts(result.response)
    assert escaped(question) in shown
    harmless(shown)


async def test_no_message_of_ours_may_ping(scene):
    await scene.ann.slash(scene.channel, "ask", question="@everyone " + FERRY)
    await scene.ann.send(scene.channel, f"<@{scene.bot.me.id}> @everyone " + FERRY)
    bodies = [
        r.json
        for r in scene.env.http_requests
        if isinstance(r.json, dict) and "components" in str(r.json) and r.method != "PUT"
    ]
    assert bodies
    for body in bodies:
        data = body.get("data", body)
        assert data["allowed_mentions"]["parse"] == []


async def test_a_servers_document_is_found_there_and_nowhere_else(open_scene, own_shelf, embedder):
    scene = await open_scene(own_shelf)
    text = "The secret fishing fleet of Rason counts 4,711 boats."
    own_shelf.add(
        plain_version(embedder, text, "/fleet", str(scene.guild.id), title="Fleet", publisher="Us")
    )
    question = "How many boats has the secret fishing fleet of Rason?"
    there = await scene.ann.slash(scene.channel, "ask", question=question)
    assert "4,711" in texts(there.response)

    other = scene.env.create_guild(name="Others")
    their_channel = other.create_text_channel("general")
    eve = other.add_member(scene.env.create_user("eve"))
    elsewhere = await eve.slash(their_channel, "ask", question=question)
    assert "4,711" not in texts(elsewhere.response)
    await eve.user.send_dm(question)
    assert "4,711" not in texts(eve.user.dm_channel.last_message)
    choices = await eve.autocomplete(their_channel, "document", "id", "Fleet")
    assert choices == []
    document = next(
        d.id for d in own_shelf.store.documents(str(scene.guild.id)) if d.scope != "base"
    )
    refused = await eve.slash(their_channel, "document", id=document)
    assert "I know no such document" in texts(refused.response)
    scene.env.errors  # noqa: B018 - seen


async def test_a_citation_of_another_server_does_not_open(open_scene, own_shelf, embedder):
    scene = await open_scene(own_shelf)
    own_shelf.add(
        plain_version(
            embedder, "Rason has 4,711 boats.", "/fleet", str(scene.guild.id), title="Fleet"
        )
    )
    asked = await scene.ann.slash(scene.channel, "ask", question="How many boats has Rason?")
    identifier = buttons(asked.response)[0]["custom_id"].split(":")[2]
    with pytest.raises(Declined, match="another server"):
        await scene.bot.library.open_citation(identifier, 1, "42")


async def test_words_that_are_not_in_the_document_any_more_are_never_shown(open_scene, own_shelf):
    scene = await open_scene(own_shelf)
    result = await scene.ann.slash(scene.channel, "ask", question=FERRY)
    with own_shelf.answers._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE versions SET text = replace(text, '77', '78')")
    opened = await scene.ann.click(result.response, label="[1]")
    assert "can't be found in the document" in texts(opened.response)


async def test_a_citation_opens_after_its_document_was_removed(open_scene, own_shelf):
    scene = await open_scene(own_shelf)
    result = await scene.ann.slash(scene.channel, "ask", question=FERRY)
    for document in own_shelf.store.documents():
        own_shelf.store.remove(document.id)
    opened = await scene.ann.click(result.response, label="[1]")
    assert "77 times" in texts(opened.response)
