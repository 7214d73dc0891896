"""A real bot over a real store and the real model, in simcord's Discord."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from simcord.env import Env

from bot.answering.engine import AnswerEngine
from bot.discord.client import TumenBot
from bot.discord.desk import Desk, DeskRules
from bot.discord.library import Library
from ingest.versions import embed_versions
from store import schema
from store.answers import AnswerRecord, open_answers
from store.embedding import Embedder
from store.model import BASE_SCOPE, Version
from store.store import Store, open_store
from tests.bot.discord.documents import DOCUMENTS
from tests.bot.discord.reading import texts
from tests.conftest import plain_version


@dataclass(frozen=True)
class Shelf:
    """A store with a few documents, its record of answers, and where they lie."""

    folder: Path
    store: Store
    answers: AnswerRecord

    def add(self, version: Version) -> str:
        """Make one more document searchable; gives its id."""
        [(identifier, _)] = self.store.add(
            [version], embed_versions([version], self.store.embedder, set())
        )
        return identifier

    def forget(self) -> None:
        """Drop all answers and settings."""
        with self.answers._engine.begin() as connection:
            for table in (
                schema.feedback,
                schema.answer_messages,
                schema.answers,
                schema.auto_answer_channels,
                schema.synced_commands,
            ):
                connection.execute(table.delete())


def open_shelf(folder: Path, embedder: Embedder) -> Iterator[Shelf]:
    with (
        open_store(folder, lambda: embedder, "the Discord tests") as store,
        open_answers(folder) as answers,
    ):
        shelf = Shelf(folder, store, answers)
        for text, meta in DOCUMENTS:
            shelf.add(plain_version(embedder, text, meta["title"], BASE_SCOPE, **meta))
        yield shelf


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Shelf]:
    """Documents that tests only read. Answers accumulate; their ids are all different."""
    yield from open_shelf(tmp_path_factory.mktemp("discord") / "home", embedder)


@pytest.fixture
def own_shelf(tmp_path: Path, embedder: Embedder) -> Iterator[Shelf]:
    """The same documents for one test alone."""
    yield from open_shelf(tmp_path / "home", embedder)


def make_bot(shelf: Shelf, rules: DeskRules | None = None, **options: Any) -> TumenBot:
    return TumenBot(
        AnswerEngine(shelf.store),
        Library(shelf.store, shelf.answers),
        Desk(rules),
        shard_count=1,
        **options,
    )


@dataclass
class Scene:
    """A server with a channel, two members, and the bot in it."""

    env: Env
    guild: Any
    channel: Any
    ann: Any
    ben: Any

    @property
    def bot(self) -> TumenBot:
        return self.env.bot

    def said(self) -> str:
        """All that the channel's last message shows."""
        return texts(self.channel.last_message)

    async def restart(self, shelf: Shelf, **options: Any) -> None:
        """Kill the bot and start another over the same record."""
        await self.env.restart_bot(make_bot(shelf, **options))


Opener = Callable[..., Any]


@pytest_asyncio.fixture
async def open_scene() -> AsyncIterator[Opener]:
    """Opens a scene over a shelf; what the bot swallowed fails the test at its end."""
    envs: list[Env] = []

    async def open_it(shelf: Shelf, rules: DeskRules | None = None, **options: Any) -> Scene:
        sim = options.pop("sim", {})
        env = Env(make_bot(shelf, rules, **options), settle_timeout=20.0, **sim)
        shelf.forget()  # this Discord is new, and gives the same ids as the last one
        await env.start()
        envs.append(env)
        guild = env.create_guild(name="Watchers")
        channel = guild.create_text_channel("general")
        ann = guild.add_member(env.create_user("ann"))
        ben = guild.add_member(env.create_user("ben"))
        return Scene(env, guild, channel, ann, ben)

    yield open_it
    for env in envs:
        await env.shutdown()
        env._raise_errors_since(env._errors_acknowledged)


@pytest_asyncio.fixture
async def scene(open_scene: Opener, shelf: Shelf) -> Scene:
    """The usual scene."""
    return await open_scene(shelf)


@pytest.fixture(autouse=True)
def _logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.discord")
