"""Forms that were open while the bot restarted: what was typed into them is given back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.discord.controls import Interaction, is_outlived
from bot.discord.errors import carefully
from bot.discord.rendering.notices import typed_page

if TYPE_CHECKING:
    from bot.discord.client import TumenBot


class OutlivedForms(commands.Cog):
    """Answers a form of an earlier run, which the library would leave unanswered."""

    def __init__(self, _: TumenBot) -> None:
        super().__init__()

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Give back what was typed, to who typed it."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Any = interaction.data or {}
        if not is_outlived(data.get("custom_id", "")):
            return
        async with carefully(interaction):
            attached = (data.get("resolved") or {}).get("attachments") or {}
            page = typed_page(dict(_typed(data.get("components", []))), files=len(attached))
            await interaction.response.send_message(view=page.layout(), ephemeral=True)


def _typed(components: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """What was typed, by the id of its line."""
    for part in components:
        yield from _typed(part.get("components") or [])
        if part.get("component"):
            yield from _typed([part["component"]])
        if part.get("value"):
            yield part["custom_id"], str(part["value"])
