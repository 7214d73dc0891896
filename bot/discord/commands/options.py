"""Options that several commands share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import discord
from discord import app_commands

from bot.discord.errors import Declined
from bot.discord.language import say
from store.model import last_day

MOST_CHOICES = 25
FIRST_YEAR = 2022
Interaction = discord.Interaction[Any]


class Day(app_commands.Transformer):
    """A day, month or year in ISO form; a part of a date means its last day."""

    async def transform(self, _: Interaction, value: str, /) -> date:
        """The day meant; raises :class:`Declined`."""
        day = last_day(value.strip())
        if day is None:
            raise Declined(
                say("I can't read that date. Write it like 2024-12-31, 2024-12 or 2024.")
            )
        return day

    async def autocomplete(  # type: ignore[override]
        self, _: Interaction, value: str, /
    ) -> list[app_commands.Choice[str]]:
        """Today and the ends of the last years."""
        today = datetime.now(UTC).date()
        days = [today, *(date(year, 12, 31) for year in range(today.year - 1, FIRST_YEAR - 1, -1))]
        shown = [day.isoformat() for day in days if day.isoformat().startswith(value.strip())]
        return [app_commands.Choice(name=day, value=day) for day in shown[:MOST_CHOICES]]


AsOf = app_commands.Transform[date, Day]
