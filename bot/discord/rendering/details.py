"""How an answer came about, for whoever wants to know."""

from __future__ import annotations

from collections.abc import Sequence

from bot.discord.rendering.page import Accent, Page, boxed
from bot.discord.rendering.text import fitted

LONGEST_LINE = 420
ROOM = 3_600


def details_page(lines: Sequence[str]) -> Page:
    """The lines of :func:`bot.answering.details.detail_lines`, as many as one message holds."""
    shown = "### How this answer came about"
    for count, line in enumerate(lines):
        item = f"\n- {fitted(line, LONGEST_LINE)}"
        if len(shown) + len(item) > ROOM:
            shown += f"\n-# and {len(lines) - count} lines more"
            break
        shown += item
    return Page((boxed(Accent.OPEN, shown),))
