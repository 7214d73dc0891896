"""Documents: the list of them, and one with who says it, when, and how it came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.discord.keeping.document_buttons import DocumentButton, DocumentSelect, PageButton
from bot.discord.language import retell, say, say_counted
from bot.discord.rendering.citations import added
from bot.discord.rendering.page import Accent, Item, Page, boxed, rule
from bot.discord.rendering.settings import entry_line
from bot.discord.rendering.text import (
    LONGEST_BUTTON_URL,
    cut,
    day,
    fitted,
    fitted_lines,
    web_address,
)
from store.answers import Provenance
from store.model import BASE_SCOPE, DocumentSummary, Metadata
from store.servers import Entry

BEGINNING = 900
"""Characters of the text that are shown."""
ON_A_PAGE = 8
MOST_ENTRIES = 4
"""Lines of a document's history that its page shows."""


@dataclass(frozen=True, slots=True)
class Known:
    """A document with all that its page tells.

    ``cited`` counts the answers of this server that cite it; ``history`` is what was done with
    it, newest first; ``kept`` says whether the reader may change it.
    """

    document: DocumentSummary
    text: str
    came: Provenance | None
    cited: int
    history: Sequence[Entry]
    kept: bool


def document_page(known: Known) -> Page:
    """What is known of a document."""
    document, meta = known.document, known.document.metadata
    return Page(
        (
            boxed(
                Accent.OPEN,
                f"### {fitted(meta.title, 200)}\n{facts(meta)}",
                _details(known),
                rule(),
                beginning(known.text, meta.title, BEGINNING),
                _history(known.history) if known.history else None,
                "-# " + say("document `{id}`", id=document.id),
                _buttons(known),
            ),
        )
    )


def documents_page(
    found: Sequence[DocumentSummary], search: str, number: int, pages: int, total: int
) -> Page:
    """A page of the documents that a server sees; ``found`` are those on it."""
    query = fitted(search, 60)
    if not found:
        told = (
            say("No document on “{query}”.", query=query)
            if search
            else say("There are no documents yet. /add brings some.")
        )
        return Page((boxed(Accent.OPEN, "### " + say("Documents"), told),))
    lead = (
        say_counted("{n} document on “{query}”", "{n} documents on “{query}”", total, query=query)
        if search
        else say_counted("{n} document here", "{n} documents here", total)
    )
    if pages > 1:
        lead += ", " + say("page {number} of {all}", number=number + 1, all=pages)
    turns = [
        PageButton("back", str(max(0, number - 1)), search, off=number == 0),
        PageButton("on", str(number + 1), search, off=number + 1 >= pages),
    ]
    return Page(
        (
            boxed(
                Accent.OPEN,
                f"### {lead}",
                "\n".join(map(_line, found)),
                ui.ActionRow(DocumentSelect(found)),
                ui.ActionRow(*turns) if pages > 1 else None,
            ),
        )
    )


def facts(meta: Metadata) -> str:
    """Who says it, what kind of source that is, and when, on one line."""
    return " · ".join(
        [
            f"**{fitted(meta.publisher or say('unknown publisher'), 80)}**",
            *([fitted(retell(meta.kind), 40)] if meta.kind else []),
            day(meta.published),
            *([fitted(meta.language, 20)] if meta.language else []),
        ]
    )


def beginning(text: str, title: str, length: int) -> str:
    """How a text begins, without a first line that repeats the title."""
    body = text.strip().removeprefix(title)
    shown = fitted_lines(cut(body, length), 2 * length)
    return "\n".join(f"> {line}" for line in shown.split("\n"))


def passages(number: int) -> str:
    """How long a document is."""
    return say_counted("{n} passage", "{n} passages", number)


def _line(document: DocumentSummary) -> str:
    meta = document.metadata
    whose = say("base corpus") if document.scope == BASE_SCOPE else say("this server")
    publisher = fitted(meta.publisher or say("unknown publisher"), 50)
    return f"**{fitted(meta.title, 110)}**\n-# {publisher}, {day(meta.published)} · {whose}"


def _details(known: Known) -> str:
    document, meta = known.document, known.document.metadata
    details = [passages(document.passages), _cited(known.cited)]
    if document.version > 1:
        details.insert(0, say("version {number}", number=document.version))
    if meta.event:
        details.insert(0, say("tells of {day}", day=day(meta.event)))
    if meta.as_of:
        details.insert(0, say("speaks as of {day}", day=day(meta.as_of)))
    if known.came:
        details.append(added(known.came))
    return "-# " + " · ".join(details)


def _cited(times: int) -> str:
    if not times:
        return say("not cited here yet")
    return say_counted("cited here once", "cited here {n} times", times)


def _history(entries: Sequence[Entry]) -> str:
    lines = [f"-# {entry_line(entry, with_title=False)}" for entry in entries[:MOST_ENTRIES]]
    if len(entries) > MOST_ENTRIES:
        lines.append("-# … " + say("and what was done before"))
    return "\n".join(lines)


def _buttons(known: Known) -> Item | None:
    document = known.document
    address = web_address(document.metadata.url)
    buttons: list[Item] = []
    if address and len(address) <= LONGEST_BUTTON_URL:
        style = discord.ButtonStyle.link
        buttons.append(ui.Button(style=style, label=say("Open the original"), url=address))
    if known.kept:
        buttons += [DocumentButton(document.id, act) for act in ("refresh", "correct", "remove")]
    return ui.ActionRow(*buttons) if buttons else None
