"""A request on its way: who asks what, from where; and where that place lets them look."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import discord

from bot.answering.model import Exchange
from store.model import BASE_SCOPE

KindName = Literal["answer", "fact-check", "timeline", "passages"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. ``id`` names it in the log, in the record and in its buttons."""

    kind: KindName
    text: str
    scope: str
    channel_id: int
    user_id: int
    guild_id: int | None = None
    message_id: int | None = None
    private: bool = False
    may_add: bool = False
    """Whether who asks may add what is missing to the server's library."""
    heading: str | None = None
    history: tuple[Exchange, ...] = ()
    as_of: date | None = None
    id: str = field(default_factory=lambda: secrets.token_hex(6))


def scope_of(client: discord.Client, interaction: discord.Interaction[Any]) -> str:
    """A server's own scope where the server installed the bot; else the base corpus alone."""
    guild_id = interaction.guild_id
    if guild_id is None:
        return BASE_SCOPE
    installed = interaction.is_guild_integration() or client.get_guild(guild_id) is not None
    return str(guild_id) if installed else BASE_SCOPE
