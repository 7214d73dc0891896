"""Answers by a chat model on Discord: their look, their details, and a server's own choice."""

from __future__ import annotations

import discord
import pytest
import pytest_asyncio

from bot.answering.engine import AnswerEngine
from bot.answering.generative.chat import ModelSpec
from bot.answering.generative.models import Models
from store.model_use import open_model_use
from tests.bot.discord.reading import texts
from tests.model_server import Reply, running_server

QUESTION = "When did the treaty enter into force?"
GOOD = "The treaty has been in force since 4 December 2024 [{id}]."
BAD = "The treaty has been in force since 4 December 2021 [{id}]."


@pytest.fixture
def server():
    with running_server() as running:
        yield running


@pytest_asyncio.fixture
async def scene(own_shelf, open_scene, server, monkeypatch):
    """The usual scene, with a model."""
    with open_model_use(own_shelf.folder) as use:
        spec = ModelSpec("openai:scripted", base_url=f"{server.url}/v1", timeout=10)
        engine = AnswerEngine(own_shelf.store, Models([spec], use, 10**9))
        monkeypatch.setattr(
            "tests.bot.discord.conftest.AnswerEngine", lambda _: engine, raising=True
        )
        yield await open_scene(own_shelf)


def says(server, text, **how):
    server.script = lambda asked: Reply(
        text.replace("{id}", asked.id_of("The treaty entered into force")), **how
    )


async def test_an_answer_is_in_the_models_words_with_the_exact_words_behind_it(scene, server):
    says(server, GOOD)
    result = await scene.ann.slash(scene.channel, "ask", question=QUESTION)
    said = texts(result.response)
    assert "The treaty has been in force since 4 December 2024. **[1]**" in said
    assert "1 sentence, checked. Sources: 1 document" in said
    assert "“The treaty has" not in said
    opened = await scene.ann.click(result.response, label="[1]")
    assert "**The treaty entered into force on 4 December 2024" in texts(opened.response)


async def test_what_was_dropped_is_counted_and_explained_to_who_asks(scene, server):
    says(server, f"{GOOD} {BAD} <@123> @everyone [{{id}}]")
    result = await scene.ann.slash(scene.channel, "ask", question=QUESTION)
    said = texts(result.response)
    assert "left out" in said
    assert "2021" not in said
    assert "@everyone" not in said
    opened = await scene.ben.click(result.response, label="Details")
    assert opened.ephemeral
    why = texts(opened.response)
    assert "4 December 2021” is not in what it cites" in why
    assert "openai:scripted" in why


async def test_a_fault_is_one_calm_line_under_quotes(scene, server):
    server.says(Reply(status=401, error="bad key sk-123"))
    result = await scene.ann.slash(scene.channel, "ask", question=QUESTION)
    said = texts(result.response)
    assert "“The treaty entered into force on 4 December 2024" in said
    assert "its key is not valid, so this answer quotes the sources directly" in said
    assert "sk-123" not in said


async def test_an_admin_turns_the_model_off_for_this_server_alone(scene, server):
    says(server, GOOD)
    role = scene.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    boss = scene.guild.add_member(scene.env.create_user("boss"), roles=[role])
    chosen = await boss.slash(scene.channel, "model", name="none")
    assert "quotes, word for word" in texts(chosen.response)
    result = await scene.ann.slash(scene.channel, "ask", question=QUESTION)
    assert "“The treaty entered into force" in texts(result.response)
    assert server.asked == []
