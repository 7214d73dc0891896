"""Forms that were open while the bot restarted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.discord import controls
from bot.discord.rendering.notices import typed_page
from bot.discord.rendering.page import MOST_TEXT
from store.servers import ServerSettings
from tests.bot.discord.conftest import Scene, Shelf
from tests.bot.discord.reading import texts


@pytest.fixture
def restart(scene: Scene, shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    """Starts another run, which in one process must be told so."""

    async def do() -> None:
        monkeypatch.setattr(controls, "ERA", "another")
        await scene.restart(shelf)

    return do


async def test_what_was_typed_while_the_bot_restarted_is_given_back(scene, restart):
    manager = scene.manager()
    shown = await manager.slash(scene.channel, "setup")
    opened = await manager.click(shown.response, label="Change quotas…")
    await restart()
    told = await manager.submit_modal(opened, {"documents": "7", "megabytes": "12"})
    assert told.ephemeral
    said = texts(told.response)
    assert "I was restarted" in said
    assert "**Documents**\n```\n7\n```" in said
    assert "**Megabytes**\n```\n12\n```" in said
    assert scene.bot.library.servers.settings(scene.guild.id) == ServerSettings()


async def test_links_are_given_back_and_files_asked_for_again(scene, restart):
    manager = scene.manager()
    opened = await manager.slash(scene.channel, "add")
    await restart()
    links = "https://a.example/1\nhttps://b.example/```2 @everyone"
    told = await manager.submit_modal(opened, {"links": links, "files": [("a.txt", b"a")]})
    said = texts(told.response)
    assert "```\nhttps://a.example/1\nhttps://b.example/'''2 @everyone\n```" in said
    assert "files again" in said
    assert scene.titles() == []


async def test_a_form_of_this_run_is_answered_once(scene):
    manager = scene.manager()
    shown = await manager.slash(scene.channel, "setup")
    opened = await manager.click(shown.response, label="Change quotas…")
    told = await manager.submit_modal(opened, {"documents": "7", "megabytes": "12"})
    assert "restarted" not in texts(told.response or shown.response)
    assert scene.bot.library.servers.settings(scene.guild.id).documents_a_day == 7


def test_the_longest_form_fits_whole_and_a_longer_one_is_cut():
    form = dict.fromkeys(("title", "publisher", "published", "language"), "`" * 300)
    whole = texts_of(typed_page(form, files=0))
    assert whole.count("'" * 300) == 4
    cut = texts_of(typed_page({"a": "x" * 4_000, "b": "y"}, files=3))
    assert len(cut) <= MOST_TEXT
    assert "x …" in cut


def texts_of(page) -> str:
    return texts(SimpleNamespace(components=page.tree()))
