"""One message of Components V2, and how long texts are laid out over several of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from discord import ui

from bot.answering.model import Citation

MOST_TEXT = 4_000
"""Characters over all texts of one message: Discord's limit."""
MOST_COMPONENTS = 40
ROOM = 3_400
"""Characters for sentences and their sources; the rest is for head and foot."""
BUTTONS_IN_ROW = 5
MOST_CITATIONS = 15
"""Citations on one page: three rows of buttons."""

Item = ui.Item[Any]


class Accent(IntEnum):
    """The colour at the edge of a message. Words always say the same, too."""

    COMPLETE = 0x3BA55D
    OPEN = 0x5B8DEF
    MISSING = 0xF0B232
    WAITING = 0x80848E
    WRONG = 0xDA373C


@dataclass(frozen=True, slots=True)
class Page:
    """The component tree of one message."""

    items: tuple[Item, ...]

    def layout(self) -> ui.LayoutView:
        """The view to send. Its buttons live in the record, so it never times out."""
        view = ui.LayoutView(timeout=None)
        for item in self.items:
            view.add_item(item)
        return view

    def tree(self) -> list[dict[str, Any]]:
        """The components as they go over the wire."""
        return [item.to_component_dict() for item in self.items]


@dataclass(frozen=True, slots=True)
class Block:
    """Some text, ready to show, that must stay on one page with what it cites."""

    text: str
    citations: tuple[Citation, ...] = ()


def boxed(accent: Accent, *items: Item | str | None) -> ui.Container[Any]:
    """A container; strings become texts, and ``None`` is left out."""
    shown = [ui.TextDisplay(item) if isinstance(item, str) else item for item in items if item]
    return ui.Container(*shown, accent_colour=int(accent))


def rule() -> Item:
    """A thin line between parts."""
    return ui.Separator()


def rows(buttons: Sequence[Item]) -> list[Item]:
    """Buttons in rows of five."""
    return [
        ui.ActionRow(*buttons[start : start + BUTTONS_IN_ROW])
        for start in range(0, len(buttons), BUTTONS_IN_ROW)
    ]


def cited_once(blocks: Sequence[Block]) -> tuple[Citation, ...]:
    """The citations of blocks, each once, by number."""
    by_number = {c.number: c for block in blocks for c in block.citations}
    return tuple(by_number[number] for number in sorted(by_number))


def pack(
    blocks: Sequence[Block], source_room: int, room: int = ROOM
) -> Iterator[tuple[Block, ...]]:
    """Blocks page by page, in order. ``source_room`` is what the line of one citation may take.

    A citation takes its place on every page that cites it, beside its sentence.
    """
    page: list[Block] = []
    for block in blocks:
        tried = [*page, block]
        citations = cited_once(tried)
        length = sum(len(b.text) + 2 for b in tried) + source_room * len(citations)
        if page and (length > room or len(citations) > MOST_CITATIONS):
            yield tuple(page)
            page = []
        page.append(block)
    if page:
        yield tuple(page)
