"""The selects and buttons of `/setup`, which work for as long as the message is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Button, CarefulModal, FromId, Interaction, bot_of, chosen
from bot.discord.errors import Declined, carefully
from store.servers import ServerSettings

MOST_CHOSEN = 25
"""Discord's limit of one select."""
MOST_DOCUMENTS_A_DAY, MOST_MEGABYTES_A_DAY = 10_000, 10_000
PLACES = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]


class AnswerChannelsSelect(
    FromId, ui.DynamicItem[ui.ChannelSelect[Any]], template="tumen:set:answer"
):
    """The channels where the bot answers; none means everywhere."""

    def __init__(self, ids: Sequence[int] = ()) -> None:
        super().__init__(_channels("tumen:set:answer", "Everywhere", ids))

    async def callback(self, interaction: Interaction) -> None:
        """Set them."""
        ids = [int(value) for value in chosen(interaction)]
        told = f"answers in {_named('#', ids)}" if ids else "answers everywhere"
        await _set(interaction, told, answer_channels=ids)


class AutoAnswerSelect(FromId, ui.DynamicItem[ui.ChannelSelect[Any]], template="tumen:set:auto"):
    """The channels where every question is answered without a mention."""

    def __init__(self, ids: Sequence[int] = ()) -> None:
        super().__init__(_channels("tumen:set:auto", "Nowhere", ids))

    async def callback(self, interaction: Interaction) -> None:
        """Turn it on and off where that changes."""
        async with carefully(interaction):
            wanted = {int(value) for value in chosen(interaction)}
            await bot_of(interaction).managing.choose_auto_answer(interaction, wanted)


class AddRolesSelect(FromId, ui.DynamicItem[ui.RoleSelect[Any]], template="tumen:set:roles"):
    """The roles that may add documents, beside those with Manage Server."""

    def __init__(self, ids: Sequence[int] = ()) -> None:
        super().__init__(
            ui.RoleSelect(
                custom_id="tumen:set:roles",
                placeholder="Only those with Manage Server",
                min_values=0,
                max_values=MOST_CHOSEN,
                default_values=[discord.Object(one, type=discord.Role) for one in ids],
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Set them."""
        ids = [int(value) for value in chosen(interaction)]
        told = f"documents are added by {_named('@&', ids)}" if ids else "only managers add"
        await _set(interaction, told, add_roles=ids)


class QuotasButton(FromId, ui.DynamicItem[Button], template="tumen:set:quotas"):
    """Opens the modal in which the quotas are typed."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label="Change quotas…", custom_id="tumen:set:quotas"))

    async def callback(self, interaction: Interaction) -> None:
        """Show the modal with what is set."""
        async with carefully(interaction):
            settings = await bot_of(interaction).managing.settings(interaction)
            await interaction.response.send_modal(Quotas(settings))


class Quotas(CarefulModal):
    """How much may be added within a day."""

    def __init__(self, settings: ServerSettings) -> None:
        super().__init__("What may be added within a day")
        self.documents = _number("documents", settings.documents_a_day)
        self.megabytes = _number("megabytes", settings.megabytes_a_day)
        self.add_item(ui.Label(text="Documents", component=self.documents))
        self.add_item(ui.Label(text="Megabytes", component=self.megabytes))

    async def submitted(self, interaction: Interaction) -> None:
        """Set both, or say why not."""
        documents = _read_number(self.documents.value, MOST_DOCUMENTS_A_DAY)
        megabytes = _read_number(self.megabytes.value, MOST_MEGABYTES_A_DAY)
        await _set(
            interaction,
            f"quotas: {documents} documents and {megabytes} MB a day",
            documents_a_day=documents,
            megabytes_a_day=megabytes,
        )


async def _set(interaction: Interaction, told: str, **changes: object) -> None:
    async with carefully(interaction):
        await bot_of(interaction).managing.change(interaction, told, **changes)


def _channels(custom_id: str, placeholder: str, ids: Sequence[int]) -> ui.ChannelSelect[Any]:
    return ui.ChannelSelect(
        custom_id=custom_id,
        channel_types=PLACES,
        placeholder=placeholder,
        min_values=0,
        max_values=MOST_CHOSEN,
        default_values=[
            discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.channel)
            for one in ids
        ],
    )


def _named(sign: str, ids: Sequence[int]) -> str:
    return ", ".join(f"<{sign}{one}>" for one in ids)


def _number(custom_id: str, value: int) -> ui.TextInput[Any]:
    return ui.TextInput(custom_id=custom_id, default=str(value), max_length=5)


def _read_number(typed: str, most: int) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise Declined(f"I take whole numbers from 0 to {most:,}. Nothing was changed.")
    return int(text)


SETTINGS_CONTROLS = (
    AnswerChannelsSelect,
    AutoAnswerSelect,
    AddRolesSelect,
    QuotasButton,
)
