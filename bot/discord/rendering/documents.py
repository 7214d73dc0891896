"""One document: who says it, when, how it came in, and how it begins."""

from __future__ import annotations

import discord
from discord import ui

from bot.discord.rendering.citations import added
from bot.discord.rendering.page import Accent, Page, boxed, rule
from bot.discord.rendering.text import (
    LONGEST_BUTTON_URL,
    cut,
    day,
    fitted,
    fitted_lines,
    web_address,
)
from store.answers import Provenance
from store.model import DocumentSummary

BEGINNING = 900
"""Characters of the text that are shown."""


def document_page(document: DocumentSummary, text: str, came: Provenance | None) -> Page:
    """What is known of a document."""
    meta = document.metadata
    facts = [
        f"**{fitted(meta.publisher or 'unknown publisher', 80)}**",
        *([fitted(meta.kind, 40)] if meta.kind else []),
        day(meta.published),
    ]
    details = [f"version {document.version}", f"{document.passages} passages"]
    if meta.as_of:
        details.insert(0, f"speaks as of {day(meta.as_of)}")
    if meta.language:
        details.append(f"language {fitted(meta.language, 20)}")
    if came:
        details.append(added(came))
    address = web_address(meta.url)
    button = (
        ui.ActionRow[ui.LayoutView](
            ui.Button(style=discord.ButtonStyle.link, label="Open the original", url=address)
        )
        if address and len(address) <= LONGEST_BUTTON_URL
        else None
    )
    return Page(
        (
            boxed(
                Accent.OPEN,
                f"### {fitted(meta.title, 200)}\n" + " · ".join(facts),
                "-# " + " · ".join(details),
                rule(),
                _beginning(text, meta.title),
                f"-# document `{document.id}`",
                button,
            ),
        )
    )


def _beginning(text: str, title: str) -> str:
    """How a text begins, without a first line that repeats the title."""
    body = text.strip().removeprefix(title)
    shown = fitted_lines(cut(body, BEGINNING), 2 * BEGINNING)
    return "\n".join(f"> {line}" for line in shown.split("\n"))
