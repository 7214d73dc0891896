"""Buttons that work forever: what they are for stands in their id, the rest in the record."""

from __future__ import annotations

import re
from typing import Any, Literal, Self, get_args

import discord
from discord import ui

from bot.discord.controls import Button, FromId, Interaction, bot_of
from bot.discord.errors import Declined, carefully
from bot.discord.keeping.rights import answered_elsewhere, keeps_library
from bot.discord.language import mark, say
from bot.discord.rendering.notices import said_page

ANSWER_ID = r"(?P<answer_id>[0-9a-f]{12})"
Verdict = Literal["helpful", "wrong", "source"]
FEEDBACK: dict[Verdict, tuple[str, str]] = {
    "helpful": ("👍", mark("Helpful")),
    "wrong": ("👎", mark("Wrong")),
    "source": ("📄", mark("Source is wrong")),
}
"""By verdict: the emoji and the label of its button."""


class CitationButton(
    ui.DynamicItem[Button], template=rf"tumen:cite:{ANSWER_ID}:(?P<number>\d{{1,3}})"
):
    """Opens, for the one who presses it, the passage that a citation rests on."""

    def __init__(self, answer_id: str, number: int) -> None:
        self.answer_id, self.number = answer_id, number
        super().__init__(
            ui.Button(
                label=f"[{number}]",
                style=discord.ButtonStyle.secondary,
                custom_id=f"tumen:cite:{answer_id}:{number}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        return cls(match["answer_id"], int(match["number"]))

    async def callback(self, interaction: Interaction) -> None:
        """Answer at once, then look the passage up."""
        async with carefully(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            bot = bot_of(interaction)
            page = await bot.library.open_citation(
                self.answer_id, self.number, bot.scope_of(interaction)
            )
            await interaction.edit_original_response(view=page.layout())


class FeedbackButton(
    FromId,
    ui.DynamicItem[Button],
    template=rf"tumen:feedback:{ANSWER_ID}:(?P<verdict>{'|'.join(get_args(Verdict))})",
):
    """Keeps what a reader thinks of an answer."""

    def __init__(self, answer_id: str, verdict: Verdict) -> None:
        self.answer_id, self.verdict = answer_id, verdict
        emoji, label = FEEDBACK[verdict]
        super().__init__(
            ui.Button(
                label=say(label),
                emoji=emoji,
                style=discord.ButtonStyle.secondary,
                custom_id=f"tumen:feedback:{answer_id}:{verdict}",
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Keep it and say so, only to the one who pressed."""
        async with carefully(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            library = bot_of(interaction).library
            await library.judge(self.answer_id, interaction.user.id, self.verdict)
            label = say(FEEDBACK[self.verdict][1]).lower()
            told = say(
                "Thank you. I noted: **{verdict}**. You can change it at any time.", verdict=label
            )
            page = said_page(told)
            await interaction.edit_original_response(view=page.layout())


class ShareButton(FromId, ui.DynamicItem[Button], template=f"tumen:share:{ANSWER_ID}"):
    """Shows an answer that only its asker saw to the whole channel."""

    def __init__(self, answer_id: str) -> None:
        self.answer_id = answer_id
        super().__init__(
            ui.Button(
                label=say("Share to channel"),
                emoji="📣",
                style=discord.ButtonStyle.primary,
                custom_id=f"tumen:share:{answer_id}",
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Share once, and only at the wish of who asked."""
        async with carefully(interaction):
            await interaction.response.defer()
            bot = bot_of(interaction)
            library = bot.library
            if interaction.guild_id and (
                elsewhere := await answered_elsewhere(
                    bot, interaction.guild_id, interaction.channel
                )
            ):
                raise Declined(elsewhere)
            pages = await library.publish(self.answer_id, interaction.user.id)
            sent = [
                await interaction.followup.send(view=page.layout(), wait=True) for page in pages
            ]
            await library.shown(self.answer_id, [message.id for message in sent])


class WhyButton(FromId, ui.DynamicItem[Button], template=f"tumen:why:{ANSWER_ID}"):
    """Tells, to the one who presses it, how an answer came about."""

    def __init__(self, answer_id: str) -> None:
        self.answer_id = answer_id
        super().__init__(
            ui.Button(
                label=say("Details"),
                emoji="🔍",
                style=discord.ButtonStyle.secondary,
                custom_id=f"tumen:why:{answer_id}",
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Answer at once, then look the answer up."""
        async with carefully(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            bot = bot_of(interaction)
            may_add = await keeps_library(bot, interaction)
            page = await bot.library.details(
                self.answer_id, bot.scope_of(interaction), may_add=may_add
            )
            await interaction.edit_original_response(view=page.layout())


def closing_buttons(answer_id: str, *, private: bool) -> list[ui.DynamicItem[Button]]:
    """The feedback buttons, and for a private answer the one that shares it."""
    buttons: list[ui.DynamicItem[Button]] = [
        FeedbackButton(answer_id, verdict) for verdict in FEEDBACK
    ]
    return [*buttons, ShareButton(answer_id)] if private else buttons


BUTTONS = (CitationButton, FeedbackButton, ShareButton, WhyButton)
