"""Fixtures of the wire suite: a double with a server, people and a channel; a filled home."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.discord_double import description
from tests.discord_double.bot_process import BotProcess, copied, fill_home, running_bot
from tests.discord_double.double import DiscordDouble
from tests.discord_double.world import Channel, Guild, Message, User


@dataclass
class Scene:
    """A double with what most tests need in it."""

    double: DiscordDouble
    guild: Guild
    channel: Channel
    owner: User
    ada: User
    ben: User
    bot: BotProcess | None = None

    def someone(self) -> User:
        """A person who has asked nothing yet."""
        return self.double.user(f"Visitor {len(self.double.world.users)}")

    async def mention(self, text: str) -> Message:
        """Somebody mentions the bot in the channel."""
        words = f"{self.double.world.bot.mention} {text}"
        return await self.double.say(self.channel, self.someone(), words)


def furnish(double: DiscordDouble) -> Scene:
    """A server with an owner, two members and a channel."""
    owner = double.user("Olga", admin=True)
    guild = double.guild("Border watchers", owner)
    ada, ben = double.user("Ada"), double.user("Ben")
    return Scene(double, guild, double.channel(guild, "questions"), owner, ada, ben)


@asynccontextmanager
async def furnished() -> AsyncIterator[Scene]:
    """A furnished double; at the end no body may have broken a rule of Discord's."""
    async with DiscordDouble() as double:
        yield furnish(double)
        assert double.internal_errors == []
        assert double.refusals() == []
        if not description.available():
            warnings.warn(description.ABSENT, stacklevel=2)
        assert double.complaints() == []


@asynccontextmanager
async def living(home: Path) -> AsyncIterator[Scene]:
    """A furnished double with the bot in it as its own process, which must outlive the scenes."""
    async with furnished() as scene, running_bot(scene.double, home) as bot:
        scene.bot = bot
        try:
            yield scene
        finally:
            print(bot.said)  # pytest shows it when something failed
        assert bot.running, bot.said


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A furnished double of its own."""
    async with furnished() as made:
        yield made


@pytest.fixture(scope="session")
def wire_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a few documents in it; copy it before you spoil it."""
    home = tmp_path_factory.mktemp("wire") / "home"
    fill_home(home)
    return home


@pytest.fixture
def home(wire_home: Path, tmp_path: Path) -> Path:
    """A home that a test may spoil."""
    return copied(wire_home, tmp_path / "home")
