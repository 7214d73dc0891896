"""The button that goes on in the audit log."""

from __future__ import annotations

from discord import ui

from bot.discord.controls import Button, FromId, Interaction, bot_of
from bot.discord.errors import carefully
from bot.discord.language import say


class OlderButton(FromId, ui.DynamicItem[Button], template=r"tumen:audit:(?P<before>\d{1,18})"):
    """Shows what was done before."""

    def __init__(self, before: str) -> None:
        self.before = before
        super().__init__(
            ui.Button(label=say("Older"), emoji="◀️", custom_id=f"tumen:audit:{before}")
        )

    async def callback(self, interaction: Interaction) -> None:
        """In place of the page that is shown."""
        async with carefully(interaction):
            await bot_of(interaction).managing.show_audit(interaction, int(self.before))
