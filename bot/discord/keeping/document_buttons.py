"""The buttons of the list of documents and of a document's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

import discord
from discord import ui

from bot.discord.controls import Button, CarefulModal, FromId, Interaction, bot_of, chosen
from bot.discord.errors import carefully
from bot.discord.keeping.details_modal import DetailsModal
from bot.discord.language import mark, say
from bot.discord.rendering.text import cut, day, one_line, printable
from store.model import DocumentSummary

DOCUMENT_ID = r"(?P<document>[0-9a-f]{12})"
LONGEST_SEARCH = 60
"""Characters of a search that a button keeps in mind."""
Act = Literal["open", "refresh", "correct", "remove"]
_LOOKS: dict[Act, tuple[str, str, discord.ButtonStyle]] = {
    "open": (mark("Its page"), "📄", discord.ButtonStyle.secondary),
    "refresh": (mark("Refresh"), "🔄", discord.ButtonStyle.secondary),
    "correct": (mark("Correct details"), "✏️", discord.ButtonStyle.secondary),
    "remove": (mark("Remove"), "🗑️", discord.ButtonStyle.danger),
}


class DocumentButton(
    FromId,
    ui.DynamicItem[Button],
    template=rf"tumen:document:{DOCUMENT_ID}:(?P<act>open|refresh|correct|remove)",
):
    """What to do with a document of the library."""

    def __init__(self, document: str, act: str) -> None:
        self.document, self.act = document, act
        label, emoji, style = _LOOKS[cast("Act", act)]
        super().__init__(
            ui.Button(
                label=say(label),
                emoji=emoji,
                style=style,
                custom_id=f"tumen:document:{document}:{act}",
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Do it, for those allowed."""
        async with carefully(interaction):
            shelves = bot_of(interaction).shelves
            if self.act == "open":
                await shelves.show_document(interaction, self.document)
            elif self.act == "refresh":
                await shelves.refresh(interaction, self.document)
            elif self.act == "correct":
                await shelves.open_corrections(interaction, self.document)
            else:
                await shelves.remove(interaction, self.document)


class DocumentSelect(FromId, ui.DynamicItem[ui.Select[Any]], template="tumen:documents:open"):
    """Opens one of the listed documents, for the one who chose."""

    def __init__(self, documents: Sequence[DocumentSummary] = ()) -> None:
        options = [
            discord.SelectOption(
                label=_shown(one.metadata.title) or one.id,
                description=_shown(
                    f"{one.metadata.publisher or say('unknown publisher')}, "
                    f"{day(one.metadata.published)}"
                ),
                value=one.id,
            )
            for one in documents
        ]
        super().__init__(
            ui.Select(
                custom_id="tumen:documents:open",
                placeholder=say("Open a document"),
                options=options or [discord.SelectOption(label="-", value="-")],
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Show its page."""
        async with carefully(interaction):
            [document_id] = chosen(interaction)
            await bot_of(interaction).shelves.show_document(interaction, document_id)


class PageButton(
    FromId,
    ui.DynamicItem[Button],
    template=r"tumen:documents:(?P<turn>back|on):(?P<page>\d{1,5}):(?P<search>[\s\S]{0,60})",
):
    """Turns the pages of the list. It knows the page that it leads to, and the search."""

    def __init__(self, turn: str, page: str, search: str, *, off: bool = False) -> None:
        self.page, self.search = page, search
        super().__init__(
            ui.Button(
                label=say("Back") if turn == "back" else say("More"),
                emoji="◀️" if turn == "back" else "▶️",
                custom_id=f"tumen:documents:{turn}:{page}:{search}",
                disabled=off,
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Show that page in place of this one."""
        async with carefully(interaction):
            await bot_of(interaction).shelves.show_list(interaction, self.search, int(self.page))


class AskButton(FromId, ui.DynamicItem[Button], template=rf"tumen:askabout:{DOCUMENT_ID}"):
    """Opens a line for a question about what was just added."""

    def __init__(self, document: str) -> None:
        super().__init__(
            ui.Button(
                label=say("Ask about it"),
                emoji="💬",
                style=discord.ButtonStyle.primary,
                custom_id=f"tumen:askabout:{document}",
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Show the line."""
        async with carefully(interaction):
            await interaction.response.send_modal(QuestionModal())


class QuestionModal(CarefulModal):
    """One question."""

    def __init__(self) -> None:
        super().__init__(say("What do you want to know?"))
        self._question: ui.TextInput[Any] = ui.TextInput(custom_id="question", max_length=1_000)
        self.add_item(ui.Label(text=say("Question"), component=self._question))

    async def submitted(self, interaction: Interaction) -> None:
        """Answer it, for who asked."""
        await bot_of(interaction).answer_privately(interaction, self._question.value)


class CorrectionsModal(DetailsModal):
    """Corrects a document of the library."""

    def __init__(self, document: DocumentSummary) -> None:
        super().__init__(say("Correct the details"), document.metadata)
        self._id, self._before = document.id, document.metadata

    async def submitted(self, interaction: Interaction) -> None:
        """Keep what was typed, with who and when."""
        shelves = bot_of(interaction).shelves
        await shelves.correct(interaction, self._id, self.typed(self._before))


def _shown(text: str) -> str:
    return cut(one_line(printable(text)), 100)


DOCUMENT_BUTTONS = (DocumentButton, DocumentSelect, PageButton, AskButton)
