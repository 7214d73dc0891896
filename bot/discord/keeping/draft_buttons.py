"""The buttons and the modal of a document on its way in. They work after a restart, too."""

from __future__ import annotations

from typing import Any, Literal, cast

import discord
from discord import ui

from bot.discord.controls import Button, CarefulModal, FromId, Interaction, bot_of
from bot.discord.errors import Declined, carefully
from bot.discord.keeping.details_modal import DetailsModal
from bot.discord.keeping.sources import sources_of
from bot.discord.language import mark, say
from store.model import Metadata

DRAFT_ID = r"(?P<draft>[0-9a-f]{12})"
Act = Literal["confirm", "edit", "cancel", "look"]
_LOOKS: dict[Act, tuple[str, discord.ButtonStyle]] = {
    "confirm": (mark("Confirm"), discord.ButtonStyle.success),
    "edit": (mark("Edit details"), discord.ButtonStyle.secondary),
    "cancel": (mark("Cancel"), discord.ButtonStyle.secondary),
    "look": (mark("How does it stand?"), discord.ButtonStyle.secondary),
}


class DraftButton(
    FromId,
    ui.DynamicItem[Button],
    template=rf"tumen:draft:{DRAFT_ID}:(?P<act>confirm|edit|cancel|look)",
):
    """What to do with a document that was read."""

    def __init__(self, draft: str, act: str) -> None:
        self.draft, self.act = draft, act
        label, style = _LOOKS[cast("Act", act)]
        super().__init__(
            ui.Button(label=say(label), style=style, custom_id=f"tumen:draft:{draft}:{act}")
        )

    async def callback(self, interaction: Interaction) -> None:
        """Do it, if who pressed still may."""
        async with carefully(interaction):
            intake = bot_of(interaction).intake
            if self.act == "confirm":
                await intake.confirm(interaction, self.draft)
            elif self.act == "edit":
                await intake.edit(interaction, self.draft)
            elif self.act == "cancel":
                await intake.cancel(interaction, self.draft)
            else:
                await intake.look(interaction, self.draft)


class UndoButton(FromId, ui.DynamicItem[Button], template=r"tumen:undo:(?P<entry>\d{1,18})"):
    """Takes back what a line of the audit log tells, for an hour."""

    def __init__(self, entry: str) -> None:
        self.entry = entry
        super().__init__(ui.Button(label=say("Undo"), emoji="↩️", custom_id=f"tumen:undo:{entry}"))

    async def callback(self, interaction: Interaction) -> None:
        """Take it back."""
        async with carefully(interaction):
            await bot_of(interaction).shelves.undo(interaction, int(self.entry))


class AddSourceButton(
    FromId, ui.DynamicItem[Button], template=r"tumen:source:(?P<answer>[0-9a-f]{12})"
):
    """Under an honest miss: brings the document that answers it."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        super().__init__(
            ui.Button(
                label=say("Add a source"),
                emoji="➕",
                style=discord.ButtonStyle.primary,
                custom_id=f"tumen:source:{answer}",
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Open the modal, for those allowed."""
        async with carefully(interaction):
            await bot_of(interaction).intake.open_modal(interaction, self.answer)


class AddModal(CarefulModal):
    """Files to upload, or a link."""

    def __init__(self, answer_id: str | None = None) -> None:
        super().__init__(say("Add to the library"))
        self._answer_id = answer_id
        self._files: ui.FileUpload[Any] = ui.FileUpload(
            custom_id="files", required=False, max_values=10
        )
        self._links: ui.TextInput[Any] = ui.TextInput(
            custom_id="links",
            required=False,
            style=discord.TextStyle.paragraph,
            placeholder="https://…",
            max_length=2_000,
        )
        self.add_item(
            ui.Label(
                text=say("Files"),
                description=say("PDF, DOCX, EPUB, HTML, text and other documents, ten at most"),
                component=self._files,
            )
        )
        self.add_item(ui.Label(text=say("Or links"), component=self._links))

    async def submitted(self, interaction: Interaction) -> None:
        """Read them."""
        sources = sources_of(self._files.values, self._links.value)
        if not sources:
            raise Declined(say("There was neither a file nor a link that begins with https://."))
        await bot_of(interaction).intake.bring(interaction, sources, answer_id=self._answer_id)


class DraftModal(DetailsModal):
    """Corrects a document before it goes in."""

    def __init__(self, draft_id: str, metadata: Metadata) -> None:
        super().__init__(say("Details of the document"), metadata)
        self._draft_id, self._before = draft_id, metadata

    async def submitted(self, interaction: Interaction) -> None:
        """Show the preview with what was typed."""
        intake = bot_of(interaction).intake
        await intake.amend(interaction, self._draft_id, self.typed(self._before))


DRAFT_BUTTONS = (DraftButton, UndoButton, AddSourceButton)
