"""Fixtures of the wire suite: a double with a server, people and a channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.discord_double.double import DiscordDouble
from tests.discord_double.world import Channel, Guild, User


@dataclass
class Scene:
    """A double with what most tests need in it."""

    double: DiscordDouble
    guild: Guild
    channel: Channel
    owner: User
    ada: User
    ben: User


def furnish(double: DiscordDouble) -> Scene:
    """A server with an owner, two members and a channel."""
    owner = double.user("Olga", admin=True)
    guild = double.guild("Border watchers", owner)
    ada, ben = double.user("Ada"), double.user("Ben")
    return Scene(double, guild, double.channel(guild, "questions"), owner, ada, ben)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A furnished double; at the end it must have no complaint and no error of its own."""
    async with DiscordDouble() as double:
        yield furnish(double)
        assert double.internal_errors == []
        assert double.complaints() == []
