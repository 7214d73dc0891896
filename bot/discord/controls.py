"""What our buttons, selects and modals share."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.discord.errors import carefully

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

Interaction = discord.Interaction[Any]
Button = ui.Button[Any]

ERA = secrets.token_hex(4)
"""Names this run of the bot in the ids of its forms, which no other run can take."""
FORM = "tumen:form:"


class FromId:
    """A dynamic item whose constructor takes the named groups of its id, as text."""

    @classmethod
    async def from_custom_id(
        cls, _: Interaction, __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The item that was used."""
        return cls(**match.groupdict())


class CarefulModal(ui.Modal):
    """A modal whose failures are told to who filled it in."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title, custom_id=f"{FORM}{ERA}:{secrets.token_hex(6)}")

    async def on_submit(self, interaction: Interaction, /) -> None:
        """Take what was typed; tell the user and the log of what fails."""
        async with carefully(interaction):
            await self.submitted(interaction)

    async def submitted(self, interaction: Interaction) -> None:
        """Take what was typed; may raise anything."""
        raise NotImplementedError


def is_outlived(custom_id: str) -> bool:
    """Whether a form is ours and of an earlier run."""
    return custom_id.startswith(FORM) and not custom_id.startswith(f"{FORM}{ERA}:")


def bot_of(interaction: Interaction) -> TumenBot:
    """The bot that was addressed."""
    bot: TumenBot = interaction.client
    return bot


def chosen(interaction: Interaction) -> list[str]:
    """What was chosen in a select: values, or Discord's ids as text."""
    data: Any = interaction.data or {}
    return list(data.get("values", []))
