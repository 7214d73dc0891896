"""Citations: the line under an answer, the buttons, and the passage that a button opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.answering.citing import Quotation, citation_of
from bot.answering.model import Citation
from bot.discord.language import retell, say
from bot.discord.rendering.page import Accent, Item, Page, boxed, rule
from bot.discord.rendering.text import (
    LONGEST_BUTTON_URL,
    cut,
    day,
    fitted,
    fitted_lines,
    link,
    one_line,
    printable,
    web_address,
)
from store.answers import Provenance
from store.model import BASE_SCOPE, Correction, Hit, Source

SOURCE_ROOM = 420
"""Characters that the lines of one citation may take under an answer."""
SURROUNDINGS = 320
"""Characters taken from before and after a quote."""
SURROUNDINGS_ROOM = 500
"""Characters that these may take once escaped."""
LONGEST_QUOTE = 1_000
SOURCES_ROOM = 850
INLINE_URL = 140
LONGEST_TITLE = 70
SHOWN_CORRECTIONS = 2
SHOWN_SOURCES = 2
"""Names of sources under an answer; opening the citation shows them all, with links."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A citation with what stands around it in the document, checked to be exact."""

    citation: Citation
    before: str
    after: str
    sources: tuple[Source, ...]
    provenance: Provenance | None
    corrections: tuple[Correction, ...] = ()
    removed: bool = False


def source_lines(citations: Sequence[Citation]) -> str:
    """Under an answer: for each citation who says it, when, and in what."""
    return "\n".join(_source_line(citation) for citation in citations)


def _source_line(citation: Citation) -> str:
    who = fitted(citation.publisher or say("unknown publisher"), 60)
    if citation.kind:
        who += f" ({fitted(retell(citation.kind), 30)})"
    url = citation.url if len(citation.url or "") <= INLINE_URL else None
    title = link(citation.title, url, LONGEST_TITLE)
    line = f"**[{citation.number}]** {who}, {_when(citation)}: {title}"
    if citation.page:
        line += ", " + say("page {number}", number=citation.page)
    if citation.instructions:
        line += " ⚠️ " + say("worded like instructions to an AI")
    if not citation.sources:
        return f"-# {line}"
    first = {source.publisher: day(source.published) for source in reversed(citation.sources)}
    named = [f"{fitted(name, 40)}, {said}" for name, said in reversed(first.items())]
    rests = "; ".join(named[:SHOWN_SOURCES])
    if len(named) > SHOWN_SOURCES:
        rests += "; " + say("{number} more", number=len(named) - SHOWN_SOURCES)
    return f"-# {line}\n-# ↳ " + say("rests on {sources}", sources=rests)


def _when(citation: Citation) -> str:
    """When it came out, and on what day what it tells of happened, where that is known."""
    published = day(citation.published)
    if citation.event is None or citation.event == citation.published:
        return published
    return say("{published} (on {event})", published=published, event=day(citation.event))


def source_name(citation: Citation) -> str:
    """In few words who says it and when: the source that a summary rests on, else its publisher."""
    if citation.sources:
        first = citation.sources[0]
        more = len({source.publisher for source in citation.sources}) - 1
        others = " " + say("and {number} more", number=more) if more else ""
        return f"{fitted(first.publisher, 60)}, {day(first.published)}{others}"
    return (
        f"{fitted(citation.publisher or say('unknown publisher'), 60)}, {day(citation.published)}"
    )


def cited_hit(hit: Hit, number: int) -> Citation:
    """The citation of a passage that was found: its sentence nearest to the question."""
    passage = hit.passage
    start, end = passage.start, passage.end
    if passage.sentences:
        likeness = hit.sentence_similarities
        same = len(likeness) == len(passage.sentences)
        best = max(range(len(likeness)), key=lambda i: likeness[i]) if same and likeness else 0
        start, end = passage.sentences[best]
    return citation_of(Quotation(passage, (start, end)), number)


def opened_page(opened: Opened) -> Page:
    """The passage that a citation rests on, the quoted words in bold in their surroundings."""
    citation, sources = opened.citation, opened.sources
    heading = f"### [{citation.number}] {fitted(citation.title, 150)}"
    return Page(
        (
            boxed(
                Accent.OPEN,
                heading + "\n" + _particulars(opened),
                rule(),
                _passage(opened),
                rule() if sources else None,
                _rests_on(sources) if sources else None,
                _link_row(citation),
            ),
        )
    )


def _particulars(opened: Opened) -> str:
    citation, came = opened.citation, opened.provenance
    said = [
        f"**{fitted(citation.publisher or say('unknown publisher'), 80)}**",
        _kind(opened),
        *([say("by {author}", author=fitted(citation.author, 60))] if citation.author else []),
        _when(citation),
    ]
    if citation.page:
        said.append(say("page {number}", number=citation.page))
    lines = [" · ".join(said)]
    if citation.instructions:
        told = say("These words are worded like instructions to an AI. They are only quoted.")
        lines.append(f"⚠️ {told}")
    lines += [f"-# {line}" for line in _corrected(opened)]
    if came:
        parts = [added(came), say("document `{id}`", id=citation.document_id)]
        if opened.removed:
            parts.append(say("removed since, kept for this answer"))
        lines.append("-# " + " · ".join(parts))
    return "\n".join(lines)


def _kind(opened: Opened) -> str:
    if opened.citation.kind:
        return fitted(retell(opened.citation.kind), 40)
    if opened.sources:
        return say("a summary of the sources below")
    return say("kind of source not stated")


def _corrected(opened: Opened) -> list[str]:
    """What of the details shown holds no more, or was not said by the document itself."""
    lines = []
    for made in opened.corrections[-SHOWN_CORRECTIONS:]:
        known = (made.corrected_by or "").isdigit()
        lines.append(
            say(
                "Corrected ({detail}), {when}: {old} → {new}",
                detail=retell(made.detail.replace("_", " ")),
                when=day(made.corrected_at) + (f", <@{made.corrected_by}>" if known else ""),
                old=fitted(made.old or say("none"), 30),
                new=fitted(made.new or say("none"), 30),
            )
        )
    return lines


def added(came: Provenance) -> str:
    """Who added a document and when; those of the base corpus are the operator's."""
    when = day(came.added_at)
    if came.scope == BASE_SCOPE or not came.added_by:
        return say("base corpus, {when}", when=when)
    by = f"<@{came.added_by}>" if came.added_by.isdigit() else fitted(came.added_by, 60)
    return say("added by {who}, {when}", who=by, when=when)


def _passage(opened: Opened) -> str:
    quote = f"**{fitted(opened.citation.quote, LONGEST_QUOTE)}**"
    before = fitted_lines(opened.before, SURROUNDINGS_ROOM, from_end=True)
    after = fitted_lines(opened.after, SURROUNDINGS_ROOM)
    head = before + ("\n" if opened.before.endswith("\n") else " ") if before else ""
    tail = ("\n" if opened.after.startswith("\n") else " ") + after if after else ""
    return "\n".join(f"> {line}" for line in f"{head}{quote}{tail}".split("\n"))


def _rests_on(sources: Sequence[Source]) -> str:
    text = say("Rests there on")
    for count, source in enumerate(sources):
        url = source.url if len(source.url) <= 2 * INLINE_URL else None
        kind = fitted(retell(source.kind), 30)
        line = f"\n- {link(source.publisher, url, 60)} ({kind}), {day(source.published)}"
        if len(text) + len(line) > SOURCES_ROOM:
            return f"{text}\n-# " + say("and {number} more", number=len(sources) - count)
        text += line
    return text


def _link_row(citation: Citation) -> Item | None:
    address = web_address(citation.url)
    if address is None or len(address) > LONGEST_BUTTON_URL:
        return None
    publisher = citation.publisher
    label = (
        say("Open at {publisher}", publisher=cut(one_line(printable(publisher)), 55))
        if publisher
        else say("Open the original")
    )
    return ui.ActionRow(ui.Button(style=discord.ButtonStyle.link, label=label, url=address))
