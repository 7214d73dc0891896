"""A document on its way in: preview, progress, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.discord.keeping.document_buttons import AskButton, DocumentButton
from bot.discord.keeping.draft_buttons import DraftButton, UndoButton
from bot.discord.rendering.documents import beginning, facts
from bot.discord.rendering.page import Accent, Item, Page, boxed, rule
from bot.discord.rendering.text import counted, day, fitted, size
from ingest.cautions import Caution
from ingest.intake import Draft
from store.model import BASE_SCOPE, Likeness
from store.servers import Entry

MOST_TWINS = 3
MOST_PLACES = 3
LONGEST_PLACE = 160
PREVIEW = 420
"""Characters of the text that are shown."""

_LIKE: dict[Likeness, str] = {
    "bytes": "the same file",
    "text": "the same text",
    "origin": "from the same place",
    "details": "the same title",
}


def reading_page(name: str, number: int, total: int) -> Page:
    """A document is being read."""
    which = f" ({number} of {total})" if total > 1 else ""
    return Page((boxed(Accent.WAITING, f"📖 Reading **{fitted(name, 120)}**{which}…"),))


def preview_page(draft_id: str, drafted: Draft, read: int, notice: str | None = None) -> Page:
    """What was read, what it is like and what to think of.

    ``read`` is the size in bytes of what came; ``notice`` one of our sentences.
    """
    version = drafted.version
    where = "in the base corpus" if version.scope == BASE_SCOPE else "in this server alone"
    doubts = [*_twin_lines(drafted), *_caution_lines(drafted.cautions, version.text)]
    lead = "New version of a document" if drafted.updates else "Add this document?"
    details = f"{counted(drafted.passages, 'passage')} · {size(read)}"
    return Page(
        (
            boxed(
                Accent.MISSING if doubts else Accent.OPEN,
                f"### {lead}",
                f"⚠️ {notice}" if notice else None,
                f"**{fitted(drafted.metadata.title, 200)}**\n{facts(drafted.metadata)}\n"
                f"-# {details} · {_whence(version.origin)}",
                beginning(version.text, version.metadata.title, PREVIEW),
                rule() if doubts else None,
                "\n".join(doubts) if doubts else None,
                _row(DraftButton(draft_id, act) for act in ("confirm", "edit", "cancel")),
                f"-# It will be found {where}. I keep this preview for a day.",
            ),
        )
    )


def adding_page(draft_id: str, title: str, done: int, total: int) -> Page:
    """A document is being added."""
    part = f" {100 * done // total} % of its passages are read in." if total else ""
    return Page(
        (
            boxed(
                Accent.WAITING,
                f"⏳ Adding **{fitted(title, 150)}**…{part}",
                _row([DraftButton(draft_id, "look")]),
            ),
        )
    )


def added_page(entry: Entry, *, undo: bool) -> Page:
    """A document is in."""
    title = f"**{fitted(entry.title or 'The document', 150)}**"
    if entry.action == "refreshed":
        lead = f"✓ Refreshed {title}: version {entry.version}, {entry.detail}."
    else:
        lead = f"✓ Added {title}: {entry.detail}. Ask about it!"
    buttons: list[Item] = []
    if entry.document_id:
        buttons += [AskButton(entry.document_id), DocumentButton(entry.document_id, "open")]
    if undo:
        buttons.append(UndoButton(str(entry.id)))
    return Page(
        (
            boxed(
                Accent.COMPLETE,
                lead,
                _row(buttons) if buttons else None,
                "-# It can be undone for an hour." if undo else None,
            ),
        )
    )


def known_page(title: str, document_id: str, *, meanwhile: bool) -> Page:
    """Nothing is to be added, since it is here."""
    told = "was added by somebody else in the meantime" if meanwhile else "is here already"
    return Page(
        (
            boxed(
                Accent.OPEN,
                f"**{fitted(title, 150)}** {told}, so nothing was added twice.",
                _row([DocumentButton(document_id, "open")]),
            ),
        )
    )


def refused_page(name: str, sentence: str) -> Page:
    """A document could not be read; ``sentence`` says why and what to do."""
    return Page((boxed(Accent.MISSING, f"**{fitted(name, 120)}**\n{fitted(sentence, 600)}"),))


def undone_page(entry: Entry) -> Page:
    """Something was taken back."""
    done = {
        "added": "is out of the library again",
        "refreshed": f"is back at version {entry.replaced}",
        "removed": "is back in the library",
        "corrected": "has its former details again",
    }
    what = done.get(entry.action, "is as it was")
    return Page((boxed(Accent.COMPLETE, f"↩️ **{fitted(entry.title or '', 150)}** {what}."),))


def removed_page(entry: Entry) -> Page:
    """A document was taken out."""
    return Page(
        (
            boxed(
                Accent.COMPLETE,
                f"➖ **{fitted(entry.title or '', 150)}** is out of every search. Answers that "
                "cited it keep their quotes.",
                _row([UndoButton(str(entry.id))]),
                "-# It can be undone for an hour.",
            ),
        )
    )


def _twin_lines(drafted: Draft) -> list[str]:
    lines = []
    if drafted.updates:
        old = drafted.updates
        lines.append(
            f"🔄 It takes the place of version {old.version} of "
            f"**{fitted(old.metadata.title, 100)}**."
        )
    others = [twin for twin in drafted.twins if not twin.updated]
    for twin in others[:MOST_TWINS]:
        where = "base corpus" if twin.scope == BASE_SCOPE else "this server"
        lines.append(
            f"👯 Like **{fitted(twin.metadata.title, 100)}** ({where}, "
            f"{day(twin.metadata.published)}): {_LIKE[twin.likeness]}."
        )
    return lines


def _caution_lines(cautions: Sequence[Caution], text: str) -> list[str]:
    lines = []
    for caution in cautions:
        lines.append(f"⚠️ {fitted(caution.message, 300)}")
        for start, end in caution.ranges[:MOST_PLACES]:
            lines.append(f"> {fitted(text[start:end], LONGEST_PLACE)}")
        if len(caution.ranges) > MOST_PLACES:
            lines.append(f"-# and {len(caution.ranges) - MOST_PLACES} more places")
    return lines


def _whence(origin: str) -> str:
    if origin.startswith("discord:"):
        return fitted(origin.partition("/")[2], 80)
    return fitted(origin, 100)


def _row(buttons: object) -> Item:
    return ui.ActionRow(*buttons)  # type: ignore[misc]
