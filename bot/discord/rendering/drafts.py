"""A document on its way in: preview, progress, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.discord.keeping.document_buttons import AskButton, DocumentButton
from bot.discord.keeping.draft_buttons import DraftButton, UndoButton
from bot.discord.language import mark, retell, say
from bot.discord.rendering.documents import beginning, facts, passages
from bot.discord.rendering.page import Accent, Item, Page, boxed, rule
from bot.discord.rendering.text import day, fitted, size
from ingest.cautions import Caution
from ingest.intake import Draft
from store.model import BASE_SCOPE, Likeness, Twin
from store.servers import Action, Entry

MOST_TWINS = 3
MOST_PLACES = 3
LONGEST_PLACE = 160
PREVIEW = 420
"""Characters of the text that are shown."""

_LIKE: dict[Likeness, str] = {
    "bytes": mark("the same file"),
    "text": mark("the same text"),
    "origin": mark("from the same place"),
    "details": mark("the same title"),
}
_UNDONE: dict[Action, str] = {
    "added": mark("**{title}** is out of the library again."),
    "refreshed": mark("**{title}** is back at version {n}."),
    "removed": mark("**{title}** is back in the library."),
}


def reading_page(name: str, number: int, total: int) -> Page:
    """A document is being read."""
    told = say("Reading **{name}**…", name=fitted(name, 120))
    which = f" ({number}/{total})" if total > 1 else ""
    return Page((boxed(Accent.WAITING, f"📖 {told}{which}"),))


def preview_page(draft_id: str, drafted: Draft, read: int, notice: str | None = None) -> Page:
    """What was read, what it is like and what to think of.

    ``read`` is the size in bytes of what came; ``notice`` one of our sentences.
    """
    version = drafted.version
    where = (
        say("It will be found in the base corpus. I keep this preview for a day.")
        if version.scope == BASE_SCOPE
        else say("It will be found in this server alone. I keep this preview for a day.")
    )
    doubts = [*_twin_lines(drafted), *_caution_lines(drafted.cautions, version.text)]
    lead = say("New version of a document") if drafted.updates else say("Add this document?")
    details = f"{passages(drafted.passages)} · {size(read)}"
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
                f"-# {where}",
            ),
        )
    )


def adding_page(draft_id: str, title: str, done: int, total: int) -> Page:
    """A document is being added."""
    told = say("Adding **{title}**…", title=fitted(title, 150))
    if total:
        told += " " + say("{percent} % of its passages are read in.", percent=100 * done // total)
    return Page(
        (
            boxed(
                Accent.WAITING,
                f"⏳ {told}",
                _row([DraftButton(draft_id, "look")]),
            ),
        )
    )


def added_page(entry: Entry, *, undo: bool) -> Page:
    """A document is in."""
    title, length = fitted(entry.title or "–", 150), retell(entry.detail or "")
    if entry.action == "refreshed":
        lead = say(
            "✓ Refreshed **{title}**: version {version}, {length}.",
            title=title,
            version=entry.version,
            length=length,
        )
    else:
        lead = say("✓ Added **{title}**: {length}. Ask about it!", title=title, length=length)
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
                "-# " + say("It can be undone for an hour.") if undo else None,
            ),
        )
    )


def known_page(title: str, document_id: str, *, meanwhile: bool) -> Page:
    """Nothing is to be added, since it is here."""
    shown = fitted(title, 150)
    told = (
        say(
            "**{title}** was added by somebody else in the meantime, so nothing was added twice.",
            title=shown,
        )
        if meanwhile
        else say("**{title}** is here already, so nothing was added twice.", title=shown)
    )
    return Page(
        (
            boxed(
                Accent.OPEN,
                told,
                _row([DocumentButton(document_id, "open")]),
            ),
        )
    )


def refused_page(name: str, sentence: str) -> Page:
    """A document could not be read; ``sentence`` says why and what to do."""
    return Page(
        (boxed(Accent.MISSING, f"**{fitted(name, 120)}**\n{fitted(retell(sentence), 600)}"),)
    )


def undone_page(entry: Entry) -> Page:
    """Something was taken back."""
    told = say(_UNDONE[entry.action], title=fitted(entry.title or "–", 150), n=entry.replaced)
    return Page((boxed(Accent.COMPLETE, f"↩️ {told}"),))


def removed_page(entry: Entry) -> Page:
    """A document was taken out."""
    return Page(
        (
            boxed(
                Accent.COMPLETE,
                "➖ "
                + say(
                    "**{title}** is out of every search. Answers that cited it keep their quotes.",
                    title=fitted(entry.title or "–", 150),
                ),
                _row([UndoButton(str(entry.id))]),
                "-# " + say("It can be undone for an hour."),
            ),
        )
    )


def _twin_lines(drafted: Draft) -> list[str]:
    lines = []
    if drafted.updates:
        old = drafted.updates
        lines.append(
            "🔄 "
            + say(
                "It takes the place of version {number} of **{title}**.",
                number=old.version,
                title=fitted(old.metadata.title, 100),
            )
        )
    others = [twin for twin in drafted.twins if not twin.updated]
    return [*lines, *map(_twin_line, others[:MOST_TWINS])]


def _twin_line(twin: Twin) -> str:
    like = say(
        "Like **{title}** ({where}, {when}): {likeness}.",
        title=fitted(twin.metadata.title, 100),
        where=say("base corpus") if twin.scope == BASE_SCOPE else say("this server"),
        when=day(twin.metadata.published),
        likeness=say(_LIKE[twin.likeness]),
    )
    return f"👯 {like}"


def _caution_lines(cautions: Sequence[Caution], text: str) -> list[str]:
    lines = []
    for caution in cautions:
        lines.append(f"⚠️ {fitted(retell(caution.message), 300)}")
        for start, end in caution.ranges[:MOST_PLACES]:
            lines.append(f"> {fitted(text[start:end], LONGEST_PLACE)}")
        if len(caution.ranges) > MOST_PLACES:
            lines.append("-# " + say("and {number} more", number=len(caution.ranges) - MOST_PLACES))
    return lines


def _whence(origin: str) -> str:
    if origin.startswith("discord:"):
        return fitted(origin.partition("/")[2], 80)
    return fitted(origin, 100)


def _row(buttons: object) -> Item:
    return ui.ActionRow(*buttons)  # type: ignore[misc]
