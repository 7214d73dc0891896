"""A real bot over a real store and the real model, in simcord's Discord."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
import pytest_asyncio
import sqlalchemy as sa
from simcord.env import Env

from bot.answering.engine import AnswerEngine
from bot.discord.client import TumenBot
from bot.discord.desk import Desk, DeskRules
from bot.discord.library import Library, open_library
from ingest.versions import embed_versions
from store import schema
from store.answers import AnswerRecord
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
    library: Library

    @property
    def store(self) -> Store:
        return self.library.store

    @property
    def answers(self) -> AnswerRecord:
        return self.library.answers

    def add(self, version: Version) -> str:
        """Make one more document searchable; gives its id."""
        return self.add_all([version])[0]

    def add_all(self, versions: list[Version]) -> list[str]:
        """Make documents searchable; gives their ids."""
        vectors = embed_versions(versions, self.store.embedder, set())
        return [identifier for identifier, _ in self.store.add(versions, vectors)]

    def forget(self) -> None:
        """Drop all answers, settings, and what servers added."""
        others = sa.select(schema.documents.c.id).where(schema.documents.c.scope != BASE_SCOPE)
        with self.answers._engine.connect() as connection:
            added = connection.execute(
                sa.select(schema.versions.c.document_id, schema.documents.c.scope)
                .join(schema.documents, schema.documents.c.id == schema.versions.c.document_id)
                .where(schema.versions.c.state == "live", schema.documents.c.scope != BASE_SCOPE)
            ).all()
        for identifier, scope in added:
            self.store.remove(identifier, scope)
        with self.answers._engine.begin() as connection:
            for table in (schema.passages, schema.corrections, schema.versions):
                connection.execute(table.delete().where(table.c.document_id.in_(others)))
            connection.execute(
                schema.documents.delete().where(schema.documents.c.scope != BASE_SCOPE)
            )
            for table in (
                schema.feedback,
                schema.answer_messages,
                schema.answer_citations,
                schema.answers,
                schema.server_settings,
                schema.audit_log,
                schema.drafts,
                schema.auto_answer_channels,
                schema.synced_commands,
            ):
                connection.execute(table.delete())


def open_shelf(folder: Path, embedder: Embedder) -> Iterator[Shelf]:
    with (
        open_store(folder, lambda: embedder, "the Discord tests") as store,
        open_library(store) as library,
    ):
        shelf = Shelf(folder, library)
        for text, meta in DOCUMENTS:
            shelf.add(plain_version(embedder, text, meta["title"], BASE_SCOPE, **meta))
        yield shelf


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Shelf]:
    """Documents of the base that tests only read; each scene forgets all else."""
    yield from open_shelf(tmp_path_factory.mktemp("discord") / "home", embedder)


@pytest.fixture
def own_shelf(tmp_path: Path, embedder: Embedder) -> Iterator[Shelf]:
    """The same documents for one test alone."""
    yield from open_shelf(tmp_path / "home", embedder)


def make_bot(shelf: Shelf, rules: DeskRules | None = None, **options: Any) -> TumenBot:
    return TumenBot(
        AnswerEngine(shelf.store),
        shelf.library,
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

    def manager(self, name: str = "max") -> Any:
        """A member with Manage Server."""
        rights = discord.Permissions(manage_guild=True)
        role = self.guild.create_role(f"Managers of {name}", permissions=rights)
        return self.guild.add_member(self.env.create_user(name), roles=[role])

    @property
    def scope(self) -> str:
        """The server's own scope."""
        return str(self.guild.id)

    def titles(self) -> list[str]:
        """The titles of the documents that the server added."""
        store = self.bot.library.store
        return [d.metadata.title for d in store.documents(self.scope) if d.scope == self.scope]

    def log(self) -> list[str]:
        """What the audit log says was done, newest first."""
        return [entry.action for entry in self.bot.library.servers.entries(self.scope)]

    def demote(self, member: Any) -> None:
        """Take all roles away from a member."""
        self.env.backend.get_guild(self.guild.id).members[member.id].role_ids.clear()

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
        shelf.library.servers.meet(guild.id, greeting=False)  # so that a restart greets nobody
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
