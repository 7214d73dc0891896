"""The selects and buttons of `/setup`, which work for as long as the message is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Button, CarefulModal, FromId, Interaction, bot_of, chosen
from bot.discord.errors import Declined, carefully
from bot.discord.language import LANGUAGES, decimal, for_record, say
from store.servers import ServerSettings

MOST_CHOSEN = 25
"""Discord's limit of one select."""
MOST_DOCUMENTS_A_DAY, MOST_MEGABYTES_A_DAY = 10_000, 10_000
EACH_OWN = "each"
PLACES = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]


class AnswerChannelsSelect(
    FromId, ui.DynamicItem[ui.ChannelSelect[Any]], template="tumen:set:answer"
):
    """The channels where the bot answers; none means everywhere."""

    def __init__(self, ids: Sequence[int] = ()) -> None:
        super().__init__(_channels("tumen:set:answer", say("Everywhere"), ids))

    async def callback(self, interaction: Interaction) -> None:
        """Set them."""
        ids = [int(value) for value in chosen(interaction)]
        told = (
            for_record("answers in {channels}", channels=_named("#", ids))
            if ids
            else for_record("answers everywhere")
        )
        await _set(interaction, told, answer_channels=ids)


class AutoAnswerSelect(FromId, ui.DynamicItem[ui.ChannelSelect[Any]], template="tumen:set:auto"):
    """The channels where every question is answered without a mention."""

    def __init__(self, ids: Sequence[int] = ()) -> None:
        super().__init__(_channels("tumen:set:auto", say("Nowhere"), ids))

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
                placeholder=say("Only those with “{permission}”", permission=say("Manage Server")),
                min_values=0,
                max_values=MOST_CHOSEN,
                default_values=[discord.Object(one, type=discord.Role) for one in ids],
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Set them."""
        ids = [int(value) for value in chosen(interaction)]
        told = (
            for_record("documents are added by {roles}", roles=_named("@&", ids))
            if ids
            else for_record("only managers add documents")
        )
        await _set(interaction, told, add_roles=ids)


class LanguageSelect(FromId, ui.DynamicItem[ui.Select[Any]], template="tumen:set:language"):
    """The language of the bot's own texts in the server."""

    def __init__(self, language: str | None = None) -> None:
        own = discord.SelectOption(
            label=say("That of each member's Discord"), value=EACH_OWN, default=language is None
        )
        options = [
            discord.SelectOption(label=name, value=code, default=code == language)
            for code, name in LANGUAGES.items()
        ]
        super().__init__(ui.Select(custom_id="tumen:set:language", options=[own, *options]))

    async def callback(self, interaction: Interaction) -> None:
        """Set it, and show the settings in it."""
        async with carefully(interaction):
            [value] = chosen(interaction)
            language = value if value in LANGUAGES else None
            await bot_of(interaction).managing.choose_language(interaction, language)


class QuotasButton(FromId, ui.DynamicItem[Button], template="tumen:set:quotas"):
    """Opens the modal in which the quotas are typed."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label=say("Change quotas…"), custom_id="tumen:set:quotas"))

    async def callback(self, interaction: Interaction) -> None:
        """Show the modal with what is set."""
        async with carefully(interaction):
            settings = await bot_of(interaction).managing.settings(interaction)
            await interaction.response.send_modal(Quotas(settings))


class Quotas(CarefulModal):
    """How much may be added within a day."""

    def __init__(self, settings: ServerSettings) -> None:
        super().__init__(say("What may be added within a day"))
        self.documents = _number("documents", settings.documents_a_day)
        self.megabytes = _number("megabytes", settings.megabytes_a_day)
        self.add_item(ui.Label(text=say("Documents"), component=self.documents))
        self.add_item(ui.Label(text=say("Megabytes"), component=self.megabytes))

    async def submitted(self, interaction: Interaction) -> None:
        """Set both, or say why not."""
        documents = _read_number(self.documents.value, MOST_DOCUMENTS_A_DAY)
        megabytes = _read_number(self.megabytes.value, MOST_MEGABYTES_A_DAY)
        await _set(
            interaction,
            for_record(
                "quotas: {documents} documents and {megabytes} MB a day",
                documents=documents,
                megabytes=megabytes,
            ),
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
        raise Declined(
            say("I take whole numbers from 0 to {most}. Nothing was changed.", most=decimal(most))
        )
    return int(text)


SETTINGS_CONTROLS = (
    AnswerChannelsSelect,
    AutoAnswerSelect,
    AddRolesSelect,
    LanguageSelect,
    QuotasButton,
)
