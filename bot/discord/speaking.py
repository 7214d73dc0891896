"""Which language is spoken to whom: the server's choice, else what Discord tells of the reader."""

from __future__ import annotations

import asyncio
from typing import Any

import discord

from bot.discord.language import ENGLISH, LANGUAGES, of_locale, speak
from store.language import detect_language
from store.servers import ServerRecord


class Speaking:
    """Sets the language for the task that calls it."""

    def __init__(self, record: ServerRecord) -> None:
        self._record = record
        self._chosen: dict[int, str] = {}

    async def load(self) -> None:
        """Read what servers have chosen."""
        self._chosen = await asyncio.to_thread(self._record.languages)

    def choose(self, guild_id: int, language: str | None) -> None:
        """A server has chosen a language, or that of each member."""
        if language:
            self._chosen[guild_id] = language
        else:
            self._chosen.pop(guild_id, None)

    def to(self, interaction: discord.Interaction[Any]) -> None:
        """Speak to who acts: in the server's language, else in that of their Discord."""
        chosen = self._chosen.get(interaction.guild_id or 0)
        speak(chosen or of_locale(interaction.locale) or ENGLISH)

    def about(self, message: str, guild: discord.Guild | None) -> None:
        """Speak to who wrote a message: in the server's language, else in that of the message."""
        chosen = self._chosen.get(guild.id) if guild else None
        written = detect_language(message)
        speak(chosen or (written if written in LANGUAGES else None) or _preferred(guild))

    def in_server(self, guild: discord.Guild) -> None:
        """Speak to all in a server."""
        speak(self._chosen.get(guild.id) or _preferred(guild))


def _preferred(guild: discord.Guild | None) -> str:
    return (of_locale(guild.preferred_locale) if guild else None) or ENGLISH
