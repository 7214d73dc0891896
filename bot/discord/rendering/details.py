"""How an answer came about, for whoever wants to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.discord.keeping.draft_buttons import AddSourceButton
from bot.discord.language import retell, say
from bot.discord.rendering.page import Accent, Page, boxed
from bot.discord.rendering.text import fitted

LONGEST_LINE = 420
ROOM = 3_600


def details_page(lines: Sequence[str], missed: str | None) -> Page:
    """The lines of :func:`bot.answering.details.detail_lines`, as many as one message holds.

    ``missed`` is the id of the answer if it is a miss to which the reader can add a source.
    """
    shown = "### " + say("How this answer came about")
    for count, line in enumerate(lines):
        item = f"\n- {fitted(retell(line), LONGEST_LINE)}"
        if len(shown) + len(item) > ROOM:
            shown += "\n-# " + say("and {number} more", number=len(lines) - count)
            break
        shown += item
    adding: ui.ActionRow[Any] | None = ui.ActionRow(AddSourceButton(missed)) if missed else None
    return Page((boxed(Accent.OPEN, shown, adding),))
